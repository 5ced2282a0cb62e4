import numpy as np


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def avg_pool2d_backward(
    grad_output, x, kernel_size, stride=None, padding=0, count_include_pad=True
):
    (kH, kW), (pH, pW) = pair(kernel_size), pair(padding)
    sH, sW = (kH, kW) if stride is None else pair(stride)
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
