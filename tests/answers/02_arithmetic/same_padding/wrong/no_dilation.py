DIAGNOSIS = "a dilation that is ignored"


def same_padding(kernel_size, dilation=1):
    zeros = kernel_size - 1
    return zeros // 2, zeros - zeros // 2
