"""Something to move: the threads of a block over a picture, and what each reads and when."""

from __future__ import annotations

import itertools
from typing import Any

import ipywidgets
import numpy as np

from course.kernels.figures import GHOST, HALO, IDLE, WORKING
from course.style import Cell
from course.widgets import Explorer, Grid, Sign, View, row

OTHERS = "#eef3f8", "#dde7f0"  # the other blocks of the picture, as a chessboard


class KernelsExplorer(Explorer):
    """Choose picture, kernel and block; each thread shows its output and what it reads.

    Attributes:
        height, width, tile, kernel, down, across: what is shown; the last two are the block.
        block: (row, column) of the block in the grid.
        naive, tiled: (blocks down, blocks across), reads of global memory of each block.
        idle: the same, threads without a pixel.
        alone: (tile, tile), reads of global memory of each thread of the block, by itself.
        fetched: (tile, tile), pixels that each of them fetches into shared memory.
    """

    def __init__(
        self,
        size: tuple[int, int] = (13, 19),
        tile: int = 8,
        kernel_size: int = 3,
        block: tuple[int, int] = (0, 1),
    ):
        wide = {"style": {"description_width": "7em"}}
        self.height = ipywidgets.IntSlider(size[0], 4, 24, description="height", **wide)
        self.width = ipywidgets.IntSlider(size[1], 4, 24, description="width", **wide)
        self.tile = ipywidgets.Dropdown(
            options=[2, 4, 8, 16], value=tile, description="block's side", **wide
        )
        self.kernel = ipywidgets.Dropdown(
            options=[1, 3, 5, 7], value=kernel_size, description="mask's side", **wide
        )
        self.down, self.across = (
            ipywidgets.IntSlider(description=f"block, {name}", min=0, **wide)
            for name in ("down", "right")
        )
        self._held = True
        sizes = [self.height, self.width, self.tile]
        for control in sizes:
            control.observe(self._fit, "value")
        self._fit()
        self.down.value, self.across.value = block
        blocks = [self.down, self.across]
        super().__init__(
            "kernels",
            [ipywidgets.VBox(part) for part in (sizes[:2], [self.tile, self.kernel], blocks)],
            watched=[self.kernel, *blocks],
        )

    @property
    def block(self) -> tuple[int, int]:
        return self.down.value, self.across.value

    def _fit(self, _=None):
        """Let the sliders of the block reach the last one."""
        with self.at_once():
            for slider, size in ((self.down, self.height), (self.across, self.width)):
                slider.max = -(-size.value // self.tile.value) - 1

    def view(self) -> View:
        tile, k, block = self.tile.value, self.kernel.value, self.block
        reach, side, size = k // 2, tile + k - 1, (self.height.value, self.width.value)
        first = [tile * at for at in block]
        self._count(size, tile, reach)

        # Along each axis: the windows of the threads, and the places of shared memory they fill.
        own = [[at + t if at + t < n else None for t in range(tile)] for at, n in _zip(first, size)]
        windows = [
            [[] if at is None else list(range(at, at + k)) for at in axis]  # counted from the halo
            for axis in own
        ]
        taps = [
            [[] if at is None else list(range(t, t + k)) for t, at in enumerate(axis)]
            for axis in own
        ]
        places = [list(range(t, side, tile)) for t in range(tile)]
        pixels = [
            [[at + r for r in part if 0 <= at + r - reach < n] for part in places]
            for at, n in _zip(first, size)
        ]
        self.fetched = np.outer(*([len(part) for part in axis] for axis in pixels))

        cell = 15 if max(size) + 2 * reach + tile <= 32 else 12
        picture = Grid(
            "picture",
            "picture",
            self._picture(size, tile, reach, first),
            role="windows",
            label="the picture, with the chosen block's tile, its halo and ghost cells",
            offset=(reach, reach),
            size=(cell, cell),
            marks={
                "dot": tuple(pixels),
                "frame": tuple([window[reach : reach + 1] for window in axis] for axis in windows),
            },
        )
        idle = [[y is None or x is None for x in own[1]] for y in own[0]]
        sentences = [
            [self._sentence(i, j, idle[i][j], len(places[i]) * len(places[j])) for j in range(tile)]
            for i in range(tile)
        ]
        threads, shared = self._threads(own, idle), self._shared(first, taps, places)
        return View(
            row(picture, Sign("→"), row(threads, shared)),
            tuple(windows),
            sentences,
            note=self._note(),
            label="a picture, a block of threads and its memory; arrow keys choose a thread",
            on_window="{} lies in the windows of {n} threads of this block",
        )

    def _threads(self, own, idle) -> Grid:
        """The chosen block: how many pixels each thread reads by itself."""
        tile = self.tile.value
        cell = 26 if tile < 16 else 15
        texts = [
            ["idle" if off else str(count) for off, count in _zip(line, counts)]
            for line, counts in _zip(idle, self.alone.tolist())
        ]
        return Grid(
            "threads",
            "threads: reads of each by itself",
            [
                [Cell(IDLE if off else WORKING, text if tile < 16 else "") for off, text in both]
                for both in (_zip(line, words) for line, words in _zip(idle, texts))
            ],
            role="places",
            size=(cell, cell),
            says=[
                [
                    f"thread [{i}, {j}]: " + ("idle" if idle[i][j] else f"output[{y}, {x}]")
                    for j, x in enumerate(own[1])
                ]
                for i, y in enumerate(own[0])
            ],
        )

    def _shared(self, first, taps, places) -> Grid:
        """What the chosen block holds in shared memory."""
        tile, k, size = self.tile.value, self.kernel.value, (self.height.value, self.width.value)
        reach, side = k // 2, tile + k - 1
        cell = 26 if side < 16 else 15
        inside = np.outer(
            *([0 <= at + r - reach < n for r in range(side)] for at, n in _zip(first, size))
        )
        return Grid(
            "shared",
            "shared memory: tile and halo",
            [
                [
                    self._look(inside[r, c], _middle(r, tile, reach) and _middle(c, tile, reach))
                    for c in range(side)
                ]
                for r in range(side)
            ],
            role="windows",
            size=(cell, cell),
            windows=tuple(taps),
            marks={
                "dot": (places, places),
                "frame": tuple([window[reach : reach + 1] for window in axis] for axis in taps),
            },
            says=[
                [self._holds(r, c, inside[r, c], first, reach) for c in range(side)]
                for r in range(side)
            ],
        )

    def _note(self) -> str:
        b, tile, side = self.block, self.tile.value, self.tile.value + self.kernel.value - 1
        total = self.naive.sum(), self.tiled.sum()
        return (
            f"<p>Block ({b[0]}, {b[1]}) has {tile**2} threads, {self.idle[b]} of them idle. "
            f"Each for itself: <b>{self.naive[b]}</b> reads of global memory. Through shared "
            f"memory of {side} × {side} × 4 = {4 * side**2} bytes: <b>{self.tiled[b]}</b>. "
            f"All blocks: {total[0]:,} and {total[1]:,}, {total[0] / total[1]:.1f} times "
            "fewer.</p><p>Blue: the block's tile. Yellow: its halo. 0: a ghost cell. Grey: an "
            "idle thread, and its place outside of the picture. Orange: the thread's window "
            "and, small, its own pixel. Black squares: what it fetches for the block.</p>"
        )

    def _count(self, size, tile, reach) -> None:
        """Reads of every block; along both axes they are products."""
        alone, tiled, working = [], [], []
        for n in size:
            start = np.arange(0, n, tile)
            at = start[:, None] + np.arange(tile)
            alone.append(np.where(at < n, _overlap(at - reach, at + reach + 1, n), 0))
            tiled.append(_overlap(start - reach, start + tile + reach, n))
            working.append((at < n).sum(1))
        self.naive = np.outer(*(axis.sum(1) for axis in alone))
        self.tiled = np.outer(*tiled)
        self.idle = tile**2 - np.outer(*working)
        self.alone = np.outer(*(axis[at] for axis, at in _zip(alone, self.block)))

    def _picture(self, size, tile, reach, first) -> list[list[Cell]]:
        """Every pixel, and around them what blocks and halos cover."""
        axes = [
            [
                (
                    0 <= at < n,
                    _middle(at - start, tile, 0),
                    _middle(at - start + reach, tile + 2 * reach, 0),
                    at // tile,
                )
                for at in range(-reach, -(-n // tile) * tile + reach)
            ]
            for n, start in _zip(size, first)
        ]
        looks = {}  # few, of many cells
        for across in itertools.product(*map(set, axes)):
            inside, mine, near, (down, right) = (
                part if at == 3 else all(part) for at, part in enumerate(_zip(*across))
            )
            other = Cell(OTHERS[(down + right) % 2] if inside else "white")
            looks[across] = self._look(inside, mine) if near else other
        return [[looks[y, x] for x in axes[1]] for y in axes[0]]

    def _look(self, inside: bool, mine: bool) -> Cell:
        """A cell that the block fetches: of the picture or a ghost cell, of its tile or halo."""
        if inside:
            return Cell(WORKING if mine else HALO)
        return Cell(IDLE if mine else GHOST, "0", "#555555")

    def _sentence(self, i: int, j: int, idle: bool, places: int) -> str:
        block, tile = self.block, self.tile.value
        y, x = block[0] * tile + i, block[1] * tile + j
        fetched, taps = self.fetched[i, j], self.kernel.value**2
        who = f"Thread t<sub>y</sub> = {i}, t<sub>x</sub> = {j} of block ({block[0]}, {block[1]})"
        brings = f"fetches {_number(fetched, 'pixel')}"
        if places > fetched:
            brings += f", sets {_number(places - fetched, 'ghost cell')} to 0"
        if idle:
            return (
                f"{who} is <b>idle</b>: [{y}, {x}] lies outside of the picture. By itself it reads "
                f"nothing. With shared memory it {brings}, waits at the barrier and returns."
            )
        ghosts = taps - self.alone[i, j]
        return (
            f"{who} computes <b>output[{y}, {x}]</b>. By itself: {self.alone[i, j]} reads of "
            f"global memory{f', {ghosts} of its window are ghost cells' if ghosts else ''}. With "
            f"shared memory it {brings}, waits at the barrier and reads {taps} numbers there."
        )

    def _holds(self, r: int, c: int, inside: bool, first, reach: int) -> str:
        tile = self.tile.value
        y, x = first[0] + r - reach, first[1] + c - reach
        what = f"picture[{y}, {x}]" if inside else f"0, for [{y}, {x}] is a ghost cell"
        return f"shared[{r}, {c}] holds {what}; thread [{r % tile}, {c % tile}] brings it"


def _zip(*parts):
    return zip(*parts, strict=True)


def _middle(at: int, tile: int, reach: int) -> bool:
    return reach <= at < reach + tile


def _overlap(start, end, size: int):
    """How many of the indices from `start` to before `end` lie in 0 to `size`."""
    return np.minimum(end, size) - np.maximum(start, 0)


def _number(count: int, name: str) -> str:
    return f"{count or 'no'} {name}{'' if count == 1 else 's'}"


def explorer(**options: Any) -> KernelsExplorer:
    """The explorer; `size`, `tile`, `kernel_size` and `block` are those to begin with."""
    return KernelsExplorer(**options)
