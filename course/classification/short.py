"""Probabilities and losses as short as they can be honest: the mean, no smoothing, no checks.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
a test holds them equal. The letters: n picture, k and c class, z score, p probability, t target.
"""

from __future__ import annotations

import numpy as np
import torch


def softmax(z, dim):
    """p[k] = exp(z[k]) / sum over c of exp(z[c])."""
    e = np.exp(z - z.max(axis=dim, keepdims=True))
    return e / e.sum(axis=dim, keepdims=True)


def softmax_torch(z, dim):
    """The same, on any device."""
    e = torch.exp(z - z.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)


def cross_entropy(z, t):
    """The mean over n of -log p[n, t[n]]."""
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(t)), t].mean()


def cross_entropy_torch(z, t):
    """The same, on any device."""
    z = z - z.amax(1, keepdim=True)
    log_p = z - z.exp().sum(1, keepdim=True).log()
    return -log_p.gather(1, t[:, None]).mean()


def binary_cross_entropy_with_logits(z, t):
    """The mean of max(z, 0) - z t + log(1 + exp(-|z|))."""
    losses = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))
    return losses.mean()


def binary_cross_entropy_with_logits_torch(z, t):
    """The same, on any device."""
    losses = z.clamp(min=0) - z * t + torch.exp(-z.abs()).log1p()
    return losses.mean()
