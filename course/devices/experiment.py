"""Compares several processes with one, times all-reduces, and shrinks the part of each device.

python -m course.devices.experiment --threads 1 --out benchmarks/results/devices
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from course import runs
from course.devices import one_process, parallel
from course.devices.processes import Processes, backend
from course.small_net import accuracy

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
WAYS = ("library", "own ring")
PARTS = (1, 2, 4, 8, 16, 32, 64)
STEPS, TRAINING_STEPS = 22, 230
KEYS = ("experiment", "devices", "setting", "size", "what")  # what tells results apart, but seeds
SETTINGS = {
    "data": "scikit-learn digits, 1,500 to train and 297 to test",
    "batch_size": parallel.BATCH_SIZE,
    "gradient": {"counts": [40, 24]},
    "weights": {"steps": STEPS, "lr": 0.1, "momentum": 0.9},
    "seconds": {"sizes": SIZES, "repeats": 20},
    "parts": {"steps": TRAINING_STEPS, "lr": 0.1, "momentum": 0.9, "devices": PARTS},
}


def gradients(group: Processes) -> Iterator[dict]:
    """How far the gradient of several processes is from that of one."""
    unequal, equal = SETTINGS["gradient"]["counts"], None
    for dtype in ("float32", "float64"):
        for norm in parallel.NORMS:
            right = one_process.gradient(norm, dtype)
            found = group.run(parallel.gradient, norm, dtype, equal)[0]
            yield {"setting": norm, "what": dtype, "value": one_process.difference(found, right)}
        right = one_process.gradient("none", dtype)
        for weigh, name in [(True, "by examples"), (False, "by processes")]:
            found = group.run(parallel.gradient, "none", dtype, unequal, weigh)[0]
            value = one_process.difference(found, right)
            yield {"setting": f"40 and 24, {name}", "what": dtype, "value": value}


def weights(group: Processes) -> Iterator[dict]:
    """How far the weights are after some steps: from one process, and from each other."""
    for norm in parallel.NORMS:
        right, found = one_process.train(norm, STEPS), group.run(parallel.train, norm, STEPS)
        learnt = [name for name in right if "running" not in name and "tracked" not in name]
        kept = [name for name in right if "running" in name]
        measured = {
            "weights, from one process": _largest_difference(found[0], right, learnt),
            "weights, between processes": _largest_difference(found[0], found[1], learnt),
        }
        if kept:
            measured["running statistics, between processes"] = _largest_difference(
                found[0], found[1], kept
            )
        for what, value in measured.items():
            yield {"setting": norm, "what": what, "value": value}
    found = group.run(parallel.train, "none", STEPS, False)
    value = _largest_difference(found[0], found[1], list(found[0]))
    yield {"setting": "no exchange", "what": "weights, between processes", "value": value}


def seconds(group: Processes) -> Iterator[dict]:
    """How long all-reduces take."""
    for way in WAYS:
        repeats = SETTINGS["seconds"]["repeats"]
        answers = group.run(
            parallel.all_reduce_seconds, SIZES, repeats, way == WAYS[1], seconds=300
        )
        for size, (best, median) in zip(SIZES, answers[0], strict=True):
            for what, value in [("best", best), ("median", median)]:
                yield {"setting": way, "size": size, "what": what, "value": value}


def parts(devices: int, seed: int) -> Iterator[dict]:
    """Train with a batch dealt out to devices, by batch norm; once by group norm, too.

    Accuracy is in percent, the loss that of the last 23 steps.
    """
    for norm in ("sharded", "group") if devices == 1 else ("sharded",):
        model = parallel.net(norm, seed, devices)
        optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
        losses = []
        for x, y in parallel.batches(TRAINING_STEPS, seed):
            loss = F.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        found = {"test accuracy": accuracy(model), "training loss": float(np.mean(losses[-23:]))}
        for what, value in found.items():
            yield {"setting": norm, "what": what, "value": value}


def run(
    out: Path, seeds: Sequence[int] = (0, 1, 2), *, progress: bool = True, command: str = ""
) -> list[dict]:
    """Make all parts that results.csv does not have yet.

    Returns:
        The rows: experiment, devices, seed, size, setting, what, value.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    runs.settle(out, SETTINGS, "cuda" if backend(2) == "nccl" else "cpu", command)
    measures = {"gradient": gradients, "weights": weights, "seconds": seconds}

    def measured(experiment: str, devices: int, seed: int) -> Iterator[dict]:
        if experiment == "parts":
            found = list(parts(devices, seed))
        else:
            with Processes(devices, progress=False) as group:
                found = list(measures[experiment](group))
        yield from ({"size": 0, **row} for row in found)

    plan = [(name, 2, 0) for name in measures] + [("seconds", 4, 0)]
    plan += [("parts", devices, seed) for seed in seeds for devices in PARTS]
    return runs.resume(out, ("experiment", "devices", "seed"), plan, measured, progress)


def _largest_difference(found, right, names) -> float:
    return max(float(np.abs(found[name] - right[name]).max()) for name in names)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.devices.experiment", __doc__, "runs/devices")
    runs.execute(parser, arguments, run, KEYS, "value")


if __name__ == "__main__":
    main()
