DIAGNOSIS = "a budget for the 1 x 1 convolution alone"


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one
