"""Wrong answers to `max_pool2d`, as students give them."""

import numpy as np


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def channels_mixed(x, kernel_size, stride=None, padding=0):
    """a maximum over the channels too"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(1, 2, 3))[:, None]
    return y


def default_stride_one(x, kernel_size, stride=None, padding=0):
    """a stride of 1 where none is given"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(1 if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def largest_size(x, kernel_size, stride=None, padding=0):
    """a maximum of sizes, signs left out"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(abs(x), ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def mean(x, kernel_size, stride=None, padding=0):
    """a mean instead of the maximum"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=0)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.mean(axis=(2, 3))
    return y


def minimum(x, kernel_size, stride=None, padding=0):
    """a minimum instead of the maximum"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.min(axis=(2, 3))
    return y


def padded_with_zeros(x, kernel_size, stride=None, padding=0):
    """a padding of zeros"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=0)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def padding_ignored(x, kernel_size, stride=None, padding=0):
    """a padding that is ignored"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH = pW = 0
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def padding_swapped(x, kernel_size, stride=None, padding=0):
    """a padding with its two axes swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pW, pH = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def square_window(x, kernel_size, stride=None, padding=0):
    """a window as wide as it is high"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    kW = kH
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def starts_from_zero(x, kernel_size, stride=None, padding=0):
    """a maximum that starts from zero"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = np.maximum(window.max(axis=(2, 3)), 0)
    return y


def stride_from_the_kernel(x, kernel_size, stride=None, padding=0):
    """a stride taken from the kernel"""
    kH, kW = _pair(kernel_size)
    sH, sW = kH, kW
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def stride_ignored(x, kernel_size, stride=None, padding=0):
    """a stride that is ignored"""
    kH, kW = _pair(kernel_size)
    sH = sW = 1
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def stride_of_rows_for_columns(x, kernel_size, stride=None, padding=0):
    """a stride whose first number is used for both axes"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    sW = sH
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def stride_swapped(x, kernel_size, stride=None, padding=0):
    """a stride with its two axes swapped"""
    kH, kW = _pair(kernel_size)
    sW, sH = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def width_from_height(x, kernel_size, stride=None, padding=0):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y[:, :, :, :H]


def window_swapped(x, kernel_size, stride=None, padding=0):
    """a window with its height and width swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    kH, kW = kW, kH
    pH, pW = _pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y
