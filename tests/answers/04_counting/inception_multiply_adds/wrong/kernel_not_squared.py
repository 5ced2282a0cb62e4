DIAGNOSIS = "kernels of 3 and 5 weights"


def inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    one = in_channels * out_1x1
    three = in_channels * reduce_3x3 + 3 * reduce_3x3 * out_3x3
    five = in_channels * reduce_5x5 + 5 * reduce_5x5 * out_5x5
    pool = in_channels * pool_proj
    return size * size * (one + three + five + pool)
