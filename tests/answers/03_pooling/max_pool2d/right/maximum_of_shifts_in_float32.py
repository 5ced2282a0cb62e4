import numpy as np


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kH, kW = pair(kernel_size)
    sH, sW = pair(stride or kernel_size)
    pH, pW = pair(padding)
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
