"""Something to move: blocks of threads over a picture, and what each reads."""

from __future__ import annotations

import ipywidgets
import numpy as np

from course.style import Cell
from course.widgets import Explorer, Grid, Sign, View, row


class KernelsExplorer(Explorer):
    """Choose picture, block and kernel; pointing at a block shows what it reads.

    Attributes:
        height, width, tile, kernel: what is shown.
        naive, tiled: (blocks down, blocks across), reads of global memory of each block.
        idle: the same, threads without a pixel.
    """

    def __init__(self, size: tuple[int, int] = (13, 19), tile: int = 8, kernel_size: int = 3):
        wide = {"style": {"description_width": "7em"}}
        self.height = ipywidgets.IntSlider(size[0], 4, 24, description="height", **wide)
        self.width = ipywidgets.IntSlider(size[1], 4, 24, description="width", **wide)
        self.tile = ipywidgets.Dropdown(options=[2, 4, 8, 16], value=tile, description="block")
        self.kernel = ipywidgets.Dropdown(
            options=[1, 3, 5, 7], value=kernel_size, description="kernel"
        )
        controls = [self.height, self.width, self.tile, self.kernel]
        super().__init__(
            "kernels",
            [ipywidgets.VBox(controls[:2]), ipywidgets.VBox(controls[2:])],
            watched=controls,
        )

    def view(self) -> View:
        height, width = self.height.value, self.width.value
        tile, k = self.tile.value, self.kernel.value
        reach = k // 2
        blocks = -(-height // tile), -(-width // tile)
        shape = [count * tile + 2 * reach for count in blocks]
        inside = np.zeros(shape, bool)
        inside[reach : reach + height, reach : reach + width] = True
        reads = [
            [list(range(start * tile, start * tile + tile + k - 1)) for start in range(count)]
            for count in blocks
        ]
        # How many windows of the picture's own threads a pixel lies in is what naive threads read.
        self.naive, self.tiled, self.idle = (np.zeros(blocks, int) for _ in range(3))
        for i, j in np.ndindex(blocks):
            self.tiled[i, j] = inside[np.ix_(reads[0][i], reads[1][j])].sum()
            rows = range(i * tile, min((i + 1) * tile, height))
            columns = range(j * tile, min((j + 1) * tile, width))
            self.naive[i, j] = sum(
                inside[y : y + k, x : x + k].sum() for y in rows for x in columns
            )
            self.idle[i, j] = tile**2 - len(rows) * len(columns)
        looks = [
            [Cell("#7fb3d5") if pixel else Cell("#eeeeee") for pixel in line] for line in inside
        ]
        picture = Grid(
            "picture",
            "picture and ghost cells",
            looks,
            role="windows",
            offset=(reach, reach),
            size=(15, 15),
        )
        grid = Grid(
            "blocks",
            "reads of each block, with shared memory",
            [[Cell("white", f"{count}") for count in line] for line in self.tiled.tolist()],
            role="places",
            size=(34, 44),
        )
        total = self.naive.sum(), self.tiled.sum()
        return View(
            row(picture, Sign("←"), grid),
            tuple(reads),
            [[self._sentence(i, j) for j in range(blocks[1])] for i in range(blocks[0])],
            note=(
                f"<p>All blocks together: {total[0]:,} reads of global memory without shared "
                f"memory, {total[1]:,} with it, {total[0] / total[1]:.1f} times fewer.</p>"
            ),
            label="a picture under blocks of threads; arrow keys choose a block",
            on_window="{} is read by {n} blocks",
            on_place="block {} covers {n} cells",
        )

    def _sentence(self, i: int, j: int) -> str:
        side = self.tile.value + self.kernel.value - 1
        return (
            f"Block [{i}, {j}] has {self.tile.value**2} threads, {self.idle[i, j]} of them idle. "
            f"Each thread for itself: <b>{self.naive[i, j]}</b> reads of global memory. Through "
            f"shared memory of {side} × {side} × 4 = {4 * side**2} bytes: "
            f"<b>{self.tiled[i, j]}</b>."
        )


def explorer(**options) -> KernelsExplorer:
    """The explorer; `size`, `tile` and `kernel_size` are those to begin with."""
    return KernelsExplorer(**options)
