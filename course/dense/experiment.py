"""Which pixels are the digit's? Nets with and without skips, by how they grow and what they see.

python -m course.dense.experiment --threads 1 --out benchmarks/results/dense
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from torch import nn

from course import runs
from course.counting import measure as counting
from course.dense.metrics import measure, scores
from course.dense.nets import GROW, Segmenter, straight, train
from course.dense.reference import unevenness
from course.insides import clutter

# Dilations and width: about as many parameters, rather more for those that see less.
STRAIGHT = (
    ((1, 0, 0, 0, 0), 46),
    ((1, 1, 0, 0, 0), 28),
    ((1, 1, 1, 0, 0), 22),
    ((1, 1, 1, 1, 1), 16),
    ((1, 1, 2, 4, 1), 16),
    ((1, 2, 4, 8, 2), 16),
)
NETS: dict[str, Callable[[], nn.Module]] = {
    **{f"{kind}, no skips": lambda kind=kind: Segmenter(kind, skips=False) for kind in GROW},
    "nearest, skips": lambda: Segmenter("nearest"),
    "transposed 3, skips": lambda: Segmenter("transposed 3"),
    **{
        f"straight, sees {1 + 2 * sum(dilations)}": lambda d=dilations, w=width: straight(d, w)
        for dilations, width in STRAIGHT
    },
}


def checkerboard(net: Segmenter, seed: int = 0) -> float:
    """What the first step up makes of a map that is constant: 0 if it stays so.

    Source: the question of Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts"
    (2016), as a number.
    """
    generator = torch.Generator().manual_seed(seed)
    even = torch.rand(1, 32, 1, 1, generator=generator).expand(1, 32, 8, 8)
    with torch.no_grad():
        return unevenness(net.grow2(even)[0].numpy())


def run(
    out: Path,
    data: str = "digits",
    seeds: Sequence[int] = (0, 1, 2),
    *,
    images: int = 2000,
    shown: int = 500,
    epochs: int = 6,
    nets: Sequence[str] = tuple(NETS),
    progress: bool = True,
    command: str = "",
) -> list[dict]:
    """Train every net from each seed, where results.csv does not have it yet.

    Returns:
        The rows: net, seed, parameters, the measures, checkerboard before and after training (NaN
        for a net that does not grow), CPU seconds of training; and "all ink" and "nothing", two
        answers that take no net.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    trained, test = (
        clutter.make(data, part, count) for part, count in [("train", images), ("test", shown)]
    )
    settings = {"data": test.source, "images": images, "shown": shown, "epochs": epochs}
    runs.settle(out, settings, "cpu", command)
    untrained = {
        "nothing": torch.zeros_like(test.masks),
        "all ink": test.x[:, 0] > 0.25,
    }

    def measured(name: str, seed: int) -> Iterator[dict]:
        uneven, seconds, parameters = [float("nan")] * 2, 0.0, 0
        if name in untrained:
            found = scores(untrained[name], test.masks)
        else:
            torch.manual_seed(seed)
            net = NETS[name]()
            if grows := isinstance(net, Segmenter):
                uneven[0] = checkerboard(net)
            began = time.process_time()
            train(net, trained.x, trained.masks.long(), epochs=epochs, seed=seed)
            seconds = time.process_time() - began
            if grows:
                uneven[1] = checkerboard(net)
            parameters = counting.parameters(net)
            found = measure(net, test.x, test.masks)
        yield {
            "parameters": parameters,
            **found,
            "uneven_before": uneven[0],
            "uneven_after": uneven[1],
            "seconds": seconds,
        }

    plan = [(name, 0) for name in untrained] + [(name, seed) for seed in seeds for name in nets]
    return runs.resume(out, ("net", "seed"), plan, measured, progress)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.dense.experiment", __doc__, "runs/dense")
    parser.add_argument("--data", choices=["digits", "mnist"], default="digits")
    parser.add_argument("--images", type=int, default=2000, help="to train on")
    parser.add_argument("--epochs", type=int, default=6)
    runs.execute(parser, arguments, run, ["net"], "iou")


if __name__ == "__main__":
    main()
