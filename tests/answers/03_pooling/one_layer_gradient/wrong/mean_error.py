import numpy as np

DIAGNOSIS = "an error divided by the number of outputs"


def one_layer_gradient(x, weight, target, kernel_size):
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) / len(target) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")
