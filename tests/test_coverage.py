"""docs/coverage.md names sections, cells and tasks that exist."""

import re

import nbformat
import pytest

from authoring.coverage import Named, named, points

from .conftest import ROOT

POINTS = points((ROOT / "docs" / "coverage.md").read_text())


def names(notebook):
    """What a row can name in a notebook: {kind: names}."""
    cells = nbformat.read(notebook, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {
        "section": {"its beginning", *re.findall(r"^#+ (.+)$", text, re.MULTILINE)},
        "cell": {cell.id for cell in cells},
        "task": set(re.findall(r"^## (\d+)\.", text, re.MULTILINE)),
    }


@pytest.fixture(scope="module")
def exist():
    """{(kind, topic): names} of all lectures and exercises."""
    found = {}
    for kinds, pattern in [(["section", "cell"], "lectures/*.ipynb"), (["task"], "exercises/*/*")]:
        for path in ROOT.glob(pattern):
            if path.suffix == ".ipynb":
                there = names(path)
                found |= {(kind, int(path.name[:2])): there[kind] for kind in kinds}
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


def test_a_covered_point_names_its_place():
    empty = [point for point in POINTS if point.state != "MISSING" and not point.where]
    assert len(POINTS) > 300 and not empty


def test_a_point_of_the_later_lectures_names_its_cell():
    vague = [
        f"{point.deck} {point.slide}: {point.where}"
        for point in POINTS
        if any(each.topic >= 6 for each in named(point.where))
        and all(each.kind == "section" for each in named(point.where))
    ]
    assert not vague
