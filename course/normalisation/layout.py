"""Reads the arguments of a normalisation for both twins: what is refused, and which axes."""

from __future__ import annotations

import math
from typing import Any

from course.arguments import expect_shape, numeric, same_dtype

Array = Any  # of NumPy or of torch


def all_but_channels(x: Array) -> tuple[int, ...]:
    """The axes that share a channel's mean: N and the places."""
    return (0, *range(2, x.ndim))


def along_channels(values: Array, x: Array) -> Array:
    """One number for each channel, (C,), as (1, C, 1, ...), to go with x."""
    return values.reshape(1, -1, *[1] * (x.ndim - 2))


def scale_and_shift(xh: Array, weight: Array | None, bias: Array | None) -> Array:
    """weight * xh + bias, channel by channel; None leaves one out."""
    if weight is not None:
        xh = xh * along_channels(weight, xh)
    return xh if bias is None else xh + along_channels(bias, xh)


def grouped(x: Array, num_groups: int) -> Array:
    """x as (N, num_groups, what shares a mean); ValueError where the groups differ in size."""
    if num_groups < 1 or x.shape[1] % num_groups:
        raise ValueError(f"num_groups must divide {x.shape[1]} channels, got {num_groups}")
    return x.reshape(x.shape[0], num_groups, -1)


def check(input: Array, **by_channel: Array | None) -> None:
    """Refuse an input that is not (N, C, ...) floats, and what is not one number a channel."""
    if not hasattr(input, "shape") or input.ndim < 2:
        raise ValueError("input must be an array of shape (N, C, ...)")
    numeric("input", input, floating=True)
    same_dtype(input=input, **by_channel)
    for name, array in by_channel.items():
        if array is not None:
            expect_shape(name, array, input.shape[1:2], "one number for each channel")


def check_batch(input: Array) -> int:
    """How many numbers share one mean in training; one alone has no variance."""
    m = math.prod(input.shape) // max(1, input.shape[1])
    if m < 2:
        raise ValueError("training needs more than one number for each channel, got 1")
    return m


def check_running(running_mean: Array | None, running_var: Array | None) -> None:
    """Refuse evaluation without what the training has kept."""
    if running_mean is None or running_var is None:
        raise ValueError("without training, running_mean and running_var must be given")
