"""Wrong answers to `bottleneck_channels`, as students give them."""


def below_the_budget(in_channels, out_channels, kernel_size, size, budget):
    """a number below the budget, where it may be reached"""
    one = size * size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return (budget - 1) // one


def first_layer_only(in_channels, out_channels, kernel_size, size, budget):
    """a budget for the 1 x 1 convolution alone"""
    one = size * size * (in_channels)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def kernel_in_both(in_channels, out_channels, kernel_size, size, budget):
    """a k x k kernel in both convolutions"""
    one = size * size * (in_channels + out_channels) * kernel_size * kernel_size
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def kernel_in_the_first(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels * kernel_size * kernel_size + out_channels)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def kernel_not_squared(in_channels, out_channels, kernel_size, size, budget):
    """a kernel of k weights"""
    one = size * size * (in_channels + out_channels * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def never_refuses(in_channels, out_channels, kernel_size, size, budget):
    one = size * size * (in_channels + out_channels * kernel_size * kernel_size)
    return budget // one


def no_pixels(in_channels, out_channels, kernel_size, size, budget):
    """a cost without the pixels"""
    one = in_channels + out_channels * kernel_size * kernel_size
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def rounded_up(in_channels, out_channels, kernel_size, size, budget):
    """a number rounded up"""
    one = size * size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return -(-budget // one)


def second_layer_only(in_channels, out_channels, kernel_size, size, budget):
    """a budget for the k x k convolution alone"""
    one = size * size * (out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def shrinking(in_channels, out_channels, kernel_size, size, budget):
    """a picture that the k x k kernel shrinks"""
    one = size * size * in_channels
    one += (size - kernel_size + 1) ** 2 * out_channels * kernel_size * kernel_size
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def size_not_squared(in_channels, out_channels, kernel_size, size, budget):
    """a picture of `size` pixels"""
    one = size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one


def two_operations(in_channels, out_channels, kernel_size, size, budget):
    """two operations for each multiply-add"""
    one = 2 * size * size * (in_channels + out_channels * kernel_size * kernel_size)
    if budget < one:
        raise ValueError("the budget is too small")
    return budget // one
