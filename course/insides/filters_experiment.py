"""Trains a net longer, on colour, and keeps its first filters: `python -m ... --help`.

The folder keeps filters.npy, (O, 3, k, k) float16, and results.csv, one row: seed and accuracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from course import runs
from course.classification.experiment import accuracy, load
from course.residual.experiment import augment
from course.training import Training


def net(channels: int = 24, kernel_size: int = 7, num_classes: int = 10) -> nn.Sequential:
    """A net for (N, 3, 32, 32) whose first kernels are large enough to be looked at.

    Args:
        channels: of the first layer.
        kernel_size: of the first layer.
        num_classes: K of the output (N, K).
    """

    def block(c_in, c_out, size, stride=1):
        conv = nn.Conv2d(c_in, c_out, size, stride, padding=size // 2, bias=False)
        return conv, nn.BatchNorm2d(c_out), nn.ReLU()

    return nn.Sequential(
        *(*block(3, channels, kernel_size, 2), nn.MaxPool2d(2)),
        *(*block(channels, 2 * channels, 3), nn.MaxPool2d(2)),
        *(*block(2 * channels, 4 * channels, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        nn.Linear(4 * channels, num_classes),
    )


def run(
    out: Path, images: int = 20000, epochs: int = 20, seed: int = 0, command: str = ""
) -> float:
    """Train `net` on CIFAR-10 with shifts and mirror images, and keep its first filters.

    Args:
        out: the folder for filters.npy, results.csv and about.json.
        images: to train on.
        epochs: the rate falls to a tenth after two thirds of them.
        seed: of the first weights and the order.
        command: that makes these results.

    Returns:
        The accuracy on 2,000 test pictures, percent, which results.csv has too.
    """
    runs.settle(out, {"data": "cifar10", "images": images, "epochs": epochs}, "cpu", command)
    x, y, x_test, y_test = load("cifar10", images)
    torch.manual_seed(seed)
    model = net()
    training = Training(
        *(model, x, y),
        **{"lr": 0.05, "weight_decay": 2e-3, "seed": seed, "augment": augment(2, True)},
        milestones=(2 * epochs // 3,),
    )
    for _ in range(epochs):
        training.run_epoch()
    np.save(out / "filters.npy", model[0].weight.detach().numpy().astype(np.float16))
    found = accuracy(model, x_test, y_test)
    runs.write(out / "results.csv", [{"seed": seed, "accuracy": found}])
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.insides.filters_experiment", __doc__, "runs/filters", seeds=())
    parser.add_argument("--images", type=int, default=20000, help="to train on")
    parser.add_argument("--epochs", type=int, default=20)
    asked = runs.parse(parser, arguments)
    try:
        found = run(**asked)
    except (ValueError, ConnectionError) as problem:
        parser.exit(2, f"{problem}\n")
    print(f"test accuracy {found:.1f} %, filters in {asked['out']}")


if __name__ == "__main__":
    main()
