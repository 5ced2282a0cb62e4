"""Right answers to `same_padding`, as students give them."""

import math

import numpy as np


def divmod_(kernel_size, dilation=1):
    half, odd = divmod(dilation * (kernel_size - 1), 2)
    return half, half + odd


def floor_and_ceiling(kernel_size, dilation=1):
    half = dilation * (kernel_size - 1) / 2
    return math.floor(half), math.ceil(half)


def half_of_the_extent(kernel_size, dilation=1):
    extent = kernel_size + (kernel_size - 1) * (dilation - 1)
    return (extent - 1) // 2, extent // 2


def numpy_integers(kernel_size, dilation=1):
    taps = dilation * np.arange(kernel_size)
    middle = taps[-1] // 2
    return middle, taps[-1] - middle


def search(kernel_size, dilation=1):
    n = 100
    before = after = 0
    while n + before + after - dilation * (kernel_size - 1) != n:
        if after > before:
            before += 1
        else:
            after += 1
    return before, after
