"""Six ways to build a block, in one small net: what differs is the block alone.

Every convolution is followed by batch norm and a rectifier and has no bias. The widths in `WIDTHS`
give each net about 20,000 parameters.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from course.models import Concat
from course.residual.block import Add

# Channels of the first stage, for nets of about equal size.
WIDTHS = {
    "5x5": 8,
    "two 3x3": 8,
    "residual": 8,
    "inception": 24,
    "separable": 22,
    "bottleneck": 28,
}


def conv_norm_relu(
    in_channels: int, out_channels: int, kernel_size: int, groups: int = 1
) -> nn.Sequential:
    """Convolution that keeps the size, batch norm, rectifier."""
    conv = nn.Conv2d(
        in_channels,
        out_channels,
        kernel_size,
        padding=kernel_size // 2,
        groups=groups,
        bias=False,
    )
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels), nn.ReLU())


class Shortcut(nn.Module):
    """A branch with a way around it: relu(branch(x) + x).

    Where the channels change, the way around is a 1x1 convolution.

    Args:
        branch: the layers, without their last rectifier.
        in_channels, out_channels: of the branch.
    """

    def __init__(self, branch: nn.Module, in_channels: int, out_channels: int):
        super().__init__()
        self.branch = branch
        self.around: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.around = nn.Sequential(*list(conv_norm_relu(in_channels, out_channels, 1))[:-1])
        # Modules, so that hooks see the sum.
        self.add, self.relu = Add(), nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.add(self.branch(x), self.around(x)))


class Parallel(nn.Module):
    """Branches that read one input, their outputs behind one another along the channels."""

    def __init__(self, *branches: nn.Module):
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.concat = Concat()

    def forward(self, x: Tensor) -> Tensor:
        return self.concat(*(branch(x) for branch in self.branches))


def large(c: int, o: int) -> nn.Module:
    """One 5x5 convolution, as in LeNet."""
    return conv_norm_relu(c, o, 5)


def stacked(c: int, o: int) -> nn.Module:
    """Two 3x3 convolutions, which see as much, as in VGG."""
    return nn.Sequential(conv_norm_relu(c, o, 3), conv_norm_relu(o, o, 3))


def residual(c: int, o: int) -> nn.Module:
    """Two 3x3 convolutions with a shortcut, as in ResNet."""
    first = conv_norm_relu(c, o, 3)
    second = nn.Sequential(*list(conv_norm_relu(o, o, 3))[:-1])
    return Shortcut(nn.Sequential(first, second), c, o)


def inception(c: int, o: int) -> nn.Module:
    """1x1; 1x1 then 3x3; 1x1 then 5x5; pooling then 1x1, a quarter of the channels each."""
    quarter, squeezed = o // 4, max(1, o // 8)
    return Parallel(
        conv_norm_relu(c, o - 3 * quarter, 1),
        nn.Sequential(conv_norm_relu(c, squeezed, 1), conv_norm_relu(squeezed, quarter, 3)),
        nn.Sequential(conv_norm_relu(c, squeezed, 1), conv_norm_relu(squeezed, quarter, 5)),
        nn.Sequential(nn.MaxPool2d(3, 1, 1), conv_norm_relu(c, quarter, 1)),
    )


def separable(c: int, o: int) -> nn.Module:
    """Twice a 3x3 convolution of each channel alone, then a 1x1 of all, as in Xception."""
    return nn.Sequential(
        *(conv_norm_relu(c, c, 3, groups=c), conv_norm_relu(c, o, 1)),
        *(conv_norm_relu(o, o, 3, groups=o), conv_norm_relu(o, o, 1)),
    )


def bottleneck(c: int, o: int) -> nn.Module:
    """1x1 to a quarter of the channels, 3x3, 1x1 back, as in the deeper ResNets."""
    middle = max(1, o // 4)
    return nn.Sequential(
        conv_norm_relu(c, middle, 1),
        conv_norm_relu(middle, middle, 3),
        conv_norm_relu(middle, o, 1),
    )


BLOCKS: dict[str, Callable[[int, int], nn.Module]] = {
    "5x5": large,
    "two 3x3": stacked,
    "residual": residual,
    "inception": inception,
    "separable": separable,
    "bottleneck": bottleneck,
}


def net(kind: str, width: int | None = None, num_classes: int = 10) -> nn.Sequential:
    """A stem, three blocks with max pooling between, a global mean, a linear layer.

    The blocks lead from w to w, from w to 2w, and from 2w to 4w channels.

    Args:
        kind: one of `BLOCKS`.
        width: w; that of `WIDTHS` when None.
        num_classes: C of the output (N, C).

    Raises:
        ValueError: an unknown kind.
    """
    if kind not in BLOCKS:
        raise ValueError(f"kind must be one of {', '.join(BLOCKS)}, got {kind!r}")
    block, w = BLOCKS[kind], width or WIDTHS[kind]
    return nn.Sequential(
        conv_norm_relu(3, w, 3),
        *(block(w, w), nn.MaxPool2d(2), block(w, 2 * w), nn.MaxPool2d(2), block(2 * w, 4 * w)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * w, num_classes)),
    )
