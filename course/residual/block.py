"""A block with a shortcut (or none) as a torch module, and what nets of such blocks share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn


class Add(nn.Module):
    """The sum of the branch and the shortcut, as a module: so hooks see it."""

    def forward(self, branch: Tensor, carried: Tensor) -> Tensor:
        return branch + carried


class PadShortcut(nn.Module):
    """Option A: take every `stride`-th pixel, add zero channels; no parameters."""

    def __init__(self, out_channels, stride):
        super().__init__()
        self.out_channels, self.stride = out_channels, stride

    def forward(self, x: Tensor) -> Tensor:
        # Not on top: what exercise 5 asks for cannot be imported in grading, blocks and nets can.
        from course.residual.gpu import shortcut

        return shortcut(x, self.out_channels, self.stride)

    def extra_repr(self) -> str:
        return f"out_channels={self.out_channels}, stride={self.stride}"


class Block(nn.Module):
    """Some convolutions with batch norm, and a shortcut around them (or none).

        post:  relu(branch(x) + shortcut(x)),  branch = conv bn relu ... conv bn
        pre:   branch(a) + shortcut(x),        a = relu(bn(x)),  branch = conv bn relu ... conv

    Where the shape changes, a pre-activation block carries a instead of x, as its paper's code.

    Args:
        in_channels: C.
        convolutions: a list of (out_channels, kernel_size, stride).
        shortcut: "A" (zero channels where the shape changes), "B" (a 1x1 projection there),
            "C" (a projection always) or None (a plain block).
        activation: "post" or "pre".

    Source: He et al. (2015), sections 3.3 and 4.1; He et al. (2016), figure 1.
    """

    def __init__(self, in_channels, convolutions, shortcut="B", activation="post"):
        super().__init__()
        choice("shortcut", shortcut, ("A", "B", "C", None))
        choice("activation", activation, ("post", "pre"))
        self.activation = activation
        self.before = norm_relu(in_channels) if activation == "pre" else None
        branch, channels, stride = [], in_channels, 1
        for i, (out_channels, kernel_size, step) in enumerate(convolutions):
            if i:
                branch += norm_relu(channels)
            branch.append(conv(channels, out_channels, kernel_size, step))
            channels, stride = out_channels, stride * step
        if activation == "post":
            branch.append(nn.BatchNorm2d(channels))
        self.branch = nn.Sequential(*branch)

        self.changes = stride != 1 or channels != in_channels
        self.plain = shortcut is None
        if self.plain:
            self.shortcut = None
        elif shortcut == "C" or (self.changes and shortcut == "B"):
            self.shortcut = nn.Sequential(conv(in_channels, channels, 1, stride))
            if activation == "post":
                self.shortcut.append(nn.BatchNorm2d(channels))
        elif self.changes:
            self.shortcut = PadShortcut(channels, stride)
        else:
            self.shortcut = nn.Identity()
        self.add = None if self.plain else Add()
        self.after = nn.ReLU() if activation == "post" else None

    def forward(self, x: Tensor) -> Tensor:
        a = self.before(x) if self.before else x
        y = self.branch(a)
        if not self.plain:
            y = self.add(y, self.shortcut(a if self.changes else x))
        return self.after(y) if self.after else y


def basic_block(
    in_channels: int, width: int, stride: int = 1, shortcut: str = "B", activation: str = "post"
) -> Block:
    """Two 3x3 convolutions; the output has `width` channels."""
    return Block(in_channels, [(width, 3, stride), (width, 3, 1)], shortcut, activation)


def bottleneck_block(
    in_channels: int,
    width: int,
    stride: int = 1,
    shortcut: str = "B",
    activation: str = "post",
    stride_at: str = "1x1",
) -> Block:
    """1x1 down to `width` channels, 3x3, 1x1 up to four times `width`.

    Args:
        stride_at: "1x1" as published, or "3x3" as most libraries have it: the same parameters,
            more operations.
    """
    choice("stride_at", stride_at, ("1x1", "3x3"))
    first, second = (stride, 1) if stride_at == "1x1" else (1, stride)
    convolutions = [(width, 1, first), (width, 3, second), (4 * width, 1, 1)]
    return Block(in_channels, convolutions, shortcut, activation)


def conv(in_channels: int, out_channels: int, kernel_size: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(
        in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=False
    )


def norm_relu(channels: int) -> nn.Sequential:
    return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())


def choice(name: str, value: Any, allowed: Sequence) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, got {value!r}")


def assemble(
    net: nn.Sequential,
    stem: Sequence[nn.Module],
    blocks: Sequence[nn.Module],
    channels: int,
    activation: str,
    num_classes: int,
) -> None:
    """Stem, blocks (a last norm and ReLU if they come first in a block), average, classifier."""
    last = norm_relu(channels) if activation == "pre" else []
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, num_classes)]
    for module in [*stem, *blocks, *last, *head]:
        net.append(module)
    initialise(net)


def initialise(model: nn.Module) -> None:
    """Draw the convolutions' weights as He et al. do: normal, variance 2 / fan_in.

    Source: He et al., "Delving deep into rectifiers" (2015), equation 10.
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
