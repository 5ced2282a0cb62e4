"""How far can a map of what a net looks at be trusted? `python -m course.insides.experiment --help`

Digits in clutter: it is known where the answer lies. Every map of every net is a row of
results.csv; an interrupted command goes on from its last whole seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from course import runs
from course.insides import clutter
from course.insides.measure import occlusion, saliency
from course.insides.nets import Net, randomised, train
from course.insides.reference import share_in_box

RANDOM = {
    "trained": (),
    "last layer random": ("linear",),
    "last two layers random": ("linear", "conv3"),
    "all random": ("linear", "conv3", "conv2", "conv1"),
}
MAPS = ("gradient", "gradient x image", "deconvnet", "guided", "occlusion", "the image itself")


def make_map(model: Net, x: Tensor, classes: Tensor, kind: str) -> Tensor:
    """A map of one kind: (N, H, W); magnitudes are what counts.

    Args:
        model: in eval mode.
        x: (N, 1, H, W).
        classes: (N,) int64.
        kind: one of `MAPS`.
    """
    if kind == "the image itself":
        return x[:, 0]
    if kind == "occlusion":
        return occlusion(model, x, classes).clamp(min=0)
    found = saliency(model, x, classes, kind.split(" ")[0])
    return (found * x if kind.endswith("image") else found)[:, 0]


def measure(maps: Tensor, boxes: Tensor) -> dict[str, float]:
    """Percent of a map's magnitude in the box, and of pictures whose strongest pixel lies there."""
    mass, hits = [], []
    for values, box in zip(maps.abs().numpy(), boxes.tolist(), strict=True):
        mass.append(share_in_box(values, tuple(box)))
        row, column = np.unravel_index(values.argmax(), values.shape)
        top, left, height, width = box
        hits.append(top <= row < top + height and left <= column < left + width)
    return {"mass": 100 * float(np.mean(mass)), "strongest": 100 * float(np.mean(hits))}


@torch.no_grad()
def blanked(model: Net, x: Tensor, y: Tensor, maps: Tensor, share: float = 0.1) -> float:
    """Percent still right after the strongest pixels of each map are set to 0; 100 before.

    Args:
        share: of the pixels.
    """
    flat = maps.abs().flatten(1)
    strongest = flat.topk(round(share * flat.shape[1]), dim=1).indices
    hidden = x.flatten(1).scatter(1, strongest, 0.0).view_as(x)
    return 100 * (model(hidden).argmax(1) == y).double().mean().item()


def run(
    out: Path,
    data: str = "mnist",
    seeds: Sequence[int] = (0, 1, 2),
    *,
    images: int = 4000,
    epochs: int = 6,
    shown: int = 200,
    progress: bool = True,
    command: str = "",
) -> list[dict]:
    """Train a net from each seed and measure its maps, where results.csv does not have them yet.

    Only pictures that the trained net gets right are measured: else the class followed is wrong.

    Returns:
        The rows: seed, net (of `RANDOM`), map (of `MAPS`), accuracy of the net on all test
        pictures, mass, strongest and still_right in percent.

    Raises:
        ValueError: `out` holds results of other settings.
    """
    parts = {
        part: clutter.make(data, part, count) for part, count in [("train", images), ("test", 1000)]
    }
    settings = {"data": parts["test"].source, "images": images, "epochs": epochs, "shown": shown}
    runs.settle(out, settings, "cpu", command)
    test = parts["test"]

    def measured(seed: int) -> Iterator[dict]:
        net = train(parts["train"].x, parts["train"].y, epochs=epochs, seed=seed)
        with torch.no_grad():
            right = net(test.x).argmax(1) == test.y
        chosen = right.nonzero().flatten()[:shown]
        x, y, boxes = test.x[chosen], test.y[chosen], test.boxes[chosen]
        for name, layers in RANDOM.items():
            model = randomised(net, layers, parts["train"].x[:500], seed) if layers else net
            # The image does not depend on the net, and occlusion of a random one says nothing.
            for kind in MAPS if name == "trained" else MAPS[:4]:
                maps = make_map(model, x, y, kind)
                yield {
                    "net": name,
                    "map": kind,
                    "accuracy": 100 * right.double().mean().item(),
                    **measure(maps, boxes),
                    "still_right": blanked(net, x, y, maps),
                }

    return runs.resume(out, ("seed",), [(seed,) for seed in seeds], measured, progress)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.insides.experiment", __doc__, "runs/insides")
    parser.add_argument("--data", choices=["digits", "mnist"], default="mnist")
    parser.add_argument("--images", type=int, default=4000, help="to train on")
    parser.add_argument("--epochs", type=int, default=6)
    runs.execute(parser, arguments, run, ["net", "map"], "strongest")


if __name__ == "__main__":
    main()
