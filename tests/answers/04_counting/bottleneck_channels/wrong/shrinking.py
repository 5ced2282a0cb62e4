DIAGNOSIS = "a picture that the k x k kernel shrinks"


def bottleneck_channels(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * in_channels
    one += (size - kernel_size + 1) ** 2 * out_channels * kernel_size * kernel_size
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one
