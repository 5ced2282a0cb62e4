"""Asks a trained net which patches excite its units most, and which pixels its answer rests on."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course.architectures.summary import summary
from course.insides.gpu import occluded
from course.insides.nets import Net
from course.insides.reference import RULES


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


@contextlib.contextmanager
def rectifiers_by(model: nn.Module, rule: str) -> Iterator[None]:
    """While this lasts, gradients go back through the net's nn.ReLU modules by a rule."""

    def hook(module, grad_input, grad_output):
        (given,) = grad_input  # autograd's own: grad_output where the output is positive
        if rule == "gradient":
            return None
        passed = given if rule == "guided" else grad_output[0]
        return (passed.clamp(min=0),)

    handles = [
        module.register_full_backward_hook(hook)
        for module in model.modules()
        if isinstance(module, nn.ReLU)
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def saliency(model: nn.Module, x: Tensor, classes: Tensor, rule: str = "gradient") -> Tensor:
    """The way back from each picture's class score to its pixels, in eval mode.

    Args:
        model: gives (N, K) from (N, C, H, W); its rectifiers are nn.ReLU modules, not in place.
        x: (N, C, H, W).
        classes: (N,) int64, whose score to follow.
        rule: of `relu_backward`.

    Returns:
        (N, C, H, W).

    Raises:
        ValueError: an unknown rule.

    Source: Simonyan, Vedaldi, Zisserman, "Deep inside convolutional networks" (2013); Springenberg
    et al. (2014).
    """
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    was_training = model.training
    model.eval()
    x = x.detach().clone().requires_grad_()
    with rectifiers_by(model, rule):
        scores = model(x).gather(1, classes[:, None]).sum()
        (found,) = torch.autograd.grad(scores, x)
    model.train(was_training)
    return found


@torch.no_grad()
def occlusion(
    model: nn.Module, x: Tensor, classes: Tensor, size: int = 4, stride: int = 2, value: float = 0.0
) -> Tensor:
    """How much the probability of the class falls where a square hides the picture.

    Args:
        model, x, classes: as for `saliency`.
        size, stride, value: of the square.

    Returns:
        (N, H, W): for each pixel the mean drop over the squares that covered it.

    Source: Zeiler and Fergus (2014), section 4.2.
    """
    was_training = model.training
    model.eval()
    maps = []
    for picture, label in zip(x, classes, strict=True):
        copies = occluded(picture, size, stride, value)
        count = copies.shape[:2]
        before = model(picture[None]).softmax(1)[0, label]
        drops = before - model(copies.flatten(0, 1)).softmax(1)[:, label]
        # Each square gives its drop to all pixels that it covered.
        kernel = x.new_ones(1, 1, size, size)
        left_over = tuple((length - size) % stride for length in x.shape[2:])
        spread = {"stride": stride, "output_padding": left_over}
        total = F.conv_transpose2d(drops.reshape(1, 1, *count), kernel, **spread)
        covered = F.conv_transpose2d(x.new_ones(1, 1, *count), kernel, **spread)
        maps.append((total / covered.clamp(min=1))[0, 0])
    model.train(was_training)
    return torch.stack(maps)
