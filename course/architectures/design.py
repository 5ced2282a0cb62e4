"""Judges a stage of convolutions by what it does, measured on the net that is built of it."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from course.arithmetic.design import sees_too_little
from course.checking.by_property import PropertyTask
from course.checking.mistakes import mistakes

CHANNELS, MAPS = 64, 128  # that come in, and go out
SIZE = 32  # of the maps that come in; half of it goes out
FIELD = 15  # pixels that an output sees along an axis
WEIGHTS = 40_000
MULTIPLY_ADDS = 10_000_000
KINDS = {"conv": ("out_channels", "k", "stride", "groups"), "max_pool": ("k", "stride")}
LARGEST = 64  # kernel, and number of layers: more is a slip
WIDEST = 4096  # channels


def _read(result: Any) -> tuple[tuple, ...]:
    """The layers of a result; ValueError says what is none."""
    if not isinstance(result, tuple) or not 0 < len(result) <= LARGEST:
        raise ValueError(f"the result must be a list of 1 to {LARGEST} layers")
    channels = CHANNELS
    for place, layer in enumerate(result):
        kind = layer[0] if isinstance(layer, tuple) and layer else None
        if kind not in KINDS or len(layer) != 1 + len(KINDS[kind]):
            wanted = " or ".join(f'("{kind}", {", ".join(n)})' for kind, n in KINDS.items())
            raise ValueError(f"layer {place} must be {wanted}, got {layer!r}")
        sizes = dict(zip(KINDS[kind], layer[1:], strict=True))
        for name, size in sizes.items():
            most = WIDEST if name in ("out_channels", "groups") else LARGEST
            if type(size) is not int or not 0 < size <= most:
                raise ValueError(f"layer {place}: {name} must be 1 to {most}, got {size!r}")
        if kind == "conv":
            groups, out_channels = sizes["groups"], sizes["out_channels"]
            if channels % groups or out_channels % groups:
                raise ValueError(
                    f"layer {place}: {groups} groups must divide the {channels} channels that "
                    f"come in and the {out_channels} that go out"
                )
            channels = out_channels
    return result


def _zeros(k: int) -> int:
    """The padding on each side: what keeps the size where k is odd."""
    return (k - 1) // 2


def build(layers: Any, *, smooth: bool = False) -> nn.Sequential:
    """The net of a stage in float64, a rectifier behind each convolution.

    Args:
        layers: of the student, read.
        smooth: with averages in place of maxima and weights that are all positive, so that each
            pixel and each channel that can have a part in an output has one.
    """
    modules, channels = [], CHANNELS
    for kind, *sizes in layers:
        if kind == "conv":
            out_channels, k, stride, groups = sizes
            modules += [
                nn.Conv2d(channels, out_channels, k, stride, _zeros(k), groups=groups, bias=False),
                nn.ReLU(),
            ]
            channels = out_channels
        else:
            pool = nn.AvgPool2d if smooth else nn.MaxPool2d
            modules.append(pool(*sizes, _zeros(sizes[0])))
    net = nn.Sequential(*modules).double().eval()
    if smooth:
        for weight in net.parameters():
            nn.init.constant_(weight, 1 / weight[0].numel())
    return net


def _fits(layers, size: int) -> None:
    """ValueError where a stage is too dear to be built, or to be run."""
    if weights(layers) > 50 * WEIGHTS:
        raise ValueError(f"{weights(layers):,} weights, at most {WEIGHTS:,} are allowed")
    if multiply_adds(layers, size) > 50 * MULTIPLY_ADDS:
        raise ValueError(
            f"{multiply_adds(layers, size):,} multiply-adds, at most {MULTIPLY_ADDS:,} are allowed"
        )


def _convolutions(layers, size: int = SIZE) -> Iterator[tuple[int, int, int, int]]:
    """(channels of a kernel, out_channels, k, size of its output) of each convolution."""
    channels = CHANNELS
    for kind, *sizes in layers:
        k, stride = sizes[1:3] if kind == "conv" else sizes
        size = (size + 2 * _zeros(k) - k) // stride + 1
        if kind == "conv":
            yield channels // sizes[3], sizes[0], k, size
            channels = sizes[0]


def weights(layers: Any) -> int:
    """How many weights a stage has."""
    return sum(c * o * k * k for c, o, k, _ in _convolutions(layers))


def multiply_adds(layers: Any, size: int = SIZE) -> int:
    """How many multiply-adds a stage does for one input."""
    return sum(c * o * k * k * n * n for c, o, k, n in _convolutions(layers, size))


def shape(layers: Any, size: int) -> tuple[int, ...]:
    """Of the output for one input, (channels, height, width)."""
    _fits(layers, size)
    with torch.no_grad():
        x = torch.zeros(1, CHANNELS, size, size, dtype=torch.float64)
        return tuple(build(layers)(x).shape[1:])


@functools.lru_cache(maxsize=32)
def seen(layers: tuple) -> list[int]:
    """The rows that an output in the middle sees: those from which a gradient comes."""
    _fits(layers, 2 * SIZE)
    x = torch.ones(1, CHANNELS, 2 * SIZE, 2 * SIZE, dtype=torch.float64, requires_grad=True)
    y = build(layers, smooth=True)(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    return x.grad[0].sum((0, 2)).nonzero().flatten().tolist()


@functools.lru_cache(maxsize=32)
def unread(layers: tuple) -> int:
    """How many of the channels that come in the output that reads fewest does not read."""
    _fits(layers, SIZE)
    x = torch.eye(CHANNELS, dtype=torch.float64)[:, :, None, None].expand(-1, -1, 8, 8)
    with torch.no_grad():
        y = build(layers, smooth=True)(x)
    reads = y.amax((2, 3)) > 0  # (channel in, channel out)
    return CHANNELS - int(reads.sum(0).min())


def _shape_is(size: int):
    def judge(result):
        got, wanted = shape(_read(result), size), (MAPS, size // 2, size // 2)
        said = [" x ".join(map(str, sizes)) for sizes in ((CHANNELS, size, size), got, wanted)]
        return "" if got == wanted else f"{said[0]} gives {said[1]}, asked for is {said[2]}"

    return judge


def _sees(result):
    return sees_too_little(seen(_read(result)), FIELD)


def _reads(result):
    count = unread(_read(result))
    return f"some output reads none of {count} of the {CHANNELS} channels" if count else ""


def _weighs(result):
    count = weights(_read(result))
    return "" if count <= WEIGHTS else f"{count:,} weights, at most {WEIGHTS:,} are allowed"


def _works(result):
    count = multiply_adds(_read(result))
    says = f"{count:,} multiply-adds, at most {MULTIPLY_ADDS:,} are allowed"
    return "" if count <= MULTIPLY_ADDS else says


def _stride(layers) -> int:
    stride = 1
    for layer in layers:
        stride *= layer[3] if layer[0] == "conv" else layer[2]
    return stride


def _span(layers) -> int:
    found = seen(layers)
    return found[-1] - found[0] + 1 if found else 0


def _windows(layers) -> list[tuple[int, int]]:
    """(k, stride) of each layer."""
    return [(layer[2], layer[3]) if layer[0] == "conv" else layer[1:] for layer in layers]


def _early(layers) -> int:
    """How many windows of more than one pixel stand in front of the first stride."""
    before = itertools.takewhile(lambda window: window[1] == 1, _windows(layers))
    return sum(k > 1 for k, _ in before)


def _dear(layers) -> tuple[int, int, int, int]:
    """The convolution with the most weights."""
    return max(_convolutions(layers), key=lambda c: c[0] * c[1] * c[2] ** 2)


STACKS, POINTWISE = "VGG: small kernels, stacked", "The 1 × 1 convolution"
GOOGLENET = "GoogLeNet: all kernels at once"
# The reasons for which a stage falls short. The first one counts.
REASONS = [
    (
        "a step that skips pixels",
        "A 1 x 1 kernel with stride 2 never looks at three of four pixels: let a larger window "
        "take the step.",
        lambda layers: any(stride > k for k, stride in _windows(layers)),
    ),
    (
        "a stage that does not halve the maps",
        "The strides multiply: their product must be 2.",
        lambda layers: _stride(layers) < 2,
    ),
    (
        "a stage that shrinks too much",
        "The strides multiply: their product must be 2.",
        lambda layers: _stride(layers) > 2,
    ),
    (
        "a window of an even size",
        "As many zeros on both sides cannot keep the size where k is even.",
        lambda layers: (
            any(k % 2 == 0 and s == 1 for k, s in _windows(layers))
            or shape(layers, SIZE)[1] != SIZE // 2
        ),
    ),
    (
        "another number of maps at the end",
        f"The last convolution gives {MAPS} maps.",
        lambda layers: shape(layers, SIZE)[0] != MAPS,
    ),
    (
        "groups that never meet",
        "A kernel of a group sees the channels of its group alone: a 1 x 1 convolution without "
        "groups lets all of them meet.",
        lambda layers: unread(layers) > 0,
        POINTWISE,
    ),
    (
        "windows in front of the stride that see half as far",
        "Behind the stride neighbours lie 2 pixels apart: a 3 x 3 kernel adds 4 pixels there, "
        "and 2 in front of it.",
        lambda layers: _span(layers) < FIELD and _early(layers) > 0,
    ),
    (
        "a stage that sees too little",
        "Each 3 x 3 kernel behind the stride adds 4 pixels: count how many are needed.",
        lambda layers: _span(layers) < FIELD,
    ),
    (
        "a large kernel on many channels",
        "Weights grow with the square of the kernel: stack small ones, or let each kernel see one "
        "channel.",
        lambda layers: weights(layers) > WEIGHTS and _dear(layers)[2] > 3,
    ),
    (
        "3 x 3 kernels on all channels",
        "One such layer has 9 * 64 * 128 weights: squeeze the channels by a 1 x 1 convolution "
        "first, or let the kernels see groups of them.",
        lambda layers: (
            weights(layers) > WEIGHTS and _dear(layers)[2] == 3 and _dear(layers)[0] >= CHANNELS
        ),
        POINTWISE,
    ),
    (
        "a squeeze that is too wide still",
        "The 3 x 3 kernels' weights grow with the square of the width between the squeeze and the "
        "last layer: halve it, and they fall to a quarter.",
        lambda layers: weights(layers) > WEIGHTS and _dear(layers)[2] == 3,
        POINTWISE,
    ),
    (
        "1 x 1 convolutions that are dear",
        "Many wide 1 x 1 convolutions weigh more than the kernels between them: one that lets all "
        "channels meet will do.",
        lambda layers: weights(layers) > WEIGHTS,
        POINTWISE,
    ),
    (
        "work at full size",
        "In front of the stride each weight is used at four times as many places: let the dear "
        "layers stand behind it.",
        lambda layers: multiply_adds(layers) > MULTIPLY_ADDS,
        GOOGLENET,
    ),
]


def design_task(name: str, lecture: str) -> PropertyTask:
    """The task: a stage that sees far, for few weights and multiply-adds."""

    def questions(*sizes: int) -> dict:
        return {
            **{f"the shape of its output for {n} x {n}": _shape_is(n) for n in sizes},
            "what an output sees": _sees,
            "the channels that an output reads": _reads,
            "its weights": _weighs,
            "its multiply-adds": _works,
        }

    return PropertyTask(
        name,
        questions(SIZE),
        hidden=questions(SIZE + 8, 2 * SIZE),
        lecture=lecture,
        section=STACKS,
        misunderstandings=mistakes(
            STACKS, REASONS, lambda is_it: lambda result: is_it(_read(result))
        ),
    )
