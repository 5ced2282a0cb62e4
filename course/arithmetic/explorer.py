"""Something to move: a window steps over a picture, and the sizes follow every slider."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets
import numpy as np

from course.arithmetic import figures
from course.style import Cell
from course.widgets import Explorer, Grid, Sign, View, row


class ArithmeticExplorer(Explorer):
    """Choose the sizes of a layer and step through its windows.

    Attributes:
        size, kernel, stride, padding, dilation, output_padding: sliders.
        transposed, ceil_mode: check boxes; a transposed layer has no ceil_mode.
        play: the button that steps through all windows.
        shown: the `figures.Step` of the first window; None where the sizes do not go together.
    """

    def __init__(self, size=7, kernel=3, stride=2, padding=0, dilation=1):
        def slider(description, value, low, high):
            return ipywidgets.IntSlider(
                value, low, high, description=description, style={"description_width": "8em"}
            )

        self.size = slider("size n", size, 1, 12)
        self.kernel = slider("kernel_size k", kernel, 1, 7)
        self.stride = slider("stride s", stride, 1, 5)
        self.padding = slider("padding P", padding, 0, 4)
        self.dilation = slider("dilation d", dilation, 1, 4)
        self.output_padding = slider("output_padding", 0, 0, 4)
        self.transposed = ipywidgets.Checkbox(description="transposed", indent=False)
        self.ceil_mode = ipywidgets.Checkbox(description="ceil_mode (pooling)", indent=False)
        self.play = ipywidgets.Play(
            interval=600, repeat=True, description="step through the windows"
        )
        self.shown: figures.Step | None = None
        super().__init__(
            "arithmetic",
            [
                ipywidgets.VBox([self.size, self.kernel, self.stride]),
                ipywidgets.VBox([self.padding, self.dilation, self.output_padding]),
                ipywidgets.VBox([self.transposed, self.ceil_mode, self.play]),
            ],
            watched=[
                *(self.size, self.kernel, self.stride, self.padding, self.dilation),
                *(self.output_padding, self.transposed, self.ceil_mode),
            ],
        )
        self.play.observe(self._step, "value")

    def _step(self, change):
        if self.shown is not None:
            self.grids.place = list(divmod(change["new"], len(self.shown.small)))

    def view(self) -> View:
        self.output_padding.disabled = not self.transposed.value
        self.ceil_mode.disabled = self.transposed.value
        self.shown = None
        sizes = self.size.value, self.kernel.value, self.stride.value, self.padding.value
        if self.transposed.value:
            shown = figures.transposed_step(*sizes, self.output_padding.value, self.dilation.value)
        else:
            shown = figures.step(*sizes, self.dilation.value, ceil_mode=self.ceil_mode.value)
        self.shown = shown
        self.play.max = shown.small.size - 1
        padding = 0 if self.transposed.value else self.padding.value
        look = {"size": (22, 22), "tap": _look(figures.TAP)}
        large = Grid(
            "large",
            shown.titles[0],
            _looks(shown.under),
            role="windows",
            offset=(padding, padding),
            **look,
        )
        small = Grid(
            "small",
            shown.titles[1],
            _looks(np.full(shown.small.shape, figures.PIXEL)),
            role="places",
            **look,
        )
        steps = "".join(f"<div>{html.escape(step)}</div>" for step in shown.formula.split(",  "))
        unread = f'<p class="unread">{html.escape(shown.unread)}</p>' if shown.unread else ""
        grids, verbs = (large, small), ("is read by {n} windows", "reads {n} cells")
        if shown.transposed:
            grids, verbs = (small, large), ("is written by {n} pixels", "writes {n} cells")
        return View(
            row(grids[0], Sign("→"), grids[1]),
            (shown.reads, shown.reads),
            note=f'<div class="formula" aria-live="polite">{steps}</div>{unread}',
            label="input and output of a layer; arrow keys move the window",
            on_window=f"This cell {verbs[0]}.",
            on_place=f"This cell {verbs[1]}.",
        )


def _look(kind) -> Cell:
    colour, mark = figures.LOOKS[kind]
    return Cell(colour, mark, "white" if kind == figures.TAP else "black")


def _looks(kinds) -> list[list[Cell]]:
    return [[_look(kind) for kind in line] for line in kinds]


def explorer(**sizes: Any) -> ArithmeticExplorer:
    """The explorer; `size`, `kernel`, `stride`, `padding`, `dilation` say where it begins."""
    return ArithmeticExplorer(**sizes)
