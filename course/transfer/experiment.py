"""What of a net for the digits 0 to 4 helps with 5 to 9? See --help.

python -m course.transfer.experiment --threads 1 --out benchmarks/results/transfer

Every trained net is a row of results.csv; an interrupted command goes on where it stopped.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from course import runs
from course.insides.clutter import digits_of
from course.transfer.nets import (
    STAGES,
    Net,
    accuracy,
    carry_over,
    copied,
    count,
    take_statistics,
    train,
)

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200)
STEPS, BATCH_SIZE, RATE = 100, 32, 0.05
FRESH, TUNED = "rest fresh", "rest fine-tuned"
TENTH, TRAINING, RANDOM = "stages at a tenth", "norm in training mode", "random stages"
# What one calls them: (method, frozen stages).
NAMED = {
    "from scratch": (FRESH, 0),
    "fine-tuned": (TUNED, 0),
    "fine-tuned, stages at a tenth": (TENTH, 0),
    "frozen": (FRESH, 4),
    "frozen, norm in training mode": (TRAINING, 4),
    "random, frozen": (RANDOM, 4),
}


class Task(NamedTuple):
    """Images (N, 1, S, S) float32 of mean 0, and their classes (N,) from 0 to 4."""

    x: Tensor
    y: Tensor


class Tasks(NamedTuple):
    """The source task (digits 0 to 4) and the target task (5 to 9), to train and to test."""

    source: Task
    source_test: Task
    target: Task
    target_test: Task
    data: str


def load(data: str = "mnist") -> Tasks:
    """The two tasks, standardised by the source's training images.

    Args:
        data: "mnist" (its test part at 14x14) or "digits" (scikit-learn, 8x8).
    """
    parts = {}
    for part in ("train", "test"):
        images, labels, source = digits_of(data, part)
        parts[part] = (
            torch.from_numpy(images.astype(np.float32))[:, None],
            torch.from_numpy(labels.astype(np.int64)),
        )
    x, y = parts["train"]
    mean, std = x[y < 5].mean(), x[y < 5].std()
    found = []
    for low in (0, 5):
        for x, y in parts.values():
            chosen = (y >= low) & (y < low + 5)
            found.append(Task((x[chosen] - mean) / std, y[chosen] - low))
    return Tasks(*found, data=source)


def pretrain(tasks: Tasks, seed: int = 0, epochs: int = 4) -> Net:
    """The source net: trained on the digits 0 to 4, in eval mode."""
    torch.manual_seed(seed)
    x, y = tasks.source
    steps = epochs * (len(x) // 64)
    return train(Net(5), x, y, rates={"": RATE}, steps=steps, batch_size=64, seed=seed)


def few(task: Task, count: int, seed: int) -> Task:
    """`count` images of each class, drawn by the seed; a larger count has the smaller one's too."""
    generator = torch.Generator().manual_seed(1000 + seed)
    order = torch.randperm(len(task.y), generator=generator)
    x, y = task.x[order], task.y[order]
    chosen = torch.cat([(y == k).nonzero().flatten()[:count] for k in range(5)])
    return Task(x[chosen], y[chosen])


def adapt(source: Net, tasks: Tasks, shown: Task, method: str, frozen: int, seed: int) -> Net:
    """A net for the target, made of the source by one method.

        rest fresh              the first `frozen` stages are the source's and stay, all else is new
        rest fine-tuned         all stages are the source's, the first `frozen` stay
        stages at a tenth       the same, and stages learn at a tenth of the head's rate
        norm in training mode   frozen by their gradients alone: batch norm is left in training mode
        random stages           stages are new, with batch norm's statistics of the source, and stay

    Args:
        source: the pretrained net.
        tasks: random stages take batch norm's statistics from its source images.
        shown: the target's images to learn from.
        method: one of these.
        frozen: how many stages stay, from the first.
        seed: of fresh weights and of the order.
    """
    torch.manual_seed(2000 + seed)
    kept = STAGES[:frozen]
    net = carry_over(source, 5, kept if method == FRESH else () if method == RANDOM else STAGES)
    if method == RANDOM:
        take_statistics(net, tasks.source.x[:512])
    net.freeze(*kept)
    if method == TRAINING:
        net.frozen = ()  # which `train` would keep in eval mode
    rates = {"": RATE} | (dict.fromkeys(STAGES, RATE / 10) if method == TENTH else {})
    return train(net, *shown, rates=rates, steps=STEPS, batch_size=BATCH_SIZE, seed=seed)


def plans(counts: Sequence[int] = COUNTS) -> Iterator[tuple[str, int, int]]:
    """(method, images a class, frozen stages) of every net of a seed."""
    for images in counts:
        yield from ((FRESH, images, frozen) for frozen in range(5))
        # With all four frozen, nothing of the rest is left to tune: it is the same net.
        yield from ((TUNED, images, frozen) for frozen in range(4))
        yield from (
            (method, images, frozen)
            for method, frozen in NAMED.values()
            if method not in (FRESH, TUNED)
        )


def remembers(net: Net, source: Net, tasks: Tasks) -> float:
    """Percent right of the source's test digits by the net's stages under the source's head."""
    again = copied(net)
    again.head = source.head
    return accuracy(again, *tasks.source_test)


def run(
    out: Path,
    data: str = "mnist",
    seeds: Sequence[int] = (0, 1, 2),
    *,
    counts: Sequence[int] = COUNTS,
    epochs: int = 4,
    progress: bool = True,
    command: str = "",
) -> list[dict]:
    """Train a source net from each seed and adapt it in every way that results.csv lacks.

    Returns:
        The rows: seed, method, images (a class), frozen (stages), learns (parameters), accuracy
        (percent of the target's test digits), remembers (of the source's, under the source's head),
        source (the same before).

    Raises:
        ValueError: `out` holds results of other settings.
    """
    tasks = load(data)
    settings = {
        "data": tasks.data,
        "counts": counts,
        "epochs": epochs,
        "steps": STEPS,
        "batch_size": BATCH_SIZE,
        "rate": RATE,
        "source images": len(tasks.source.y),
        "target test images": len(tasks.target_test.y),
    }
    runs.settle(out, settings, "cpu", command)

    @functools.lru_cache(maxsize=1)
    def source_of(seed: int) -> tuple[Net, float]:
        net = pretrain(tasks, seed, epochs)
        return net, accuracy(net, *tasks.source_test)

    def measured(seed: int, method: str, images: int, frozen: int) -> Iterator[dict]:
        source, own = source_of(seed)
        net = adapt(source, tasks, few(tasks.target, images, seed), method, frozen, seed)
        yield {
            "learns": count(net)[0],
            "accuracy": accuracy(net, *tasks.target_test),
            "remembers": remembers(net, source, tasks),
            "source": own,
        }

    plan = [(seed, *each) for seed in seeds for each in plans(counts)]
    return runs.resume(out, ("seed", "method", "images", "frozen"), plan, measured, progress)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.transfer.experiment", __doc__, "runs/transfer")
    parser.add_argument("--data", choices=["digits", "mnist"], default="mnist")
    parser.add_argument("--epochs", type=int, default=4, help="of the source net")
    runs.execute(parser, arguments, run, ["method", "images", "frozen"], "accuracy")


if __name__ == "__main__":
    main()
