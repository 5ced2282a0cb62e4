"""Convolution as short as it can be honest: one stride, no groups, no argument checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal. The letters: n picture, c and o channels in and out, i and j the window, p
and q the tap.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.lib.stride_tricks import sliding_window_view


def convolve1d(x, weight):
    """y[t] = sum over a of x[a] * weight[t - a], mode "valid"."""
    windows = sliding_window_view(x, len(weight))
    return windows @ weight[::-1]


def convolve1d_torch(x, weight):
    """The same: `unfold` shows every window."""
    windows = x.unfold(0, len(weight), 1)
    return windows @ weight.flip(0)


def conv2d(x, weight, padding=0):
    """Slide the kernels; sum over c, p and q."""
    edge = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), edge, edge))
    size = weight.shape[2:]
    windows = sliding_window_view(x, size, axis=(2, 3))
    return np.einsum("ncijpq,ocpq->noij", windows, weight)


def conv2d_torch(x, weight, padding=0):
    """The same sum, on any device."""
    x = F.pad(x, [padding] * 4)
    kH, kW = weight.shape[2:]
    windows = x.unfold(2, kH, 1).unfold(3, kW, 1)
    return torch.einsum("ncijpq,ocpq->noij", windows, weight)


def conv1d_backward(grad_output, x, weight):
    """The gradients by x, by the weights and by the bias."""
    kW, L_out = weight.shape[2], grad_output.shape[2]
    windows = sliding_window_view(x, kW, axis=2)
    grad_weight = np.einsum("noi,ncip->ocp", grad_output, windows)
    grad_x = np.zeros_like(x)
    for p in range(kW):
        part = np.einsum("noi,oc->nci", grad_output, weight[:, :, p])
        grad_x[:, :, p : p + L_out] += part
    return grad_x, grad_weight, grad_output.sum(axis=(0, 2))


def conv1d_backward_torch(grad_output, x, weight):
    """The same, on any device."""
    kW, L_out = weight.shape[2], grad_output.shape[2]
    windows = x.unfold(2, kW, 1)
    grad_weight = torch.einsum("noi,ncip->ocp", grad_output, windows)
    grad_x = torch.zeros_like(x)
    for p in range(kW):
        part = torch.einsum("noi,oc->nci", grad_output, weight[:, :, p])
        grad_x[:, :, p : p + L_out] += part
    return grad_x, grad_weight, grad_output.sum(dim=(0, 2))
