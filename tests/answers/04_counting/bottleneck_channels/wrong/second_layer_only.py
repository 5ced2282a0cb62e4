DIAGNOSIS = "a budget for the k x k convolution alone"


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one
