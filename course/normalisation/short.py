"""Norms as short as they can be honest: pictures (N, C, H, W), no argument checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal.
"""

from __future__ import annotations

import numpy as np


def batch_norm(x, running_mean, running_var, weight, bias, training=False):
    """Each channel: minus its mean, over its deviation; scale, shift."""
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        m = x.size / x.shape[1]
        running_mean += 0.1 * (mean - running_mean)
        running_var += 0.1 * (var * m / (m - 1) - running_var)
    s = np.sqrt(var + 1e-5)
    weight, bias = weight[:, None, None], bias[:, None, None]
    return weight * (x - mean[:, None, None]) / s[:, None, None] + bias


def batch_norm_torch(x, running_mean, running_var, weight, bias, training=False):
    """The same, on any device."""
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), correction=0)
        running_mean.lerp_(mean, 0.1)
        running_var.lerp_(x.var((0, 2, 3)), 0.1)  # var is unbiased here
    s = (var + 1e-5).sqrt()
    weight, bias = weight[:, None, None], bias[:, None, None]
    return weight * (x - mean[:, None, None]) / s[:, None, None] + bias


def batch_norm_backward(g, x):
    """In training, with gamma 1: the gradients of x, gamma and beta."""
    axes = (0, 2, 3)
    s = np.sqrt(x.var(axis=axes, keepdims=True) + 1e-5)
    xh = (x - x.mean(axis=axes, keepdims=True)) / s
    along = (g * xh).mean(axis=axes, keepdims=True)
    grad_x = (g - g.mean(axis=axes, keepdims=True) - xh * along) / s
    return grad_x, (g * xh).sum(axis=axes), g.sum(axis=axes)


def batch_norm_backward_torch(g, x):
    """The same, on any device."""
    axes = (0, 2, 3)
    s = (x.var(axes, correction=0, keepdim=True) + 1e-5).sqrt()
    xh = (x - x.mean(axes, keepdim=True)) / s
    along = (g * xh).mean(axes, keepdim=True)
    grad_x = (g - g.mean(axes, keepdim=True) - xh * along) / s
    return grad_x, (g * xh).sum(axes), g.sum(axes)


def group_norm(x, num_groups):
    """Each example by itself, in groups of channels."""
    groups = x.reshape(len(x), num_groups, -1)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    return ((groups - mean) / np.sqrt(var + 1e-5)).reshape(x.shape)


def group_norm_torch(x, num_groups):
    """The same, on any device."""
    groups = x.reshape(len(x), num_groups, -1)
    mean = groups.mean(2, keepdim=True)
    var = groups.var(2, correction=0, keepdim=True)
    return ((groups - mean) / (var + 1e-5).sqrt()).reshape(x.shape)
