"""Something to build: a net of blocks, with what it costs, how far it sees, and its budgets."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets
from torch import nn

from course.architectures.blocks import BLOCKS, conv_norm_relu
from course.architectures.summary import Layer, summary
from course.counting.figures import short
from course.style import VERMILION, Cell, cells
from course.widgets import Explorer, Grid, View, row

POOL, HEAD = "max pooling 2 × 2", "global average, linear to 10"
START = [("two 3x3", 16), (POOL, 0), ("residual", 32), (POOL, 0), ("inception", 64), (HEAD, 0)]
BUDGETS = {
    "parameters": (200_000, [10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]),
    "multiply-adds": (50_000_000, [1_000_000, 10_000_000, 50_000_000, 100_000_000, 1_000_000_000]),
    "memory, bytes": (4_000_000, [500_000, 1_000_000, 4_000_000, 16_000_000, 64_000_000]),
}


class ArchitecturesExplorer(Explorer):
    """Add blocks and choose their channels; a cost above its budget turns red.

    Attributes:
        blocks: (kind, channels) of each block; pooling and head have 0 channels.
        rows: for each block (name, output shape, parameters, multiply-adds, bytes, sees).
        totals: parameters, multiply-adds and bytes of all.
        over: the budgets that are exceeded.
    """

    def __init__(self, start: list[tuple[str, int]] | None = None):
        self.blocks = list(START if start is None else start)
        self.rows: list[tuple] = []
        self.totals: dict[str, int] = {}
        self.over: list[str] = []
        self._known: dict[tuple, list] = {}
        wide = {"style": {"description_width": "8em"}}
        self.size = ipywidgets.IntSlider(32, 16, 224, 16, description="picture size", **wide)
        self.kind = ipywidgets.Dropdown(options=[*BLOCKS, POOL, HEAD], description="block", **wide)
        self.width = ipywidgets.BoundedIntText(64, 4, 1024, 4, description="channels", **wide)
        self.add = ipywidgets.Button(description="add the block", button_style="primary")
        self.remove = ipywidgets.Button(description="remove the last")
        self.budgets = {
            name: ipywidgets.Dropdown(
                options=[(short(value), value) for value in choices],
                value=chosen,
                description=name,
                **wide,
            )
            for name, (chosen, choices) in BUDGETS.items()
        }
        super().__init__(
            "architectures",
            [
                ipywidgets.VBox([self.kind, self.width, ipywidgets.HBox([self.add, self.remove])]),
                ipywidgets.VBox([self.size]),
                ipywidgets.VBox(list(self.budgets.values())),
            ],
            watched=[self.size, *self.budgets.values()],
        )
        self.add.on_click(self._add)
        self.remove.on_click(self._remove)

    def _add(self, _=None):
        kind = self.kind.value
        longer = [*self.blocks, (kind, self.width.value if kind in BLOCKS else 0)]
        try:
            build(longer, self.size.value)
        except ValueError as error:
            self.refuse(error)
            return
        self.blocks = longer
        self.redraw()

    def _remove(self, _=None):
        self.blocks = self.blocks[:-1]
        self.redraw()

    def _built(self):
        """The net's layers; a net that was shown before is not measured again."""
        asked = (tuple(self.blocks), self.size.value)
        if asked not in self._known:
            self._known[asked] = build(*asked)
        return self._known[asked]

    def view(self) -> View:
        self.rows = [
            (
                name,
                layers[-1].output_shape,
                sum(layer.parameters for layer in layers),
                sum(layer.multiply_adds for layer in layers),
                sum(layer.memory for layer in layers),
                layers[-1].sees,
            )
            for name, layers in self._built()
        ]
        self.totals = {
            name: sum(each[2 + place] for each in self.rows) for place, name in enumerate(BUDGETS)
        }
        self.over = [
            name for name, total in self.totals.items() if total > self.budgets[name].value
        ]
        most = [max(each[2 + place] for each in self.rows) or 1 for place in range(len(BUDGETS))]
        shares = [[n / m for n, m in zip(each[2:5], most, strict=True)] for each in self.rows]
        looks = [
            [
                Cell("white", " × ".join(map(str, each[1]))),
                *(
                    look._replace(text=short(value))
                    for value, look in zip(each[2:5], shades, strict=True)
                ),
                Cell("white", f"{each[5]} pixels"),
            ]
            for each, shades in zip(self.rows, cells(shares, limits=(-1, 1)), strict=True)
        ]
        totals = [
            Cell(VERMILION if name in self.over else "#eeeeee", short(total))
            for name, total in self.totals.items()
        ]
        looks.append([Cell("#eeeeee"), *totals, Cell("#eeeeee")])
        grid = Grid(
            "net",
            "cost of each block for one picture; the darker, the more of its column",
            looks,
            role="places",
            size=(24, 116),
            rows=[*(each[0] for each in self.rows), "all"],
            columns=["output", *BUDGETS, "one output sees"],
        )
        told = f"Over budget: {', '.join(self.over)}." if self.over else "Within all budgets."
        return View(
            row(grid),
            ([[i] for i in range(len(looks))], [[j] for j in range(len(looks[0]))]),
            [*(self._sentences(each) for each in self.rows), [""] * len(looks[0])],
            note=f'<p class="budgets" aria-live="polite">{told}</p>',
            label="costs of a net, a line for each block; arrow keys choose a number",
            on_place="",
        )

    def _sentences(self, each: tuple) -> list[str]:
        """What is to be said of each number of a block."""
        name, shape, *costs, sees = each
        named = f"<b>{html.escape(name)}</b>"
        return [
            f"{named} gives {' × '.join(map(str, shape))} numbers.",
            *(
                f"{named}: {cost:,} {what}, {100 * cost / (total or 1):.1f} % of the net's."
                for cost, (what, total) in zip(costs, self.totals.items(), strict=True)
            ),
            f"One output of {named} sees {sees} × {sees} pixels of the picture, borders ignored.",
        ]


def build(blocks: Sequence[tuple[str, int]], size: int) -> list[tuple[str, list[Layer]]]:
    """The layers of each block of a net, after a stem of 16 channels.

    Args:
        blocks: (kind, channels), as `ArchitecturesExplorer.blocks`.
        size: of the square colour picture.

    Returns:
        (what the block is called, its layers) of the stem and each block.

    Raises:
        ValueError: nothing can follow the head, or the picture has become too small to halve.
    """
    modules, names, channels, side = [conv_norm_relu(3, 16, 3)], ["stem, 16 channels"], 16, size
    for kind, width in blocks:
        if names[-1] == HEAD:
            raise ValueError("the head comes last: remove it before you add a block")
        if kind == POOL:
            if side < 2:
                raise ValueError("the maps have one pixel: there is nothing left to halve")
            modules.append(nn.MaxPool2d(2))
            side //= 2
        elif kind == HEAD:
            head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10)]
            modules.append(nn.Sequential(*head))
        else:
            modules.append(BLOCKS[kind](channels, width))
            channels = width
        names.append(kind if kind in (POOL, HEAD) else f"{kind}, {width} channels")
    layers = summary(nn.Sequential(*modules), (3, size, size))
    return [
        (name, [layer for layer in layers if layer.name.split(".")[0] == str(place)])
        for place, name in enumerate(names)
    ]


def explorer(**options: Any) -> ArchitecturesExplorer:
    """The explorer; `start` gives the blocks to begin with."""
    return ArchitecturesExplorer(**options)
