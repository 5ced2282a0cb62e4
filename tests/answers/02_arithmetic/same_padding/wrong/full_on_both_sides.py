DIAGNOSIS = "all the zeros on both sides"


def same_padding(kernel_size, dilation=1):
    zeros = dilation * (kernel_size - 1)
    return zeros, zeros
