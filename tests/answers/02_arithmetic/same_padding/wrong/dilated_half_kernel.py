DIAGNOSIS = "d * (k // 2) zeros on each side"


def same_padding(kernel_size, dilation=1):
    p = dilation * (kernel_size // 2)
    return (p, p)
