"""Ways back from a unit to the pixels, in torch, on any device: the twins of `reference`."""

from __future__ import annotations

import torch
from torch import Tensor

from course.arguments import expect_shape, integers, rank
from course.convolution.gpu import conv2d, conv_transpose2d
from course.insides.reference import RULES, Stage
from course.pooling.gpu import max_pool2d


def max_unpool2d(x: Tensor, indices: Tensor, output_size: tuple[int, int]) -> Tensor:
    """Put each value back to where it won its window: the twin of the reference.

    Args:
        x: (N, C, I, J).
        indices: (N, C, I, J) int64.
        output_size: (H, W).

    Returns:
        (N, C, H, W).
    """
    rank("x", x, ["(N, C, H, W)"], Tensor)
    expect_shape("indices", indices, x.shape, "that of x")
    h, w = integers("output_size", output_size, 2, minimum=1)
    flat = x.new_zeros(*x.shape[:2], h * w).scatter(2, indices.flatten(2), x.flatten(2))
    return flat.unflatten(2, (h, w))


def relu_backward(grad_output: Tensor, x: Tensor, rule: str = "gradient") -> Tensor:
    """Go back through a rectifier by one of three rules: the twin of the reference.

    Args:
        grad_output, x: the same shape.
        rule: "gradient", "deconvnet" or "guided".
    """
    expect_shape("grad_output", grad_output, x.shape, "that of x")
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    passed = torch.ones_like(x, dtype=torch.bool)
    if rule in ("gradient", "guided"):
        passed &= x > 0
    if rule in ("deconvnet", "guided"):
        passed &= grad_output > 0
    return torch.where(passed, grad_output, 0)


def stage(x: Tensor, weight: Tensor) -> Stage:
    """Convolution that keeps the size, rectifier, maximum of 2 x 2: the twin of the reference.

    Args:
        x: (N, C, H, W).
        weight: (O, C, k, k), k odd.
    """
    before = conv2d(x, weight, padding=weight.shape[-1] // 2)
    output, indices = max_pool2d(before.relu(), 2, return_indices=True)
    return Stage(before, indices, output)


def stage_backward(
    grad_output: Tensor, done: Stage, weight: Tensor, rule: str = "deconvnet"
) -> Tensor:
    """Unpool by the switches, rectify, transposed filters: the twin of the reference.

    Args:
        grad_output: (N, O, H // 2, W // 2).
        done, weight, rule: as for the reference.

    Returns:
        (N, C, H, W).
    """
    unpooled = max_unpool2d(grad_output, done.indices, tuple(done.before.shape[2:]))
    rectified = relu_backward(unpooled, done.before, rule)
    return conv_transpose2d(rectified, weight, padding=weight.shape[-1] // 2)


def occluded(x: Tensor, size: int, stride: int, value: float = 0.0) -> Tensor:
    """Copies of a picture, each with one square blanked out: the twin of the reference.

    Args:
        x: (C, H, W).
        size, stride, value: as for the reference.

    Returns:
        (I, J, C, H, W).
    """
    rank("x", x, ["(C, H, W)"], Tensor)
    (size,) = integers("size", size, 1, minimum=1)
    (stride,) = integers("stride", stride, 1, minimum=1)
    h, w = x.shape[1:]
    if size > min(h, w):
        raise ValueError(f"size must be at most {min(h, w)}, the picture's, got {size}")
    inside = []  # for each axis (places, pixels): is the pixel in the square at the place?
    for length in (h, w):
        starts = torch.arange(0, length - size + 1, stride, device=x.device)[:, None]
        pixels = torch.arange(length, device=x.device)
        inside.append((pixels >= starts) & (pixels < starts + size))
    rows, columns = inside
    blank = rows[:, None, None, :, None] & columns[None, :, None, None, :]
    return torch.where(blank, torch.as_tensor(value, dtype=x.dtype, device=x.device), x)
