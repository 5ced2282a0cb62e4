import numpy as np


def one_layer_gradient(x, weight, target, kernel_size):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(weight))
    v = np.tanh(windows @ weight)
    M = len(v) // kernel_size
    table = v[: M * kernel_size].reshape(M, kernel_size)
    winner = table.argmax(axis=1) + kernel_size * np.arange(M)
    delta = np.zeros(len(v))
    delta[winner] = (v[winner] - target) * (1 - v[winner] ** 2)
    return windows.T @ delta
