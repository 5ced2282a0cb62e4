"""Plain and residual nets for small images, those of the slides, and the deeper net that is as good
as a shallow one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from course.residual.block import Add, Block, assemble, basic_block, conv, norm_relu


class ResNet(nn.Sequential):
    """The 6n + 2 family for small images: a convolution, three stages of n blocks, a classifier.

    With option A the shortcuts have no parameters: `ResNet(depth)` and `PlainNet(depth)` have
    equally many, and, seed for seed, the same ones at the start.

    Args:
        depth: 8, 14, 20, ...: layers with weights, 6n + 2.
        shortcut: "A", "B", "C", or None for a plain net.
        activation: "post" or "pre".
        widths: channels of the three stages; the paper's are (16, 32, 64).
        in_channels: of the images.
        num_classes: C of the output (N, C).

    Source: He et al. (2015), section 4.2.
    """

    def __init__(
        self,
        depth,
        shortcut="A",
        activation="post",
        widths=(16, 32, 64),
        in_channels=3,
        num_classes=10,
    ):
        if depth < 8 or (depth - 2) % 6:
            raise ValueError(f"depth must be 6n + 2 (8, 14, 20, ...), got {depth!r}")
        super().__init__()
        self.depth = depth
        self.settings = {
            "shortcut": shortcut,
            "activation": activation,
            "widths": tuple(widths),
            "in_channels": in_channels,
            "num_classes": num_classes,
        }
        blocks, channels = [], widths[0]
        for stage, width in enumerate(widths):
            for i in range((depth - 2) // 6):
                stride = 2 if stage and not i else 1
                blocks.append(basic_block(channels, width, stride, shortcut, activation))
                channels = width
        stem = [conv(in_channels, widths[0], 3)]
        if activation == "post":
            stem += norm_relu(widths[0])
        assemble(self, stem, blocks, channels, activation, num_classes)


class PlainNet(ResNet):
    """`ResNet` without its shortcuts: the net that trains worse as it gets deeper."""

    def __init__(
        self, depth, activation="post", widths=(16, 32, 64), in_channels=3, num_classes=10
    ):
        super().__init__(depth, None, activation, widths, in_channels, num_classes)


@torch.no_grad()
def add_identity_layers(net: nn.Sequential, depth: int) -> nn.Sequential:
    """The constructed solution: a deeper plain net that computes exactly what `net` does.

    Each new convolution copies its input (a Dirac kernel), each new batch norm changes nothing in
    eval mode, and a ReLU leaves its non-negative input alone. So a deeper net *can* be as good:
    that training does not find it is the degradation. In train mode the new batch norms would
    normalise by the batch, so the equality is one of eval mode.

    Args:
        net: a `PlainNet` with post-activation.
        depth: 6n + 2, at least `net.depth`.

    Returns:
        A `PlainNet(depth)` in eval mode.

    Source: He et al. (2015), section 1.
    """
    if net.settings["shortcut"] is not None or net.settings["activation"] != "post":
        raise ValueError("net must be a plain net with post-activation")
    if depth < net.depth:
        raise ValueError(f"depth must be at least {net.depth}, that of net, got {depth!r}")
    settings = {name: value for name, value in net.settings.items() if name != "shortcut"}
    deeper = PlainNet(depth, **settings)
    old = [module for module in net if isinstance(module, Block)]
    new = [module for module in deeper if isinstance(module, Block)]
    n_old, n_new = len(old) // 3, len(new) // 3
    for i, block in enumerate(new):
        stage, position = divmod(i, n_new)
        if position < n_old:
            block.load_state_dict(old[stage * n_old + position].state_dict())
            continue
        for module in block.branch:
            if isinstance(module, nn.Conv2d):
                nn.init.dirac_(module.weight)
            elif isinstance(module, nn.BatchNorm2d):
                # (x - mean) / sqrt(var + eps) is x for a mean of 0 and this variance.
                module.running_var.fill_(1 - module.eps)
    others = [[m for m in n if not isinstance(m, Block)] for n in (net, deeper)]
    for theirs, ours in zip(*others, strict=True):
        ours.load_state_dict(theirs.state_dict())
    return deeper.to(next(net.parameters()).device).eval()


class PhotoBlock(nn.Module):
    """A residual block of the slides' code: pre-activated, its shortcut projecting x itself.

        [norm, relu unless first,] conv norm relu ... conv,  plus x or conv1x1(x)

    He et al. (2016) project relu(norm(x)) instead. The slides' own note, that batch norm and ReLU
    follow each convolution, does not describe this code: nothing follows its last convolution.
    """

    def __init__(self, in_channels, convolutions, first, stride):
        super().__init__()
        branch = [] if first else [nn.BatchNorm2d(in_channels), nn.ReLU()]
        channels = in_channels
        for i, (width, size) in enumerate(convolutions):
            if i:
                branch += [nn.BatchNorm2d(channels), nn.ReLU()]
            branch.append(
                nn.Conv2d(
                    channels, width, size, stride if i == 0 else 1, padding=size // 2, bias=False
                )
            )
            channels = width
        self.branch = nn.Sequential(*branch)
        self.shortcut = nn.Identity()
        if first or stride != 1:
            self.shortcut = nn.Conv2d(in_channels, channels, 1, stride, bias=False)
        self.add = Add()

    def forward(self, x: Tensor) -> Tensor:
        return self.add(self.branch(x), self.shortcut(x))


def photo_resnet(
    depth: int, in_channels: int = 3, num_classes: int = 2, width: int = 64
) -> nn.Sequential:
    """ResNet-18, -34 or -50 as the slides' code builds it, for (N, 3, 224, 224).

    With two classes 11,179,842, 21,288,002 and 23,504,450 parameters.

    Args:
        depth: 18, 34 or 50.
        in_channels: of the pictures.
        num_classes: C of the output (N, C).
        width: channels of the first stage; 64 in the slides, 16 makes a net of a quarter of them.
    """
    counts = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}
    if depth not in counts:
        raise ValueError(f"depth must be 18, 34 or 50, got {depth!r}")
    layers = [
        nn.Conv2d(in_channels, width, 7, 2, padding=3, bias=False),
        *(nn.BatchNorm2d(width), nn.ReLU()),
        nn.MaxPool2d(3, 2, padding=1),
    ]
    channels = width
    for stage, count in enumerate(counts[depth]):
        for i in range(count):
            wide = width * 2**stage
            convolutions = (
                [(wide, 1), (wide, 3), (4 * wide, 1)] if depth == 50 else [(wide, 3), (wide, 3)]
            )
            first, stride = not stage and not i, 2 if stage and not i else 1
            layers.append(PhotoBlock(channels, convolutions, first, stride))
            channels = convolutions[-1][0]
    head = [nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return initialise_as_slides(nn.Sequential(*layers, *head, nn.Linear(channels, num_classes)))


@torch.no_grad()
def initialise_as_slides(net: nn.Module) -> nn.Module:
    """Draw first weights as the slides do: Kaiming for convolutions, Xavier for linear layers."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        if isinstance(module, (nn.Conv2d, nn.Linear)) and module.bias is not None:
            module.bias.zero_()
    return net
