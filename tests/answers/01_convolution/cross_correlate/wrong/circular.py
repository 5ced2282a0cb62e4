import numpy as np

DIAGNOSIS = "an image that begins again at its border"


def cross_correlate(x, weight):
    size = x.shape
    return np.fft.irfft2(np.fft.rfft2(x) * np.conj(np.fft.rfft2(weight, size)), size)
