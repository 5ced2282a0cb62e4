DIAGNOSIS = None


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels + out_channels * kernel_size * kernel_size)
    return budget // one
