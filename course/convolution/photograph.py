"""A photograph goes in, and for each of its pixels a class comes out: what lecture 1 begins with.

The net is trained where it is used, in a second or two, on boxes that somebody has drawn on the
photograph and named: `net = photograph.trained()`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from sklearn.datasets import load_sample_image
from torch import Tensor, nn

from course.style import BLUE, GREEN, VERMILION, outline, panels, picture

SMALLER = 4  # pixels of the photograph to one that the net sees, along each axis
CLASSES = ("sky or water", "temple", "trees")
COLOURS = (BLUE, VERMILION, GREEN)
NO_CLASS = -1
# (row, column, height, width) in pixels that the net sees; those of one class in a row.
Boxes = Mapping[str, Sequence[tuple[int, int, int, int]]]
DRAWN: Boxes = {
    "sky or water": [(2, 2, 20, 20), (8, 110, 24, 40), (62, 96, 14, 14), (58, 118, 4, 14)],
    "temple": [(22, 28, 30, 20), (60, 22, 26, 20), (12, 44, 10, 8)],
    "trees": [(86, 2, 20, 30), (42, 2, 22, 8), (80, 146, 24, 12), (76, 100, 20, 16)],
}
KEPT_BACK: Boxes = {
    "sky or water": [(2, 80, 34, 20), (64, 112, 12, 16)],
    "temple": [(34, 54, 20, 18), (66, 58, 18, 18)],
    "trees": [(92, 50, 12, 16), (44, 148, 24, 10), (82, 120, 20, 16)],
}


def photo() -> np.ndarray:
    """The photograph, (424, 640, 3) in 0 ... 1: scikit-learn's sample image of a temple."""
    return load_sample_image("china.jpg")[:424] / 255


def seen() -> Tensor:
    """The photograph as the net sees it: smaller, each colour standardised; (3, 106, 160)."""
    x = torch.from_numpy(photo()).float().permute(2, 0, 1)
    x = F.avg_pool2d(x, SMALLER)
    return (x - x.mean((1, 2), keepdim=True)) / x.std((1, 2), keepdim=True)


def classes(boxes: Boxes) -> Tensor:
    """The class of each pixel in a box and NO_CLASS elsewhere, (106, 160) int64."""
    found = torch.full(seen().shape[1:], NO_CLASS)
    for name, places in boxes.items():
        for row, column, height, width in places:
            found[row : row + height, column : column + width] = CLASSES.index(name)
    return found


@functools.cache
def trained(seed: int = 0) -> nn.Sequential:
    """Two convolutions with rectifiers, and one that gives each pixel three scores; trained."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = nn.Sequential(
            nn.Conv2d(3, 16, 5, padding=2, padding_mode="replicate"),
            nn.ReLU(),
            nn.Conv2d(16, 16, 5, padding=2, padding_mode="replicate"),
            nn.ReLU(),
            nn.Conv2d(16, len(CLASSES), 1),
        )
    x, y = seen()[None], classes(DRAWN)[None]
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        F.cross_entropy(net(x), y, ignore_index=NO_CLASS).backward()
        optimizer.step()
    return net


@torch.no_grad()
def answer(net: nn.Module) -> Tensor:
    """The class that the net gives each pixel, (106, 160) int64."""
    return net(seen()[None])[0].argmax(0)


def accuracy(net: nn.Module, boxes: Boxes = KEPT_BACK) -> float:
    """The percentage of the pixels in boxes that the net gives their class."""
    y = classes(boxes)
    return 100 * (answer(net) == y)[y != NO_CLASS].float().mean().item()


@picture
def sees(net: nn.Module, width: float = 7) -> tuple[Figure, str]:
    """The photograph with the drawn boxes, and under it the same with what the net answers.

    Args:
        width: inches.
    """
    whole = photo()
    rows, columns = whole.shape[:2]
    figure, axes = panels(rows=2, width=width, height=2 * (width * rows / columns + 0.35))
    colours = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in COLOURS])
    answered = answer(net).numpy()
    tint = colours[answered].repeat(SMALLER, 0).repeat(SMALLER, 1)
    for axis, shown, title in zip(
        axes,
        (whole, 0.45 * whole.mean(2, keepdims=True) + 0.55 * tint),
        (
            "what goes in: a photograph, and some boxes with a name",
            "what comes out, for each pixel",
        ),
        strict=True,
    ):
        axis.imshow(shown)
        axis.set_title(title)
        axis.axis("off")
    for name, colour in zip(CLASSES, COLOURS, strict=True):
        for row, column, high, wide in DRAWN[name]:
            outline(axes[0], *(SMALLER * at for at in (row, column, high, wide)), colour)
        row, column, high, wide = DRAWN[name][0]
        for axis in axes:
            axis.text(
                SMALLER * (column + wide / 2),
                SMALLER * (row + high / 2),
                name.replace(" ", "\n"),
                ha="center",
                va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 2},
            )
    return figure, (
        "A photograph of a temple between trees over a lake, with a few boxes drawn on its sky, "
        "water, temple and trees; under it the same picture, where the sky and the water, the "
        "temple and the trees are each tinted in a colour of their own, with some ragged borders."
    )
