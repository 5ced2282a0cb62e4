import numpy as np


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def along_rows(x, k, s, p):
    x = np.pad(x, ((0, 0), (0, 0), (0, 0), (p, p)), constant_values=-np.inf)
    places = range(0, x.shape[3] - k + 1, s)
    return np.stack([x[:, :, :, i : i + k].max(axis=3) for i in places], axis=3)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    k, p = pair(kernel_size), pair(padding)
    s = k if stride is None else pair(stride)
    y = along_rows(x, k[1], s[1], p[1])
    return along_rows(y.swapaxes(2, 3), k[0], s[0], p[0]).swapaxes(2, 3)
