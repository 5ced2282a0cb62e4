"""Judges a pair of kernels by the maps they make of strokes, of specks and of light."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from course.checking.by_property import PropertyTask
from course.checking.mistakes import mistakes

LARGEST = 3  # rows and columns of a kernel
MOST = 0.5  # that a kernel may answer to what is not its stroke
SLOPE = 0.1  # by which light grows from pixel to pixel
NEAR = 0.02  # how far an answer may be from 1
NOTHING = 0.01  # what counts as 0 in a map
MARGIN = 2  # pixels between a stroke and the border
NAMES = ("first", "second")
STROKES = ("vertical", "horizontal")


def _read(result: Any) -> list[np.ndarray]:
    """The two kernels of a result; ValueError says what is none."""
    if not (isinstance(result, tuple) or np.ndim(result) > 0) or len(result) != 2:
        raise ValueError("the result must be a list of two kernels")
    kernels = []
    for name, rows in zip(NAMES, result, strict=True):
        try:
            kernel = np.asarray(rows, dtype="float64")
        except (TypeError, ValueError):
            raise ValueError(f"the {name} kernel must be rows of numbers, all as long") from None
        if kernel.ndim != 2 or not np.isfinite(kernel).all():
            raise ValueError(f"the {name} kernel must be rows of numbers, all as long")
        if not 0 < min(kernel.shape) <= max(kernel.shape) <= LARGEST:
            size = " x ".join(map(str, kernel.shape))
            raise ValueError(
                f"the {name} kernel is {size}, at most {LARGEST} x {LARGEST} is allowed"
            )
        kernels.append(kernel)
    return kernels


def maps(kernel: np.ndarray, pictures: torch.Tensor) -> torch.Tensor:
    """What a kernel makes of pictures (N, H, W), without padding."""
    return F.conv2d(pictures[:, None], torch.from_numpy(kernel.copy())[None, None])[:, 0]


def strokes(size: tuple[int, int], length: int, width: int = 1) -> torch.Tensor:
    """Dark pictures with one stroke of brightness 1 each, `length` high, wherever it fits."""
    H, W = size
    places = [
        (i, j)
        for i in range(MARGIN, H - MARGIN - length + 1)
        for j in range(MARGIN, W - MARGIN - width + 1)
    ]
    pictures = torch.zeros(len(places), H, W, dtype=torch.float64)
    for picture, (i, j) in zip(pictures, places, strict=True):
        picture[i : i + length, j : j + width] = 1
    return pictures


def _both(size, length):
    """Vertical and horizontal strokes."""
    return strokes(size, length), strokes(size, 1, length)


def _answers(kernel, pictures) -> torch.Tensor:
    """The largest number of each map."""
    return maps(kernel, pictures).amax((1, 2))


def _sees_no_light(size, slopes):
    """Do the maps of light that grows by these steps along the rows and columns hold 0 only?"""
    i, j = (torch.arange(n, dtype=torch.float64) for n in size)

    def judge(result):
        for name, kernel in zip(NAMES, _read(result), strict=True):
            for down, right in slopes:
                # Light is never negative: it begins at 0, or is 1 all over.
                light = down * i[:, None] + right * j
                light = light - light.min() if down or right else light + 1
                made = maps(kernel, light[None])[0]
                worst = made.flatten()[made.abs().argmax()].item()
                if abs(worst) > NOTHING:
                    if not down and not right:
                        where = "an even picture of brightness 1"
                    else:
                        where = f"light that grows by {down:g} a row and {right:g} a column"
                    return f"{where} gives {worst:.3g} by the {name} kernel, asked for is 0"
        return ""

    return judge


def _tells(which, size, length):
    def judge(result):
        kernels = _read(result)
        pictures = _both(size, length)[which]
        own, other = (_answers(kernels[k], pictures) for k in (which, 1 - which))
        says = f"a {STROKES[which]} stroke is answered by"
        worst = own[(own - 1).abs().argmax()].item()
        if abs(worst - 1) > NEAR:
            return f"{says} {worst:.3g} by the {NAMES[which]} kernel, asked for is 1"
        if other.max() > MOST + 1e-9:
            return f"{says} {other.max():.3g} by the {NAMES[1 - which]} kernel, at most {MOST}"
        return ""

    return judge


def _ignores_specks(size):
    def judge(result):
        for name, kernel in zip(NAMES, _read(result), strict=True):
            answer = _answers(kernel, strokes(size, 1)).max().item()
            if answer > MOST + 1e-9:
                says = f"a single bright pixel is answered by {answer:.3g} by the {name} kernel"
                return f"{says}, at most {MOST}"
        return ""

    return judge


# What went wrong is the same for both kernels, once the second is transposed.


def _upright(result):
    first, second = _read(result)
    return first, second.T


def _own(kernel):
    """The map that an upright kernel makes of a vertical stroke."""
    return maps(kernel, strokes((9, 9), 5)[:1])


def _any(is_it):
    return lambda result: any(map(is_it, _upright(result)))


def _is_one_kernel(result):
    first, second = _read(result)
    return first.shape == second.shape and np.allclose(first, second)


def _is_swapped(result):
    vertical, horizontal = _both((9, 9), 5)
    first, second = _read(result)
    return (_answers(first, vertical).max() < _answers(first, horizontal).max()) and (
        _answers(second, horizontal).max() < _answers(second, vertical).max()
    )


def _differs(first, second, kernel):
    return abs(first - second) > NOTHING * abs(kernel).max()


def _is_lopsided(kernel):
    rows, columns = kernel.sum(1), kernel.sum(0)
    # A slope of light gives the same on both sides of a kernel's middle only if they weigh alike.
    slopes = [sums @ (np.arange(len(sums)) - (len(sums) - 1) / 2) for sums in (rows, columns)]
    return any(_differs(slope, 0, kernel) for slope in slopes)


FEATURES, IMAGES = "Edges and features", "Real images"
# The reasons for which a pair falls short. The first one counts.
REASONS = [
    (
        "one kernel for both strokes",
        "A horizontal stroke is a vertical one transposed: so is what looks for it.",
        _is_one_kernel,
    ),
    (
        "kernels in the other order",
        "A kernel is a picture of what it looks for: the vertical stroke's has a bright column.",
        _is_swapped,
    ),
    (
        "a kernel that looks for a dark stroke",
        "It looks for light where its weights are positive: the stroke lies under those.",
        _any(lambda k: _own(k).max() < -_own(k).min() - 1e-9),
    ),
    (
        "an edge in place of a stroke",
        "One side minus the other answers to light that grows: weigh the middle against both.",
        _any(lambda k: k.any() and np.allclose(k, -k[:, ::-1])),
        IMAGES,
    ),
    (
        "a kernel without negative weights",
        "A sum of pixels sees any light: take off what lies beside the stroke.",
        _any(lambda k: k.min() >= 0),
        IMAGES,
    ),
    (
        "weights that do not add up to 0",
        "Even light gives the sum of the weights, times its brightness: make that sum 0.",
        _any(lambda k: _differs(k.sum(), 0, k)),
        IMAGES,
    ),
    (
        "a kernel that is lopsided",
        "Where light grows one side is brighter than the other: both must weigh the same.",
        _any(_is_lopsided),
        IMAGES,
    ),
    (
        "a kernel that takes a speck for a stroke",
        "A speck lies under one weight, a stroke under a column of them: let several count.",
        _any(lambda k: k.max() > MOST * _own(k).max() + 1e-9),
    ),
    (
        "weights of another scale",
        "Divide all weights by what a stroke gives now.",
        _any(lambda k: abs(_own(k).max() - 1) > NEAR),
    ),
]


def design_task(name: str, lecture: str) -> PropertyTask:
    """The task: two kernels that tell vertical from horizontal strokes in any light."""

    def questions(size, length, slopes):
        return {
            "even light": _sees_no_light(size, [(0, 0)]),
            "light that grows": _sees_no_light(size, slopes),
            "a vertical stroke": _tells(0, size, length),
            "a horizontal stroke": _tells(1, size, length),
            "a speck of dust": _ignores_specks(size),
        }

    return PropertyTask(
        name,
        questions((12, 12), 5, [(0, SLOPE), (SLOPE, 0)]),
        hidden=questions((13, 15), 8, [(SLOPE, SLOPE), (-SLOPE, 0), (SLOPE, -SLOPE)]),
        lecture=lecture,
        section=FEATURES,
        misunderstandings=mistakes(FEATURES, REASONS),
    )
