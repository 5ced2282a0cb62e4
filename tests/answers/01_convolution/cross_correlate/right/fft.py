import numpy as np


def cross_correlate(x, weight):
    kH, kW = weight.shape
    size = [n + k - 1 for n, k in zip(x.shape, weight.shape)]
    product = np.fft.rfft2(x, size) * np.fft.rfft2(weight[::-1, ::-1], size)
    return np.fft.irfft2(product, size)[kH - 1 : x.shape[0], kW - 1 : x.shape[1]]
