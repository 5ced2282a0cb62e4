"""What the famous nets are built of, in torch: the twins of the reference, on any device."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from course.architectures.reference import BRANCHES, arrays, check_names, half
from course.convolution.gpu import conv2d
from course.pooling.gpu import max_pool2d


def pointwise_conv2d(x: Tensor, weight: Tensor) -> Tensor:
    """At each place the same linear layer on the channels: the twin of the reference.

    Args:
        x: (N, C, H, W).
        weight: (O, C).

    Returns:
        (N, O, H, W).
    """
    arrays(Tensor, x, weight, ["(O, C)"])
    if weight.shape[1] != x.shape[1]:
        raise ValueError(
            f"weight must have {x.shape[1]} columns, one for each channel of x, "
            f"got shape {tuple(weight.shape)}"
        )
    return torch.einsum("oc,ncij->noij", weight, x)


def depthwise_separable_conv2d(x: Tensor, depthwise: Tensor, pointwise: Tensor) -> Tensor:
    """Each channel alone along the picture, then all at each place: the twin of the reference.

    Args:
        x: (N, C, H, W).
        depthwise: (C, P, Q), P and Q odd.
        pointwise: (O, C).

    Returns:
        (N, O, H, W).
    """
    arrays(Tensor, x, depthwise, ["(C, P, Q)"])
    if len(depthwise) != x.shape[1]:
        raise ValueError(
            f"depthwise must have {x.shape[1]} kernels, one for each channel of x, "
            f"got shape {tuple(depthwise.shape)}"
        )
    kernels = depthwise[:, None]
    z = conv2d(x, kernels, padding=half(kernels), groups=len(kernels))
    return pointwise_conv2d(z, pointwise)


def inception(x: Tensor, weights: Mapping[str, Tensor]) -> Tensor:
    """Four branches side by side: the twin of `reference.inception`.

    Args:
        x: (N, C, H, W).
        weights: as for the reference, tensors.

    Returns:
        (N, sum of the branches' channels, H, W).
    """
    check_names(weights)
    outputs = []
    for name, squeeze in BRANCHES:
        branch = x
        if squeeze in weights:
            branch = _conv_relu(branch, weights[squeeze])
        if name == "pool proj":
            branch = max_pool2d(branch, 3, stride=1, padding=1)
        outputs.append(_conv_relu(branch, weights[name]) if name in weights else branch)
    return torch.cat(outputs, 1)


def grid_reduction(x: Tensor, weight: Tensor) -> Tensor:
    """Convolution and pooling with stride 2, side by side: the twin of the reference.

    Args:
        x: (N, C, H, W).
        weight: (O, C, k, k), k odd.

    Returns:
        (N, O + C, ceil(H / 2), ceil(W / 2)).
    """
    arrays(Tensor, x, weight, ["(O, C, k, k)"])
    convolved = conv2d(x, weight, stride=2, padding=half(weight))
    pooled = max_pool2d(x, 3, stride=2, padding=1)
    return torch.cat([convolved.relu(), pooled], 1)


def _conv_relu(x, weight):
    return conv2d(x, weight, padding=half(weight)).relu()
