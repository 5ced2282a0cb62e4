"""Results that the slides quote, as data: the winners by year, and a ranking of 45 models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from course import models, runs
from course.counting.measure import parameters


@dataclass(frozen=True)
class Winner:
    """A result of the ImageNet competition's classification task.

    Attributes:
        year: of the competition.
        name: of the net.
        depth: layers with weights; None for methods without a deep net.
        error: percent of test images whose class is not among five guesses.
        place: 1 or 2.
    """

    year: int
    name: str
    depth: int | None
    error: float
    place: int = 1


# As on the slides of New York University ("ILSVRC winners" and the slides of each net), which all
# quote ensembles; the 3.57 % are of 2015, not of 2014 as one slide says. HSE's 16.4 % of 2012 is
# five nets trained on the competition's data alone; New York's 15.4 % is seven nets, two of them
# pre-trained on all of ImageNet.
WINNERS = (
    Winner(2010, "shallow", None, 28.2),
    Winner(2011, "shallow", None, 25.8),
    Winner(2012, "AlexNet", 8, 16.4),
    Winner(2013, "ZFNet", 8, 11.7),
    Winner(2014, "VGG", 19, 7.3, place=2),
    Winner(2014, "GoogLeNet", 22, 6.7),
    Winner(2015, "ResNet", 152, 3.57),
)

# How the nets of the ranking that this course has are built: their parameters are counted, not
# quoted.
BUILT = {
    "Alexnet": models.alexnet_later,
    **{f"VGG{depth}": lambda depth=depth: models.vgg(depth) for depth in (11, 13, 16, 19)},
    **{
        f"VGG{depth}_BN": lambda depth=depth: models.vgg(depth, batch_norm=True)
        for depth in (11, 13, 16, 19)
    },
    "ResNet18": models.resnet18,
    "ResNet34": models.resnet34,
    "ResNet50": models.resnet50,
    "ResNet101": models.resnet101,
    "CaffeResnet101": models.resnet101,
    "FBResNet152": models.resnet152,
}


@dataclass(frozen=True)
class Ranked:
    """One line of the ranking.

    Attributes:
        model: its name there.
        top1, top5: percent of validation images right with one guess, and with five.
        parameters: counted where the course has the net, else None.
    """

    model: str
    top1: float
    top5: float
    parameters: int | None


def ranking() -> list[Ranked]:
    """The 45 models of the slides' table, best first.

    Two names stand twice: once with the original weights, once with converted ones.

    Source: R. Cadene, pretrained-models.pytorch, as quoted by the slides of New York University.
    """
    counted = {}
    with torch.device("meta"):
        for name, build in BUILT.items():
            net: nn.Module = build()
            counted[name] = parameters(net)
    return [
        Ranked(row["model"], row["top1"], row["top5"], counted.get(row["model"]))
        for row in runs.read(Path(__file__).parent / "rankings.csv")
    ]
