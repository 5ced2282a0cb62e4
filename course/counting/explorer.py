"""Something to build: a net layer by layer, with what it costs and where it fits."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets

from course.counting import reference
from course.counting.figures import short
from course.style import BLUE, VERMILION, Cell, cells
from course.widgets import Explorer, Grid, View, row

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


COLUMNS = {
    "output": "output",
    "parameters": "parameters",
    "saved bytes": "bytes kept",
    "multiply-adds": "multiply-adds",
}


class CountingExplorer(Explorer):
    """Add layers, choose the batch, the type of the numbers and the optimiser.

    Attributes:
        specs: (kind, options) of each layer, as `reference.sequential` takes them.
        layers: what it counts; empty where there are none or the picture is too small for them.
        memory: of `reference.training_memory`, or None.
    """

    def __init__(self, start="a small net"):
        self.layers, self.memory = [], None
        wide = {"style": {"description_width": "7em"}}
        self.start = ipywidgets.Dropdown(
            options=list(STARTS), value=start, description="start from", **wide
        )
        self.size = ipywidgets.IntSlider(224, 8, 512, 8, description="picture size", **wide)
        self.kind = ipywidgets.Dropdown(options=list(LAYERS), description="layer", **wide)
        self.width = ipywidgets.BoundedIntText(
            64, 1, 8192, description="channels", tooltip="output channels or features", **wide
        )
        self.add = ipywidgets.Button(description="add the layer", button_style="primary")
        self.remove = ipywidgets.Button(description="remove the last")
        self.batch = ipywidgets.SelectionSlider(
            options=[2**n for n in range(11)], value=32, description="batch size", **wide
        )
        self.itemsize = ipywidgets.Dropdown(
            options=[("float32, 4 bytes", 4), ("float16, 2 bytes", 2), ("float64, 8 bytes", 8)],
            description="numbers",
            **wide,
        )
        self.optimizer = ipywidgets.Dropdown(
            options=["sgd", "momentum", "adam"], value="momentum", description="optimiser", **wide
        )
        self.specs: list[tuple[str, dict]] = list(STARTS[start])
        super().__init__(
            "counting",
            [
                ipywidgets.VBox([self.start, self.size, self.batch]),
                ipywidgets.VBox([self.kind, self.width, ipywidgets.HBox([self.add, self.remove])]),
                ipywidgets.VBox([self.itemsize, self.optimizer]),
            ],
            watched=[self.size, self.batch, self.itemsize, self.optimizer],
        )
        self.start.observe(self._restart, "value")
        self.add.on_click(self._add)
        self.remove.on_click(self._remove)

    def _restart(self, _=None):
        self.specs = list(STARTS[self.start.value])
        self.redraw()

    def _add(self, _=None):
        kind, options = LAYERS[self.kind.value](self.width.value)
        if kind == "Conv2d":
            options["out_channels"] = self.width.value
        longer = [*self.specs, (kind, options)]
        try:
            self._count(longer)
        except ValueError as error:
            self.refuse(error)
            return
        self.specs = longer
        self.redraw()

    def _remove(self, _=None):
        self.specs = self.specs[:-1]
        self.redraw()

    def _count(self, specs) -> list[reference.Layer]:
        shape = (self.batch.value, 3, self.size.value, self.size.value)
        return reference.sequential(specs, shape, self.itemsize.value)

    def view(self) -> View:
        self.layers, self.memory = [], None
        self.layers = self._count(self.specs)
        if not self.layers:
            return View(row(), note="<p>Add a layer.</p>")
        self.memory = reference.training_memory(self.layers, self.optimizer.value)
        table = reference.layer_table(self.layers)
        counts = [key for key in COLUMNS if key != "output"]
        most = {key: max(each[key] for each in table.rows) or 1 for key in counts}
        shares = [[each[key] / most[key] for key in counts] for each in table.rows]
        looks = [
            [Cell("white", " × ".join(map(str, each["output"][1:])))]
            + [
                look._replace(text=short(each[key]))
                for key, look in zip(counts, looks_of, strict=True)
            ]
            for each, looks_of in zip(table.rows, cells(shares, limits=(-1, 1)), strict=True)
        ]
        totals = [Cell("#eeeeee", short(table.total[key])) for key in counts]
        looks.append([Cell("#eeeeee"), *totals])
        grid = Grid(
            "net",
            "cost of each layer for the whole batch; the darker, the more of its column",
            looks,
            role="places",
            size=(22, 108),
            rows=[*(each["layer"] for each in table.rows), "all"],
            columns=list(COLUMNS.values()),
        )
        return View(
            row(grid),
            ([[i] for i in range(len(looks))], [[j] for j in range(len(COLUMNS))]),
            [*(self._sentences(each, table.total) for each in table.rows), [""] * len(COLUMNS)],
            note=_parts(self.memory),
            label="costs of a net, a line for each layer; arrow keys choose a number",
            on_place="",
        )

    def _sentences(self, each: dict, total: dict) -> list[str]:
        """What is to be said of each number of a layer."""
        name = f"<b>{html.escape(each['layer'])}</b>"
        shape = " × ".join(map(str, each["output"]))
        return [
            f"{name} gives {shape} numbers.",
            *(
                f"{name}: {each[key]:,} {title}, {100 * each[key] / (total[key] or 1):.1f} % of "
                "the net's."
                for key, title in list(COLUMNS.items())[1:]
            ),
        ]


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


def explorer(**options: Any) -> CountingExplorer:
    """The explorer; `start` names the net to begin with."""
    return CountingExplorer(**options)
