"""Something to try: how many stages stay, how many images there are, and what came of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import ipywidgets
import numpy as np
import torch

from course.style import Cell
from course.transfer.experiment import COUNTS, FRESH, TUNED
from course.transfer.nets import STAGES, Net
from course.widgets import Explorer, Grid, Sign, View, column

COLUMNS = ("begins as", "learns", "batch norm", "parameters", "of them learn")
SOURCE, NEW = "#bfd9ec", "#ffffff"
CHOICES = {"the source's, and learns on": TUNED, "fresh": FRESH}


@functools.cache
def sizes() -> dict[str, int]:
    """The parameters of each part of the net."""
    with torch.device("meta"):
        net = Net(5)
    return {
        name: sum(p.numel() for p in net._modules[name].parameters()) for name in (*STAGES, "head")
    }


class TransferExplorer(Explorer):
    """Choose the frozen stages, what the others begin as, and the images a class.

    Args:
        rows: of `course.transfer.experiment.run`.

    Attributes:
        learns: how many parameters learn.
        accuracies: what the kept runs of this choice reached, one for each seed.
    """

    def __init__(self, rows: Sequence[dict]):
        self.rows, self.learns, self.accuracies = rows, 0, []
        wide = {"style": {"description_width": "9em"}, "layout": {"width": "26em"}}
        self.frozen = ipywidgets.IntSlider(2, 0, 4, description="frozen stages", **wide)
        self.rest = ipywidgets.Dropdown(options=list(CHOICES), description="the others are", **wide)
        self.images = ipywidgets.SelectionSlider(
            options=COUNTS, value=10, description="images a class", **wide
        )
        watched = [self.frozen, self.rest, self.images]
        super().__init__("transfer", [ipywidgets.VBox(watched)], watched=watched)

    def accuracies_of(self, method: str, frozen: int) -> list[float]:
        """The kept accuracies of a choice at the chosen number of images."""
        # With all four frozen there is nothing that could be fresh or tuned.
        key = (FRESH if frozen == 4 else method, frozen, self.images.value)
        return [
            row["accuracy"]
            for row in self.rows
            if (row["method"], row["frozen"], row["images"]) == key
        ]

    def view(self) -> View:
        frozen, method = self.frozen.value, CHOICES[self.rest.value]
        self.accuracies = self.accuracies_of(method, frozen)
        cells, says, self.learns = [], [], 0
        for place, (name, size) in enumerate(sizes().items()):
            stays = place < frozen
            copied = stays or (method == TUNED and name != "head")
            learning = 0 if stays else size
            self.learns += learning
            fill = SOURCE if copied else NEW
            norm = "none" if name == "head" else "eval mode" if stays else "training mode"
            words = (
                "the source's" if copied else "fresh",
                "no" if stays else "yes",
                norm,
                f"{size:,}",
                f"{learning:,}",
            )
            cells.append([Cell(fill, word) for word in words])
            says.append([_sentence(name, stays, copied, size)] * len(COLUMNS))
        total = sum(sizes().values())
        bars, labels = [], []
        for k in range(5):
            values = self.accuracies_of(method, k)
            bars.append([Cell(SOURCE if k == frozen else NEW, _range(values))])
            labels.append(f"{k} frozen")
        return View(
            column(
                Grid(
                    "net",
                    "the net for the target",
                    cells,
                    size=(30, 118),
                    rows=list(sizes()),
                    columns=list(COLUMNS),
                    says=says,
                ),
                Sign("↓"),
                Grid(
                    "kept",
                    f"right in the kept runs, %, at {self.images.value} images a class",
                    bars,
                    size=(26, 240),
                    rows=labels,
                ),
            ),
            note=f'<p aria-live="polite"><b>{self.learns:,}</b> of {total:,} parameters learn from '
            f"{5 * self.images.value:,} images. Kept runs: <b>{_range(self.accuracies)}</b>.</p>",
            label="a table of the net's stages, and the accuracies of kept runs",
        )


def _sentence(name: str, stays: bool, copied: bool, size: int) -> str:
    begin = "begins as in the source net" if copied else "begins with random weights"
    end = "stays as it is: no gradients, and batch norm keeps its statistics" if stays else "learns"
    return f"{name}, {size:,} parameters, {begin} and {end}."


def _range(values: Sequence[float]) -> str:
    if not values:
        return "not run"
    return f"{np.mean(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def explorer(rows: Sequence[dict]) -> TransferExplorer:
    """The explorer over kept runs."""
    return TransferExplorer(rows)
