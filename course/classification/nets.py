"""Nets that classify: small ones for digits, and those of the source slides.

Each takes (N, C, H, W) and gives scores (N, num_classes), not probabilities: softmax or the
logistic function is in the loss.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from course.residual.nets import initialise_as_slides, photo_resnet


class MNISTNet(nn.Module):
    """Two convolutions and a linear layer, for (N, 1, 28, 28): 29,034 parameters.

    Written as the slide has it: an nn.Module with two Sequentials and a Linear. Two poolings make
    28 pixels 7, so the linear layer reads 7 * 7 * 32 = 1,568 features.

    Args:
        in_channels, size: of the pictures, which are square; `size` is a multiple of 4.
        num_classes: C of the output (N, C).
        norm: without batch norm when False.

    Source: the slides of New York University, "CNN in PyTorch Example - MNIST".
    """

    def __init__(self, in_channels=1, size=28, num_classes=10, norm=True):
        super().__init__()

        def block(channels, width):
            return nn.Sequential(
                nn.Conv2d(channels, width, kernel_size=5, padding=2),
                *[nn.BatchNorm2d(width)] * norm,
                nn.ReLU(),
                nn.MaxPool2d(2),
            )

        self.layer1 = block(in_channels, 16)
        self.layer2 = block(16, 32)
        self.fc = nn.Linear((size // 4) ** 2 * 32, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        out = self.layer1(x)
        out = self.layer2(out)
        # The slide's out.view(out.size(0), -1) fails where the maps lie channel by channel.
        out = out.flatten(1)  # (N, 32, 7, 7) becomes (N, 1568)
        return self.fc(out)


class AveragingNet(nn.Sequential):
    """`MNISTNet` with a third convolution and a head that averages each map over its places."""

    def __init__(self, in_channels=1, num_classes=10):
        def block(channels, width, size):
            return (
                nn.Conv2d(channels, width, size, padding=size // 2),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            )

        super().__init__(
            *(*block(in_channels, 16, 5), nn.MaxPool2d(2)),
            *(*block(16, 32, 5), nn.MaxPool2d(2)),
            *(*block(32, 64, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
            nn.Linear(64, num_classes),
        )


def digit_net(num_classes: int = 10) -> nn.Sequential:
    """Two small convolutions and a linear layer, for digits (N, 1, 8, 8): 6,090 parameters."""
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(128, num_classes)),
    )


def digit_fc(num_classes: int = 10) -> nn.Sequential:
    """One hidden layer of 80 units, for digits (N, 1, 8, 8): 6,010 parameters, no convolution."""
    return nn.Sequential(nn.Flatten(), *_layer(64, 80, nn.ReLU), nn.Linear(80, num_classes))


# --- the photographs' nets -----------------------------------------------------------------------
# Source of all: Kustikova et al., "Convolutional neural networks. Deep residual networks",
# the slides "Experiments" and "Comparison of the fully-connected neural networks ...".


def fcnn1(shape: Sequence[int], num_classes: int) -> nn.Sequential:
    """One hidden layer of 128 units, tanh.

    Args:
        shape: (C, H, W) of a picture.
        num_classes: C of the output (N, C).
    """
    inputs = math.prod(shape)
    return nn.Sequential(nn.Flatten(), *_layer(inputs, 128, nn.Tanh), nn.Linear(128, num_classes))


def fcnn2(shape: Sequence[int], num_classes: int) -> nn.Sequential:
    """Two hidden layers, of 128 and 64 units, tanh; the arguments are those of `fcnn1`."""
    return nn.Sequential(
        nn.Flatten(),
        *_layer(math.prod(shape), 128, nn.Tanh),
        *_layer(128, 64, nn.Tanh),
        nn.Linear(64, num_classes),
    )


def fcnn3(
    shape: Sequence[int], num_classes: int, second: type[nn.Module] = nn.Sigmoid
) -> nn.Sequential:
    """Hidden layers of 400 units (ReLU) and 50 (logistic); the arguments are those of `fcnn1`.

    `second` is the activation of the 50, to try another.
    """
    return nn.Sequential(
        nn.Flatten(),
        *_layer(math.prod(shape), 400, nn.ReLU),
        *_layer(400, 50, second),
        nn.Linear(50, num_classes),
    )


def cnn1(shape: Sequence[int], num_classes: int, as_in_the_code: bool = False) -> nn.Sequential:
    """Two convolutions and two poolings; the arguments are those of `fcnn1`.

    Args:
        as_in_the_code: the slides give this net twice. Their table has no padding and no dilation;
            their code pads by 2 and dilates by 2, pads the poolings by 1, and draws the weights
            as Kaiming and Xavier. False is the table's.
    """
    conv = {"kernel_size": 3, **({"padding": 2, "dilation": 2} if as_in_the_code else {})}
    pool = {"kernel_size": 3, "stride": 2, "padding": int(as_in_the_code)}
    features = nn.Sequential(
        *(nn.Conv2d(shape[0], 32, **conv), nn.ReLU(), nn.MaxPool2d(**pool)),
        *(nn.Conv2d(32, 64, **conv), nn.ReLU(), nn.MaxPool2d(**pool)),
        nn.Flatten(),
    )
    net = _with_classifier(features, shape, num_classes)
    return initialise_as_slides(net) if as_in_the_code else net


def cnn2(shape: Sequence[int], num_classes: int, width: int = 32) -> nn.Sequential:
    """Convolutions of 3 x 3 and 1 x 1 in turn, ELU, batch norm, global average.

    Args:
        shape: (C, H, W) of a picture; 24 pixels at least.
        num_classes: C of the output (N, C).
        width: channels of the first two convolutions; 32 in the slides, 16 halves the net.
    """
    layers = [nn.Conv2d(shape[0], width, 3), nn.ELU(), nn.MaxPool2d(5, 2)]
    channels = width
    steps = [(3, 1), (1, 2), (3, 2), (1, 4), (3, 4)]
    for size, out_channels in [
        *((size, factor * width) for size, factor in steps),
        *((3, num_classes), (1, num_classes)),
    ]:
        layers += [nn.Conv2d(channels, out_channels, size), nn.ELU(), nn.BatchNorm2d(out_channels)]
        channels = out_channels
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return _with_classifier(nn.Sequential(*layers, *head), shape, num_classes)


# The table of the slides, in their order and words ("affine" is a linear layer).
PHOTO = {
    name: {"layers": layers, "accuracy, %": accuracy, "seconds": seconds, "epochs": epochs}
    for name, layers, accuracy, seconds, epochs in [
        ("FCNN-1", "affine 128 tanh, 2 logistic", 71.2, 932, None),
        ("FCNN-2", "affine 128 tanh, 64 tanh, 2 logistic", 73.5, 977, None),
        ("FCNN-3", "affine 400 ReLU, 50 logistic, 2 logistic", 77.7, 1013, None),
        ("CNN-1", "conv 32, pool, conv 64, pool, affine 2 logistic", 79.3, 1582, 30),
        ("CNN-2", "8 conv, ELU, batch norm, average, affine 2 logistic", 83.5, 2030, 30),
        ("ResNet-18", "residual blocks, average, affine 2 softmax", 81.3, 15127, 90),
        ("ResNet-50", "residual blocks, average, affine 2 softmax", 80.9, 11849, 30),
    ]
}


def photo_net(name: str, shape: Sequence[int], num_classes: int) -> nn.Module:
    """One of the nets of `PHOTO`, by its name.

    Args:
        name: a key of `PHOTO`.
        shape: (C, H, W) of a picture.
        num_classes: C of the output (N, C).
    """
    if name not in PHOTO:
        raise ValueError(f"name must be one of {', '.join(PHOTO)}, got {name!r}")
    if name.startswith("ResNet"):
        return photo_resnet(int(name.removeprefix("ResNet-")), shape[0], num_classes)
    builders = {"FCNN-1": fcnn1, "FCNN-2": fcnn2, "FCNN-3": fcnn3, "CNN-1": cnn1, "CNN-2": cnn2}
    return builders[name](shape, num_classes)


def _layer(inputs, outputs, activation):
    return nn.Linear(inputs, outputs), activation()


def _with_classifier(features, shape, num_classes):
    """Put a linear layer behind features that give (N, F), whatever F is."""
    features.eval()  # batch norm takes a batch of one picture only in eval mode
    with torch.no_grad():
        count = features(torch.zeros(1, *shape)).shape[1]
    return features.train().append(nn.Linear(count, num_classes))
