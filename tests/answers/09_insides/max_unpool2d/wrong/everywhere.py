import numpy as np

DIAGNOSIS = "each value at all places of its window"


def max_unpool2d(x, indices, output_size):
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    grown = x.repeat(2, 2).repeat(2, 3)
    y[:, :, : grown.shape[2], : grown.shape[3]] = grown
    return y
