"""docs/coverage.md names cells and tasks that exist."""

import re

import nbformat
import pytest

from authoring.coverage import Named, named, points
from tests.conftest import ROOT

POINTS = points((ROOT / "docs" / "coverage.md").read_text())


def names(notebook):
    """What a row can name in a notebook: {kind: names}."""
    cells = nbformat.read(notebook, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {
        "cell": {cell.id for cell in cells},
        "task": set(re.findall(r"^## (\d+)\.", text, re.MULTILINE)),
    }


@pytest.fixture(scope="module")
def exist():
    """{(kind, topic): names} of the cells of all lectures and the tasks of all exercises."""
    found = {}
    for kind, pattern in [("cell", "lectures/*.ipynb"), ("task", "exercises/*/*.ipynb")]:
        for path in ROOT.glob(pattern):
            found[kind, int(path.name[:2])] = names(path)[kind]
    return found


def test_what_a_row_names_is_found():
    where = 'L1 "Channels", corrected; L6 `loop`, "A b", E4.5, glossary of 00'
    assert named(where) == [
        Named("section", 1, "Channels"),
        Named("cell", 6, "loop"),
        Named("section", 6, "A b"),
        Named("task", 4, "5"),
    ]
    with pytest.raises(ValueError, match="a row must be"):
        points("## A\n| 1 | a point | taught | L1 |")


def test_all_that_is_named_exists(exist):
    wrong = [
        f"{point.deck} {point.slide}: {each}"
        for point in POINTS
        for each in named(point.where)
        if each.name not in exist.get((each.kind, each.topic), ())
    ]
    assert not wrong


def vague(where):
    """Whether a row names no cell, or a lecture or one of its sections as a whole."""
    kinds = {each.kind for each in named(where)}
    return "cell" not in kinds or "section" in kinds or bool(re.search(r"\bL\d+\b(?! `)", where))


def test_a_section_a_whole_lecture_or_a_task_alone_is_vague():
    assert not vague("L6 `loop`, `loop-code`, corrected; E4.5")
    assert all(map(vague, ["", "E4.5", 'L1 "Channels"', 'L6 `loop`, "A b"', "L6 `loop`, L7"]))


def test_a_covered_point_names_its_cells():
    assert len(POINTS) > 300
    assert not [
        f"{point.deck} {point.slide}: {point.where}"
        for point in POINTS
        if point.state != "MISSING" and vague(point.where)
    ]


def test_every_point_is_covered():
    assert not [point for point in POINTS if point.state != "covered"]
