"""Something to move: a window steps over a picture, and the sizes follow every slider."""

from __future__ import annotations

import html

import ipywidgets as widgets

from course.arithmetic import figures
from course.style import VERMILION

CELL = 22  # CSS pixels


class Explorer(widgets.VBox):
    """Choose the sizes of a layer and step through its windows.

    Attributes:
        size, kernel, stride, padding, dilation, output_padding: sliders.
        transposed, ceil_mode: check boxes; a transposed layer has no ceil_mode.
        place, play: which window is shown, and the button that steps through all of them.
        shown: the `figures.Step` in view; None where the sizes do not go together.
    """

    def __init__(self, size=7, kernel=3, stride=2, padding=0, dilation=1):
        def slider(description, value, low, high):
            return widgets.IntSlider(
                value, low, high, description=description, style={"description_width": "8em"}
            )

        self.size = slider("size n", size, 1, 12)
        self.kernel = slider("kernel_size k", kernel, 1, 7)
        self.stride = slider("stride s", stride, 1, 5)
        self.padding = slider("padding p", padding, 0, 4)
        self.dilation = slider("dilation d", dilation, 1, 4)
        self.output_padding = slider("output_padding", 0, 0, 4)
        self.transposed = widgets.Checkbox(description="transposed", indent=False)
        self.ceil_mode = widgets.Checkbox(description="ceil_mode (pooling)", indent=False)
        self.place = slider("window", 0, 0, 0)
        self.play = widgets.Play(interval=600, repeat=True, description="step through the windows")
        self.view = widgets.HTML()
        widgets.jslink((self.play, "value"), (self.place, "value"))

        self._setting = False
        for control in (
            *(self.size, self.kernel, self.stride, self.padding, self.dilation),
            *(self.output_padding, self.transposed, self.ceil_mode),
        ):
            control.observe(self._changed, "value")
        self.place.observe(self._draw, "value")
        controls = widgets.HBox(
            [
                widgets.VBox([self.size, self.kernel, self.stride]),
                widgets.VBox([self.padding, self.dilation, self.output_padding]),
                widgets.VBox([self.transposed, self.ceil_mode]),
            ],
            layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 1em"),
        )
        super().__init__([controls, widgets.HBox([self.place, self.play]), self.view])
        self.add_class("arithmetic-explorer")
        self._changed()

    def _step(self, place: int) -> figures.Step:
        window = self.kernel.value, self.stride.value, self.padding.value
        if self.transposed.value:
            return figures.transposed_step(
                self.size.value, *window, self.output_padding.value, self.dilation.value, place
            )
        return figures.step(
            *(self.size.value, *window, self.dilation.value, place),
            ceil_mode=self.ceil_mode.value,
        )

    def _changed(self, _=None):
        """Read the sizes; the window goes back to the first place."""
        self.output_padding.disabled = not self.transposed.value
        self.ceil_mode.disabled = self.transposed.value
        try:
            shown = self._step(0)
        except ValueError:
            last = 0
        else:
            last = shown.small.size - 1
        self._setting = True
        self.place.value = 0
        self.play.max = self.place.max = last
        self._setting = False
        self._draw()

    def _draw(self, _=None):
        if self._setting:
            return
        try:
            self.shown = self._step(self.place.value)
        except ValueError as error:
            self.shown = None
            self.place.disabled = self.play.disabled = True
            self.view.value = (
                f'<p class="problem" role="alert">No layer: {html.escape(str(error))}.</p>'
            )
            return
        self.place.disabled = self.play.disabled = False
        shown = self.shown
        row, column = shown.place
        grids = [
            (shown.titles[0], _svg(shown.large, shown.titles[0], shown.window, "large")),
            (shown.titles[1], _svg(shown.small, shown.titles[1], (row, column, 1, 1), "small")),
        ]
        if shown.transposed:
            grids.reverse()
        left, right = (
            f'<figure style="margin: 0"><figcaption>{title}</figcaption>{svg}</figure>'
            for title, svg in grids
        )
        steps = "".join(f"<div>{part}</div>" for part in shown.formula.split(",  "))
        unread = f'<p class="unread">{shown.unread}</p>' if shown.unread else ""
        self.view.value = (
            '<div style="display: flex; flex-wrap: wrap; gap: .8em; align-items: flex-start">'
            f'{left}<span style="font-size: 1.6em; align-self: center">→</span>{right}</div>'
            f'<div class="formula" aria-live="polite">{steps}</div>{unread}'
        )


def _svg(cells, label, frame, name) -> str:
    """A grid of cells by their kinds, with a frame."""
    side = [size * CELL + 6 for size in cells.shape]
    parts = [
        f'<svg class="{name}" role="img" aria-label="{html.escape(label)}" '
        f'viewBox="-3 -3 {side[1]} {side[0]}" width="{side[1]}" height="{side[0]}" '
        'style="max-width: 100%; height: auto; background: white" '
        f'font-family="sans-serif" font-size="{CELL * 0.6:.0f}" text-anchor="middle">'
    ]
    for row, kinds in enumerate(cells):
        for column, kind in enumerate(kinds):
            colour, mark = figures.LOOKS[kind]
            x, y = column * CELL, row * CELL
            parts.append(
                f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{colour}" '
                'stroke="#777" stroke-width=".6"/>'
            )
            if mark:
                ink = "white" if kind == figures.TAP else "black"
                parts.append(
                    f'<text x="{x + CELL / 2}" y="{y + CELL / 2}" dy=".35em" fill="{ink}">{mark}'
                    "</text>"
                )
    row, column, height, width = (CELL * part for part in frame)
    parts.append(
        f'<rect x="{column}" y="{row}" width="{width}" height="{height}" fill="none" '
        f'stroke="{VERMILION}" stroke-width="3"/></svg>'
    )
    return "".join(parts)


def explorer(**sizes) -> Explorer:
    """The explorer; `size`, `kernel`, `stride`, `padding`, `dilation` say where it begins."""
    return Explorer(**sizes)
