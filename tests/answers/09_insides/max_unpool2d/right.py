"""Right answers to `max_unpool2d`, as students give them."""

import numpy as np


def loop_over_channels(x, indices, output_size):
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, indices[a, b].ravel()] = x[a, b].ravel()
    return y.reshape(n, c, h, w)


def pixel_by_pixel(x, indices, output_size):
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    for a, b, i, j in np.ndindex(*x.shape):
        row, column = divmod(int(indices[a, b, i, j]), w)
        y[a, b, row, column] = x[a, b, i, j]
    return y


def put_along_axis(x, indices, output_size):
    n, c = x.shape[:2]
    y = np.zeros((n, c, output_size[0] * output_size[1]), x.dtype)
    np.put_along_axis(y, indices.reshape(n, c, -1), x.reshape(n, c, -1), axis=2)
    return y.reshape(n, c, *output_size)


def row_and_column(x, indices, output_size):
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    rows, columns = np.divmod(indices, w)
    a, b = np.indices(x.shape)[:2]
    y[a, b, rows, columns] = x
    return y
