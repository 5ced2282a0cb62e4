import numpy as np


def cross_correlate(x, weight):
    kH, kW = weight.shape
    H, W = x.shape[0] - kH + 1, x.shape[1] - kW + 1
    columns = np.stack([x[u : u + H, v : v + W].ravel() for u in range(kH) for v in range(kW)])
    return (weight.ravel() @ columns).reshape(H, W)
