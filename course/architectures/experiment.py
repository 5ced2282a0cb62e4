"""Train six kinds of block at equal numbers of parameters: `python -m ... --help`.

Every run is a row of results.csv. An interrupted command goes on from its last whole run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course import datasets, runs, training
from course.architectures.blocks import BLOCKS, WIDTHS, net
from course.counting import measure
from course.table import Table

TEST_IMAGES = 2000


def load(images: int = 2500) -> tuple[Tensor, Tensor, Tensor, Tensor, str]:
    """CIFAR-10 at 16x16 (means of 2x2 pixels), standardised by the training images.

    Args:
        images: so many to train on, drawn with a fixed seed; 2,000 of the test part to test.

    Returns:
        (x, y, x_test, y_test, source): float (N, 3, 16, 16), int64 (N,), a few words.
    """
    found = []
    for part, count in (("train", images), ("test", TEST_IMAGES)):
        data = datasets.cifar10(part)
        chosen = np.random.default_rng(0).permutation(len(data))[:count]
        x = torch.from_numpy(data.images[chosen]).float()
        found += [F.avg_pool2d(x, 2), torch.from_numpy(data.labels[chosen])]
    x, y, x_test, y_test = found
    mean, std = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
    return (x - mean) / std, y, (x_test - mean) / std, y_test, data.source


def train(model: nn.Module, x: Tensor, y: Tensor, *, epochs: int = 5, seed: int = 0) -> nn.Module:
    """Train by SGD in batches of 64, the rate falling along a cosine from 0.05 to 0."""
    settings = {"lr": 0.05, "weight_decay": 5e-4, "batch_size": 64, "cosine": epochs}
    training.train(model, x, y, epochs, progress=False, seed=seed, **settings)
    return model


def run(
    out: Path,
    kinds: Sequence[str] = tuple(BLOCKS),
    seeds: Sequence[int] = (0, 1, 2),
    *,
    images: int = 2500,
    epochs: int = 5,
    progress: bool = True,
    command: str = "",
) -> list[dict]:
    """Train each kind of net from each seed, where results.csv does not have it yet.

    Returns:
        The rows: block, seed, width, parameters, multiply_adds (of one picture), train and test
        accuracy in percent, seconds of the processor.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    x, y, x_test, y_test, source = load(images)
    runs.settle(out, {"data": source, "images": images, "epochs": epochs}, "cpu", command)

    def measured(kind: str, seed: int) -> Iterator[dict]:
        torch.manual_seed(seed)
        model = net(kind)
        began = time.process_time()
        train(model, x, y, epochs=epochs, seed=seed)
        seconds = time.process_time() - began
        yield {
            "width": WIDTHS[kind],
            "parameters": measure.parameters(model),
            "multiply_adds": measure.multiply_adds(model, x[:1]),
            "train": 100 - training.error(model, x, y),
            "test": 100 - training.error(model, x_test, y_test),
            "seconds": seconds,
        }

    plan = [(kind, seed) for kind in kinds for seed in seeds]
    return runs.resume(out, ("block", "seed"), plan, measured, progress)


def results_table(rows: Sequence[dict]) -> Table:
    """For each kind of block: costs, test accuracy over the seeds with its range, median time."""
    accuracy = runs.over_seeds(rows, ["block"], "test")
    seconds = runs.over_seeds(rows, ["block"], "seconds")
    costs = {row["block"]: row for row in rows}
    return Table(
        [
            {
                "block": kind,
                "parameters": costs[kind]["parameters"],
                "multiply-adds": costs[kind]["multiply_adds"],
                "test accuracy": f"{np.mean(a):.1f} % ({min(a):.1f} to {max(a):.1f})",
                "seconds": round(float(np.median(seconds[kind,])), 1),
            }
            for (kind,), a in accuracy.items()
        ]
    )


def forward_times(kinds: Sequence[str] = tuple(BLOCKS), repeats: int = 7) -> dict[str, float]:
    """Seconds of the processor that each kind of net takes for 64 pictures: medians, one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    batch, found = torch.randn(64, 3, 16, 16), {}
    for kind in kinds:
        model = net(kind).eval()
        times = []
        with torch.no_grad():
            model(batch)
            for _ in range(repeats):
                began = time.process_time()
                model(batch)
                times.append(time.process_time() - began)
        found[kind] = float(np.median(times))
    torch.set_num_threads(threads)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.architectures.experiment", __doc__, "runs/blocks")
    kinds = {"nargs": "+", "choices": BLOCKS, "default": tuple(BLOCKS)}
    parser.add_argument("--kinds", metavar="KIND", help="of " + ", ".join(BLOCKS), **kinds)
    parser.add_argument("--images", type=int, default=2500, help="to train on")
    parser.add_argument("--epochs", type=int, default=5)
    runs.execute(parser, arguments, run, ["block"], "test")


if __name__ == "__main__":
    main()
