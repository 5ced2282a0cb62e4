"""Explorers: controls over grids of cells that answer the hand, in a notebook and in a saved page.

A topic's explorer is a subclass of `Explorer`: it makes its controls and says in `view` what they
give. Pointing, dragging and the arrow keys are the grids' own (`widgets.js`) and need no kernel.
"""

from __future__ import annotations

import contextlib
import html
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import numpy as np
import traitlets
from IPython.display import HTML, display
from numpy.typing import ArrayLike

from course.style import Cell, cells, svg_cells

HERE = Path(__file__).parent
_numbers = itertools.count(1)  # of the saved pictures in a page


@dataclass(frozen=True)
class Grid:
    """A grid of cells with a title.

    Attributes:
        name: CSS class of the picture.
        title: written above; index by index it names a cell that is pointed at.
        cells: (H, W) of `course.style.Cell`.
        role: "windows" where windows lie in it, "places" where it has a cell for each window,
            "kernel" where it has a cell for each tap; "" for none of them.
        label: said to those who do not see the picture; the title when empty.
        by_place: [i][j] the cells that the window at (i, j) shows, row by row: in its window where
            the role is "windows", else in the whole grid.
        tap: in place of `by_place`, the look of every cell of the window.
        offset: rows and columns of padding that lie before the cell named [0, 0].
        size: (height, width) of a cell, CSS pixels.
        rows, columns: labels.
        says: (H, W) of sentences, shown when a cell is pointed at.
        windows: where the role is "windows": rows and columns as in `View.windows`, of this grid
            alone; None takes the view's.
        marks: in the same grids, further cells of each place by how they are marked: "dot" or
            "frame"; rows and columns as in `windows`.
    """

    name: str
    title: str
    cells: Sequence[Sequence[Cell]]
    role: str = ""
    label: str = ""
    by_place: Sequence | None = None
    tap: Cell | None = None
    offset: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (34, 34)
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    says: Sequence[Sequence[str]] | None = None
    windows: tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]] | None = None
    marks: dict[str, tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]] | None = None


@dataclass(frozen=True)
class Sign:
    """An operator or arrow between grids."""

    text: str


@dataclass(frozen=True)
class Box:
    """Grids, signs and boxes side by side ("row") or one under the other ("column")."""

    type: str
    parts: tuple


def row(*parts: Grid | Sign | Box) -> Box:
    """Parts side by side; where the page is too narrow they wrap."""
    return Box("row", parts)


def column(*parts: Grid | Sign | Box) -> Box:
    """Parts one under the other."""
    return Box("column", parts)


@dataclass(frozen=True)
class View:
    """What grids show.

    Attributes:
        layout: a `row` or `column` of grids and signs.
        windows: for each window the rows that it reads, and for each the columns, as indices into
            the grids of the role "windows"; the window (i, j) reads rows[i] times columns[j]. One
            of no rows or no columns reads nothing.
        sentences: [i][j] HTML, what is to be said of the window at (i, j).
        note: HTML, what is to be said of all of it.
        label: the whole, said to those who do not see it.
        on_window, on_place: what is said of a cell that is pointed at: "{}" is its name, "{n}" how
            many cells of the other grids belong to it.
    """

    layout: Box
    windows: tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]] = ((), ())
    sentences: Sequence[Sequence[str]] = ()
    note: str = ""
    label: str = "grids; the arrow keys move the window"
    on_window: str = "{} is read by {n} outputs"
    on_place: str = "{} reads {n} numbers"


def windows(count: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> list[list[int]]:
    """The indices that each of `count` windows reads along one axis, from 0."""
    taps = dilation * np.arange(kernel_size)
    return (stride * np.arange(count)[:, None] + taps).tolist()


def by_place(values: ArrayLike, **look: Any) -> list[list[list[Cell]]]:
    """Numbers (I, J, k, l), one block for each window, as the cells of `Grid.by_place`."""
    blocks = np.asarray(values, dtype=float)
    flat = cells(blocks.reshape(-1, int(np.prod(blocks.shape[2:]))), **look)
    return [flat[i * blocks.shape[1] : (i + 1) * blocks.shape[1]] for i in range(len(blocks))]


class Grids(anywidget.AnyWidget):
    """A `View` on the screen.

    Attributes:
        place: [i, j] of the window; it follows mouse and keys.
        state: the view as JSON.
    """

    _esm = HERE / "widgets.js"
    _css = HERE / "widgets.css"
    state = traitlets.Dict().tag(sync=True)
    place = traitlets.List([0, 0]).tag(sync=True)

    def show(self, view: View) -> None:
        """Show a view; the window stays where it is, or comes back inside."""
        inside = [
            max(0, min(at, len(axis) - 1))
            for at, axis in zip(self.place, view.windows, strict=True)
        ]
        with self.hold_sync():
            self.place, self.state = inside, _json(view)


class Explorer(ipywidgets.VBox):
    """Controls over grids. A subclass says in `view` what its controls give.

    Args:
        name: of the topic: the CSS class is "NAME-explorer".
        controls: widgets to show above the grids.
        watched: those whose value the view depends on.
        below: widgets to show under the grids.

    Attributes:
        grids: the `Grids`; `grids.place` is the window's place.
        problem: what the controls ask for and cannot have, in a sentence; empty if all is well.
    """

    def __init__(
        self,
        name: str,
        controls: Sequence[ipywidgets.Widget],
        watched: Sequence[ipywidgets.Widget],
        below: Sequence[ipywidgets.Widget] = (),
    ):
        self.topic, self.problem, self._held = name, "", False
        self.grids, self._alert, self._below = Grids(), ipywidgets.HTML(), list(below)
        for control in watched:
            control.observe(self.redraw, "value")
        bar = ipywidgets.HBox(
            list(controls), layout=ipywidgets.Layout(flex_flow="row wrap", grid_gap="0 1em")
        )
        super().__init__([bar, self._alert, self.grids, *below])
        for css in ("explorer", f"{name}-explorer"):
            self.add_class(css)
        self.redraw()

    def view(self) -> View:
        """What the controls give.

        Raises:
            ValueError: they do not go together; the sentence is shown.
        """
        raise NotImplementedError

    def redraw(self, _: Any = None) -> None:
        """Show the view anew; what has not changed is not drawn again."""
        if self._held:
            return
        try:
            self.grids.show(self.view())
        except ValueError as error:
            self.refuse(error)
            self.grids.add_class("outdated")
        else:
            self.refuse("")
            self.grids.remove_class("outdated")

    def refuse(self, why: ValueError | str) -> None:
        """Say why something is not possible; "" takes it back."""
        self.problem = f"Not possible: {why}." if str(why) else ""
        text = html.escape(self.problem)
        self._alert.value = f'<p role="alert">{text}</p>' if text else ""

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Set several controls; the view is drawn once, at the end."""
        outer, self._held = self._held, True
        try:
            yield
        finally:
            self._held = outer
        self.redraw()  # does nothing inside of another `at_once`

    def saved(self) -> str:
        """HTML of the start state for a page without a kernel: there pointing and keys still work.

        A reader without scripts sees the grids and what is said of them.
        """
        state = self.grids.state
        place = self.grids.place
        below = "".join(w.value for w in self._below if isinstance(w, ipywidgets.HTML))
        identity = f"explorer-saved-{self.topic}-{next(_numbers)}"
        sentence = state["sentences"][place[0]][place[1]] if state["sentences"] else ""
        values = json.dumps({"state": state, "place": place}).replace("</", "<\\/")
        return (
            f'<div class="explorer-saved" id="{identity}"><style>{Grids._css}</style>'
            f'<div class="grids"><div class="board">{_drawn(state["layout"])}</div>'
            f'<p class="said">{sentence}</p><div class="note">{state["note"]}</div></div>'
            f"{below}<p><i>The controls of this explorer work where the notebook runs.</i></p>"
            f'<script type="module">{Grids._esm}\n'
            f"const values = {values};\n"
            f'const el = document.querySelector("#{identity} > .grids");\n'
            "const model = { get: (name) => values[name], on() {}, off() {}, save_changes() {},\n"
            "  set: (name, value) => { values[name] = value; } };\n"
            "el.replaceChildren();\nel.className = '';\ngrids.render({ model, el });\n"
            "</script></div>"
        )

    def _ipython_display_(self):
        live = super()._repr_mimebundle_()
        # What a page shows in the place of the live one, where it has not kept its state.
        display(live | {"text/plain": "An explorer, as it starts:"}, raw=True)
        display(HTML(self.saved()))


def _json(view: View) -> dict:
    return {
        "layout": _part(view.layout),
        "windows": {"rows": _lists(view.windows[0]), "columns": _lists(view.windows[1])},
        "sentences": [list(line) for line in view.sentences],
        "note": view.note,
        "label": view.label,
        "words": {"windows": view.on_window, "places": view.on_place},
    }


def _lists(axis) -> list[list[int]]:
    return [[int(index) for index in indices] for indices in axis]


def _part(part) -> dict:
    if isinstance(part, Sign):
        return {"type": "sign", "text": part.text}
    if isinstance(part, Box):
        return {"type": part.type, "parts": [_part(each) for each in part.parts]}
    return (
        {"type": "grid"}
        | {name: getattr(part, name) for name in Grid.__dataclass_fields__ if name != "cells"}
        | {"cells": [list(line) for line in part.cells]}
    )


def _drawn(part: dict) -> str:
    """A part as HTML, as it stands before any script runs."""
    if part["type"] == "sign":
        return f'<span class="sign">{html.escape(part["text"])}</span>'
    if part["type"] == "grid":
        title = html.escape(part["title"])
        svg = svg_cells(
            part["cells"], part["label"] or part["title"], size=part["size"], name=part["name"]
        )
        return f"<figure><figcaption>{title}</figcaption>{svg}</figure>"
    return f'<div class="{part["type"]}">{"".join(map(_drawn, part["parts"]))}</div>'
