import numpy as np

DIAGNOSIS = "an image padded with zeros to keep its size"


def cross_correlate(x, weight):
    kH, kW = weight.shape
    top, left = (kH - 1) // 2, (kW - 1) // 2
    x = np.pad(x, ((top, kH - 1 - top), (left, kW - 1 - left)))
    H, W = x.shape
    y = np.zeros((H - kH + 1, W - kW + 1))
    for i in range(H - kH + 1):
        for j in range(W - kW + 1):
            for u in range(kH):
                for v in range(kW):
                    y[i, j] += x[i + u, j + v] * weight[u, v]
    return y
