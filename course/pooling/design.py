"""Judges a row of pooling layers by what it does to maps with one detection."""

from __future__ import annotations

import functools
import math
from typing import Any

import torch
import torch.nn.functional as F

from course.checking.by_property import PropertyTask
from course.checking.mistakes import mistakes

SHRINK = 4  # the output is a quarter of the map
MOST = 0.3  # by which an output may change when a detection moves by one pixel
FIELD = 12  # pixels that an output may see along an axis
KINDS = ("max", "average")


def _read(result) -> tuple:
    """The layers of a result; ValueError says what is none."""
    if not isinstance(result, tuple) or not 0 < len(result) <= 20:
        raise ValueError("the result must be a list of 1 to 20 layers")
    for place, layer in enumerate(result):
        if not isinstance(layer, tuple) or len(layer) != 4 or layer[0] not in KINDS:
            raise ValueError(
                f"layer {place} must be (kind, kernel_size, stride, padding), its kind "
                f'"max" or "average", got {layer!r}'
            )
        _, k, s, p = layer
        if any(type(n) is not int for n in (k, s, p)) or not (0 < k < 100 and 0 < s < 100):
            raise ValueError(f"layer {place} needs integers, sizes of 1 to 99, got {layer!r}")
        if not 0 <= p <= k // 2:
            raise ValueError(f"layer {place}: padding is at most half of the window, got {layer!r}")
    return result


def pooled(layers: Any, x: torch.Tensor) -> torch.Tensor:
    """Maps (N, 1, H, W) through the layers; ValueError where a window does not fit."""
    for kind, kernel_size, stride, padding in layers:
        if min(x.shape[2:]) + 2 * padding < kernel_size:
            raise ValueError(f"a window of {kernel_size} does not fit into {tuple(x.shape[2:])}")
        pool = F.max_pool2d if kind == "max" else F.avg_pool2d
        x = pool(x, kernel_size, stride, padding)
    return x


@functools.lru_cache(maxsize=16)
def _detections(layers, size: int) -> torch.Tensor:
    """What becomes of each map with a single 1: (row, column, output row, output column)."""
    maps = torch.eye(size * size, dtype=torch.float64).reshape(-1, 1, size, size)
    return pooled(layers, maps).unflatten(0, (size, size))[:, :, 0]


def _size_is(size):
    def judge(result):
        got = tuple(pooled(_read(result), torch.zeros(1, 1, size, size)).shape[2:])
        wanted = (size // SHRINK,) * 2
        says = f"a map of {size} x {size} becomes {got[0]} x {got[1]}, asked for is {wanted[0]} x "
        return "" if got == wanted else says + str(wanted[1])

    return judge


def _keeps_one_value(size):
    def judge(result):
        for value in (-1.0, 2.0):
            y = pooled(_read(result), torch.full((1, 1, size, size), value, dtype=torch.float64))
            if not torch.allclose(y, torch.full_like(y, value)):
                i, j = (y[0, 0] - value).abs().gt(1e-9).nonzero()[0].tolist()
                return f"a map of {value:g} gives {y[0, 0, i, j]:.3g} at [{i}, {j}]"
        return ""

    return judge


def _loses_none(size):
    def judge(result):
        best = _detections(_read(result), size).amax((2, 3))
        lost = (best < 1 - 1e-9).nonzero()
        if not len(lost):
            return ""
        i, j = lost[0].tolist()
        return (
            f"a single 1 at [{i}, {j}] gives {best[i, j]:.3g} at most, asked for is 1; so it is "
            f"for {len(lost)} of {size * size} places"
        )

    return judge


def _jump(layers, size) -> float:
    y = _detections(layers, size)
    return max((y[1:] - y[:-1]).abs().max().item(), (y[:, 1:] - y[:, :-1]).abs().max().item())


def _moves_smoothly(size):
    def judge(result):
        jump = _jump(_read(result), size)
        says = f"an output changes by {jump:.3g} when a single 1 moves by one pixel, at most {MOST}"
        return "" if jump <= MOST + 1e-9 else says

    return judge


def field(layers: Any) -> int:
    """The pixels that an output sees along an axis."""
    size, jump = 1, 1
    for _, kernel_size, stride, _ in layers:
        size += (kernel_size - 1) * jump
        jump *= stride
    return size


def _is_local(result):
    seen = field(_read(result))
    return "" if seen <= FIELD else f"an output sees {seen} pixels along an axis, at most {FIELD}"


def _kinds(layers):
    return [kind for kind, kernel_size, *_ in layers if kernel_size > 1]


def _stride(layers):
    return math.prod(layer[2] for layer in layers)


KEEPS, AVERAGE = "What pooling keeps", "The gradient of an average"
# The reasons for which a stage falls short. The first one counts.
REASONS = [
    (
        "windows that leave pixels out",
        "A step longer than the window skips what lies between.",
        lambda layers: any(s > k for _, k, s, _ in layers),
    ),
    (
        "a stage that shrinks too little",
        "The strides multiply: their product must be 4.",
        lambda layers: _stride(layers) < SHRINK,
    ),
    (
        "a stage that shrinks too much",
        "The strides multiply: their product must be 4.",
        lambda layers: _stride(layers) > SHRINK,
    ),
    (
        "zeros that an average counts",
        "Padding adds zeros to the mean: at the border it is no mean of pixels any more.",
        lambda layers: any(kind == "average" and p for kind, _, _, p in layers),
        AVERAGE,
    ),
    (
        "layers that lose their border",
        "The strides are right: it is the padding that does not keep the size.",
        lambda layers: pooled(layers, torch.zeros(1, 1, 24, 24)).shape[2] != 24 // SHRINK,
    ),
    (
        "a maximum alone",
        "A maximum is there or it is not: let an average make a slope of the step.",
        lambda layers: set(_kinds(layers)) == {"max"},
    ),
    (
        "an average alone",
        "An average thins a single detection out: spread it by a maximum first.",
        lambda layers: set(_kinds(layers)) == {"average"},
    ),
    (
        "an average before the maximum",
        "What an average has thinned out no maximum brings back: the maximum comes first.",
        lambda layers: _kinds(layers)[0] == "average",
    ),
    (
        "a stage that forgets where",
        "The wider the windows, the less an output knows of the place.",
        lambda layers: field(layers) > FIELD,
    ),
    (
        "a maximum that is too narrow",
        "Wherever the detection is, the maximum must fill one whole window of the average.",
        lambda layers: _detections(layers, 24).amax((2, 3)).min() < 1 - 1e-9,
    ),
    (
        "a maximum that takes the steps",
        "A maximum with a stride jumps: let it go pixel by pixel, and the average take the steps.",
        lambda layers: any(kind == "max" and s > 1 for kind, _, s, _ in layers),
    ),
]


def design_task(name: str, lecture: str) -> PropertyTask:
    """The task: a stage that loses no detection, and whose outputs do not jump."""

    def questions(size):
        return {
            "the size of its output": _size_is(size),
            "a map of one value": _keeps_one_value(size),
            "a single detection": _loses_none(size),
            "a detection that moves": _moves_smoothly(size),
            "what an output sees": _is_local,
        }

    return PropertyTask(
        name,
        questions(24),
        hidden=questions(28),
        lecture=lecture,
        section=KEEPS,
        misunderstandings=mistakes(
            KEEPS, REASONS, lambda is_it: lambda result: is_it(_read(result))
        ),
    )
