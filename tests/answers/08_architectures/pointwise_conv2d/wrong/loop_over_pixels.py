import numpy as np

DIAGNOSIS = None


def pointwise_conv2d(x, weight):
    if x.shape[1] != weight.shape[1]:
        raise ValueError("weight must have a column for each channel")
    n, c, h, w = x.shape
    y = np.zeros((n, len(weight), h, w), x.dtype)
    for i in range(h):
        for j in range(w):
            y[:, :, i, j] = x[:, :, i, j] @ weight.T
    return y
