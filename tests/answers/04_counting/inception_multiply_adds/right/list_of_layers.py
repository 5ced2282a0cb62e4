def inception_multiply_adds(
    in_channels, size, out_1x1, reduce_3x3, out_3x3, reduce_5x5, out_5x5, pool_proj
):
    layers = [
        (in_channels, out_1x1, 1),
        (in_channels, reduce_3x3, 1),
        (reduce_3x3, out_3x3, 3),
        (in_channels, reduce_5x5, 1),
        (reduce_5x5, out_5x5, 5),
        (in_channels, pool_proj, 1),
    ]
    return sum(size**2 * c * o * k**2 for c, o, k in layers)
