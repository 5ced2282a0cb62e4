DIAGNOSIS = "an odd number rounded down on both sides"


def same_padding(kernel_size, dilation=1):
    p = dilation * (kernel_size - 1) // 2
    return p, p
