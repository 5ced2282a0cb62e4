DIAGNOSIS = "zeros for the window's whole extent"


def same_padding(kernel_size, dilation=1):
    zeros = dilation * (kernel_size - 1) + 1
    return zeros // 2, zeros - zeros // 2
