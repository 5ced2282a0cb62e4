"""Something to type and move: an input, a pooling, and the route of one output's gradient."""

from __future__ import annotations

import html

import ipywidgets as widgets
import numpy as np

from course.pooling import figures
from course.style import number_text, svg_grid

START = "1 3 2 0 1\n4 3 3 1 0\n-2 0 5 5 -6\n1 2 0 1 1\n0 0 0 0 0"


class Explorer(widgets.VBox):
    """Type a picture, choose a pooling, move the output's cell: its gradient is drawn.

    Attributes:
        text: the picture, one row a line, 4 x 4 to 8 x 8.
        pooling, kernel, stride, p: what to compute.
        row, column: sliders of the output's cell.
        shown: the `figures.Route` in view; None where there is none.
    """

    def __init__(self, text=START):
        wide = {"style": {"description_width": "5em"}}
        self.text = widgets.Textarea(
            text, description="picture", rows=6, layout=widgets.Layout(width="20em"), **wide
        )
        self.pooling = widgets.Dropdown(
            options=[*figures.POOLINGS, "Lp"], description="pooling", **wide
        )
        self.kernel = widgets.IntSlider(2, 1, 4, description="window", **wide)
        self.stride = widgets.IntSlider(1, 1, 4, description="stride", **wide)
        self.p = widgets.FloatLogSlider(
            2, min=0, max=np.log10(50), step=0.05, description="p", readout_format=".1f", **wide
        )
        self.row = widgets.IntSlider(0, 0, 3, description="row", **wide)
        self.column = widgets.IntSlider(0, 0, 3, description="column", **wide)
        self.view, self.shown, self._setting = widgets.HTML(), None, False
        for control in (self.text, self.pooling, self.kernel, self.stride, self.p):
            control.observe(self._changed, "value")
        for control in (self.row, self.column):
            control.observe(self._draw, "value")
        controls = widgets.HBox(
            [
                self.text,
                widgets.VBox([self.pooling, self.kernel, self.stride, self.p]),
                widgets.VBox([widgets.Label("cell of the output"), self.row, self.column]),
            ],
            layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 1em"),
        )
        super().__init__([controls, self.view])
        self.add_class("pooling-explorer")
        self._changed()

    def _picture(self) -> np.ndarray:
        """The numbers typed; ValueError says what is wrong with them."""
        rows = [line.replace(",", " ").split() for line in self.text.value.strip().splitlines()]
        try:
            x = np.array([[float(word) for word in row] for row in rows])
        except ValueError:
            raise ValueError(
                "the picture must be rows of equally many numbers, with spaces between them"
            ) from None
        if x.ndim != 2 or not all(4 <= size <= 8 for size in x.shape):
            raise ValueError(f"the picture must be 4 x 4 to 8 x 8, got {x.shape}")
        if not np.isfinite(x).all():
            raise ValueError("the picture must have finite numbers")
        return x

    def _changed(self, _=None):
        """Read picture and pooling; the cell stays inside the output."""
        self.p.disabled = self.pooling.value != "Lp"
        try:
            sizes = [(n - self.kernel.value) // self.stride.value for n in self._picture().shape]
        except ValueError:
            sizes = [0, 0]
        self._setting = True
        self.row.max, self.column.max = sizes
        self._setting = False
        self._draw()

    def _draw(self, _=None):
        if self._setting:
            return
        try:
            x = self._picture()
            place = self.row.value, self.column.value
            shown = figures.route(
                x, self.kernel.value, self.stride.value, place, self.pooling.value, self.p.value
            )
        except ValueError as error:
            self.shown = None
            self.view.value = f'<p role="alert">Not possible: {html.escape(str(error))}.</p>'
            return
        self.shown = shown
        value = number_text(shown.y[place])
        grids = [
            ("picture", svg_grid(x, "the picture", window=shown.window, name="input")),
            (
                "output",
                svg_grid(
                    shown.y, f"the output, {value} at {place}", name="output", window=(*place, 1, 1)
                ),
            ),
            (
                "where its gradient goes",
                svg_grid(
                    shown.share,
                    "the gradient of that output by the picture",
                    window=shown.window,
                    name="share",
                    limits=(-1, 1),
                ),
            ),
        ]
        boxes = "".join(
            f'<figure style="margin: 0"><figcaption>{title}</figcaption>{svg}</figure>'
            for title, svg in grids
        )
        parts = [
            f"{number_text(shown.share[at])} to {tuple(map(int, at))}"
            for at in zip(*np.nonzero(np.abs(shown.share) > 0.005), strict=True)
        ]
        self.view.value = (
            f'<div style="display: flex; flex-wrap: wrap; gap: 1em">{boxes}</div>'
            f'<p class="said" aria-live="polite">output{list(place)} = <b>{value}</b>; of a '
            f"gradient of 1 go {', '.join(parts) or 'nothing, the slope is 0'}.</p>"
        )


def explorer(**options) -> Explorer:
    """The explorer; `text` is the picture to begin with."""
    return Explorer(**options)
