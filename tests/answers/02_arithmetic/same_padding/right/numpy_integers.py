import numpy as np


def same_padding(kernel_size, dilation=1):
    taps = dilation * np.arange(kernel_size)
    middle = taps[-1] // 2
    return middle, taps[-1] - middle
