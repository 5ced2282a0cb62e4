"""Train plain and residual nets of several depths and compare them: `python -m ... --help`.

Every epoch of every run is a row of results.csv; curves.png is drawn from it. A run that was
interrupted goes on from its last whole epoch when the same command is given again.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from tqdm import tqdm

from course import datasets, runs
from course.device import device as default_device
from course.residual.graphed import GraphedTraining, run_epochs
from course.residual.nets import PlainNet, ResNet
from course.training import Training, error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = {"plain": PlainNet, "residual": ResNet}


@dataclass(frozen=True)
class Recipe:
    """How the nets of one data set are built and trained.

    The digits' recipe is ours: small enough for a CPU. CIFAR-10's is that of He et al. (2015),
    section 4.2: 64,000 steps of 128 images, rate 0.1 divided by ten at 32,000 and 48,000, images
    shifted by up to 4 pixels and mirrored. MNIST's images are taken at half their size.
    """

    epochs: int
    lr: float
    milestones: tuple[int, ...] = ()
    widths: tuple[int, ...] = (16, 32, 64)
    batch_size: int = 128
    momentum: float = 0.9
    weight_decay: float = 1e-4
    shift: int = 0
    mirror: bool = False
    shrink: int = 1


RECIPES = {
    "digits": Recipe(epochs=15, lr=0.05, widths=(8, 16, 32)),
    "mnist": Recipe(epochs=5, lr=0.05, widths=(8, 16, 32), shrink=2),
    "cifar10": Recipe(epochs=164, lr=0.1, milestones=(82, 123), shift=4, mirror=True),
}


def augment(shift: int, mirror: bool) -> Callable | None:
    """Give the function that moves and mirrors a batch, each image its own way; None for neither.

    Args:
        shift: most pixels to move in each direction; what comes in is zero.
        mirror: whether half of the images are mirrored left to right.

    Source: He et al. (2015), section 4.2.
    """
    if not shift and not mirror:
        return None

    def moved(batch, generator):
        n, _, h, w = batch.shape
        # Drawn on the CPU, so that a seed means the same images on every device.
        top, left = torch.randint(0, 2 * shift + 1, (2, n), generator=generator)
        flip = torch.rand(n, generator=generator) < (0.5 if mirror else 0)
        rows = top[:, None] + torch.arange(h)
        columns = left[:, None] + torch.arange(w)
        columns = torch.where(flip[:, None], columns.flip(1), columns)
        index = (torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :])
        padded = F.pad(batch, (shift,) * 4).permute(0, 2, 3, 1)
        return padded[tuple(i.to(batch.device) for i in index)].permute(0, 3, 1, 2).contiguous()

    return moved


def load(data: str, recipe: Recipe, limit: int | None = None) -> tuple:
    """Give the data set as tensors, standardised by its training part.

    Args:
        data: "digits", "mnist" or "cifar10".
        recipe: a `Recipe`; its `shrink` averages squares of pixels into one.
        limit: only so many training images, drawn with a fixed seed; None for all.

    Returns:
        (x_train, y_train, x_test, y_test, source): float (N, C, H, W), int64 (N,), a few words.
    """
    train, test = datasets.LOADERS[data]("train"), datasets.LOADERS[data]("test")
    x = torch.from_numpy(datasets.standardise(train))
    x_test = torch.from_numpy(datasets.standardise(test, by=train))
    y, y_test = torch.tensor(train.labels), torch.tensor(test.labels)
    if recipe.shrink > 1:
        x, x_test = F.avg_pool2d(x, recipe.shrink), F.avg_pool2d(x_test, recipe.shrink)
    if limit is not None and limit < len(x):
        chosen = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))[:limit]
        x, y = x[chosen], y[chosen]
    return x, y, x_test, y_test, train.source


def run(
    data: str,
    depths: Sequence[int],
    kinds: Sequence[str],
    seeds: Sequence[int],
    recipe: Recipe,
    out: str | os.PathLike,
    *,
    limit: int | None = None,
    device: str | torch.device | None = None,
    dtype: str = "float32",
    together: bool = False,
    progress: bool = True,
    command: str = "",
) -> list[dict]:
    """Train every net that is not finished yet; write results.csv after each epoch.

    Args:
        data: "digits", "mnist" or "cifar10".
        depths: 6n + 2 each.
        kinds: of "plain", "residual".
        seeds: one run each; a seed sets the net's first weights and the order of the images.
        recipe: a `Recipe`.
        out: folder for results.csv, about.json and, while a run lasts, its checkpoint.
        limit: train on so many images only.
        device: where; `course.device.device()` when None.
        dtype: "float32" or "bfloat16", in which the nets compute; only with `together`.
        together: train all nets of a seed side by side, as `course.residual.graphed` does.
        progress: show a bar on stdout.
        command: what to write into about.json as the way to these results.

    Returns:
        The rows of results.csv, as dicts of numbers and strings.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device(device) if device is not None else default_device()
    x, y, x_test, y_test, source = load(data, recipe, limit)
    settings = {"data": data, "source": source, "images": len(x), **asdict(recipe)}
    if together:
        settings["dtype"] = dtype
    elif dtype != "float32":
        raise ValueError(f"dtype {dtype} needs together=True")
    runs.settle(out, settings, device, command)
    results = _Results(out, data, recipe.epochs)
    steps = recipe.epochs * max(1, len(x) // recipe.batch_size)
    nets = [(kind, depth) for depth in depths for kind in kinds]
    # What trains side by side: all nets of a seed, or one.
    groups = (
        [[(*net, seed) for net in nets] for seed in seeds]
        if together
        else [[(*net, seed)] for net in nets for seed in seeds]
    )
    with tqdm(total=len(nets) * len(seeds) * steps, file=sys.stdout, disable=not progress) as bar:
        for group in groups:
            names = ", ".join(f"{kind}-{depth}" for kind, depth, _ in group)
            bar.set_description(f"{names}, seed {group[0][2]}")
            unfinished = {}
            for key in group:
                if results.finished(key):
                    bar.update(steps)
                    continue
                training = _training(key, recipe, x, y, device, dtype if together else None)
                results.resume(key, training)
                bar.update(training.epoch * training.steps)
                unfinished[key] = training
            _train(unfinished, x_test, y_test, results, bar)
    return results.rows


class _Results:
    """What a folder keeps: the rows of results.csv, and a checkpoint of each unfinished net.

    They are two files: what only one of them has after an interruption is done again.

    Attributes:
        rows: of all nets. A net is known by its key, (kind, depth, seed).
    """

    def __init__(self, out, data, epochs):
        self.out, self.data, self.epochs = out, data, epochs
        self.rows = runs.read(out / "results.csv") if (out / "results.csv").exists() else []

    def checkpoint(self, key):
        kind, depth, seed = key
        return self.out / f"{kind}-{depth}-{seed}.pt"

    def of(self, key):
        """A net's rows, one an epoch."""
        return [r for r in self.rows if (r["kind"], r["depth"], r["seed"]) == key]

    def finished(self, key):
        """Whether a net is trained to its end; it needs no checkpoint then."""
        if len(self.of(key)) < self.epochs:
            return False
        self.checkpoint(key).unlink(missing_ok=True)
        return True

    def resume(self, key, training):
        """Bring a training where its checkpoint is, if there is one; drop the rows after it."""
        checkpoint, rows = self.checkpoint(key), self.of(key)
        if checkpoint.exists():
            state = torch.load(checkpoint, map_location=training.device, weights_only=True)
            # The generator's state stays where generators are: on the CPU.
            state["generator"] = state["generator"].cpu()
            training.load_state_dict(state)
        if len(rows) < training.epoch:
            raise ValueError(
                f"{checkpoint} is of epoch {training.epoch}, but results.csv ends at {len(rows)}: "
                f"remove the checkpoint to start this run again"
            )
        self.rows = [r for r in self.rows if r not in rows[training.epoch :]]

    def add(self, key, training, row):
        """Keep an epoch: the rows first, for a checkpoint must never be ahead of them."""
        kind, depth, seed = key
        self.rows.append({"data": self.data, "kind": kind, "depth": depth, "seed": seed, **row})
        runs.write(self.out / "results.csv", self.rows)
        save = functools.partial(torch.save, training.state_dict())
        runs.replace(self.checkpoint(key), save)


def _train(unfinished, x_test, y_test, results, bar):
    """Train nets side by side to their ends, keeping each epoch.

    Args:
        unfinished: {key: training}.
        results: a `_Results`.
        bar: a tqdm that counts steps.
    """

    def advance(steps):
        bar.update(steps)  # its result is not ours: a true one would stop the epoch

    while unfinished:
        # After an interruption some are an epoch ahead: the others catch up.
        epoch = min(training.epoch for training in unfinished.values())
        turn = {key: t for key, t in unfinished.items() if t.epoch == epoch}
        epochs = run_epochs(list(turn.values()), functools.partial(advance, len(turn)))
        for (key, training), row in zip(turn.items(), epochs, strict=True):
            whole = min(len(x_test), 1000 if training.device.type == "cpu" else len(x_test))
            row["test_error"] = error(training.model, x_test, y_test, whole)
            results.add(key, training, row)
            bar.set_postfix(error=f"{row['train_error']:.1f} %")
            if results.finished(key):
                del unfinished[key]


def _training(key, recipe, x, y, device, dtype):
    """The training of one net from its start; with a dtype, one that can run beside others."""
    kind, depth, seed = key
    torch.manual_seed(seed)
    model = KINDS[kind](depth, widths=recipe.widths, in_channels=x.shape[1]).to(device)
    settings = {
        "lr": recipe.lr,
        "momentum": recipe.momentum,
        "weight_decay": recipe.weight_decay,
        "batch_size": recipe.batch_size,
        "milestones": recipe.milestones,
        "seed": seed,
        "augment": augment(recipe.shift, recipe.mirror),
    }
    if dtype is None:
        return Training(model, x, y, **settings)
    return GraphedTraining(model, x, y, dtype=getattr(torch, dtype), **settings)


def last_epoch(rows: Sequence[dict]) -> dict[tuple[str, int], list[float]]:
    """Give {(kind, depth): [training error of each seed at its last epoch]}."""
    last = {(r["kind"], r["depth"], r["seed"]): r["train_error"] for r in rows}
    found = {}
    for (kind, depth, _), value in last.items():
        found.setdefault((kind, depth), []).append(value)
    return found


def draw(rows: Sequence[dict], title: str = "") -> Figure:
    """Draw training error over epochs, plain left and residual right; deeper is darker.

    A line is the mean over seeds, the band reaches from the best seed to the worst.

    Args:
        rows: of `run`, or of `runs.read`.
        title: over both.

    Returns:
        A matplotlib figure.
    """
    # Imported here: matplotlib is slow to import, and training does without it.
    from matplotlib.figure import Figure

    from course.residual.figures import averaged
    from course.style import LINES

    found = averaged(rows)
    depths = sorted({depth for _, depth in found})
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for axis, kind in zip(axes, KINDS, strict=True):
        for i, depth in enumerate(depths):
            if (kind, depth) not in found:
                continue
            epochs, mean, low, high = found[kind, depth]
            grey = str(0.7 - 0.7 * i / max(1, len(depths) - 1))
            axis.plot(epochs, mean, ls=LINES[i % 4], color=grey, lw=1.8, label=f"{depth} layers")
            axis.fill_between(epochs, low, high, color=grey, alpha=0.15, lw=0)
        axis.set(xlabel="epoch", title=kind, ylim=(0, 100))
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("training error, %")
    # Beside the axes: in them a legend would hide the deepest net's curve.
    figure.legend(handles=max((list(a.lines) for a in axes), key=len), loc="outside right center")
    figure.suptitle(title)
    return figure


def _parser():
    parser = runs.parser("course.residual.experiment", __doc__, "runs/DATA", seeds=(0,))
    parser.set_defaults(out=None)
    parser.add_argument("--data", choices=RECIPES, default="digits")
    parser.add_argument("--depths", type=runs.integers, default="8,20,32,44,56", metavar="8,20,...")
    parser.add_argument("--kinds", type=_kinds, default="plain,residual", metavar="plain,residual")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--lr", type=float, help="instead of the recipe's")
    parser.add_argument(
        "--milestones",
        type=runs.integers,
        metavar="50,75",
        help="epochs after which the rate is divided by ten, instead of the recipe's",
    )
    parser.add_argument("--limit", type=int, help="train on so many images only")
    parser.add_argument(
        "--together",
        action="store_true",
        help="train all nets of a seed side by side, each step a captured graph: for a GPU",
    )
    parser.add_argument(
        "--dtype", choices=["float32", "bfloat16"], default="float32", help="with --together"
    )
    parser.add_argument("--device", help="cpu, cuda, mps; the fastest here if not given")
    return parser


def _recipe(data, epochs, lr, milestones):
    """A data set's recipe, changed in what is not None; its milestones keep their proportions."""
    recipe = RECIPES[data]
    changes = {}
    if lr:
        changes["lr"] = lr
    if epochs:
        changes["epochs"] = epochs
        ratio = epochs / recipe.epochs
        changes["milestones"] = tuple(round(m * ratio) for m in recipe.milestones)
    if milestones:
        changes["milestones"] = tuple(milestones)
    return replace(recipe, **changes)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = _parser()
    options = argparse.Namespace(**runs.parse(parser, arguments))
    out = options.out or Path("runs") / options.data
    try:
        rows = run(
            options.data,
            options.depths,
            options.kinds,
            options.seeds,
            _recipe(options.data, options.epochs, options.lr, options.milestones),
            out,
            limit=options.limit,
            device=options.device,
            dtype=options.dtype,
            together=options.together,
            command=options.command,
        )
    except (ValueError, ConnectionError) as problem:
        parser.exit(2, f"{problem}\n")
    except KeyboardInterrupt:
        parser.exit(130, "\nStopped: the same command goes on from the last whole epoch.\n")
    about = json.loads((out / "about.json").read_text())
    draw(rows, f"{about['settings']['source']}, {about['device']}").savefig(
        out / "curves.png", dpi=150
    )
    for (kind, depth), errors in sorted(last_epoch(rows).items()):
        mean = sum(errors) / len(errors)
        print(
            f"{kind}-{depth}: training error {mean:.1f} % "
            f"[{min(errors):.1f} to {max(errors):.1f}, {len(errors)} seeds]"
        )
    print(f"{out / 'results.csv'} and {out / 'curves.png'} written")


def _kinds(text):
    kinds = text.split(",")
    if unknown := set(kinds) - set(KINDS):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: not of {list(KINDS)}")
    return kinds


if __name__ == "__main__":
    main()
