import numpy as np

DIAGNOSIS = "a transposed kernel"


def cross_correlate(x, weight):
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + v, j + u] * weight[u, v]
    return y
