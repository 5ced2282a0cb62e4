"""Count what docs/coverage.md says is taught, deck by deck: `python -m authoring.coverage`."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STATES = ("covered", "part", "MISSING")


class Point(NamedTuple):
    """A row of the table.

    Attributes:
        deck: the heading that it stands under, up to the first colon or comma.
        slide, text: where it is and what it is.
        state: one of `STATES`.
        where: what teaches it, as written.
    """

    deck: str
    slide: str
    text: str
    state: str
    where: str


class Named(NamedTuple):
    """What a row names: a cell (or, too vague, a section) of a lecture, or a task of an exercise."""

    kind: str
    topic: int
    name: str


def points(text: str) -> list[Point]:
    """All rows of docs/coverage.md.

    Raises:
        ValueError: a row has another form, or a state that is none of `STATES`.
    """
    found, deck = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            deck = re.split("[:]", line[3:])[0]
        elif deck and line.startswith("| ") and not line.startswith("| slide"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            cells += [""] * (4 - len(cells))
            state = cells[2].strip("*")
            if len(cells) != 4 or state not in STATES:
                raise ValueError(f"a row must be | slide | point | state | where |, got {line}")
            found.append(Point(deck, cells[0], cells[1], state, cells[3]))
    return found


def named(where: str) -> list[Named]:
    """The sections, cells and tasks that a row names, for example L1 "Channels", L6 `loop`, E4.5.

    A section or cell belongs to the lecture named last before it.
    """
    found, lecture = [], None
    pattern = r'\bL(\d+)\b|\bE(\d+)\.(\d+)|"([^"]+)"|`([^`]+)`'
    for number, exercise, task, section, cell in re.findall(pattern, where):
        if number:
            lecture = int(number)
        elif exercise:
            found.append(Named("task", int(exercise), task))
        elif lecture is not None:
            found.append(Named("section" if section else "cell", lecture, section or cell))
    return found


def main() -> None:
    """Print a table of the counts."""
    counts = Counter(
        (deck, point.state)
        for point in points((ROOT / "docs" / "coverage.md").read_text())
        for deck in (point.deck, "all")
    )
    decks = list(dict.fromkeys(deck for deck, _ in counts if deck != "all")) + ["all"]
    print(f"{'deck':<40}" + "".join(f"{state:>9}" for state in STATES))
    for deck in decks:
        print(f"{deck:<40}" + "".join(f"{counts[deck, state]:>9}" for state in STATES))


if __name__ == "__main__":
    main()
