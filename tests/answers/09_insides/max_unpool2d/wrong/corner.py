import numpy as np

DIAGNOSIS = "each value in the upper left corner of its window"


def max_unpool2d(x, indices, output_size):
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    y[:, :, : 2 * x.shape[2] : 2, : 2 * x.shape[3] : 2] = x
    return y
