DIAGNOSIS = "a module without its 1 x 1 reductions"


def inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    one = in_channels * out_1x1
    three = 9 * reduce_3x3 * out_3x3
    five = 25 * reduce_5x5 * out_5x5
    pool = in_channels * pool_proj
    return size * size * (one + three + five + pool)
