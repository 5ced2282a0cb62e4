import numpy as np


def cross_correlate(x, weight):
    kH, kW = weight.shape
    H, W = x.shape[0] - kH + 1, x.shape[1] - kW + 1
    y = np.zeros((H, W), x.dtype)
    for u in range(kH):
        for v in range(kW):
            y += weight[u, v] * x[u : u + H, v : v + W]
    return y
