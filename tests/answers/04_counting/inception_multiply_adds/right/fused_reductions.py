def inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    pixels = size * size
    ones = pixels * in_channels * (out_1x1 + reduce_3x3 + reduce_5x5 + pool_proj)
    return ones + pixels * 9 * reduce_3x3 * out_3x3 + pixels * 25 * reduce_5x5 * out_5x5
