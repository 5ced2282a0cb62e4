"""LeNet-5, AlexNet, VGG-16, GoogLeNet and ResNet, layer for layer as published.

Every operation is a module, so that hooks see all of it. To build one without memory:

    with torch.device("meta"):
        net = vgg16()
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from course.residual.block import assemble, basic_block, bottleneck_block, conv, norm_relu
from course.residual.reference import STAGES


class Concat(nn.Module):
    """Tensors behind one another along the channels."""

    def forward(self, *tensors: Tensor) -> Tensor:
        return torch.cat(tensors, 1)


class LeNet5(nn.Sequential):
    """LeNet-5 for (N, 1, 32, 32), as it is usually drawn: 61,706 parameters.

    The paper's own net has 60,000: its C3 reads only some maps (1,516 instead of 2,416), its two
    subsampling layers are trained (12 and 32), and its last layer (840, without biases) is fixed.

    Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998),
    figure 2.
    """

    def __init__(self, num_classes=10):
        super().__init__(
            *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
            *(nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
            *(nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten()),
            *(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, num_classes)),
        )


class AlexNet(nn.Sequential):
    """AlexNet of 2012 for (N, 3, 224, 224).

    Args:
        groups: 2 as published, where two GPUs each hold half of the channels and meet only in the
            third convolution: 60,965,224 parameters. 1 for one GPU: 62,378,344.
        num_classes: C of the output (N, C).

    The first convolution pads by 2: the paper's 224 pixels do not give its 55 otherwise.

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional
    neural networks" (2012), section 3.
    """

    def __init__(self, groups=2, num_classes=1000):
        def normalise():
            return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)

        super().__init__(
            *(nn.Conv2d(3, 96, 11, 4, 2), nn.ReLU(), normalise(), nn.MaxPool2d(3, 2)),
            *(nn.Conv2d(96, 256, 5, padding=2, groups=groups), nn.ReLU(), normalise()),
            nn.MaxPool2d(3, 2),
            *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(384, 384, 3, padding=1, groups=groups), nn.ReLU()),
            *(nn.Conv2d(384, 256, 3, padding=1, groups=groups), nn.ReLU(), nn.MaxPool2d(3, 2)),
            *(nn.Flatten(), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5)),
            nn.Linear(4096, num_classes),
        )


def alexnet_later(num_classes: int = 1000) -> nn.Sequential:
    """The AlexNet that libraries ship: one tower, narrower, no normalisation.

    For (N, 3, 224, 224); 61,100,840 parameters.

    Source: Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014).
    """
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Flatten(), nn.Dropout(0.5), nn.Linear(256 * 6 * 6, 4096), nn.ReLU()),
        *(nn.Dropout(0.5), nn.Linear(4096, 4096), nn.ReLU()),
        nn.Linear(4096, num_classes),
    )


# Simonyan and Zisserman (2014), table 1: convolutions in each of the five stages.
VGG_STAGES = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}


def vgg(depth: int = 16, batch_norm: bool = False, num_classes: int = 1000) -> nn.Sequential:
    """VGG (configurations A, B, D and E) for (N, 3, 224, 224); VGG-16 has 138,357,544 parameters.

    The convolutions keep the size; five poolings halve it.

    Args:
        depth: 11, 13, 16 or 19 layers with weights.
        batch_norm: after each convolution, as libraries ship a second version of each; the
            published nets have none.
        num_classes: C of the output (N, C).

    Raises:
        ValueError: another depth.

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
    recognition" (2014), table 1.
    """
    if depth not in VGG_STAGES:
        raise ValueError(f"depth must be one of {', '.join(map(str, VGG_STAGES))}, got {depth!r}")
    layers, channels = [], 3
    for width, convolutions in zip((64, 128, 256, 512, 512), VGG_STAGES[depth], strict=True):
        for _ in range(convolutions):
            layers.append(nn.Conv2d(channels, width, 3, padding=1))
            layers += [nn.BatchNorm2d(width), nn.ReLU()] if batch_norm else [nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers,
        *(nn.Flatten(), nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5)),
        nn.Linear(4096, num_classes),
    )


def vgg16(num_classes: int = 1000) -> nn.Sequential:
    """`vgg(16)`."""
    return vgg(16, num_classes=num_classes)


# Szegedy et al. (2014), table 1: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj.
INCEPTION_WIDTHS = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class Inception(nn.Module):
    """Four branches side by side: 1x1; 1x1 then 3x3; 1x1 then 5x5; pooling then 1x1.

    Args:
        in_channels: C.
        widths: (1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool proj), as in the paper's table.
        batch_norm: see `GoogLeNet`.
        large: the size of the fourth kernel, 5 as published.

    Source: Szegedy et al., "Going deeper with convolutions" (2014), figure 2b.
    """

    def __init__(self, in_channels, widths, batch_norm=False, large=5):
        super().__init__()
        one, reduce3, three, reduce5, five, pool = widths
        self.out_channels = one + three + five + pool

        def conv(c_in, c_out, kernel_size):
            return _conv_relu(c_in, c_out, kernel_size, batch_norm)

        self.branches = nn.ModuleList(
            [
                conv(in_channels, one, 1),
                nn.Sequential(conv(in_channels, reduce3, 1), conv(reduce3, three, 3)),
                nn.Sequential(conv(in_channels, reduce5, 1), conv(reduce5, five, large)),
                nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(in_channels, pool, 1)),
            ]
        )
        self.concat = Concat()

    def forward(self, x: Tensor) -> Tensor:
        return self.concat(*(branch(x) for branch in self.branches))


class GoogLeNet(nn.Module):
    """GoogLeNet for (N, 3, 224, 224).

        parameters                                          without side heads        with
        as published: biases, no batch norm                          6,998,552  13,378,280
        batch norm instead of biases and normalisation               7,005,832  13,385,816
        that, and 3x3 instead of 5x5, as torchvision has it          6,624,904  13,004,888

    Args:
        side_heads: the two classifiers that help training and are thrown away after it. In train
            mode the result then is a tuple of three (N, C), the main one first.
        batch_norm: batch norm after each convolution, which then has no bias, and no local response
            normalisation.
        large: the size of the inception modules' large kernel, 5 as published.
        num_classes: C.

    Source: Szegedy et al., "Going deeper with convolutions" (2014), table 1 and section 5.
    """

    def __init__(self, side_heads=False, batch_norm=False, large=5, num_classes=1000):
        super().__init__()
        normalise = [] if batch_norm else [nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75)]
        self.stem = nn.Sequential(
            _conv_relu(3, 64, 7, batch_norm, stride=2),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            *normalise,
            _conv_relu(64, 64, 1, batch_norm),
            _conv_relu(64, 192, 3, batch_norm),
            *normalise,
            nn.MaxPool2d(3, 2, ceil_mode=True),
        )
        self.inception = nn.ModuleDict()
        self.side_heads = nn.ModuleDict()
        channels = 192
        for name, widths in INCEPTION_WIDTHS.items():
            module = Inception(channels, widths, batch_norm, large)
            channels = module.out_channels
            self.inception[name] = module
            if side_heads and name in ("4a", "4d"):
                self.side_heads[name] = _side_head(channels, batch_norm, num_classes)
        self.pools = nn.ModuleDict(
            {name: nn.MaxPool2d(3, 2, ceil_mode=True) for name in ("3b", "4e")}
        )
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4), nn.Linear(channels, num_classes)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        early = {}
        for name, module in self.inception.items():
            x = module(x)
            if self.training and name in self.side_heads:
                early[name] = x
            if name in self.pools:
                x = self.pools[name](x)
        x = self.head(x)
        side = [self.side_heads[name](maps) for name, maps in early.items()]
        return (x, *side) if side else x


class ImageNetResNet(nn.Sequential):
    """ResNet-18/34/50/101/152 for (N, 3, 224, 224), layer for layer as published.

    Args:
        depth: 18, 34 (basic blocks), 50, 101 or 152 (bottleneck blocks).
        shortcut: "B" as in the published nets, "A", "C", or None: a plain net, as plain-34.
        activation: "post" or "pre".
        stride_at: where a bottleneck steps, "1x1" as published or "3x3" as most libraries have it.
        in_channels: of the images.
        num_classes: C of the output (N, C).

    Source: He et al. (2015), table 1 and section 4.1.
    """

    def __init__(
        self,
        depth,
        shortcut="B",
        activation="post",
        stride_at="1x1",
        in_channels=3,
        num_classes=1000,
    ):
        if depth not in STAGES:
            raise ValueError(f"depth must be one of {', '.join(map(str, STAGES))}, got {depth!r}")
        super().__init__()
        self.depth = depth
        counts, convolutions = STAGES[depth]
        blocks, channels = [], 64
        for stage, count in enumerate(counts):
            for i in range(count):
                width, stride = 64 * 2**stage, 2 if stage and not i else 1
                if convolutions == 2:
                    blocks.append(basic_block(channels, width, stride, shortcut, activation))
                    channels = width
                else:
                    blocks.append(
                        bottleneck_block(channels, width, stride, shortcut, activation, stride_at)
                    )
                    channels = 4 * width
        stem = [conv(in_channels, 64, 7, 2), *norm_relu(64), nn.MaxPool2d(3, 2, 1)]
        assemble(self, stem, blocks, channels, activation, num_classes)


def resnet18(**settings: Any) -> ImageNetResNet:
    """`ImageNetResNet(18, ...)`: 11,689,512 parameters."""
    return ImageNetResNet(18, **settings)


def resnet34(**settings: Any) -> ImageNetResNet:
    """`ImageNetResNet(34, ...)`: 21,797,672 parameters."""
    return ImageNetResNet(34, **settings)


def resnet50(**settings: Any) -> ImageNetResNet:
    """`ImageNetResNet(50, ...)`: 25,557,032 parameters."""
    return ImageNetResNet(50, **settings)


def resnet101(**settings: Any) -> ImageNetResNet:
    """`ImageNetResNet(101, ...)`: 44,549,160 parameters."""
    return ImageNetResNet(101, **settings)


def resnet152(**settings: Any) -> ImageNetResNet:
    """`ImageNetResNet(152, ...)`: 60,192,808 parameters."""
    return ImageNetResNet(152, **settings)


# Published nets with the shape of one input: what a table or an explorer goes through.
ALL = {
    "LeNet-5": (LeNet5, (1, 32, 32)),
    "AlexNet": (AlexNet, (3, 224, 224)),
    "VGG-16": (vgg16, (3, 224, 224)),
    "GoogLeNet": (GoogLeNet, (3, 224, 224)),
    "ResNet-18": (resnet18, (3, 224, 224)),
    "ResNet-34": (resnet34, (3, 224, 224)),
    "ResNet-50": (resnet50, (3, 224, 224)),
    "ResNet-101": (resnet101, (3, 224, 224)),
    "ResNet-152": (resnet152, (3, 224, 224)),
}


def _side_head(channels, batch_norm, num_classes):
    return nn.Sequential(
        nn.AvgPool2d(5, 3),
        _conv_relu(channels, 128, 1, batch_norm),
        nn.Flatten(),
        nn.Linear(128 * 4 * 4, 1024),
        nn.ReLU(),
        nn.Dropout(0.7),
        nn.Linear(1024, num_classes),
    )


def _conv_relu(in_channels, out_channels, kernel_size, batch_norm, stride=1):
    norm = [nn.BatchNorm2d(out_channels)] if batch_norm else []
    conv = nn.Conv2d(
        in_channels, out_channels, kernel_size, stride, kernel_size // 2, bias=not batch_norm
    )
    return nn.Sequential(conv, *norm, nn.ReLU())
