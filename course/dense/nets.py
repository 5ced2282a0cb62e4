"""Nets that say a class for every pixel: down and up again, with skips or not; and straight on."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course import training

WIDTHS = (8, 16, 32)
GROW = ("nearest", "bilinear", "transposed 2", "transposed 3", "transposed 4")


def block(channels_in: int, channels_out: int, dilation: int = 1) -> nn.Sequential:
    """Convolution 3 x 3 that keeps the size, or 1 x 1 where the dilation is 0; norm, rectifier."""
    kernel_size, dilation = (3, dilation) if dilation else (1, 1)
    padding = dilation * (kernel_size // 2)
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel_size, padding=padding, dilation=dilation),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


def grow(kind: str, channels_in: int, channels_out: int) -> nn.Module:
    """A layer that makes a map twice as high and wide.

    Args:
        kind: one of `GROW`: pixels repeated or mixed, then a convolution 3 x 3; or a transposed
            convolution with stride 2 and a kernel of 2, 3 or 4.
        channels_in, channels_out: of the map.

    Raises:
        ValueError: another kind.
    """
    if kind not in GROW:
        raise ValueError(f"kind must be one of {', '.join(GROW)}, got {kind!r}")
    if kind.startswith("transposed"):
        k = int(kind[-1])
        padding, more = {2: (0, 0), 3: (1, 1), 4: (1, 0)}[k]
        return nn.ConvTranspose2d(
            channels_in, channels_out, k, stride=2, padding=padding, output_padding=more
        )
    options = {"align_corners": False} if kind == "bilinear" else {}
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode=kind, **options),
        nn.Conv2d(channels_in, channels_out, 3, padding=1),
    )


class Segmenter(nn.Module):
    """Three blocks with two poolings down, two steps up, and a vote for each pixel.

    With skips, the encoder's map of the same size is put beside the grown one before each block of
    the way up.

    Args:
        grown: how maps grow, one of `GROW`.
        skips: whether there are skip connections.
        num_classes: K of the output (N, K, H, W); the input is (N, 1, H, W), sides multiples of 4.

    Source: Ronneberger, Fischer and Brox, "U-Net" (2015), made small.
    """

    def __init__(self, grown: str = "nearest", skips: bool = True, num_classes: int = 2):
        super().__init__()
        a, b, c = WIDTHS
        self.skips = skips
        self.down1, self.down2, self.bottom = block(1, a), block(a, b), block(b, c)
        self.grow2, self.grow1 = grow(grown, c, b), grow(grown, b, a)
        self.up2, self.up1 = block(b * (1 + skips), b), block(a * (1 + skips), a)
        self.vote = nn.Conv2d(a, num_classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        first = self.down1(x)
        second = self.down2(F.max_pool2d(first, 2))
        y = self.grow2(self.bottom(F.max_pool2d(second, 2)))
        y = self.grow1(self.up2(torch.cat([y, second], 1) if self.skips else y))
        y = self.up1(torch.cat([y, first], 1) if self.skips else y)
        return self.vote(y)


def straight(dilations: Sequence[int], width: int = 16, num_classes: int = 2) -> nn.Sequential:
    """Blocks at full size, one for each dilation, and a vote for each pixel.

    What a pixel's vote sees is 1 + 2 sum of dilations pixels along each axis. A dilation of 0
    stands for a kernel of 1 x 1, which sees no more.
    """
    channels = [1] + [width] * len(dilations)
    blocks = [
        block(i, o, d) for i, o, d in zip(channels[:-1], channels[1:], dilations, strict=True)
    ]
    return nn.Sequential(*blocks, nn.Conv2d(width, num_classes, 1))


def train(
    net: nn.Module,
    x: Tensor,
    target: Tensor,
    *,
    epochs: int = 6,
    lr: float = 0.005,
    batch_size: int = 32,
    seed: int = 0,
    weight: Tensor | None = None,
) -> nn.Module:
    """Train by Adam on the mean cross-entropy of all pixels, the rate falling along a cosine to 0.

    Args:
        x: (N, 1, H, W).
        target: (N, H, W) int64, the class of each pixel.
        weight: (K,), how much a pixel of each class counts.

    Returns:
        The net, in eval mode.
    """
    training.train(
        net,
        x,
        target,
        epochs,
        lr=lr,
        adam=True,
        weight_decay=0.0,
        cosine=epochs,
        batch_size=batch_size,
        drop_last=False,
        seed=seed,
        progress=False,
        loss=lambda scores, classes: F.cross_entropy(scores, classes, weight),
    )
    return net.eval()
