import numpy as np

DIAGNOSIS = None


def max_unpool2d(x, indices, output_size):
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    y.flat[indices.ravel()] = x.ravel()
    return y.reshape(n, c, h, w)
