"""Right answers to `avg_pool2d_backward`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def autograd(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    x = torch.tensor(x, requires_grad=True)
    y = F.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
    return torch.autograd.grad(y, x, torch.tensor(grad_output))[0].numpy()


def _pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def clipped_windows(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    (kH, kW), (pH, pW) = _pair(kernel_size), _pair(padding)
    sH, sW = (kH, kW) if stride is None else _pair(stride)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(grad_output.shape):
        top, left = i * sH - pH, j * sW - pW
        rows = range(max(top, 0), min(top + kH, x.shape[2]))
        columns = range(max(left, 0), min(left + kW, x.shape[3]))
        count = kH * kW if count_include_pad else len(rows) * len(columns)
        for a in rows:
            for b in columns:
                grad_x[n, c, a, b] += grad_output[n, c, i, j] / count
    return grad_x


def padded(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    kH, kW = _pair(kernel_size)
    sH, sW = _pair(kernel_size if stride is None else stride)
    pH, pW = _pair(padding)
    H, W = x.shape[2:]
    inside = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    grad_x = np.zeros((*x.shape[:2], *inside.shape))
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, columns = slice(i * sH, i * sH + kH), slice(j * sW, j * sW + kW)
            count = kH * kW if count_include_pad else inside[rows, columns].sum()
            grad_x[:, :, rows, columns] += grad_output[:, :, i, j, None, None] / count
    return grad_x[:, :, pH : pH + H, pW : pW + W]


def scatter_by_taps(grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True):
    (kH, kW), (pH, pW) = _pair(kernel_size), _pair(padding)
    sH, sW = (kH, kW) if stride is None else _pair(stride)
    N, C, H, W = x.shape
    I, J = grad_output.shape[2:]
    ones = np.pad(np.ones((H, W)), ((pH, pH), (pW, pW)))
    windows = np.lib.stride_tricks.sliding_window_view(ones, (kH, kW))[::sH, ::sW]
    counts = kH * kW if count_include_pad else windows.sum(axis=(2, 3))
    share = grad_output / counts
    padded = np.zeros((N, C, H + 2 * pH, W + 2 * pW))
    for p, q in np.ndindex(kH, kW):
        padded[:, :, p : p + sH * (I - 1) + 1 : sH, q : q + sW * (J - 1) + 1 : sW] += share
    return padded[:, :, pH : pH + H, pW : pW + W].copy()
