"""Something to type and move: an input, a pooling, and the route of one output's gradient."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets
import numpy as np

from course.pooling import figures
from course.style import cells, limits, number_text
from course.widgets import Explorer, Grid, Sign, View, by_place, column, row, windows

START = "1 3 2 0 1\n4 3 3 1 0\n-2 0 5 5 -6\n1 2 0 1 1\n0 0 0 0 0"


class PoolingExplorer(Explorer):
    """Type a picture, choose a pooling, move the window: the gradient of its output is drawn.

    Attributes:
        text: the picture, one row a line, 4 x 4 to 8 x 8.
        pooling, kernel, stride, p: what to compute.
        shown: the `figures.Routes` in view; None where there are none.
    """

    def __init__(self, text=START):
        wide = {"style": {"description_width": "5em"}}
        self.text = ipywidgets.Textarea(
            text, description="picture", rows=6, layout=ipywidgets.Layout(width="20em"), **wide
        )
        self.pooling = ipywidgets.Dropdown(
            options=[*figures.POOLINGS, "Lp"], description="pooling", **wide
        )
        self.kernel = ipywidgets.IntSlider(2, 1, 4, description="window", **wide)
        self.stride = ipywidgets.IntSlider(1, 1, 4, description="stride", **wide)
        self.p = ipywidgets.FloatLogSlider(
            2, min=0, max=np.log10(50), step=0.05, description="p", readout_format=".1f", **wide
        )
        self.shown: figures.Routes | None = None
        watched = [self.text, self.pooling, self.kernel, self.stride, self.p]
        super().__init__(
            "pooling",
            [self.text, ipywidgets.VBox([self.pooling, self.kernel, self.stride, self.p])],
            watched,
        )

    def _picture(self) -> np.ndarray:
        """The numbers typed; ValueError says what is wrong with them."""
        rows = [line.replace(",", " ").split() for line in self.text.value.strip().splitlines()]
        try:
            x = np.array([[float(word) for word in line] for line in rows])
        except ValueError:
            raise ValueError(
                "the picture must be rows of equally many numbers, with spaces between them"
            ) from None
        if x.ndim != 2 or not all(4 <= size <= 8 for size in x.shape):
            raise ValueError(f"the picture must be 4 x 4 to 8 x 8, got {x.shape}")
        if not np.isfinite(x).all():
            raise ValueError("the picture must have finite numbers")
        return x

    def view(self) -> View:
        self.p.disabled = self.pooling.value != "Lp"
        self.shown = None
        x, k, s = self._picture(), self.kernel.value, self.stride.value
        shown = self.shown = figures.routes_of(x, k, s, self.pooling.value, self.p.value)
        rows, columns = (windows(count, k, s) for count in shown.y.shape)
        shared = limits(x, shown.y)
        shares = shown.share[
            np.arange(len(rows))[:, None, None, None],
            np.arange(len(columns))[None, :, None, None],
            np.array(rows)[:, None, :, None],
            np.array(columns)[None, :, None, :],
        ]
        return View(
            column(
                row(
                    Grid("input", "picture", cells(x, limits=shared), role="windows"),
                    Sign("→"),
                    Grid("output", "output", cells(shown.y, limits=shared), role="places"),
                ),
                row(
                    Grid(
                        "share",
                        "where the gradient of that output goes",
                        cells(np.zeros(x.shape), limits=(-1, 1)),
                        role="windows",
                        by_place=by_place(shares, limits=(-1, 1)),
                    )
                ),
            ),
            (rows, columns),
            [[self._sentence(i, j) for j in range(len(columns))] for i in range(len(rows))],
            label="a picture, its pooling and a gradient; arrow keys move the window",
        )

    def _sentence(self, i, j) -> str:
        share = self.shown.share[i, j]
        parts = [
            f"{number_text(share[at])} to {tuple(map(int, at))}"
            for at in zip(*np.nonzero(np.abs(share) > 0.005), strict=True)
        ]
        gone = html.escape(", ".join(parts) or "nothing, the slope is 0")
        return (
            f"output[{i}, {j}] = <b>{number_text(self.shown.y[i, j])}</b>; of a gradient of 1 go "
            f"{gone}."
        )


def explorer(**options: Any) -> PoolingExplorer:
    """The explorer; `text` is the picture to begin with."""
    return PoolingExplorer(**options)
