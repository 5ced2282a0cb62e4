DIAGNOSIS = "a picture that shrinks by each kernel"


def inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    one = in_channels * out_1x1
    three = in_channels * reduce_3x3 + 0
    five = in_channels * reduce_5x5 + 0
    pool = in_channels * pool_proj
    kernels = (size - 2) ** 2 * 9 * reduce_3x3 * out_3x3
    kernels += (size - 4) ** 2 * 25 * reduce_5x5 * out_5x5
    return size * size * (one + three + five + pool) + kernels
