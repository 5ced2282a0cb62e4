"""Right answers to `one_layer_gradient`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def autograd(x, weight, target, kernel_size):
    weight = torch.tensor(weight, requires_grad=True)
    u = F.conv1d(torch.tensor(x)[None, None], weight[None, None])
    y = F.max_pool1d(torch.tanh(u), kernel_size)[0, 0]
    (0.5 * (y - torch.tensor(target)).square().sum()).backward()
    return weight.grad.numpy()


def loop_over_windows(x, weight, target, kernel_size):
    v = np.tanh(np.correlate(x, weight, "valid"))
    delta = np.zeros_like(v)
    for m in range(len(v) // kernel_size):
        window = v[m * kernel_size : (m + 1) * kernel_size]
        i = m * kernel_size + window.argmax()
        delta[i] = (v[i] - target[m]) * (1 - v[i] ** 2)
    return np.correlate(x, delta, "valid")


def matrix(x, weight, target, kernel_size):
    windows = np.lib.stride_tricks.sliding_window_view(x, len(weight))
    v = np.tanh(windows @ weight)
    M = len(v) // kernel_size
    table = v[: M * kernel_size].reshape(M, kernel_size)
    winner = table.argmax(axis=1) + kernel_size * np.arange(M)
    delta = np.zeros(len(v))
    delta[winner] = (v[winner] - target) * (1 - v[winner] ** 2)
    return windows.T @ delta


def sum_of_the_winners(x, weight, target, kernel_size):
    K = len(weight)
    gradient = np.zeros(K)
    for m, t in enumerate(target):
        starts = range(m * kernel_size, (m + 1) * kernel_size)
        best = max(starts, key=lambda i: x[i : i + K] @ weight)
        y = np.tanh(x[best : best + K] @ weight)
        gradient += (y - t) * (1 - y * y) * x[best : best + K]
    return gradient
