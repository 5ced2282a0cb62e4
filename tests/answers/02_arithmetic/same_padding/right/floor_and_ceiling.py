import math


def same_padding(kernel_size, dilation=1):
    half = dilation * (kernel_size - 1) / 2
    return math.floor(half), math.ceil(half)
