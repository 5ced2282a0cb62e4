"""Train the nets of topic 6 and keep what they do: `python -m ... --help`.

Each experiment is a folder: results.csv has a row for each net, seed and measure, about.json the
command, the date, the device and the settings.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shlex
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from course import datasets, runs
from course.classification import models
from course.device import device as default_device
from course.residual.experiment import augment
from course.training import Training, error

COLUMNS = ("experiment", "data", "net", "variant", "seed", "epoch", "measure", "value")
SHIFTS = (1, 2, 3, 4, 6)
DIRECTIONS = ((-1, 0), (1, 0), (0, -1), (0, 1))
NETS = {
    "FCNN-1": models.fcnn1,
    "FCNN-2": models.fcnn2,
    "FCNN-3": models.fcnn3,
    "CNN-1": models.cnn1,
    "CNN-2/2": lambda shape, classes: models.cnn2(shape, classes, width=16),
    "MNIST net": lambda shape, classes: models.MNISTNet(shape[0], shape[1], classes),
    "averaging": lambda shape, classes: models.AveragingNet(shape[0], classes),
    "ResNet-18/4": lambda shape, classes: models.photo_resnet(18, shape[0], classes, width=16),
    "ResNet-50/4": lambda shape, classes: models.photo_resnet(50, shape[0], classes, width=16),
}
ON_REQUEST = ("ResNet-18/4", "ResNet-50/4")  # take longer than all the others together


def load(
    data: str, images: int, shrink: int = 1, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give a data set as standardised tensors.

    MNIST is here the 10,000 pictures of its test part alone, in one fixed random order: the first
    `images` to train, the last 2,000 to test. CIFAR-10: as many of its training part, 2,000 of its
    test part. Digits: all of both parts.

    Args:
        data: "digits", "mnist" or "cifar10".
        images: how many to train on.
        shrink: squares of so many pixels become one, their mean.
        seed: of the order.

    Returns:
        (x_train, y_train, x_test, y_test): float (N, C, H, W), int64 (N,).
    """
    if data == "mnist":
        part = datasets.mnist("test")
        order = torch.randperm(len(part), generator=torch.Generator().manual_seed(seed)).numpy()
        train, test = _chosen(part, order[:images]), _chosen(part, order[-2000:])
    else:
        train, test = datasets.LOADERS[data]("train"), datasets.LOADERS[data]("test")
        if data == "cifar10":
            rng = np.random.default_rng(seed)
            train = _chosen(train, rng.permutation(len(train))[:images])
            test = _chosen(test, rng.permutation(len(test))[:2000])
    x, x_test = (torch.from_numpy(datasets.standardise(p, by=train)) for p in (train, test))
    if shrink > 1:
        x, x_test = F.avg_pool2d(x, shrink), F.avg_pool2d(x_test, shrink)
    return x, torch.tensor(train.labels), x_test, torch.tensor(test.labels)


def _chosen(part, indices):
    """The pictures of a part with these numbers."""
    return dataclasses.replace(part, images=part.images[indices], labels=part.labels[indices])


def shuffled(x: Tensor, seed: int = 0) -> Tensor:
    """Put the pixels of all pictures in one fixed random order, the same for each.

    Args:
        x: (N, C, H, W).
        seed: of the order.

    Returns:
        (N, C, H, W).
    """
    order = torch.randperm(x[0, 0].numel(), generator=torch.Generator().manual_seed(seed))
    return x.flatten(2)[:, :, order.to(x.device)].reshape(x.shape)


def moved(x: Tensor, pixels: int, direction: tuple[int, int]) -> Tensor:
    """Move pictures by so many pixels; what comes in is the background, their smallest value."""
    background = x.amin()
    rows, columns = (pixels * step for step in direction)
    padded = F.pad(x - background, (pixels,) * 4)
    height, width = x.shape[2:]
    top, left = pixels - rows, pixels - columns
    return (padded[:, :, top : top + height, left : left + width] + background).contiguous()


def accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """Percent of right answers in eval mode."""
    return 100 - error(model, x, y)


def accuracy_moved(model: nn.Module, x: Tensor, y: Tensor, pixels: int) -> float:
    """The mean accuracy on pictures moved up, down, left and right by so many pixels, percent."""
    return float(np.mean([accuracy(model, moved(x, pixels, d), y) for d in DIRECTIONS]))


def loss(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The mean cross-entropy in eval mode."""
    model.eval()
    with torch.no_grad():
        found = F.cross_entropy(model(x), y).item()
    model.train()
    return found


def on_background(x: Tensor, change: Callable) -> Callable:
    """`change` (as `augment` makes it) on pictures whose border is filled with background."""
    background = x.amin()

    def changed(batch, generator):
        return change(batch - background, generator) + background

    return changed


class Runs:
    """The rows of one experiment, and how to make them."""

    def __init__(self, name, data, device, progress=True):
        self.name, self.data, self.device, self.progress = name, data, device, progress
        self.rows = []

    def note(self, net: str, variant: str, seed: int, epoch: int, **measures: float) -> None:
        for measure, value in measures.items():
            values = (self.name, self.data, net, variant, seed, epoch, measure, value)
            self.rows.append(dict(zip(COLUMNS, values, strict=True)))

    def train(
        self,
        net: str,
        variant: str,
        seed: int,
        data: Sequence[Tensor],
        epochs: int,
        every: Sequence[int] = (),
        changes: Callable | None = None,
        **settings: Any,
    ) -> nn.Module:
        """Train one net; note accuracies after the last epoch and after those in `every`."""
        x, y, x_test, y_test = (tensor.to(self.device) for tensor in data)
        torch.manual_seed(seed)
        model = NETS[net](tuple(x.shape[1:]), 10).to(self.device)
        settings = {"lr": 0.01, "momentum": 0.9, "weight_decay": 5e-4, "batch_size": 128} | settings
        training = Training(model, x, y, seed=seed, augment=changes, **settings)
        seconds = -time.process_time()
        bar = tqdm(range(1, epochs + 1), f"{net}, {variant}, seed {seed}", file=sys.stdout)
        bar.disable = not self.progress
        for epoch in bar:
            training.run_epoch()
            if epoch == epochs or epoch in every:
                seconds += time.process_time()
                self.note(
                    *(net, variant, seed, epoch),
                    train=accuracy(model, x, y),
                    test=accuracy(model, x_test, y_test),
                    train_loss=loss(model, x, y),
                    test_loss=loss(model, x_test, y_test),
                )
                seconds -= time.process_time()
        seconds += time.process_time()
        self.note(net, variant, seed, epochs, parameters=models.parameters(model), seconds=seconds)
        return model.eval()


def run_nets(
    made: Runs,
    seeds: Sequence[int],
    images: int = 3000,
    epochs: int = 30,
    nets: Sequence[str] | None = None,
) -> None:
    """The slides' nets at the slides' recipe: after each few epochs, and on moved pictures."""
    data = load(made.data, images)
    every = [epoch for epoch in (1, 2, 4, 6, 10, 15, 20, 25, 30) if epoch <= epochs]
    left_out = ON_REQUEST + ("averaging",) * (made.data == "cifar10")
    for net in nets or [name for name in NETS if name not in left_out]:
        for seed in seeds:
            model = made.train(net, "in place", seed, data, epochs, every)
            if made.data != "cifar10":
                x, y = (t[:1000].to(made.device) for t in data[2:])
                found = {f"moved {k}": accuracy_moved(model, x, y, k) for k in SHIFTS}
                made.note(net, "in place", seed, epochs, **found)


def run_shuffle(made: Runs, seeds: Sequence[int], images: int = 3000, epochs: int = 4) -> None:
    """The same pixels in place and in one fixed random order, MNIST at 14 x 14."""
    x, y, x_test, y_test = load(made.data, images, 2 if made.data == "mnist" else 1)
    for variant, change in [("in place", lambda x: x), ("shuffled", shuffled)]:
        for net in ("FCNN-1", "MNIST net"):
            for seed in seeds:
                data = (change(x), y, change(x_test), y_test)
                made.train(net, variant, seed, data, epochs, lr=0.05)


def run_augment(made: Runs, seeds: Sequence[int], images: int = 500, epochs: int = 20) -> None:
    """Few pictures, with and without random shifts of up to 2 pixels, MNIST at 14 x 14."""
    data = load(made.data, images, 2 if made.data == "mnist" else 1)
    x, y = (t[:1000].to(made.device) for t in data[2:])
    for variant, changes in [("none", None), ("shifts", on_background(data[0], augment(2, False)))]:
        for net in ("FCNN-1", "MNIST net"):
            for seed in seeds:
                settings = {"lr": 0.02, "batch_size": 64, "changes": changes}
                model = made.train(net, variant, seed, data, epochs, **settings)
                found = {f"moved {k}": accuracy_moved(model, x, y, k) for k in (1, 2, 3)}
                made.note(net, variant, seed, epochs, **found)


def run_overfit(made: Runs, seeds: Sequence[int], images: int = 1000, epochs: int = 20) -> None:
    """Few pictures for long, with and without shifts and mirror images, CIFAR-10 at 16 x 16."""
    data = load(made.data, images, 2 if made.data == "cifar10" else 1)
    every = [epoch for epoch in (1, 2, 3, 5, 7, 10, 12, 15, 18, 20) if epoch <= epochs]
    for variant, changes in [("none", None), ("shifts and mirrors", augment(2, True))]:
        for seed in seeds:
            settings = {"lr": 0.02, "batch_size": 50, "weight_decay": 0.0, "changes": changes}
            made.train("MNIST net", variant, seed, data, epochs, every, **settings)


EXPERIMENTS = {
    "nets": run_nets,
    "shuffle": run_shuffle,
    "augment": run_augment,
    "overfit": run_overfit,
}


def read(folder: str | os.PathLike) -> tuple[list[dict], dict]:
    """Read the results in a folder: (rows, what about.json says of them)."""
    folder = Path(folder)
    return runs.read(folder / "results.csv"), json.loads((folder / "about.json").read_text())


def over_seeds(
    rows: Sequence[dict], measure: str, epoch: int | None = None
) -> dict[tuple[str, str], list[float]]:
    """Gather one measure over the seeds.

    Args:
        rows: of `read`.
        measure: "train", "test", "test_loss", "moved 3", ...
        epoch: which; the last of each run when None.

    Returns:
        {(net, variant): [value of each seed]}, in the order of the rows.
    """
    chosen = [row for row in rows if row["measure"] == measure]
    last = defaultdict(int)
    for row in chosen:
        key = row["net"], row["variant"]
        last[key] = max(last[key], row["epoch"])
    found = defaultdict(list)
    for row in chosen:
        key = row["net"], row["variant"]
        if row["epoch"] == (last[key] if epoch is None else epoch):
            found[key].append(row["value"])
    return dict(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m course.classification.experiment", description=__doc__.splitlines()[0]
    )
    parser.add_argument("experiment", choices=EXPERIMENTS)
    parser.add_argument("--data", choices=["digits", "mnist", "cifar10"], default="mnist")
    parser.add_argument("--images", type=int, help="to train on, instead of the experiment's")
    parser.add_argument("--epochs", type=int, help="instead of the experiment's")
    parser.add_argument("--nets", metavar="A,B", help=f"of `nets`: {', '.join(NETS)}")
    parser.add_argument("--seeds", default="0,1,2", metavar="0,1,...")
    parser.add_argument("--threads", type=int, help="of the CPU; one repeats exactly")
    parser.add_argument("--device", help="cpu, cuda, mps; the fastest here if not given")
    parser.add_argument("--out", type=Path, help="folder for the results")
    arguments = sys.argv[1:] if arguments is None else arguments
    given = parser.parse_args(arguments)
    if given.threads:
        torch.set_num_threads(given.threads)
    device = torch.device(given.device) if given.device else default_device()
    made = Runs(given.experiment, given.data, device)
    chosen = {name: getattr(given, name) for name in ("images", "epochs") if getattr(given, name)}
    if given.nets:
        chosen["nets"] = given.nets.split(",")
        if given.experiment != "nets" or not set(chosen["nets"]) <= set(NETS):
            parser.error(f"--nets goes with `nets` and names some of {', '.join(NETS)}")
    seeds = [int(seed) for seed in given.seeds.split(",")]
    out = given.out or Path("runs") / f"classification-{given.experiment}-{given.data}"
    try:
        settings = {"experiment": given.experiment, "data": given.data, "seeds": seeds, **chosen}
        command = shlex.join(["python", "-m", "course.classification.experiment", *arguments])
        runs.settle(out, settings, device, command)
        EXPERIMENTS[given.experiment](made, seeds, **chosen)
    except (ValueError, ConnectionError) as problem:
        parser.exit(2, f"{problem}\n")
    runs.write(out / "results.csv", made.rows)
    for (net, variant), values in over_seeds(made.rows, "test").items():
        print(
            f"{net}, {variant}: test accuracy {np.mean(values):.1f} % "
            f"[{min(values):.1f} to {max(values):.1f}, {len(values)} seeds]"
        )
    print(f"{out / 'results.csv'} written")


if __name__ == "__main__":
    main()
