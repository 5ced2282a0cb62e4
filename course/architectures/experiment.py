"""Train six kinds of block at equal numbers of parameters: `python -m ... --help`.

Every run is a row of results.csv. An interrupted command goes on from its last whole run.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from course import datasets, runs, training
from course.architectures.blocks import BLOCKS, WIDTHS, net
from course.counting import gpu as counting
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
        The rows: block, width, parameters, multiply_adds (of one picture), seed, train and test
        accuracy in percent, seconds of the processor.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    x, y, x_test, y_test, source = load(images)
    runs.settle(out, {"source": source, "images": images, "epochs": epochs}, "cpu", command)
    path = Path(out) / "results.csv"
    rows = runs.read(path) if path.exists() else []
    done = {(row["block"], row["seed"]) for row in rows}
    waiting = [(kind, seed) for kind in kinds for seed in seeds if (kind, seed) not in done]
    for kind, seed in tqdm(waiting, file=sys.stdout, disable=not progress):
        torch.manual_seed(seed)
        model = net(kind)
        began = time.process_time()
        train(model, x, y, epochs=epochs, seed=seed)
        seconds = time.process_time() - began
        rows.append(
            {
                "block": kind,
                "width": WIDTHS[kind],
                "parameters": counting.parameters(model),
                "multiply_adds": counting.multiply_adds(model, x[:1]),
                "seed": seed,
                "train": 100 - training.error(model, x, y),
                "test": 100 - training.error(model, x_test, y_test),
                "seconds": seconds,
            }
        )
        runs.write(path, rows)
    return rows


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
    parser = argparse.ArgumentParser(
        prog="python -m course.architectures.experiment", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--kinds", default=",".join(BLOCKS), help="of " + ", ".join(BLOCKS))
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--images", type=int, default=2500, help="to train on")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, help="of the CPU; one repeats exactly")
    parser.add_argument("--out", type=Path, default=Path("runs/blocks"))
    arguments = sys.argv[1:] if arguments is None else arguments
    given = parser.parse_args(arguments)
    if given.threads:
        torch.set_num_threads(given.threads)
    kinds = given.kinds.split(",")
    if unknown := set(kinds) - set(BLOCKS):
        parser.error(f"--kinds must be of {', '.join(BLOCKS)}, got {', '.join(unknown)}")
    try:
        rows = run(
            given.out,
            kinds,
            [int(seed) for seed in given.seeds.split(",")],
            images=given.images,
            epochs=given.epochs,
            command=shlex.join(["python", "-m", "course.architectures.experiment", *arguments]),
        )
    except (ValueError, ConnectionError) as problem:
        parser.exit(2, f"{problem}\n")
    for (kind,), found in runs.over_seeds(rows, ["block"], "test").items():
        print(
            f"{kind}: test accuracy {np.mean(found):.1f} % "
            f"[{min(found):.1f} to {max(found):.1f}, {len(found)} seeds]"
        )


if __name__ == "__main__":
    main()
