"""Right answers to `max_pool2d`, as students give them."""

import numpy as np
import torch


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def loop_over_windows(x, kernel_size, stride=None, padding=0):
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
    return y


def maximum_of_shifts_in_float32(x, kernel_size, stride=None, padding=0):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(stride or kernel_size)
    pH, pW = _pair(padding)
    N, C, H, W = x.shape
    padded = np.full((N, C, H + 2 * pH, W + 2 * pW), np.finfo(x.dtype).min, x.dtype)
    padded[:, :, pH : pH + H, pW : pW + W] = x
    I, J = (H + 2 * pH - kH) // sH + 1, (W + 2 * pW - kW) // sW + 1
    y = None
    for p in range(kH):
        for q in range(kW):
            part = padded[:, :, p : p + sH * I : sH, q : q + sW * J : sW][:, :, :I, :J]
            y = part if y is None else np.maximum(y, part)
    return y.copy()


def _along_rows(x, k, s, p):
    x = np.pad(x, ((0, 0), (0, 0), (0, 0), (p, p)), constant_values=-np.inf)
    places = range(0, x.shape[3] - k + 1, s)
    return np.stack([x[:, :, :, i : i + k].max(axis=3) for i in places], axis=3)


def one_axis_after_the_other(x, kernel_size, stride=None, padding=0):
    k, p = _pair(kernel_size), _pair(padding)
    s = k if stride is None else _pair(stride)
    y = _along_rows(x, k[1], s[1], p[1])
    return _along_rows(y.swapaxes(2, 3), k[0], s[0], p[0]).swapaxes(2, 3)


def sliding_windows(x, kernel_size, stride=None, padding=0):
    (kH, kW), (pH, pW) = _pair(kernel_size), _pair(padding)
    sH, sW = (kH, kW) if stride is None else _pair(stride)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kH, kW), (2, 3))
    return np.max(windows[:, :, ::sH, ::sW], axis=(-1, -2))


def torch_library(x, kernel_size, stride=None, padding=0):
    return torch.nn.functional.max_pool2d(torch.tensor(x), kernel_size, stride, padding).numpy()
