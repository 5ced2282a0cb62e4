import numpy as np

DIAGNOSIS = "a sum of x + weight in place of products"


def cross_correlate(x, weight):
    H, W = x.shape
    kH, kW = weight.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] + weight[u, v]
    return y
