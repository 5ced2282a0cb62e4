"""Something to look into: a unit, what it sees of a picture, and what excites it most."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np
import torch

from course.insides import clutter
from course.insides.measure import field, strongest_patches
from course.insides.nets import Net, train
from course.style import cells, svg_cells
from course.widgets import Explorer, Grid, Sign, View, row

LAYERS = ("relu1", "pool1", "relu2", "pool2", "relu3")


class InsidesExplorer(Explorer):
    """Choose a layer, a unit and a picture; point at the map to see what its outputs read.

    Args:
        net: a trained `Net`; one is trained in seconds when None.
        x: (N, 1, 16, 16) pictures; cluttered test digits when None.

    Attributes:
        map: of the unit on the picture, (I, J).
        patches: the unit's strongest, of all pictures.
    """

    def __init__(self, net: Net | None = None, x: torch.Tensor | None = None):
        if net is None:
            made = clutter.make(count=1500)
            net = train(made.x, made.y, epochs=3)
        self.net = net
        self.x = clutter.make(part="test", count=200).x if x is None else x
        self.map, self.patches = np.zeros((1, 1)), []
        self.layer = ipywidgets.Dropdown(options=LAYERS, value="relu2", description="layer")
        self.unit = ipywidgets.IntSlider(0, 0, 31, description="unit")
        self.picture = ipywidgets.IntSlider(0, 0, min(len(self.x), 50) - 1, description="picture")
        super().__init__(
            "insides",
            [self.layer, self.unit, self.picture],
            watched=[self.layer, self.unit, self.picture],
        )

    @torch.no_grad()
    def view(self) -> View:
        layer, picture = self.layer.value, self.x[self.picture.value : self.picture.value + 1]
        maps = self.net.until(layer)(picture)[0]
        with self.unit.hold_trait_notifications():
            self.unit.max = len(maps) - 1
        unit = min(self.unit.value, len(maps) - 1)
        self.map = maps[unit].numpy()
        self.patches = strongest_patches(self.net, layer, unit, self.x, 6)
        sees, step = field(self.net, layer, tuple(self.x.shape[1:]))
        rows, columns = (
            [_read(i, sees, step, length) for i in range(count)]
            for count, length in zip(self.map.shape, picture.shape[2:], strict=True)
        )
        side = 256 // max(picture.shape[2:])
        high = max(float(self.map.max()), 1e-9)
        look = {"scale": "grey", "numbers": False}
        images = "".join(
            "<span style='margin-right: .6em; display: inline-block'>"
            f"{svg_cells(cells(p.pixels, limits=(0, 1), **look), 'a patch', size=(9, 9))}</span>"
            for p in self.patches
        )
        return View(
            row(
                Grid(
                    "picture",
                    "picture",
                    cells(picture[0, 0].numpy(), limits=(0, 1), **look),
                    role="windows",
                    size=(side, side),
                ),
                Sign("→"),
                Grid(
                    "map",
                    f"map of unit {unit} of {layer}",
                    cells(self.map, limits=(0, high), **look),
                    role="places",
                    size=(256 // self.map.shape[0],) * 2,
                ),
            ),
            (rows, columns),
            [
                [
                    f"output [{i}, {j}] = <b>{value:.2f}</b>; it sees "
                    f"{len(rows[i])} × {len(columns[j])} of the pixels."
                    for j, value in enumerate(line)
                ]
                for i, line in enumerate(self.map)
            ],
            note=f"<p>What excites this unit most in {len(self.x)} pictures:</p>{images}",
            label="a picture and the map of a unit; the arrow keys choose an output",
        )


def _read(i: int, sees: int, step: int, length: int) -> list[int]:
    """The pixels along one axis that output i reads."""
    first = round(step * i + (step - 1) / 2 - (sees - 1) / 2)
    return list(range(max(first, 0), min(first + sees, length)))


def explorer(**options: Any) -> InsidesExplorer:
    """The explorer; `net` and `x` are what it looks into."""
    return InsidesExplorer(**options)
