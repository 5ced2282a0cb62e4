"""Judges a row of layers by what it does: its output's size, what an output sees, its weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F

from course.checking.by_property import PropertyTask
from course.checking.mistakes import mistakes

CHANNELS, WIDTH = 3, 16  # of the picture, of the output
SHRINK = 8  # the output is an eighth of the picture
FIELD = 63  # pixels that an output sees along an axis
BUDGET = 5000  # weights


def _read(result) -> list[tuple[int, int, int, int, int]]:
    """The layers of a result; ValueError says what is none."""
    if not isinstance(result, tuple) or not 0 < len(result) <= 50:
        raise ValueError("the result must be a list of 1 to 50 layers")
    for place, layer in enumerate(result):
        whole = isinstance(layer, tuple) and len(layer) == 5 and all(type(n) is int for n in layer)
        if not whole:
            raise ValueError(
                f"layer {place} must be (out_channels, kernel_size, stride, padding, dilation), "
                f"integers, got {layer!r}"
            )
        if min(layer[:3]) < 1 or layer[3] < 0 or layer[4] < 1 or max(layer) > 1000:
            raise ValueError(f"layer {place} has a number that no layer can have: {layer!r}")
    return list(result)


def _rows(layers, size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A row of pixels and what the layers, each a kernel of ones, make of it."""
    x = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    y = x
    for _, kernel_size, stride, padding, dilation in layers:
        if y.shape[-1] + 2 * padding < dilation * (kernel_size - 1) + 1:
            raise ValueError(f"a window does not fit: {y.shape[-1]} pixels, {padding} zeros a side")
        ones = torch.ones(1, 1, kernel_size, dtype=torch.float64)
        # Scaled, so that no sum grows out of bounds.
        y = F.conv1d(y, ones, None, stride, padding, dilation) / kernel_size
    return x, y


def seen(layers: Any, size: int = 1024) -> list[int]:
    """The pixels of a row that its middle output sees: those from which a gradient comes."""
    x, y = _rows(layers, size)
    y[0, 0, y.shape[-1] // 2].backward()
    return x.grad[0, 0].nonzero().flatten().tolist()


def weights(layers: Any) -> int:
    """How many weights the layers have, without biases."""
    total, channels = 0, CHANNELS
    for out_channels, kernel_size, *_ in layers:
        total += out_channels * channels * kernel_size**2
        channels = out_channels
    return total


def _size_is(size: int):
    def judge(result):
        layers = _read(result)
        got = _rows(layers, size)[1].shape[-1]
        channels = layers[-1][0]
        if got == size // SHRINK and channels == WIDTH:
            return ""
        wanted = size // SHRINK
        return (
            f"a picture of {size} x {size} gives {channels} maps of {got} x {got}, asked for are "
            f"{WIDTH} of {wanted} x {wanted}"
        )

    return judge


def _sees(result):
    return sees_too_little(seen(_read(result)), FIELD)


def sees_too_little(pixels: Sequence[int], field: int) -> str:
    """What is wrong with an output's field, as a sentence; empty where nothing is.

    Args:
        pixels: the places along an axis that can change the output, in order.
        field: how many it is to span, without a hole.
    """
    if len(pixels) == 0:
        return "an output sees no pixel at all"
    span = pixels[-1] - pixels[0] + 1
    if span < field:
        return f"an output sees {span} pixels along an axis, asked for are {field}"
    if len(pixels) < span:
        return f"an output leaves out {span - len(pixels)} of the {span} pixels of its field"
    return ""


def _costs(result):
    count = weights(_read(result))
    return "" if count <= BUDGET else f"{count:,} weights, at most {BUDGET:,} are allowed"


def _field(layers, extent=lambda k, d: d * (k - 1) + 1, first=False, jumps=True) -> int:
    """The receptive field by formula, with the mistakes that are asked for."""
    size, jump = 1, 1
    for _, k, s, _, d in layers:
        if first:
            jump *= s
        size += (extent(k, d) - 1) * (jump if jumps else 1)
        if not first:
            jump *= s
    return size


def _believes(**mistake):
    """Does a net see too little, where a wrong formula says that it sees enough?"""
    return lambda layers: _field(layers) < FIELD <= _field(layers, **mistake)


def _stride(layers) -> int:
    return math.prod(layer[2] for layer in layers)


ARITHMETIC, DILATION, SEES = (
    "Stride and the floor",
    "Dilation spreads the window",
    "What one output sees",
)
PADDING = "Padding keeps the size"
# The reasons for which a design falls short. The first one counts.
REASONS = [
    (
        "a field that leaves pixels out",
        "With a dilation, or a stride longer than the kernel, the taps' own fields must still "
        "touch: what an earlier layer sees must be as wide as the step between the taps.",
        lambda layers: _field(layers) >= FIELD and len(seen(layers)) < _field(layers),
        DILATION,
    ),
    (
        "a net that shrinks too little",
        "The strides multiply: their product must be 8.",
        lambda layers: _stride(layers) < SHRINK,
        ARITHMETIC,
    ),
    (
        "a net that shrinks too much",
        "The strides multiply: their product must be 8.",
        lambda layers: _stride(layers) > SHRINK,
        ARITHMETIC,
    ),
    (
        "layers that lose their border",
        "The strides are right: it is the padding that does not keep the size.",
        lambda layers: any(_rows(layers, n)[1].shape[-1] != n // SHRINK for n in (96, 104)),
        PADDING,
    ),
    (
        "another number of maps at the end",
        f"The last layer gives {WIDTH} channels.",
        lambda layers: layers[-1][0] != WIDTH,
    ),
    (
        "a dilated window that is d * k long",
        "There is no gap behind the last tap: it spans d * (k - 1) + 1.",
        _believes(extent=lambda k, d: d * k),
        DILATION,
    ),
    (
        "a field that counts a layer's own stride too early",
        "A layer's taps lie as far apart as the layers in front of it have made them: its own "
        "stride counts for the next one.",
        _believes(first=True),
    ),
    (
        "a net that sees too little",
        "Look further where it is cheap: behind the strides a tap is 8 pixels from the next.",
        lambda layers: _field(layers) < FIELD,
    ),
    (
        "a large kernel that is too dear",
        "Weights grow with the square of the kernel: small kernels in a row, or a dilation, see "
        "as far for less.",
        lambda layers: weights(layers) > BUDGET and max(k for _, k, *_ in layers) > 5,
        DILATION,
    ),
    (
        "a net that is wide from its first layer on",
        "Sixteen maps are asked for at the end alone: begin with fewer.",
        lambda layers: weights(layers) > BUDGET and min(o for o, *_ in layers) >= WIDTH,
    ),
    (
        "more layers than it takes to see far",
        "Each layer behind the strides adds 16 pixels to a field: count how many are needed.",
        lambda layers: weights(layers) > BUDGET and _field(layers) >= FIELD + 16,
    ),
    (
        "weights without the depth of the kernels",
        "A kernel is as deep as what it reads: out_channels * in_channels * k * k.",
        lambda layers: weights(layers) > BUDGET >= sum(o * k * k for o, k, *_ in layers),
    ),
]


def design_task(name: str, lecture: str) -> PropertyTask:
    """The task: a net that sees far enough, for few weights."""
    visible = {
        "the size of its output": _size_is(96),
        "what an output sees": _sees,
        "its weights": _costs,
    }
    hidden = {
        "the size of its output": _size_is(136),
        "the size of a small output": _size_is(104),
        "what an output sees": _sees,
        "its weights": _costs,
    }
    return PropertyTask(
        name,
        visible,
        hidden=hidden,
        lecture=lecture,
        section=SEES,
        misunderstandings=mistakes(
            SEES, REASONS, lambda is_it: lambda result: is_it(_read(result))
        ),
    )
