import numpy as np

DIAGNOSIS = "a gradient that goes to the first value of the window"


def one_layer_gradient(x, weight, target, kernel_size):
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size
        delta[i] = (window.max() - target[m]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")
