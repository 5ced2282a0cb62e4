"""Training on several devices, as short as it can be honest: nothing checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal. Every device's array lies in one list.
"""

from __future__ import annotations

import numpy as np

from course.convolution.short import conv2d, conv2d_torch


def average_gradients(g, n):
    """Sum over d of n[d] / N * g[d]."""
    N = sum(n)
    return sum(n[d] / N * g[d] for d in range(len(n)))


def average_gradients_torch(g, n):
    """The same, on any device."""
    N = sum(n)
    return sum(n[d] / N * g[d] for d in range(len(n)))


def ring_all_reduce(values):
    """D - 1 steps that add, then D - 1 that replace."""
    D = len(values)
    chunks = [np.array_split(v.copy(), D) for v in values]
    for s in range(2 * (D - 1)):
        sent = [chunks[d][(d - s) % D].copy() for d in range(D)]
        for d in range(D):
            own = chunks[(d + 1) % D][(d - s) % D]
            own[:] = own + sent[d] if s < D - 1 else sent[d]
    return [np.concatenate(each) for each in chunks]


def ring_all_reduce_torch(values):
    """The same, on any device."""
    D = len(values)
    sums = [v.clone() for v in values]
    chunks = [v.tensor_split(D) for v in sums]
    for s in range(2 * (D - 1)):
        sent = [chunks[d][(d - s) % D].clone() for d in range(D)]
        for d in range(D):
            own = chunks[(d + 1) % D][(d - s) % D]
            own.copy_(own + sent[d] if s < D - 1 else sent[d])
    return sums


def sync_batch_norm(shards, weight, bias):
    """Two sums over all devices, then each its own shard."""
    all_but = {"axis": (0, 2, 3), "keepdims": True}
    m = sum(x[:, 0].size for x in shards)
    mu = sum(x.sum(**all_but) for x in shards) / m
    s2 = sum(((x - mu) ** 2).sum(**all_but) for x in shards) / m
    weight, bias = weight[:, None, None], bias[:, None, None]
    s = np.sqrt(s2 + 1e-5)
    return [weight * (x - mu) / s + bias for x in shards]


def sync_batch_norm_torch(shards, weight, bias):
    """The same, on any device."""
    all_but = {"dim": (0, 2, 3), "keepdim": True}
    m = sum(x[:, 0].numel() for x in shards)
    mu = sum(x.sum(**all_but) for x in shards) / m
    s2 = sum(((x - mu) ** 2).sum(**all_but) for x in shards) / m
    weight, bias = weight[:, None, None], bias[:, None, None]
    s = (s2 + 1e-5).sqrt()
    return [weight * (x - mu) / s + bias for x in shards]


def split_conv2d(x, weight, padding=0, groups=1):
    """Each of two devices: half of the kernels."""
    inputs = np.split(x, 2, axis=1) if groups == 2 else [x, x]
    weights = np.split(weight, 2)
    return [conv2d(inputs[d], weights[d], padding) for d in range(2)]


def split_conv2d_torch(x, weight, padding=0, groups=1):
    """The same, on any device."""
    inputs = x.chunk(2, dim=1) if groups == 2 else [x, x]
    weights = weight.chunk(2)
    return [conv2d_torch(inputs[d], weights[d], padding) for d in range(2)]
