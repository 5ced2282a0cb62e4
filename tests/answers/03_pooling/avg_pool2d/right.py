"""Right answers to `avg_pool2d`, as students give them."""

import numpy as np
import torch


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def windows_of_ones(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    frame = ((0, 0), (0, 0), (pH, pH), (pW, pW))

    def sums(a):
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(a, frame), (kH, kW), (2, 3))
        return windows[:, :, ::sH, ::sW].sum(axis=(4, 5))

    return sums(x) / (kH * kW if count_include_pad else sums(np.ones(x.shape)))


def clipped_loops(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    (kH, kW), (pH, pW) = _pair(kernel_size), _pair(padding)
    sH, sW = (kH, kW) if stride is None else _pair(stride)
    N, C, H, W = x.shape
    y = np.zeros((N, C, (H + 2 * pH - kH) // sH + 1, (W + 2 * pW - kW) // sW + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            top, left = i * sH - pH, j * sW - pW
            part = x[:, :, max(top, 0) : top + kH, max(left, 0) : left + kW]
            count = kH * kW if count_include_pad else part.shape[2] * part.shape[3]
            y[:, :, i, j] = part.sum(axis=(2, 3)) / count
    return y


def nan_means(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(stride or kernel_size)
    pH, pW = _pair(padding)
    outside = 0.0 if count_include_pad else np.nan
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=outside)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kH, kW), axis=(2, 3))
    return np.nanmean(windows[:, :, ::sH, ::sW], axis=(-2, -1))


def torch_does_it(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    return torch.nn.functional.avg_pool2d(
        torch.tensor(x), kernel_size, stride, padding, count_include_pad=count_include_pad
    ).numpy()


def tap_by_tap(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size) if stride is None else _pair(stride)
    pH, pW = _pair(padding)
    x = np.pad(x, [(0, 0), (0, 0), (pH, pH), (pW, pW)])
    inside = np.zeros(x.shape[2:])
    inside[pH : x.shape[2] - pH, pW : x.shape[3] - pW] = 1
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    total, count = 0, 0
    for p in range(kH):
        for q in range(kW):
            at = np.s_[..., p : p + sH * (H - 1) + 1 : sH, q : q + sW * (W - 1) + 1 : sW]
            total = total + x[at]
            count = count + (1 if count_include_pad else inside[at])
    return total / count


def cumulative_sums(x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)

    def boxes(a):
        a = np.pad(a, ((0, 0), (0, 0), (pH + 1, pH), (pW + 1, pW))).cumsum(2).cumsum(3)
        a = a[:, :, kH:, kW:] - a[:, :, :-kH, kW:] - a[:, :, kH:, :-kW] + a[:, :, :-kH, :-kW]
        return a[:, :, ::sH, ::sW]

    x = x.astype("float64")
    return boxes(x) / (boxes(np.ones_like(x)) if not count_include_pad else kH * kW)
