import numpy as np


def convolve2d(x, weight, mode="full"):
    size = np.add(x.shape, weight.shape) - 1
    full = np.fft.irfft2(np.fft.rfft2(x, size) * np.fft.rfft2(weight, size), size)
    if mode == "full":
        keep = size
    elif mode == "same":
        keep = np.array(x.shape)
    elif mode == "valid":
        keep = np.subtract(x.shape, weight.shape) + 1
    else:
        raise ValueError(mode)
    top, left = (size - keep) // 2
    return full[top : top + keep[0], left : left + keep[1]]
