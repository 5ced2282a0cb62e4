"""A class for every pixel, in torch: the twins of `reference`, on any device."""

from __future__ import annotations

import torch
from torch import Tensor

from course.arguments import expect_shape, integers, numeric, rank
from course.dense.reference import _check_target, check_mode


def cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, ignore_index: int = -100
) -> Tensor:
    """The mean of -log p of the right class over the pixels that count: as the reference.

    Args:
        input: (N, K, H, W).
        target: (N, H, W) int64.
        weight: (K,) or None.
        ignore_index: of pixels that are left out.
    """
    classes, counts = _counted(input, target, weight, ignore_index)
    of_right = input.gather(1, classes[:, None])[:, 0] - input.logsumexp(1)
    return -(counts * of_right).sum() / counts.sum()


def cross_entropy_backward(
    grad_output: Tensor | float,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    ignore_index: int = -100,
) -> Tensor:
    """The gradient of `cross_entropy` by the scores, by hand: (N, K, H, W)."""
    classes, counts = _counted(input, target, weight, ignore_index)
    p = (input - input.logsumexp(1, keepdim=True)).exp()
    ones = torch.ones_like(p[:, :1])
    said_minus_right = p.scatter_add(1, classes[:, None], -ones)
    return grad_output * counts[:, None] * said_minus_right / counts.sum()


def _counted(input, target, weight, ignore_index) -> tuple[Tensor, Tensor]:
    """Classes to look up, 0 where ignored, and how much each pixel counts, both (N, H, W)."""
    _check_target(input, target, weight, ignore_index)
    kept = target != ignore_index
    classes = target.where(kept, torch.zeros_like(target))
    counts = kept.to(input.dtype)
    if weight is not None:
        counts = counts * weight[classes]
    if counts.sum() == 0:
        raise ValueError("target must have a pixel that counts: all are ignored or weigh nothing")
    return classes, counts


def confusion(
    prediction: Tensor, target: Tensor, num_classes: int, ignore_index: int = -100
) -> Tensor:
    """Pixels of each class (rows) that are called each class: (K, K) int64, as the reference."""
    expect_shape("prediction", prediction, target.shape, "that of target")
    kept = target != ignore_index
    t, s = target[kept], prediction[kept]
    for name, classes in {"target": t, "prediction": s}.items():
        if classes.numel() and not 0 <= classes.min() <= classes.max() < num_classes:
            raise ValueError(f"{name} must hold classes from 0 to {num_classes - 1}")
    found = torch.bincount(num_classes * t + s, minlength=num_classes**2)
    return found.view(num_classes, num_classes)


def intersection_over_union(
    prediction: Tensor, target: Tensor, num_classes: int, ignore_index: int = -100
) -> Tensor:
    """For each class the pixels in both masks over those in either, NaN where in none: (K,)."""
    counts = confusion(prediction, target, num_classes, ignore_index)
    both = counts.diagonal()
    return both / (counts.sum(0) + counts.sum(1) - both)  # 0 / 0 is NaN, without a warning


def interpolate(input: Tensor, scale_factor: int, mode: str = "nearest") -> Tensor:
    """Grow a map (N, C, H, W) by a whole number, "nearest" or "bilinear": as the reference."""
    rank("input", input, ["(N, C, H, W)"], Tensor)
    numeric("input", input, floating=True)
    (s,) = integers("scale_factor", scale_factor, 1, minimum=1)
    check_mode(mode)
    for axis in (2, 3):
        size = input.shape[axis]
        u = torch.arange(s * size, device=input.device)
        if mode == "nearest":
            input = input.index_select(axis, u // s)
        else:
            place = ((u + 0.5) / s - 0.5).clamp(0, size - 1)
            a = place.long()
            f = (place - a).to(input.dtype).view([-1 if i == axis else 1 for i in range(4)])
            after = input.index_select(axis, (a + 1).clamp(max=size - 1))
            input = torch.lerp(input.index_select(axis, a), after, f)
    return input
