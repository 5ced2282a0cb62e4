"""Shows a pair: the NumPy function and its torch twin, read side by side and run on one input."""

from __future__ import annotations

import dataclasses
import html
import importlib
import inspect
import re
import statistics
import textwrap
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pygments
import torch
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course.device import device
from course.table import Table

COLUMNS = ("", "on", "median time", "largest difference")
REPEATS, SECONDS = 7, 0.2  # for each time: so many calls, or as many as fit, and at least three


@dataclasses.dataclass(frozen=True)
class Row:
    """One way to compute the result.

    Attributes:
        name: what was called.
        where: the library and device that computed it.
        seconds: the median time of a call, after one that is not counted.
        difference: the largest absolute difference from the first row, None for that row.
    """

    name: str
    where: str
    seconds: float
    difference: float | None


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What `compare` found; a notebook shows it as two sources and a table.

    Attributes:
        sources: title and source text, of the reference and of its twin.
        short: the same of the shortest honest versions, to be read first; empty if there are none.
        rows: one `Row` for each way to compute the result, the reference first.
        result: what the reference gave.
    """

    sources: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    result: object = dataclasses.field(repr=False)
    short: tuple[tuple[str, str], ...] = ()

    def __str__(self):
        shown = self.short or self.sources
        return "\n\n".join([source for _, source in shown] + [str(self._table())])

    __repr__ = __str__

    def _repr_html_(self):
        first, fold = _columns(self.short or self.sources), ""
        if self.short:
            fold = (
                "<details><summary>The complete functions, for every argument</summary>"
                f"{_columns(self.sources)}</details>"
            )
        return first + fold + self._table()._repr_html_()

    def _table(self) -> Table:
        return Table([dict(zip(COLUMNS, _texts(row), strict=True)) for row in self.rows])


def compare(
    reference: Callable, twin: Callable, *args: Any, library: Callable | None = None, **kwargs: Any
) -> Comparison:
    """Run a NumPy function, its torch twin, and torch's own function on the same input.

        compare(reference.conv2d, gpu.conv2d, x, weight, padding=1)

    Args:
        reference: takes NumPy arrays.
        twin: takes torch tensors; it gets the same values, on `course.device.device()`.
        args, kwargs: the arguments, arrays as NumPy arrays.
        library: torch's own function; None takes the one of the reference's name from
            torch.nn.functional, if there is one.

    Returns:
        A `Comparison`. Results that are tuples are compared part by part.

    Raises:
        ValueError: the shapes of two results differ.
    """
    if library is None:
        library = getattr(torch.nn.functional, reference.__name__, None)
    chosen = device()
    given = [_tensor(value, chosen) for value in args]
    named = {name: _tensor(value, chosen) for name, value in kwargs.items()}

    result, seconds = _timed(reference, args, kwargs)
    rows = [Row(f"reference.{reference.__name__}", "NumPy, cpu", seconds, None)]
    ways = [(f"gpu.{twin.__name__}", twin)]
    if library is not None:
        name = f"torch.nn.functional.{library.__name__}"
        known = getattr(torch.nn.functional, library.__name__, None) is library
        ways.append((name if known else "torch's own functions", library))
    for name, function in ways:
        got, seconds = _timed(function, given, named)
        rows.append(Row(name, f"torch, {chosen}", seconds, _difference(name, got, result)))
    return Comparison(
        _titled((reference, twin)), tuple(rows), result, _titled(short_pair(reference))
    )


def short_pair(reference: Callable) -> tuple[Callable, ...]:
    """The shortest honest version of a function and of its twin, from `short` in its package.

    They have its name, and its name with `_torch`. Empty if there are none.
    """
    try:
        short = importlib.import_module(f"{reference.__module__.rpartition('.')[0]}.short")
        return getattr(short, reference.__name__), getattr(short, f"{reference.__name__}_torch")
    except (ImportError, AttributeError):
        return ()


def _titled(functions) -> tuple[tuple[str, str], ...]:
    return tuple(zip(("NumPy", "torch"), map(_source, functions), strict=False))


def _columns(sources) -> str:
    """The sources side by side, one below the other where a line would not fit; none is broken.

    On a narrow page the letters are as small as the longest line needs. The classes are those of
    JupyterLab's and nbconvert's own styles: the colours follow the theme.
    """
    longest = max(len(line) for _, source in sources for line in source.splitlines())
    # cqi is a percent of the page's width, a letter 0.61 of its size wide.
    size = f"font-size: 85%; font-size: min(.85em, {100 / (0.61 * longest):.2f}cqi)"
    formatter = HtmlFormatter(
        prestyles="margin: 0; font-family: var(--jp-code-font-family), monospace; "
        "white-space: pre; word-break: normal; overflow-wrap: normal"
    )
    columns = "".join(
        f'<div style="flex: 1 1 auto; max-width: 100%"><b>{html.escape(title)}</b>'
        f'<div class="highlight" style="{size}; overflow-x: auto">'
        f"{pygments.highlight(source, PythonLexer(), formatter)}</div></div>"
        for title, source in sources
    )
    row = f'<div style="display: flex; flex-wrap: wrap; gap: 1em">{columns}</div>'
    return f'<div style="container-type: inline-size">{row}</div>'


def _source(function) -> str:
    """What is to be read: the sum and the code. What the arguments are, `help` tells."""
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    return re.sub(r'\n\n    Args:\n.*?(?=\n    """)', "", source, count=1, flags=re.DOTALL)


def _tensor(value, chosen: torch.device):
    if not isinstance(value, np.ndarray):
        return value
    tensor = torch.from_numpy(value.copy())
    if chosen.type == "mps" and tensor.dtype == torch.float64:  # which MPS does not know
        tensor = tensor.float()
    return tensor.to(chosen)


def _timed(function, args, kwargs):
    """The result, and the median time of a call in seconds."""
    result = function(*args, **kwargs)
    _wait(result)
    times: list[float] = []
    while len(times) < 3 or (len(times) < REPEATS and sum(times) < SECONDS):
        began = time.perf_counter()
        _wait(function(*args, **kwargs))
        times.append(time.perf_counter() - began)
    return result, statistics.median(times)


def _wait(result):
    """A GPU computes on after the call: wait until the result is there."""
    for part in _parts(result):
        if isinstance(part, torch.Tensor) and part.device.type != "cpu":
            getattr(torch, part.device.type).synchronize()


def _parts(result) -> tuple:
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def _difference(name: str, got, expected) -> float:
    largest = 0.0
    for one, other in zip(_parts(got), _parts(expected), strict=True):
        one, other = _array(one), _array(other)
        if one.shape != other.shape:
            raise ValueError(f"{name} gives shape {one.shape}, the reference {other.shape}")
        # np.maximum, not max: a NaN must show.
        largest = float(np.maximum(largest, np.max(np.abs(one - other), initial=0.0)))
    return largest


def _array(value) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().to_dense().double().numpy()
    elif hasattr(value, "toarray"):  # a sparse matrix
        value = value.toarray()
    return np.asarray(value, dtype=float)


def _texts(row: Row) -> tuple[str, ...]:
    difference = "" if row.difference is None else f"{row.difference:.1e}"
    return row.name, row.where, duration(row.seconds), difference


def duration(seconds: float) -> str:
    """A time to be read: "35 µs", "1.2 ms", "4.0 s"."""
    for unit, size in [("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)]:
        if seconds >= size:
            number = seconds / size
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
    return "under 1 µs"
