"""What a check says, as text and as HTML."""

from __future__ import annotations

import dataclasses
import html
import sys
from collections.abc import Sequence

import numpy as np

from course.checking.judging import Verdict
from course.checking.mistakes import Misunderstanding


class CheckFailed(AssertionError):
    """A failed check under nbgrader's Validate; its traceback is the report."""

    def __init__(self, report: Report):
        super().__init__(report.text)
        self.report = report

    def _render_traceback_(self):
        return self.report.text.splitlines()


@dataclasses.dataclass(frozen=True)
class Tried:
    """A case as a report shows it: the call as text, its arguments by name, what came of it."""

    call: str
    arguments: dict
    verdict: Verdict


class Report:
    """What a check says: as text and as HTML.

    Args:
        name: the function's.
        tried: the cases, in order.
        points: what all of them are worth.
        seed: of the hidden cases; None where they are visible.
        lecture: file name of the lecture without ".ipynb".
        section: title of its section that is linked.
        diagnosis: the mistake that explains the results, or None.
        where: in which places numbers are wrong, and how, in words; may be empty.
        shared: what the failing cases share, as one sentence; may be empty.

    Attributes:
        earned: points, a plain number.
        passed: every case passed.
        verdicts: one for each case.
        text: the whole report as plain text.
    """

    def __init__(
        self,
        name: str,
        tried: Sequence[Tried],
        *,
        points: float,
        seed: int | None,
        lecture: str,
        section: str,
        diagnosis: Misunderstanding | None = None,
        where: str = "",
        shared: str = "",
    ):
        self.name, self.tried, self.points, self.seed = name, tried, points, seed
        self.lecture, self.section, self.diagnosis = lecture, section, diagnosis
        self.where, self.shared = where, shared
        self.verdicts = [case.verdict for case in tried]
        good = sum(verdict.kind == "passed" for verdict in self.verdicts)
        self.passed = good == len(self.verdicts)
        share = points if self.passed else int(100 * points * good / len(self.verdicts)) / 100
        self.earned = int(share) if share == int(share) else float(share)
        self.good = good

    @property
    def failure(self) -> int | None:
        """The index of the first case that failed."""
        kinds = [verdict.kind != "passed" for verdict in self.verdicts]
        return kinds.index(True) if any(kinds) else None

    @property
    def headline(self) -> str:
        name, count = self.name, len(self.tried)
        which = "visible" if self.seed is None else "hidden"
        points = f"{self.earned:g} of {self.points:g} point{'s' * (self.points != 1)}"
        if self.verdicts[0].kind == "not attempted":
            return f"{name}: not attempted yet ({points})"
        of = "" if self.seed is None else f" (seed {self.seed})"
        if self.passed and self.seed is None:
            return (
                f"{name}: all {count} visible cases pass, {points}. "
                "Public checks passed: hidden ones remain."
            )
        cases = f"all {count}" if self.passed else f"{self.good} of {count}"
        return f"{name}: {cases} {which} cases pass{of}, {points}."

    def _lines(self) -> list[tuple[str, str]]:
        """What is said under the headline: pairs of the kind of line and its text."""
        first = self.failure
        if first is None or self.verdicts[0].kind == "not attempted":
            return []
        verdict, said = self.verdicts[first], []
        said.append(("case", f"Case {first + 1}: {self.tried[first].call}: {verdict.says}"))
        if self.seed is None:
            said += [("values", line) for line in _small_arguments(self.tried[first])]
        if verdict.detail:
            said.append(("code", verdict.detail))
        if verdict.printed.strip():
            said.append(("printed", f"Your function printed:\n{verdict.printed.rstrip()}"))
        if self.diagnosis:
            exactly = f"Your result is exactly what {self.diagnosis.name} gives."
            said.append(("diagnosis", f"{exactly} {self.diagnosis.says}"))
        if self.where:
            said.append(("where", self.where))
        if self.shared:
            said.append(("shared", self.shared))
        others = [
            f"case {index + 1} ({self.verdicts[index].kind})"
            for index in range(first + 1, len(self.tried))
            if self.verdicts[index].kind != "passed"
        ]
        if others:
            said.append(("others", f"Also failing: {', '.join(others)}."))
        return said

    @property
    def link(self) -> str:
        """Where the section of the lecture stands, from the exercise's folder."""
        return f"../../lectures/{self.lecture}.ipynb#{self.section.replace(' ', '-')}"

    @property
    def text(self) -> str:
        lines = [self.headline]
        for _, text in self._lines():
            lines += ["  " + line for line in _printable(text).splitlines()]
        if not self.passed:
            lines.append(f'  Lecture, "{self.section}": {self.link}')
        return "\n".join(lines)

    @property
    def html(self) -> str:
        mark = "✓" if self.passed else "✗"
        parts = [f"<p style='margin: 0'><b>{mark} {html.escape(self.headline)}</b></p>"]
        for kind, text in self._lines():
            escaped = html.escape(_printable(text))
            if kind in ("code", "printed", "values"):
                style = "margin: .3em 0; white-space: pre-wrap; background: none; color: inherit"
                parts.append(f"<pre style='{style}'>{escaped}</pre>")
            else:
                bold = "font-weight: bold" if kind == "diagnosis" else ""
                parts.append(f"<p style='margin: .3em 0; {bold}'>{escaped}</p>")
            if kind == "case":
                parts.append(self._pictures())
        if not self.passed:
            href = html.escape(self.link, quote=True)
            title = html.escape(self.section)
            parts.append(f"<p style='margin: .3em 0'>Lecture: <a href=\"{href}\">{title}</a></p>")
        colour = "#009e73" if self.passed else "#d55e00"
        border = f"{'solid' if self.passed else 'double'} {colour}"
        return (
            f"<div style='border-left: 6px {border}; padding: .2em .8em; color: inherit'>"
            f"{''.join(parts)}</div>"
        )

    def _pictures(self) -> str:
        """Heat maps of the slice with the first difference; of a hidden case, none."""
        verdict = self.verdicts[self.failure]
        if self.seed is not None or verdict.got is None or verdict.expected is None:
            return ""
        panels = _panels(verdict)
        return (
            "<div style='display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start'>"
            + "".join(
                f"<figure style='margin: .3em 0'><figcaption>{html.escape(title)}</figcaption>"
                f"{svg}</figure>"
                for title, svg in panels
            )
            + "</div>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text, "text/html": self.html}

    def __repr__(self):
        return self.text


def _small_arguments(tried: Tried) -> list[str]:
    """The values of a case that is small enough to check on paper."""
    arrays = {name: a for name, a in tried.arguments.items() if isinstance(a, np.ndarray)}
    if sum(array.size for array in arrays.values()) > 24:
        return []
    return [f"{name} = {_short(array).tolist()}" for name, array in arrays.items()]


def _short(array: np.ndarray) -> np.ndarray:
    """As float64, with the digits that a float32 needs: 0.13, not 0.12999999523162842."""
    return array.astype(str).astype(float) if array.dtype.kind == "f" else array


def _panels(verdict: Verdict) -> list[tuple[str, str]]:
    """Titled SVG grids of got, expected and, where the shapes agree, their difference."""
    from course.style import svg_grid  # matplotlib is slow to import, and a passed check needs none

    got, expected, first = verdict.got, verdict.expected, verdict.first
    lead = (first or (0,) * expected.ndim)[: max(expected.ndim - 2, 0)]
    corner = (first or (0, 0))[-2:]
    corner = tuple(max(0, place - 5) for place in (0,) * (2 - len(corner)) + corner)
    maps = {"got": got, "expected": expected}
    if got.shape == expected.shape and verdict.kind == "values":
        maps["got - expected"] = got - expected.astype(float)
    grids = {}
    for title, array in maps.items():
        if array.ndim >= 2:
            shift = array.ndim - 2
            if any(index >= size for index, size in zip(lead, array.shape[:shift], strict=False)):
                continue
            index = (*lead, *(0,) * shift)[:shift]
            array, where = array[index], f" {[*index]}" if index else ""
        else:
            array, where = array.reshape(1, -1), ""
        part = array[tuple(slice(start, start + 10) for start in corner)].astype(float)
        if part.size:
            grids[f"{title}{where}"] = np.where(np.isfinite(part), part, np.nan)
    high = max(
        (np.nanmax(np.abs(g), initial=0) for t, g in grids.items() if " - " not in t), default=0
    )
    limits = (-(high or 1), high or 1)
    return [
        (title, svg_grid(grid, title, cell=40, limits=None if " - " in title else limits))
        for title, grid in grids.items()
    ]


def _printable(text: str) -> str:
    """Text without the control characters that would colour or move what follows it."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def show(report: Report) -> None:
    """Display in a notebook, print elsewhere."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(report)
    else:
        print(report.text)
