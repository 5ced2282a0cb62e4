"""Maximum pooling as short as it can be honest: square windows, no dilation, no argument checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.lib.stride_tricks import sliding_window_view


def max_pool2d(x, kernel_size, stride, padding=0):
    """The largest value of each window; the padding never wins."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge), constant_values=-np.inf)
    size = (kernel_size, kernel_size)
    windows = sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5))


def max_pool2d_torch(x, kernel_size, stride, padding=0):
    """The same, on any device."""
    x = F.pad(x, [padding] * 4, value=-torch.inf)
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return windows.amax(dim=(4, 5))


def max_pool2d_backward(grad_output, x, kernel_size, stride, padding=0):
    """Each gradient goes to the pixel that won; overlaps add up."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge), constant_values=-np.inf)
    grad_x = np.zeros_like(x)
    for n, c, i, j in np.ndindex(grad_output.shape):
        a, b = stride * i, stride * j
        window = x[n, c, a : a + kernel_size, b : b + kernel_size]
        p, q = divmod(window.argmax(), kernel_size)
        grad_x[n, c, a + p, b + q] += grad_output[n, c, i, j]
    H, W = x.shape[2:]
    return grad_x[:, :, padding : H - padding, padding : W - padding]


def max_pool2d_backward_torch(grad_output, x, kernel_size, stride, padding=0):
    """The same: the place of each winner, then one scatter_add."""
    x = F.pad(x, [padding] * 4, value=-torch.inf)
    N, C, H, W = x.shape
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    winner = windows.flatten(4).argmax(dim=4)
    i, j = (torch.arange(n, device=x.device) for n in winner.shape[2:])
    a = stride * i[:, None] + winner // kernel_size
    b = stride * j + winner % kernel_size
    grad_x = x.new_zeros(N, C, H * W)
    grad_x.scatter_add_(2, (a * W + b).flatten(2), grad_output.flatten(2))
    grad_x = grad_x.view(N, C, H, W)
    return grad_x[:, :, padding : H - padding, padding : W - padding]
