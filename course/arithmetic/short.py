"""Counts and spreads as short as they can be honest: one axis, stride 1, no argument checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
a test holds them equal.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F


def read_counts(input_size, kernel_size):
    """count[a] = the number of pairs i, p with i + p = a."""
    places = input_size - kernel_size + 1
    i, p = np.ogrid[:places, :kernel_size]
    return np.bincount((i + p).ravel(), minlength=input_size)


def read_counts_torch(input_size, kernel_size):
    """The gradient of all outputs together, all taps being 1."""
    x = torch.ones(1, 1, input_size, requires_grad=True)
    y = F.conv1d(x, torch.ones(1, 1, kernel_size))
    (grad,) = torch.autograd.grad(y.sum(), x)
    return grad[0, 0].long()


def spread(x, stride):
    """y[..., s * i] = x[..., i], and 0 elsewhere."""
    *lead, length = x.shape
    y = np.zeros((*lead, (length - 1) * stride + 1))
    y[..., ::stride] = x
    return y


def spread_torch(x, stride):
    """The same: zeros beside each number, then all in one row."""
    zeros = x.new_zeros(*x.shape, stride - 1)
    y = torch.cat([x[..., None], zeros], dim=-1).flatten(-2)
    return y[..., : y.shape[-1] - stride + 1]
