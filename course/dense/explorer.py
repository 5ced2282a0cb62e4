"""Something to move: a mask over the right one, with what it costs and how it scores."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from course.dense.reference import (
    cross_entropy,
    cross_entropy_backward,
    intersection_over_union,
    pixel_accuracy,
)
from course.style import Cell, number_text
from course.widgets import Explorer, Grid, Sign, View, column, row

SIDE = 14
CLASSES = ("background", "object")


def _block(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[rows, columns] = True
    return mask


OBJECTS = {
    "a large block": _block(slice(3, 11), slice(3, 11)),
    "a small block": _block(slice(6, 8), slice(6, 8)),
    "a thin line": _block(slice(3, 11), slice(6, 7)),
    "nothing at all": np.zeros((SIDE, SIDE), bool),
}
LOOKS = {
    (False, False): Cell("#303030"),
    (True, True): Cell("#ffffff"),
    (True, False): Cell("#e69f00", "−"),
    (False, True): Cell("#0072b2", "+", "white"),
}


class DenseExplorer(Explorer):
    """Move and grow what a net says; see what each score makes of it.

    Attributes:
        right, said: (H, W) bool.
        iou: (2,), of background and object; NaN for a class that is nowhere.
        accuracy, loss: of all pixels.
    """

    def __init__(self):
        self.right = self.said = np.zeros((SIDE, SIDE), bool)
        self.iou, self.accuracy, self.loss = np.zeros(2), 0.0, 0.0
        wide = {"style": {"description_width": "6.5em"}}
        self.shape = ipywidgets.Dropdown(options=list(OBJECTS), description="right", **wide)
        self.down = ipywidgets.IntSlider(1, -4, 4, description="said: down", **wide)
        self.across = ipywidgets.IntSlider(1, -4, 4, description="said: right", **wide)
        self.bigger = ipywidgets.IntSlider(0, -2, 3, description="said: larger", **wide)
        self.sure = ipywidgets.FloatSlider(
            0.9, min=0.55, max=0.99, step=0.01, description="sure", **wide
        )
        watched = [self.shape, self.down, self.across, self.bigger, self.sure]
        super().__init__(
            "dense",
            [
                ipywidgets.VBox([self.shape, self.sure]),
                ipywidgets.VBox([self.down, self.across, self.bigger]),
            ],
            watched=watched,
        )

    def view(self) -> View:
        self.right = OBJECTS[self.shape.value]
        self.said = _moved(self.right, self.down.value, self.across.value, self.bigger.value)
        # Two scores whose softmax is `sure` for the class that is said.
        score = np.log(self.sure.value / (1 - self.sure.value))
        z = np.stack([~self.said, self.said])[None] * score
        target = self.right.astype(int)[None]
        self.loss = cross_entropy(z, target)
        gradient = cross_entropy_backward(1.0, z, target)[0, 1]
        self.iou = intersection_over_union(self.said.astype(int), target[0], 2)
        self.accuracy = pixel_accuracy(self.said.astype(int), target[0], 2)
        drawn = [
            [LOOKS[bool(r), bool(s)] for r, s in zip(*lines, strict=True)]
            for lines in zip(self.right, self.said, strict=True)
        ]
        rows = [
            ("object's IoU", self.iou[1]),
            ("background's IoU", self.iou[0]),
            ("mean IoU", np.nanmean(self.iou)),
            ("right pixels", self.accuracy),
        ]
        scores = [
            [
                Cell("#eeeeee", name),
                Cell("#eeeeee", "none" if np.isnan(value) else f"{100 * value:.0f} %"),
            ]
            for name, value in rows
        ]
        scores.append([Cell("#eeeeee", "loss"), Cell("#eeeeee", number_text(self.loss, 3))])
        return View(
            row(
                Grid("masks", "said over right", drawn, role="places", size=(20, 20)),
                Sign("→"),
                column(Grid("scores", "what it scores", scores, size=(30, 150))),
            ),
            ([[] for _ in range(SIDE)], [[] for _ in range(SIDE)]),
            [[self._sentence(i, j, gradient[i, j]) for j in range(SIDE)] for i in range(SIDE)],
            note="<p>White: right. Orange −: missed. Blue +: invented. Dark: background.</p>",
            label="a mask over the right one; the arrow keys choose a pixel",
        )

    def _sentence(self, i: int, j: int, gradient: float) -> str:
        said, right = (CLASSES[int(mask[i, j])] for mask in (self.said, self.right))
        p = self.sure.value if said == right else 1 - self.sure.value
        return (
            f"pixel [{i}, {j}]: said {said}, right is {right}; −log {p:.2f} = "
            f"<b>{-np.log(p):.2f}</b>, gradient of the object's score {number_text(gradient, 5)}"
        )


def _moved(mask: np.ndarray, down: int, across: int, bigger: int) -> np.ndarray:
    """A mask grown or shrunk by pixels on each side, then moved; what leaves the grid is lost."""
    margin = 8
    wide = np.pad(mask, margin)
    for _ in range(abs(bigger)):
        near = np.stack([np.roll(wide, (a, b), (0, 1)) for a in (-1, 0, 1) for b in (-1, 0, 1)])
        wide = near.any(0) if bigger > 0 else near.all(0)
    wide = np.roll(wide, (down, across), (0, 1))
    return wide[margin:-margin, margin:-margin]


def explorer(**options: Any) -> DenseExplorer:
    """The explorer."""
    return DenseExplorer(**options)
