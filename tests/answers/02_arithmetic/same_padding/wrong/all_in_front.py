DIAGNOSIS = "all the zeros in front"


def same_padding(kernel_size, dilation=1):
    return dilation * (kernel_size - 1), 0
