import numpy as np


def conv(x, weight):
    kH, kW = weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (kH // 2, kH // 2), (kW // 2, kW // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (kH, kW), axis=(2, 3))
    return np.einsum("ncijuv,ocuv->noij", windows, weight)


def residual_block(x, weight1, weight2):
    hidden = conv(x, weight1)
    hidden = np.where(hidden > 0, hidden, 0)
    total = conv(hidden, weight2) + x
    return np.where(total > 0, total, 0)
