def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    per_pixel, _ = divmod(budget, size * size)
    channels, _ = divmod(per_pixel, in_channels + out_channels * kernel_size**2)
    if channels < 1:
        raise ValueError("budget")
    return channels
