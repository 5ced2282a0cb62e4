"""From patches to whole pictures, as short as it can be honest: stride 1, no argument checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal.
"""

from __future__ import annotations

import numpy as np
import torch

from course.convolution.short import conv2d, conv2d_torch


def label_patches(patches, boxes, classes, background):
    """The class of the one box it shows, background, or -1."""
    corner, size = boxes[:, :2], boxes[:, 2:]
    labels = []
    for patch in patches:
        first = np.maximum(patch[:2], corner)
        last = np.minimum(patch[:2] + patch[2:], corner + size)
        shared = np.maximum(last - first, 0).prod(axis=1)
        b = shared.argmax()
        least = max(0.2 * patch[2:].prod(), 0.6 * size[b].prod())
        if shared[b] == 0:
            labels.append(background)
        else:
            alone = np.count_nonzero(shared) == 1
            labels.append(classes[b] if alone and shared[b] >= least else -1)
    return np.array(labels)


def label_patches_torch(patches, boxes, classes, background):
    """The same, all patches against all boxes at once."""
    corner, size = boxes[:, :2], boxes[:, 2:]
    start, end = patches[:, :2], patches[:, :2] + patches[:, 2:]
    first = torch.maximum(start[:, None], corner)
    last = torch.minimum(end[:, None], corner + size)
    shared = (last - first).clamp(min=0).prod(dim=2)
    pixels, b = shared.max(dim=1)
    enough = pixels >= 0.2 * patches[:, 2:].prod(dim=1)
    enough &= pixels >= 0.6 * size.prod(dim=1)[b]
    alone = shared.count_nonzero(dim=1) == 1
    labels = torch.where(alone & enough, classes[b], -1)
    return torch.where(pixels > 0, labels, background)


def scores_everywhere(x, weight, bias, kernel_size):
    """The linear layer's weights, in the shape of kernels."""
    kernels = weight.reshape(-1, x.shape[1], *kernel_size)
    return conv2d(x, kernels) + bias[:, None, None]


def scores_everywhere_torch(x, weight, bias, kernel_size):
    """The same, on any device."""
    kernels = weight.reshape(-1, x.shape[1], *kernel_size)
    return conv2d_torch(x, kernels) + bias[:, None, None]
