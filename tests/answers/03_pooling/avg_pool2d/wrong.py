"""Wrong answers to `avg_pool2d`, as students give them."""

import numpy as np


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def not_divided(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a sum in place of the mean"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (1)
    return y


def always_the_full_window(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a division by the full window, padding or not"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (kH * kW)
    return y


def never_the_padding(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a division by the pixels of the picture alone, whatever was asked for"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (inside[rows, columns].sum())
    return y


def option_upside_down(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """the two meanings of count_include_pad swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            inside[rows, columns].sum() if count_include_pad else kH * kW
        )
    return y


def nonzero_pixels(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a mean over the pixels that are not zero"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else np.maximum((part != 0).sum((2, 3)), 1)
        )
    return y


def default_stride_one(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a stride of 1 where none is given"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(1 if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def stride_from_the_kernel(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a stride taken from the kernel"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def stride_swapped(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a stride with its two axes swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)[::-1]
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def stride_of_rows(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a stride whose first number is used for both axes"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    sW = sH
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def padding_ignored(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    pH = pW = 0
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def padding_swapped(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a padding with its two axes swapped"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)[::-1]
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def border_repeated(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a padding that repeats the border"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), "edge")
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def by_the_height(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a division by the height of the window alone"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH if count_include_pad else inside[rows, columns].sum()
        )
    return y


def channels_mixed(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a mean over the channels too"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.mean(axis=1, keepdims=True).sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def maximum(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    """a maximum in place of the mean"""
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.max(axis=(2, 3)) / (1)
    return y


def width_from_height(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[2] - kH) // sH + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    return y


def doubles_x(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    inside = np.pad(np.ones(x.shape[2:]), ((pH, pH), (pW, pW)))
    given, x = x, np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i, j in np.ndindex(H, W):
        rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
        part = x[:, :, rows, columns]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / (
            kH * kW if count_include_pad else inside[rows, columns].sum()
        )
    given *= 2
    return y
