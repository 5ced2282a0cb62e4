import numpy as np


def projection_shortcut(x, weight, stride=1):
    N, C, H, W = x.shape
    y = np.zeros((N, len(weight), (H - 1) // stride + 1, (W - 1) // stride + 1), x.dtype)
    for o in range(len(weight)):
        for c in range(C):
            y[:, o] += weight[o, c] * x[:, c, ::stride, ::stride]
    return y
