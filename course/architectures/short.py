"""What famous nets are built of, as short as it can be honest: 3 x 3 kernels, nothing checked.

`course.pair.compare` shows these first; the complete functions are in reference.py and gpu.py, and
tests hold them equal.
"""

from __future__ import annotations

import numpy as np
import torch

from course.convolution.short import conv2d, conv2d_torch
from course.pooling.short import max_pool2d, max_pool2d_torch


def pointwise_conv2d(x, weight):
    """At each place (i, j), sum over c."""
    return np.einsum("oc,ncij->noij", weight, x)


def pointwise_conv2d_torch(x, weight):
    """The same sum, on any device."""
    return torch.einsum("oc,ncij->noij", weight, x)


def grid_reduction(x, weight):
    """Both halve the picture: convolution and pooling."""
    every = conv2d(x, weight, padding=1)
    convolved = np.maximum(every[:, :, ::2, ::2], 0)
    pooled = max_pool2d(x, 3, stride=2, padding=1)
    return np.concatenate([convolved, pooled], axis=1)


def grid_reduction_torch(x, weight):
    """The same, on any device."""
    every = conv2d_torch(x, weight, padding=1)
    convolved = every[:, :, ::2, ::2].relu()
    pooled = max_pool2d_torch(x, 3, stride=2, padding=1)
    return torch.cat([convolved, pooled], dim=1)
