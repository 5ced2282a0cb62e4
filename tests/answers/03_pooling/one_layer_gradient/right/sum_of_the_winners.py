import numpy as np


def one_layer_gradient(x, weight, target, kernel_size):
    K = len(weight)
    gradient = np.zeros(K)
    for m, t in enumerate(target):
        starts = range(m * kernel_size, (m + 1) * kernel_size)
        best = max(starts, key=lambda i: x[i : i + K] @ weight)
        y = np.tanh(x[best : best + K] @ weight)
        gradient += (y - t) * (1 - y * y) * x[best : best + K]
    return gradient
