"""Builds a net that says a class for every pixel from a list of layers, and judges its masks."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
from torch import nn

from course.checking import Misunderstanding
from course.classification import design
from course.classification.design import ACTIVATIONS, LAYERS, Concat, DesignTask, Layers, kinds
from course.dense.metrics import measure
from course.dense.nets import train
from course.insides import clutter

BUDGET = 6_000  # parameters
WANTED = 58.0  # percent, the digit's intersection over union
EPOCHS, IMAGES = 5, 800
SKIPS, FIELD = "Skip connections", "How much must a pixel see?"
GROWING, VOTE = "Growing a map again", "A vote for every pixel"

PIXELS = {
    **{
        kind: LAYERS[kind]
        for kind in (
            *("Conv2d", "BatchNorm2d", "GroupNorm", "ReLU", "LeakyReLU", "ELU", "GELU", "SiLU"),
            *("Tanh", "Sigmoid", "Dropout2d", "MaxPool2d", "AvgPool2d"),
        )
    },
    "ConvTranspose2d": nn.LazyConvTranspose2d,
    "Upsample": nn.Upsample,
    "Concat": Concat,
}


@functools.cache
def _pictures() -> tuple[clutter.Clutter, clutter.Clutter]:
    return clutter.make(count=IMAGES), clutter.make(part="test", count=300)


def build(layers: Sequence, seed: int = 0) -> Layers:
    """Make the net that a list of layers describes, (N, 1, 16, 16) to scores (N, 2, 16, 16).

    Args:
        layers: as for `course.classification.design.build`; the kinds are `PIXELS`.
        seed: of the first weights.

    Raises:
        ValueError: no such net can be made of it.
    """
    return design.build(
        layers, seed, kinds=PIXELS, input_shape=(1, 16, 16), output_shape=(2, 16, 16)
    )


def parameters(layers: Sequence) -> int:
    """Count the parameters of a design."""
    return sum(p.numel() for p in build(layers).parameters())


def held_out_iou(layers: Sequence, seed: int = 0) -> float:
    """Train a design; the mean intersection over union of the digit on test pictures, in percent.

    Args:
        layers: as for `build`.
        seed: of the first weights and of the order of the pictures.
    """
    made, test = _pictures()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = train(build(layers, seed), made.x, made.masks.long(), epochs=EPOCHS, seed=seed)
        return measure(net, test.x, test.masks)["iou"]


def sees(layers: Sequence) -> int:
    """How many rows of the picture the score of a pixel in the middle depends on: at most 16."""
    net = build(layers)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.uniform_(module.weight, 0.5, 1.0)
    x = torch.rand(2, 1, 16, 16, generator=torch.Generator().manual_seed(0), requires_grad=True)
    outputs: list[torch.Tensor] = []
    y = x
    for module in net:  # without what may shut a way: norms and activations
        if isinstance(module, Concat):
            y = module(y, outputs)
        elif isinstance(module, nn.MaxPool2d):
            y = nn.functional.avg_pool2d(
                y, module.kernel_size, module.stride, module.padding, module.ceil_mode
            )
        elif isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Upsample, nn.AvgPool2d)):
            y = module(y)
        outputs.append(y)
    (grad,) = torch.autograd.grad(y[0, :, 8, 8].sum(), x)
    return int(grad[0, 0].any(1).sum())


def _convolutions(layers) -> list[dict]:
    return [options for kind, options in layers if kind in ("Conv2d", "ConvTranspose2d")]


# The reasons for which a design falls short, each told by its layers alone. The first one counts.
REASONS = (
    Misunderstanding(
        "a net that is too large",
        f"Count: at most {BUDGET:,} parameters. A convolution has k · k · C · O weights.",
        SKIPS,
        lambda layers: parameters(layers) > BUDGET,
    ),
    Misunderstanding(
        "an activation at the end",
        "The loss takes scores of any sign and size: nothing comes behind the last convolution.",
        VOTE,
        lambda layers: kinds(layers)[-1] in ACTIVATIONS,
    ),
    Misunderstanding(
        "a net without an activation",
        "Convolutions in a row are one convolution: put an activation between them.",
        VOTE,
        lambda layers: not set(ACTIVATIONS) & set(kinds(layers)),
    ),
    Misunderstanding(
        "a net whose pixels see too little",
        "A piece of a stroke may be anybody's: let the vote see more, by more layers, dilation or "
        "pooling.",
        FIELD,
        lambda layers: sees(layers) < 9,
    ),
    Misunderstanding(
        "a net that pools and has no skip",
        "Growing does not bring the places back: put an earlier map beside it by Concat.",
        SKIPS,
        lambda layers: (
            bool({"MaxPool2d", "AvgPool2d"} & set(kinds(layers))) and "Concat" not in kinds(layers)
        ),
    ),
    Misunderstanding(
        "a net of strides without a skip",
        "A stride leaves out places, too, and growing does not bring them back: Concat does.",
        SKIPS,
        lambda layers: (
            any(options.get("stride", 1) != 1 for options in _convolutions(layers))
            and "Concat" not in kinds(layers)
        ),
    ),
    Misunderstanding(
        "a net of logistic units",
        "The logistic function is flat where it is sure: gradients fade. Take ReLU.",
        VOTE,
        lambda layers: "Sigmoid" in kinds(layers),
    ),
    Misunderstanding(
        "a dropout that is too strong for so short a training",
        "With half or more of the maps gone, five epochs are not enough: lower p.",
        VOTE,
        lambda layers: any(
            kind == "Dropout2d" and options.get("p", 0.5) >= 0.5 for kind, options in layers
        ),
    ),
    Misunderstanding(
        "a net that is too narrow",
        "There is room in the budget: give the convolutions more channels.",
        VOTE,
        lambda layers: max(options.get("out_channels", 0) for options in _convolutions(layers)) < 8,
    ),
    Misunderstanding(
        "a net without a norm",
        "Five epochs are few: BatchNorm2d behind each convolution makes much of them.",
        SKIPS,
        lambda layers: not {"BatchNorm2d", "GroupNorm"} & set(kinds(layers)),
    ),
)


class PixelDesignTask(DesignTask):
    """A net for pixels to design: judged by the masks that it is able to give."""

    budget, wanted, trainings = BUDGET, WANTED, 1
    parameters, measure = staticmethod(parameters), staticmethod(held_out_iou)
    tested, reached = "held-out pictures", "is the digit's intersection over union"
    reasons = REASONS
