"""Something to build: a net layer by layer, with what it costs and where it fits."""

from __future__ import annotations

import html
from dataclasses import dataclass

import ipywidgets as widgets

from course.counting import reference
from course.counting.figures import short
from course.style import BLUE, VERMILION
from course.table import Table

LAYERS = {
    "convolution 3 × 3": lambda width: ("Conv2d", {"kernel_size": 3, "padding": 1}),
    "convolution 1 × 1": lambda width: ("Conv2d", {"kernel_size": 1}),
    "convolution 5 × 5, stride 2": lambda width: (
        "Conv2d",
        {"kernel_size": 5, "padding": 2, "stride": 2},
    ),
    "batch norm": lambda width: ("BatchNorm2d", {}),
    "ReLU": lambda width: ("ReLU", {}),
    "max pooling 2 × 2": lambda width: ("MaxPool2d", {"kernel_size": 2}),
    "global average": lambda width: ("AdaptiveAvgPool2d", {}),
    "flatten": lambda width: ("Flatten", {}),
    "fully connected": lambda width: ("Linear", {"out_features": width}),
}
CONV, POOL, RELU = (
    lambda width, k=3: ("Conv2d", {"out_channels": width, "kernel_size": k, "padding": k // 2}),
    ("MaxPool2d", {"kernel_size": 2}),
    ("ReLU", {}),
)
STARTS = {
    "nothing yet": [],
    "a small net": [
        *(CONV(32), RELU, POOL, CONV(64), RELU, POOL),
        *(("Flatten", {}), ("Linear", {"out_features": 10})),
    ],
    "VGG-16's first half": [
        *(CONV(64), RELU, CONV(64), RELU, POOL, CONV(128), RELU, CONV(128), RELU, POOL),
        *(CONV(256), RELU, CONV(256), RELU, CONV(256), RELU, POOL),
    ],
}
GRAPHICS_CARDS = (4, 8, 12, 16, 24, 48, 80)  # GB, common sizes


class Explorer(widgets.VBox):
    """Add layers, choose the batch, the type of the numbers and the optimiser.

    Attributes:
        specs: (kind, options) of each layer, as `reference.sequential` takes them.
        layers: what it counts; empty where the last layer does not fit.
        memory: of `reference.training_memory`, or None.
    """

    def __init__(self, start="a small net"):
        self.specs: list[tuple[str, dict]] = []
        self.layers, self.memory = [], None
        wide = {"style": {"description_width": "7em"}}
        self.start = widgets.Dropdown(
            options=list(STARTS), value=start, description="start from", **wide
        )
        self.size = widgets.IntSlider(224, 8, 512, 8, description="picture size", **wide)
        self.kind = widgets.Dropdown(options=list(LAYERS), description="layer", **wide)
        self.width = widgets.BoundedIntText(
            64, 1, 8192, description="channels", tooltip="output channels or features", **wide
        )
        self.add = widgets.Button(description="add the layer", button_style="primary")
        self.remove = widgets.Button(description="remove the last")
        self.batch = widgets.SelectionSlider(
            options=[2**n for n in range(11)], value=32, description="batch size", **wide
        )
        self.itemsize = widgets.Dropdown(
            options=[("float32, 4 bytes", 4), ("float16, 2 bytes", 2), ("float64, 8 bytes", 8)],
            description="numbers",
            **wide,
        )
        self.optimizer = widgets.Dropdown(
            options=["sgd", "momentum", "adam"], value="momentum", description="optimiser", **wide
        )
        self.view = widgets.HTML()

        self.start.observe(self._restart, "value")
        self.add.on_click(self._add)
        self.remove.on_click(self._remove)
        for control in (self.size, self.batch, self.itemsize, self.optimizer):
            control.observe(self._draw, "value")
        controls = widgets.HBox(
            [
                widgets.VBox([self.start, self.size, self.batch]),
                widgets.VBox([self.kind, self.width, widgets.HBox([self.add, self.remove])]),
                widgets.VBox([self.itemsize, self.optimizer]),
            ],
            layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 1em"),
        )
        super().__init__([controls, self.view])
        self.add_class("counting-explorer")
        self._restart()

    def _restart(self, _=None):
        self.specs = list(STARTS[self.start.value])
        self._draw()

    def _add(self, _=None):
        kind, options = LAYERS[self.kind.value](self.width.value)
        if kind == "Conv2d":
            options["out_channels"] = self.width.value
        self.specs.append((kind, options))
        self._draw()
        if not self.layers:  # it does not fit: say why, and take it back
            self.specs.pop()

    def _remove(self, _=None):
        if self.specs:
            self.specs.pop()
        self._draw()

    def _draw(self, _=None):
        self.layers, self.memory = [], None
        size = self.size.value
        try:
            self.layers = reference.sequential(
                self.specs, (self.batch.value, 3, size, size), self.itemsize.value
            )
        except ValueError as error:
            self.view.value = f'<p role="alert">Not possible: {html.escape(str(error))}.</p>'
            return
        if not self.layers:
            self.view.value = "<p>Add a layer.</p>"
            return
        self.memory = reference.training_memory(self.layers, self.optimizer.value)
        self.view.value = _table(self.layers) + _parts(self.memory)


@dataclass(frozen=True)
class Bar:
    """A cell of a table: a number, and its share of the longest bar."""

    text: str
    share: float

    def __str__(self):
        return self.text

    def _repr_html_(self):
        return (
            f'<svg width="80" height="12" role="img" aria-label="{self.text}">'
            f'<rect width="{80 * self.share:.1f}" height="12" fill="{BLUE}"/></svg> {self.text}'
        )


def _table(layers) -> str:
    """One line a layer, with bars for parameters, bytes kept and multiply-adds."""
    rows = reference.layer_table(layers).rows
    titles = {
        "parameters": "parameters",
        "saved bytes": "bytes kept",
        "multiply-adds": "multiply-adds",
    }
    highest = {key: max(row[key] for row in rows) or 1 for key in titles}
    shown = [
        {"layer": row["layer"], "output": row["output"][1:]}
        | {titles[key]: Bar(short(row[key]), row[key] / highest[key]) for key in titles}
        for row in rows
    ]
    total = {titles[key]: short(sum(row[key] for row in rows)) for key in titles}
    return Table(shown, {"layer": "all", **total})._repr_html_()


def _parts(memory) -> str:
    """What a training step holds, in a sentence, and the graphics cards that can hold it."""
    parts = ", ".join(f"{name} {short(size, 'B')}" for name, size in memory.items())
    total = memory["total"]
    cards = "".join(
        f'<span style="padding: 0 .5em; margin: .1em; border: 2px '
        f'{f"solid {BLUE}" if fits else f"dotted {VERMILION}"}">'
        f"{size} GB: {'fits' if fits else 'too small'}</span>"
        for size in GRAPHICS_CARDS
        for fits in [total <= size * 1e9]
    )
    return (
        f'<p class="memory" aria-live="polite">A training step holds: {parts}.</p>'
        f'<div style="display: flex; flex-wrap: wrap">{cards}</div>'
    )


def explorer(**options) -> Explorer:
    """The explorer; `start` names the net to begin with."""
    return Explorer(**options)
