"""Digits in clutter: pictures of which it is known where the answer lies.

A digit at a random place of a larger canvas, on top of pieces cut from other digits. A map of what
a net looks at can be held against the digit's box.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from course import datasets

MARGINS = {"digits": 0, "mnist": 2}  # pixels around a digit that hold no ink of its


@dataclass(frozen=True)
class Clutter:
    """Pictures with their answers and where the answers lie.

    Attributes:
        x: (N, 1, S, S) float32, from 0 (dark) to 1.
        y: (N,) int64.
        boxes: (N, 4) int64: top, left, height, width of the digit.
        masks: (N, S, S) bool, the digit's pixels: those with more than a quarter of its ink.
        source: where the digits come from.
    """

    x: Tensor
    y: Tensor
    boxes: Tensor
    masks: Tensor
    source: str


def digits_of(data: str, part: str) -> tuple[np.ndarray, np.ndarray, str]:
    """Digits to scatter, from 0 to 1: scikit-learn's 8x8, or MNIST's at half size, 14x14.

    Of MNIST the 10,000 test pictures are used: the first 8,000 in a fixed random order to train.

    Returns:
        (images (N, D, D), labels (N,), source).
    """
    if data == "digits":
        found = datasets.digits(part)
        return found.images[:, 0] / 16.0, found.labels, found.source
    found = datasets.mnist("test")
    order = torch.randperm(len(found), generator=torch.Generator().manual_seed(0)).numpy()
    chosen = order[:8000] if part == "train" else order[8000:]
    images = found.images[chosen, 0] / 255.0
    halves = images.reshape(len(images), 14, 2, 14, 2).mean((2, 4))
    return halves, found.labels[chosen], f"{found.source}, test part, at 14 x 14"


def make(
    data: str = "digits", part: str = "train", count: int = 1000, pieces: int = 8, seed: int = 0
) -> Clutter:
    """Make pictures of cluttered digits, twice as wide and high as a digit.

    Args:
        data: "digits" (scikit-learn, canvas 16x16) or "mnist" (canvas 28x28).
        part: "train" or "test": other digits, and other places.
        count: how many pictures.
        pieces: of other digits, in each.
        seed: the same seed makes the same pictures.
    """
    images, labels, source = digits_of(data, part)
    side = images.shape[1]
    canvas, cut = 2 * side, (3 * side + 4) // 9  # pieces of 3 pixels of 8, of 5 of 14
    rng = np.random.default_rng([seed, part == "train"])
    chosen = rng.integers(len(images), size=count)
    x = np.zeros((count, canvas, canvas), np.float32)
    masks = np.zeros((count, canvas, canvas), bool)
    places = rng.integers(canvas - side + 1, size=(count, 2))
    for picture, mask, digit, (top, left) in zip(x, masks, chosen, places, strict=True):
        for other in rng.integers(len(images), size=pieces):
            row, column = rng.integers(side // 7 + 1, side - cut - side // 7, size=2)
            piece = images[other, row : row + cut, column : column + cut]
            i, j = rng.integers(canvas - cut + 1, size=2)
            target = picture[i : i + cut, j : j + cut]
            np.maximum(target, piece, out=target)
        target = picture[top : top + side, left : left + side]
        np.maximum(target, images[digit], out=target)
        mask[top : top + side, left : left + side] = images[digit] > 0.25
    inset = MARGINS[data]
    boxes = np.column_stack([places + inset, np.full((count, 2), side - 2 * inset)])
    return Clutter(
        torch.from_numpy(x)[:, None],
        torch.from_numpy(labels[chosen].astype(np.int64)),
        torch.from_numpy(boxes.astype(np.int64)),
        torch.from_numpy(masks),
        source,
    )
