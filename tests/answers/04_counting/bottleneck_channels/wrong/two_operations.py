DIAGNOSIS = "two operations for each multiply-add"


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = 2 * size * size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one
