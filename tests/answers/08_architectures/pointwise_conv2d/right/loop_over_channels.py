import numpy as np


def pointwise_conv2d(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    y = np.zeros((len(x), len(weight), *x.shape[2:]), x.dtype)
    for c in range(x.shape[1]):
        y += weight[:, c][None, :, None, None] * x[:, c][:, None]
    return y
