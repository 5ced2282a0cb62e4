DIAGNOSIS = "a number below the budget, where it may be reached"


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return (budget - 1) // one
