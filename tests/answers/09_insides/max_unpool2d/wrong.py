"""Wrong answers to `max_unpool2d`, as students give them."""

import numpy as np


def corner(x, indices, output_size):
    """each value in the upper left corner of its window"""
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    y[:, :, : 2 * x.shape[2] : 2, : 2 * x.shape[3] : 2] = x
    return y


def down_the_columns(x, indices, output_size):
    """places counted down the columns"""
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, indices[a, b].ravel()] = x[a, b].ravel()
    return y.reshape(n, c, w, h).swapaxes(2, 3)


def everywhere(x, indices, output_size):
    """each value at all places of its window"""
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    grown = x.repeat(2, 2).repeat(2, 3)
    y[:, :, : grown.shape[2], : grown.shape[3]] = grown
    return y


def first_channel(x, indices, output_size):
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, indices[a, 0].ravel()] = x[a, b].ravel()
    return y.reshape(n, c, h, w)


def first_example(x, indices, output_size):
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, indices[0, b].ravel()] = x[0, b].ravel()
    return y.reshape(n, c, h, w)


def from_one(x, indices, output_size):
    """places that begin with 1"""
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, (indices[a, b].ravel() - 1) % (h * w)] = x[a, b].ravel()
    return y.reshape(n, c, h, w)


def ones(x, indices, output_size):
    """a picture of ones in place of zeros"""
    h, w = output_size
    n, c = x.shape[:2]
    y = np.ones((n, c, h * w), x.dtype)
    for a in range(n):
        for b in range(c):
            y[a, b, indices[a, b].ravel()] = x[a, b].ravel()
    return y.reshape(n, c, h, w)


def shared(x, indices, output_size):
    """each value shared by the places of its window"""
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    grown = x.repeat(2, 2).repeat(2, 3) / 4
    y[:, :, : grown.shape[2], : grown.shape[3]] = grown
    return y


def short_rows(x, indices, output_size):
    """rows of the wrong length: H in place of W"""
    h, w = output_size
    y = np.zeros((*x.shape[:2], h, w), x.dtype)
    for a, b, i, j in np.ndindex(*x.shape):
        k = indices[a, b, i, j]
        y[a, b].flat[(k // h * w + k % h) % (h * w)] = x[a, b, i, j]
    return y


def whole_batch_flat(x, indices, output_size):
    h, w = output_size
    n, c = x.shape[:2]
    y = np.zeros((n, c, h * w), x.dtype)
    y.flat[indices.ravel()] = x.ravel()
    return y.reshape(n, c, h, w)
