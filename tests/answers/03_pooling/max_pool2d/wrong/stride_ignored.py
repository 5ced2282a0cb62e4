import numpy as np

DIAGNOSIS = "a stride that is ignored"


def pair(value):
    return tuple(value) if isinstance(value, tuple) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    kH, kW = pair(kernel_size)
    sH = sW = 1
    pH, pW = pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (pH, pH), (pW, pW)), constant_values=-np.inf)
    H, W = (x.shape[2] - kH) // sH + 1, (x.shape[3] - kW) // sW + 1
    y = np.zeros((*x.shape[:2], H, W))
    for i in range(H):
        for j in range(W):
            window = x[:, :, i * sH : i * sH + kH, j * sW : j * sW + kW]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y
