import numpy as np


def max_unpool2d(x, indices, output_size):
    n, c = x.shape[:2]
    y = np.zeros((n, c, output_size[0] * output_size[1]), x.dtype)
    np.put_along_axis(y, indices.reshape(n, c, -1), x.reshape(n, c, -1), axis=2)
    return y.reshape(n, c, *output_size)
