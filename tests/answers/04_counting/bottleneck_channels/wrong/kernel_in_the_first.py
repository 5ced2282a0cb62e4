DIAGNOSIS = "the kernel in the 1 x 1 convolution"


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels * kernel_size * kernel_size + out_channels)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one
