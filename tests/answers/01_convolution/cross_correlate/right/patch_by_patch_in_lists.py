import numpy as np


def cross_correlate(x, weight):
    kH, kW = weight.shape
    rows = []
    for i in range(len(x) - kH + 1):
        rows.append([(x[i : i + kH, j : j + kW] * weight).sum() for j in range(len(x[0]) - kW + 1)])
    return np.array(rows)
