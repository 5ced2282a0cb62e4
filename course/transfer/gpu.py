"""From patches to whole pictures, in torch, on any device: the twins of `reference`."""

from __future__ import annotations

import torch
from torch import Tensor

from course.arguments import expect_shape, integers, rank
from course.convolution.gpu import conv2d
from course.transfer.reference import Size


def linear_as_conv2d(weight: Tensor, in_channels: int, kernel_size: Size) -> Tensor:
    """The kernels of the convolution that is a linear layer: the twin of the reference.

    Args:
        weight: (K, C kH kW).
        in_channels: C.
        kernel_size: one integer or (kH, kW).

    Returns:
        (K, C, kH, kW).
    """
    rank("weight", weight, ["(K, C kH kW)"], Tensor)
    kh, kw = integers("kernel_size", kernel_size, 2, minimum=1)
    expect_shape("weight", weight, (len(weight), in_channels * kh * kw), "(K, C kH kW)")
    return weight.unflatten(1, (in_channels, kh, kw))


def scores_everywhere(
    x: Tensor, weight: Tensor, bias: Tensor, kernel_size: Size, stride: Size = 1
) -> Tensor:
    """The scores of every window of a picture, by one convolution: the twin of the reference.

    Args:
        x: (N, C, H, W).
        weight: (K, C kH kW).
        bias: (K,).
        kernel_size, stride: one integer or a pair.

    Returns:
        (N, K, I, J).
    """
    rank("x", x, ["(N, C, H, W)"], Tensor)
    return conv2d(x, linear_as_conv2d(weight, x.shape[1], kernel_size), bias, stride)


def patches(
    height: int, width: int, size: int, stride: int, device: torch.device | str | None = None
) -> Tensor:
    """Square patches on a regular grid, row by row: the twin of the reference.

    Args:
        height, width, size, stride: as there.
        device: of the result.

    Returns:
        (I J, 4) int64.
    """
    if not 1 <= size <= min(height, width):
        raise ValueError(f"size must be from 1 to {min(height, width)}, got {size}")
    (stride,) = integers("stride", stride, 1, minimum=1)
    axes = [torch.arange(0, n - size + 1, stride, device=device) for n in (height, width)]
    corners = torch.cartesian_prod(*axes)
    return torch.cat([corners, torch.full_like(corners, size)], 1)


def intersections(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """The pixels that two boxes share, of every pair: the twin of the reference.

    Args:
        boxes1: (P, 4).
        boxes2: (B, 4).

    Returns:
        (P, B).
    """
    for name, boxes in (("boxes1", boxes1), ("boxes2", boxes2)):
        expect_shape(name, boxes, (len(boxes), 4), "(top, left, height, width)")
    boxes1, boxes2 = boxes1[:, None], boxes2[None]
    first = torch.maximum(boxes1[..., :2], boxes2[..., :2])
    last = torch.minimum(boxes1[..., :2] + boxes1[..., 2:], boxes2[..., :2] + boxes2[..., 2:])
    return (last - first).clamp(min=0).prod(-1)


def label_patches(patches: Tensor, boxes: Tensor, classes: Tensor, background: int) -> Tensor:
    """Which class a patch shows, without a loop: the twin of the reference.

    Args:
        patches: (P, 4).
        boxes: (B, 4).
        classes: (B,) int64.
        background: the number of the class that is added.

    Returns:
        (P,) int64; -1 where it is not clear.
    """
    expect_shape("classes", classes, (len(boxes),), "one for each box")
    labels = torch.full((len(patches),), background, device=patches.device)
    if not len(boxes):
        return labels
    shared = intersections(patches, boxes)
    touched = (shared > 0).sum(1)
    pixels, b = shared.max(1)
    patch_area, box_area = patches[:, 2] * patches[:, 3], (boxes[:, 2] * boxes[:, 3])[b]
    # 0.2 and 0.6 of them, in integers: just enough is enough, whatever the sizes are.
    clear = (touched == 1) & (5 * pixels >= patch_area) & (5 * pixels >= 3 * box_area)
    labels[touched > 0] = -1
    return torch.where(clear, classes[b], labels)
