"""Oquab's scheme in small: a net for digits 0 to 4 finds the digits 5 to 9 in larger pictures.

Learn on the source, keep its layers, remove FC8, learn FCa and FCb on patches with a background.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from course.insides.clutter import digits_of
from course.transfer.gpu import intersections, label_patches, patches
from course.transfer.nets import copied, fully_convolutional, train

SIDE = 8  # of a digit, and of a patch
STRIDE = 2  # of the net: its one pooling
FIRST, BACKGROUND = 5, 5  # the target's first digit; the class after its five


class SourceNet(nn.Sequential):
    """A small AlexNet for (N, 1, 8, 8): convolutions, FC6, FC7, FC8. Nothing pads.

    Args:
        num_classes: K of the output (N, K).
        width: of FC6 and FC7, which are 4,096 in AlexNet.
    """

    def __init__(self, num_classes: int = 6, width: int = 64):
        super().__init__(
            OrderedDict(
                conv1=nn.Conv2d(1, 16, 3),
                relu1=nn.ReLU(),
                conv2=nn.Conv2d(16, 32, 3),
                relu2=nn.ReLU(),
                pool2=nn.MaxPool2d(2),
                flatten=nn.Flatten(),
                fc6=nn.Linear(32 * 2 * 2, width),
                relu6=nn.ReLU(),
                fc7=nn.Linear(width, width),
                relu7=nn.ReLU(),
                fc8=nn.Linear(width, num_classes),
            )
        )


def adapted(source: SourceNet, num_classes: int, width: int = 32, seed: int = 0) -> nn.Sequential:
    """The source's layers without FC8, frozen, and behind them FCa and FCb, fresh.

    Args:
        source: its layers are shared, not copied, and no longer learn.
        num_classes: of the target, with the background.
        width: of FCa.
        seed: of the fresh weights.

    Source: Oquab et al. (2014), figure 2.
    """
    torch.manual_seed(seed)
    layers = OrderedDict(source.named_children())
    last = layers.pop("fc8")
    for layer in layers.values():
        layer.requires_grad_(False)
    layers["fca"], layers["relua"] = nn.Linear(last.in_features, width), nn.ReLU()
    layers["fcb"] = nn.Linear(width, num_classes)
    return nn.Sequential(layers)


@dataclass(frozen=True)
class Scenes:
    """Pictures with two digits each, and where they are.

    Attributes:
        x: (N, 1, H, W) float32 from 0 to 1.
        boxes: (N, 2, 4) int64: top, left, height, width.
        classes: (N, 2) int64, the digit less `first`.
    """

    x: Tensor
    boxes: Tensor
    classes: Tensor


def scenes(
    first: int = FIRST,
    part: str = "train",
    count: int = 100,
    size: tuple[int, int] = (20, 28),
    seed: int = 0,
) -> Scenes:
    """Make pictures: two digits of five classes that do not touch, among pieces of other digits.

    Args:
        first: of the five classes: 5 for the target's, 0 for the source's.
        part: "train" or "test": other digits.
        count: N.
        size: (H, W), at least 8 x 16.
        seed: the same seed makes the same pictures.
    """
    images, labels, _ = digits_of("digits", part)
    chosen = (labels >= first) & (labels < first + 5)
    targets, classes = images[chosen], labels[chosen] - first
    rng = np.random.default_rng([seed, part == "train", first])
    h, w = size
    x, boxes = np.zeros((count, h, w), np.float32), np.zeros((count, 2, 4), np.int64)
    which = rng.integers(len(targets), size=(count, 2))
    for picture, places, pair in zip(x, boxes, which, strict=True):
        for piece in images[rng.integers(len(images), size=8)]:
            row, column = rng.integers(2, 4, size=2)
            i, j = rng.integers(h - 2), rng.integers(w - 2)
            target = picture[i : i + 3, j : j + 3]
            np.maximum(target, piece[row : row + 3, column : column + 3], out=target)
        split = rng.integers(SIDE, w - SIDE + 1)  # one on its left, the other on its right
        lefts = rng.integers(split - SIDE + 1), rng.integers(split, w - SIDE + 1)
        for place, left, digit in zip(places, lefts, targets[pair], strict=True):
            top = rng.integers(h - SIDE + 1)
            place[:] = top, left, SIDE, SIDE
            picture[top : top + SIDE, left : left + SIDE] = digit
    return Scenes(
        torch.from_numpy(x)[:, None],
        torch.from_numpy(boxes),
        torch.from_numpy(classes[which].astype(np.int64)),
    )


def cut(pictures: Scenes, share: float = 0.3, seed: int = 0) -> tuple[Tensor, Tensor]:
    """All patches whose label is clear, and of the background's a share.

    Args:
        pictures: the pictures.
        share: of the background's patches that is kept: there are too many of them.
        seed: which.

    Returns:
        (P, 1, 8, 8) and (P,) int64, the background's label being 5.
    """
    boxes = patches(*pictures.x.shape[2:], SIDE, 1)
    generator = torch.Generator().manual_seed(seed)
    x, y = [], []
    for picture, objects, classes in zip(pictures.x, pictures.boxes, pictures.classes, strict=True):
        labels = label_patches(boxes, objects, classes, BACKGROUND)
        few = torch.rand(len(labels), generator=generator) < share
        kept = (labels >= 0) & ((labels != BACKGROUND) | few)
        windows = picture.unfold(1, SIDE, 1).unfold(2, SIDE, 1)[0].flatten(0, 1)
        x.append(windows[kept][:, None])
        y.append(labels[kept])
    return torch.cat(x), torch.cat(y)


def learn_source(seed: int = 0, steps: int = 600) -> SourceNet:
    """The net for patches with the digits 0 to 4 and the background, trained."""
    torch.manual_seed(seed)
    x, y = cut(scenes(0, count=300), share=0.05)
    return train(SourceNet(), x, y, rates={"": 0.05}, steps=steps, batch_size=64, seed=seed)


def features(net: nn.Sequential, x: Tensor, first: str = "fca") -> Tensor:
    """What the layers before `first` give. Frozen layers give the same in every epoch: ask once."""
    with torch.no_grad():
        for name, layer in net.named_children():
            if name == first:
                return x
            x = layer(x)
    raise ValueError(f"net must have a layer {first}")


def learn_target(
    net: nn.Sequential, x: Tensor, y: Tensor, steps: int = 400, seed: int = 0
) -> nn.Sequential:
    """Train FCa and FCb of an `adapted` net in place, on features that are computed once."""
    learning = nn.Sequential(
        OrderedDict((n, layer) for n, layer in net.named_children() if n in ("fca", "relua", "fcb"))
    )
    train(learning, features(net, x), y, rates={"": 0.05}, steps=steps, batch_size=64, seed=seed)
    return net.eval()


def from_scratch(x: Tensor, y: Tensor, steps: int = 400, seed: int = 0) -> SourceNet:
    """A `SourceNet` for the target's patches, all of it trained on them alone."""
    torch.manual_seed(seed)
    return train(SourceNet(), x, y, rates={"": 0.05}, steps=steps, batch_size=64, seed=seed)


def fine_tuned(
    source: SourceNet, x: Tensor, y: Tensor, steps: int = 400, seed: int = 0
) -> nn.Sequential:
    """As `adapted`, but the source's layers, copied, learn too."""
    net = adapted(copied(source), BACKGROUND + 1, seed=seed).requires_grad_(True)
    return train(net, x, y, rates={"": 0.05}, steps=steps, batch_size=64, seed=seed)


def in_every_way(
    source: SourceNet, x: Tensor, y: Tensor, seed: int = 0, steps: int = 400
) -> dict[str, nn.Sequential]:
    """Nets for the target's patches, by how each was made of the source. The source stays.

    Args:
        source: learnt the source's patches.
        x: (P, 1, 8, 8), the target's patches, from `cut`.
        y: (P,), their labels.
        seed: of fresh weights and of the order.
        steps: of each net's training.
    """

    def learnt(net: SourceNet, x: Tensor = x, y: Tensor = y) -> nn.Sequential:
        return learn_target(adapted(net, BACKGROUND + 1, seed=seed), x, y, steps, seed)

    torch.manual_seed(seed)
    fresh, objects = SourceNet(), y < BACKGROUND
    return {
        "source layers frozen, FCa and FCb learnt": learnt(copied(source)),
        "random layers frozen, FCa and FCb learnt": learnt(fresh),
        "source layers frozen, no background": learnt(copied(source), x[objects], y[objects]),
        "all from scratch": from_scratch(x, y, steps, seed),
        "source layers fine-tuned": fine_tuned(source, x, y, steps, seed),
    }


@torch.no_grad()
def scores(net: nn.Sequential, x: Tensor) -> Tensor:
    """The probabilities of every window of pictures: (N, K, I, J), in steps of 2 pixels."""
    return fully_convolutional(net, (1, SIDE, SIDE))(x).softmax(1)


def detection_rate(net: nn.Sequential, pictures: Scenes) -> float:
    """Percent of pictures whose surest window, the background aside, is a digit rightly named.

    It must lie within 2 pixels of the digit's box, down and across.
    """
    maps = scores(net, pictures.x)[:, :BACKGROUND]
    right = []
    for probabilities, boxes, classes in zip(maps, pictures.boxes, pictures.classes, strict=True):
        k, i, j = np.unravel_index(int(probabilities.argmax()), probabilities.shape)
        near = (boxes[:, :2] - torch.tensor([STRIDE * i, STRIDE * j])).abs().amax(1) <= STRIDE
        right.append(bool((near & (classes == k)).any()))
    return 100 * float(np.mean(right))


@torch.no_grad()
def false_alarms(net: nn.Sequential, pictures: Scenes) -> float:
    """Percent of the windows without any pixel of a digit in which a digit is more likely than not.

    Args:
        net: gives (N, K) from patches.
        pictures: the pictures.
    """
    maps = scores(net, pictures.x)[:, :BACKGROUND].amax(1).flatten(1)
    boxes = patches(*pictures.x.shape[2:], SIDE, STRIDE)
    empty = torch.stack([(intersections(boxes, objects) == 0).all(1) for objects in pictures.boxes])
    return 100 * (maps[empty] > 0.5).double().mean().item()
