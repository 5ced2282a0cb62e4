"""A class for every pixel, as short as it can be honest: all classes weigh alike, nothing checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal. The letters: z scores (N, K, H, W), t the right classes (N, H, W).
"""

from __future__ import annotations

import numpy as np
import torch


def cross_entropy(z, t, ignore_index=-100):
    """The mean of -log p[n, t, i, j] over the pixels that count."""
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    n, i, j = np.nonzero(t != ignore_index)
    return -log_p[n, t[n, i, j], i, j].mean()


def cross_entropy_torch(z, t, ignore_index=-100):
    """The same, on any device."""
    log_p = z - z.logsumexp(dim=1, keepdim=True)
    n, i, j = torch.nonzero(t != ignore_index, as_tuple=True)
    return -log_p[n, t[n, i, j], i, j].mean()


def cross_entropy_backward(grad_output, z, t, ignore_index=-100):
    """What is said minus what is right, over the pixels that count."""
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n, i, j = np.nonzero(t != ignore_index)
    grad_z = np.zeros_like(z)
    grad_z[n, :, i, j] = p[n, :, i, j]
    grad_z[n, t[n, i, j], i, j] -= 1
    return grad_output * grad_z / len(n)


def cross_entropy_backward_torch(grad_output, z, t, ignore_index=-100):
    """The same, on any device."""
    p = z.softmax(dim=1)
    n, i, j = torch.nonzero(t != ignore_index, as_tuple=True)
    grad_z = torch.zeros_like(z)
    grad_z[n, :, i, j] = p[n, :, i, j]
    grad_z[n, t[n, i, j], i, j] -= 1
    return grad_output * grad_z / len(n)


def intersection_over_union(said, right, num_classes):
    """The pixels in both over those in either, of each class."""
    iou = np.full(num_classes, np.nan)  # in neither: no score
    for k in range(num_classes):
        both = np.sum((said == k) & (right == k))
        either = np.sum((said == k) | (right == k))
        if either:
            iou[k] = both / either
    return iou


def intersection_over_union_torch(said, right, num_classes):
    """The same, all classes at once."""
    k = torch.arange(num_classes, device=right.device)[:, None]
    said, right = said.flatten() == k, right.flatten() == k
    both, either = (said & right).sum(dim=1), (said | right).sum(dim=1)
    return both / either  # 0 / 0 is NaN


def interpolate(x, s, mode="nearest"):
    """Twice: grow the columns by s, and turn the map."""
    for _ in range(2):
        size = x.shape[3]
        place = (np.arange(s * size) + 0.5) / s - 0.5
        if mode == "nearest":
            place = place.round()
        place = place.clip(0, size - 1)
        a = place.astype(int)
        after = np.minimum(a + 1, size - 1)
        f = place - a
        x = (1 - f) * x[..., a] + f * x[..., after]
        x = x.swapaxes(2, 3)
    return x


def interpolate_torch(x, s, mode="nearest"):
    """The same, on any device."""
    for _ in range(2):
        size = x.shape[3]
        place = (torch.arange(s * size).to(x) + 0.5) / s - 0.5
        if mode == "nearest":
            place = place.round()
        place = place.clamp(0, size - 1)
        a = place.long()
        after = (a + 1).clamp(max=size - 1)
        f = place - a
        x = (1 - f) * x[..., a] + f * x[..., after]
        x = x.transpose(2, 3)
    return x
