"""Asks a trained net which patches of which pictures excite its units most."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from course.architectures.summary import summary
from course.insides.net import Net


@dataclass(frozen=True)
class Patch:
    """Where a unit was excited.

    Attributes:
        picture: which of the pictures.
        top, left, bottom, right: what the unit sees there, cut to the picture.
        activation: how much.
        pixels: (h, w).
    """

    picture: int
    top: int
    left: int
    bottom: int
    right: int
    activation: float
    pixels: np.ndarray


@functools.lru_cache(maxsize=64)  # a slider asks again and again, and the layers stay as they are
def field(net: Net, layer: str, shape: tuple[int, int, int]) -> tuple[int, int]:
    """What one output of a layer sees, and the step between neighbours, in pixels of the input."""
    found = {each.name: each for each in summary(net.until(layer), shape)}[layer]
    return found.sees, found.step


@torch.no_grad()
def strongest_patches(net: Net, layer: str, unit: int, x: Tensor, count: int = 9) -> list[Patch]:
    """The patches that excite a unit most, at most one of each picture.

    Args:
        net: in eval mode.
        layer: the name of one of its layers with maps, such as "relu2".
        unit: the channel.
        x: (N, 1, H, W).
        count: how many.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014),
    figure 2.
    """
    maps = net.until(layer)(x)[:, unit]
    sees, step = field(net, layer, tuple(x.shape[1:]))
    best, places = maps.flatten(1).max(1)
    found = []
    for picture in best.topk(min(count, len(x))).indices.tolist():
        row, column = divmod(int(places[picture]), maps.shape[2])
        # The middle of the field of output i lies at step * i + (step - 1) / 2.
        top, left = (round(step * at + (step - 1) / 2 - (sees - 1) / 2) for at in (row, column))
        bottom, right = top + sees, left + sees
        top, left = max(top, 0), max(left, 0)
        bottom, right = min(bottom, x.shape[2]), min(right, x.shape[3])
        pixels = x[picture, 0, top:bottom, left:right].numpy()
        found.append(Patch(picture, top, left, bottom, right, float(best[picture]), pixels))
    return found
