"""Compares several processes with one, times all-reduces, and shrinks the part of each device.

python -m course.devices.experiment --threads 1 --out benchmarks/results/devices
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm

from course import runs
from course.devices import alone, parallel
from course.devices.processes import Processes, backend
from course.small_net import accuracy

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
WAYS = ("library", "own ring")
PARTS = (1, 2, 4, 8, 16, 32, 64)
STEPS, TRAINING_STEPS = 22, 230
KEYS = ("experiment", "setting", "devices", "size", "what")  # what tells results apart, but seeds
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
            right = alone.gradient(norm, dtype)
            found = group.run(parallel.gradient, norm, dtype, equal)[0]
            yield {"setting": norm, "what": dtype, "value": alone.difference(found, right)}
        right = alone.gradient("none", dtype)
        for weigh, name in [(True, "by examples"), (False, "by processes")]:
            found = group.run(parallel.gradient, "none", dtype, unequal, weigh)[0]
            value = alone.difference(found, right)
            yield {"setting": f"40 and 24, {name}", "what": dtype, "value": value}


def weights(group: Processes) -> Iterator[dict]:
    """How far the weights are after some steps: from one process, and from each other."""
    for norm in parallel.NORMS:
        right, found = alone.train(norm, STEPS), group.run(parallel.train, norm, STEPS)
        learnt = [name for name in right if "running" not in name and "tracked" not in name]
        kept = [name for name in right if "running" in name]
        measured = {
            "weights, from one process": _apart(found[0], right, learnt),
            "weights, between processes": _apart(found[0], found[1], learnt),
        }
        if kept:
            measured["running statistics, between processes"] = _apart(found[0], found[1], kept)
        for what, value in measured.items():
            yield {"setting": norm, "what": what, "value": value}
    found = group.run(parallel.train, "none", STEPS, False)
    value = _apart(found[0], found[1], list(found[0]))
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


def part(norm: str, devices: int, seed: int) -> dict[str, float]:
    """Train with a batch dealt out to many devices: {what: value}, accuracy in percent."""
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
    return {"test accuracy": accuracy(model), "training loss": float(np.mean(losses[-23:]))}


def run(
    out: Path, seeds: Sequence[int] = (0, 1, 2), *, progress: bool = True, command: str = ""
) -> list[dict]:
    """Make all parts that results.csv does not have yet.

    Returns:
        The rows: experiment, setting, devices, size, seed, what, value.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    device = "cuda" if backend(2) == "nccl" else "cpu"
    runs.settle(out, SETTINGS, device, command)
    path = Path(out) / "results.csv"
    rows = runs.read(path) if path.exists() else []
    done = {(r["experiment"], r["setting"], r["devices"], r["seed"]) for r in rows}

    def keep(experiment, devices, seed, found):
        for row in found:
            about = {"experiment": experiment, "setting": "", "devices": devices, "size": 0}
            rows.append({**about, "seed": seed, **row})
        runs.write(path, rows)

    two = {"gradient": gradients, "weights": weights, "seconds": seconds}
    for devices, parts in ((2, two), (4, {"seconds": seconds})):
        with Processes(devices, progress=progress) as group:
            for name, measure in parts.items():
                if not any(r["experiment"] == name and r["devices"] == devices for r in rows):
                    keep(name, devices, 0, list(measure(group)))
    plan = [("sharded", n, seed) for seed in seeds for n in PARTS] + [
        ("group", 1, seed) for seed in seeds
    ]
    waiting = [each for each in plan if ("parts", *each) not in done]
    for norm, devices, seed in tqdm(waiting, file=sys.stdout, disable=not progress):
        found = part(norm, devices, seed).items()
        named = [{"setting": norm, "what": what, "value": value} for what, value in found]
        keep("parts", devices, seed, named)
    return rows


def _apart(one, other, names) -> float:
    return max(float(np.abs(one[name] - other[name]).max()) for name in names)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m course.devices.experiment", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--threads", type=int, help="of the CPU; one repeats exactly")
    parser.add_argument("--out", type=Path, default=Path("runs/devices"))
    arguments = sys.argv[1:] if arguments is None else arguments
    given = parser.parse_args(arguments)
    if given.threads:
        torch.set_num_threads(given.threads)
    command = shlex.join(["python", "-m", "course.devices.experiment", *arguments])
    try:
        rows = run(given.out, [int(seed) for seed in given.seeds.split(",")], command=command)
    except ValueError as problem:
        parser.exit(2, f"{problem}\n")
    for key, found in runs.over_seeds(rows, KEYS, "value").items():
        print(*key, f"{np.mean(found):.4g} [{min(found):.4g} to {max(found):.4g}]")


if __name__ == "__main__":
    main()
