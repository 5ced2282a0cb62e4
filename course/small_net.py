"""The small net that runs through the lectures: a written digit goes in, its class comes out.

It is trained where it is used, in about a second: `net = small_net.trained()`.
"""

from __future__ import annotations

import copy
import functools
from collections import OrderedDict

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import Tensor, nn

from course import datasets
from course.style import BLUE, number_grid, panels, picture

INPUT_SHAPE = (1, 8, 8)
CHANNELS = (8, 16)


def build(extra: int = 0) -> nn.Sequential:
    """The net before training: two convolutions with rectifier and pooling, and a linear layer.

        (1, 8, 8) -> conv1, pool1 -> (8, 4, 4) -> conv2, pool2 -> (16, 2, 2) -> linear -> 10 scores

    Args:
        extra: more convolutions, with rectifiers, between conv2 and pool2: the net made deep.
    """
    first, second = CHANNELS
    layers: list[tuple[str, nn.Module]] = [
        ("conv1", nn.Conv2d(1, first, 3, padding=1)),
        ("relu1", nn.ReLU()),
        ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(first, second, 3, padding=1)),
        ("relu2", nn.ReLU()),
    ]
    for place in range(1, extra + 1):
        layers.append((f"extra{place}", nn.Conv2d(second, second, 3, padding=1)))
        layers.append((f"relu{place + 2}", nn.ReLU()))
    layers += [
        ("pool2", nn.MaxPool2d(2)),
        ("flatten", nn.Flatten()),
        ("linear", nn.Linear(second * 2 * 2, len(datasets.DIGIT_CLASSES))),
    ]
    return nn.Sequential(OrderedDict(layers))


def load(part: str = "train") -> tuple[Tensor, Tensor]:
    """The digits, standardised by the training part, and their classes.

    Args:
        part: "train", 1,500 digits, or "test", 297 that no net is trained on.

    Returns:
        (N, 1, 8, 8) float32 and (N,) int64.
    """
    train, chosen = datasets.digits("train"), datasets.digits(part)
    x = torch.from_numpy(datasets.standardise(chosen, by=train))
    return x, torch.tensor(chosen.labels)


def train(net: nn.Module, epochs: int = 12, seed: int = 0) -> nn.Module:
    """Train the net in place, by Adam with a rate of 0.005 in batches of 50; give it back."""
    x, y = load("train")
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for batch in torch.randperm(len(x), generator=generator).split(50):
            optimizer.zero_grad()
            F.cross_entropy(net(x[batch]), y[batch]).backward()
            optimizer.step()
    return net


def trained(seed: int = 0) -> nn.Sequential:
    """The net, trained: about a second the first time, then a copy of the same."""
    return copy.deepcopy(_trained(seed))


@functools.cache
def _trained(seed: int) -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = build()
    return train(net, seed=seed)


@torch.no_grad()
def accuracy(net: nn.Module, part: str = "test") -> float:
    """The percentage of the digits of a part that the net gives the right class."""
    x, y = load(part)
    return 100 * (net(x).argmax(1) == y).float().mean().item()


@torch.no_grad()
def maps(net: nn.Sequential, x: Tensor) -> dict[str, Tensor]:
    """What every layer of the net gives for one digit.

    Args:
        x: (1, 8, 8).

    Returns:
        {name of the layer: its output, without the batch}, "input" first, "probabilities" last.
    """
    found, values = {"input": x}, x[None]
    for name, layer in net.named_children():
        values = layer(values)
        found[name] = values[0]
    found["probabilities"] = values[0].softmax(0)
    return found


@picture
def sees(net: nn.Sequential, x: Tensor, height: float = 3.4) -> tuple[Figure, str]:
    """Show a digit on its way through the net: pictures of its maps, and the ten classes.

    Args:
        x: (1, 8, 8).
        height: inches.
    """
    found = maps(net, x)
    shown = [
        (found["input"], "a digit, 8 × 8"),
        (found["relu1"], "8 maps of 8 × 8"),
        (found["relu2"], "16 maps of 4 × 4"),
    ]
    figure, axes = panels(4, height=height, width_ratios=[1, 1, 1, 0.8])
    for axis, (planes, title) in zip(axes, shown, strict=False):
        axis.imshow(_tiled(planes.numpy()), cmap="gray", interpolation="nearest")
        axis.set_anchor("N")
        axis.set_title(title)
        axis.axis("off")
    probabilities = found["probabilities"].numpy()
    axes[3].barh(range(10), probabilities, color=BLUE)
    axes[3].set_yticks(range(10), datasets.DIGIT_CLASSES)
    axes[3].invert_yaxis()
    axes[3].set(xlim=(0, 1), title="its class", xlabel="probability")
    figure.get_layout_engine().set(wspace=0.06)  # the numbers stand clear of the maps
    likeliest = int(probabilities.argmax())
    return figure, (
        "A written digit, then eight small grey pictures in which some strokes shine, then sixteen "
        f"smaller ones, then a bar for each class: the longest, {probabilities[likeliest]:.0%}, "
        f"is that of {likeliest}."
    )


@picture
def kernels(net: nn.Sequential, height: float = 4.2) -> tuple[Figure, str]:
    """Show the kernels of the first convolution, signed, all on one scale."""
    weight = net.conv1.weight.detach().numpy()[:, 0]
    high = float(np.abs(weight).max())
    figure, axes = panels(4, -(-len(weight) // 4), height=height)
    for place, (axis, kernel) in enumerate(zip(axes, weight, strict=True)):
        number_grid(axis, kernel, f"{place}", limits=(-high, high))
    return figure, (
        f"The {len(weight)} kernels of the first layer, 3 by 3 weights each, from {-high:.2f} to "
        f"{high:.2f}."
    )


def _tiled(planes: np.ndarray) -> np.ndarray:
    """(C, H, W) as one picture, about square, each plane scaled to its own light."""
    count, height, width = planes.shape
    columns = int(np.ceil(np.sqrt(count / 2))) if count == 8 else int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    tiled = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for place, plane in enumerate(planes):
        row, column = divmod(place, columns)
        low, high = plane.min(), plane.max()
        light = (plane - low) / (high - low) if high > low else np.zeros_like(plane)
        top, left = row * (height + 1), column * (width + 1)
        tiled[top : top + height, left : left + width] = light
    return tiled
