DIAGNOSIS = "k // 2 zeros on each side"


def same_padding(kernel_size, dilation=1):
    return kernel_size // 2, kernel_size // 2
