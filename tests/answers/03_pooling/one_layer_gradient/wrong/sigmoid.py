import numpy as np

DIAGNOSIS = "the slope of the sigmoid, v * (1 - v)"


def one_layer_gradient(x, weight, target, kernel_size):
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * v[i] * (1 - v[i])
    return np.correlate(x, delta, "valid")
