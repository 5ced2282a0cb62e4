import numpy as np


def max_unpool2d(x, indices, output_size):
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    for a, b, i, j in np.ndindex(*x.shape):
        row, column = divmod(int(indices[a, b, i, j]), w)
        y[a, b, row, column] = x[a, b, i, j]
    return y
