"""Right answers to `receptive_field`, as students give them."""

import numpy as np
import torch
import torch.nn.functional as F


def backwards(layers):
    first = last = 0
    after_first = 1
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + d * (k - 1)
        after_first = after_first * s - p
    return last - first + 1, after_first - first, first


def gradient(layers):
    x = torch.ones(1, 1, 4000, dtype=torch.float64, requires_grad=True)
    y = x
    for k, s, p, d in layers:
        y = F.conv1d(y, torch.full((1, 1, k), 1 / k).double(), None, s, p, d)
    i = y.shape[-1] // 2
    (one,) = torch.autograd.grad(y[0, 0, i], x, retain_graph=True)
    (two,) = torch.autograd.grad(y[0, 0, i + 1], x)
    one, two = one.flatten().nonzero().flatten(), two.flatten().nonzero().flatten()
    size, jump = one[-1] - one[0] + 1, two[0] - one[0]
    return int(size), int(jump), int(one[0] - i * jump)


def numpy_products(layers):
    k, s, p, d = np.array(layers).T
    jumps = np.concatenate([[1], np.cumprod(s)])
    size = 1 + np.sum((k - 1) * d * jumps[:-1])
    return size, jumps[-1], -np.sum(p * jumps[:-1])


def recursive(layers):
    if not layers:
        return 1, 1, 0
    *before, (k, s, p, d) = layers
    size, jump, start = recursive(before)
    return size + (k - 1) * d * jump, jump * s, start - p * jump


def _pixels(layers, i):
    seen = {i}
    for k, s, p, d in layers[::-1]:
        seen = {j * s + t * d - p for j in seen for t in range(k)}
    return seen


def sets_of_pixels(layers):
    zero, one = _pixels(layers, 0), _pixels(layers, 1)
    return max(zero) - min(zero) + 1, min(one) - min(zero), min(zero)
