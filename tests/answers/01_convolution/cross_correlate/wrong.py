"""Wrong answers to `cross_correlate`, as students give them."""

import numpy as np


def added_weights(x, weight):
    """a sum of x + weight in place of products"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] + weight[u, v]
    return y


def circular(x, weight):
    """an image that begins again at its border"""
    size = x.shape
    return np.fft.irfft2(np.fft.rfft2(x) * np.conj(np.fft.rfft2(weight, size)), size)


def flipped(x, weight):
    """a flipped kernel"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[kH - 1 - u, kW - 1 - v]
    return y


def flipped_columns(x, weight):
    """a kernel flipped left to right"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, kW - 1 - v]
    return y


def flipped_rows(x, weight):
    """a kernel flipped upside down"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[kH - 1 - u, v]
    return y


def mean(x, weight):
    """a mean instead of the sum"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y / weight.size


def one_row_and_column_short(x, weight):
    """an output without its last row and column"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH, W - kW))
    for i in range(H - kH):
        for j in range(W - kW):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y


def overwritten(x, weight):
    """the last product instead of the sum of all"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] = x[i + u, j + v] * weight[u, v]
    return y


def rows_and_columns_mixed(x, weight):
    """a transposed kernel"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + v, j + u] * weight[u, v]
    return y


def same_size(x, weight):
    """an image padded with zeros to keep its size"""
    kH, kW = weight.shape
    top, left = (kH - 1) // 2, (kW - 1) // 2
    x = np.pad(x, ((top, kH - 1 - top), (left, kW - 1 - left)))
    H, W = x.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y


def transposed(x, weight):
    """a transposed kernel"""
    H, W = x.shape
    weight = weight.T
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y


def width_from_height(x, weight):
    """an output width copied from the height"""
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, H - kH + 1))
    for i in range(H - kH + 1):
        for j in range(H - kH + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y


def window_sum(x, weight):
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v]
    return y
