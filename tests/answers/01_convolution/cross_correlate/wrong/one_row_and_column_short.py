import numpy as np

DIAGNOSIS = "an output without its last row and column"


def cross_correlate(x, weight):
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH, W - kW))
    for i in range(H - kH):
        for j in range(W - kW):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y
