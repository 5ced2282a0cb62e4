"""What all explorers share: the grids' state, one drawing for several controls, the saved page."""

import html.parser
import re

import ipywidgets
import numpy as np
import pytest

from course.style import cells
from course.widgets import Explorer, Grid, Sign, View, by_place, column, row, windows

from .shown import grid, numbers


class Doubling(Explorer):
    """A row of numbers and their doubles; 13 is refused."""

    def __init__(self):
        self.first = ipywidgets.IntSlider(1, 0, 20, description="first")
        self.second = ipywidgets.IntSlider(2, 0, 20, description="second")
        self.drawn = 0
        super().__init__("doubling", [self.first, self.second], [self.first, self.second])

    def view(self):
        self.drawn += 1
        x = np.array([[self.first.value, self.second.value]], dtype=float)
        if 13 in x:
            raise ValueError("13 must not be used, got <13>")
        y = 2 * x
        return View(
            column(
                row(Grid("x", "x", cells(x), role="windows"), Sign("→")),
                Grid("y", "y </script>", cells(y), role="places"),
            ),
            ([[0]], [[0], [1]]),
            [["one", "<b>two</b>"]],
        )


def test_windows_are_what_unfold_reads():
    assert windows(3, 2, 2, 3) == [[0, 3], [2, 5], [4, 7]]


def test_blocks_of_numbers_are_cells_by_place():
    blocks = np.arange(12.0).reshape(2, 3, 1, 2)
    found = by_place(blocks, limits=(-11, 11))
    assert [[numbers([flat])[0] for flat in line] for line in found] == [
        [[0, 1], [2, 3], [4, 5]],
        [[6, 7], [8, 9], [10, 11]],
    ]
    assert found[0][0] == cells([[0.0, 1.0]], limits=(-11, 11))[0]


def test_a_grid_may_have_windows_and_marks_of_its_own():
    class Two(Doubling):
        def view(self):
            own = [[0]], [[], [1]]
            x = cells([[1.0, 2.0]])
            grids = Grid("a", "a", x, role="windows", windows=own, marks={"dot": own})
            return View(row(grids, Grid("b", "b", x, role="places")), ([[0]], [[0], [1]]))

    shown = Two()
    assert grid(shown, "a")["windows"] == grid(shown, "a")["marks"]["dot"] == ([[0]], [[], [1]])
    assert grid(shown, "b")["windows"] is grid(shown, "b")["marks"] is None


def test_several_controls_are_drawn_once():
    shown = Doubling()
    assert shown.drawn == 1
    with shown.at_once():
        shown.first.value, shown.second.value = 5, 6
        with shown.at_once():
            shown.first.value = 7
    assert shown.drawn == 2
    assert numbers(grid(shown, "y")["cells"]) == [[14, 12]]


def test_what_cannot_be_is_said_and_the_old_view_is_marked():
    shown = Doubling()
    shown.first.value = 13
    assert shown.problem == "Not possible: 13 must not be used, got <13>."
    alert = shown.children[1].value
    assert 'role="alert"' in alert and "&lt;13&gt;" in alert
    assert "outdated" in shown.grids._dom_classes
    shown.first.value = 1
    assert shown.problem == shown.children[1].value == ""
    assert "outdated" not in shown.grids._dom_classes


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.count = [], {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open[-1] in ("rect", "path"):
            self.open.pop()
        assert self.open.pop() == tag


def test_a_saved_page_has_the_start_state_and_what_answers_the_hand():
    saved = Doubling().saved()
    tags = Tags(re.sub(r"<rect[^>]*/>", "", saved))
    assert tags.count["svg"] == 2 and tags.count["script"] == 1 and not tags.open
    assert re.findall(r'data-cell="\d,\d"[^>]*>([^<]*)<', saved) == ["1", "2", "2", "4"]
    assert '<p class="said">one</p>' in saved and "grids.render({ model, el })" in saved
    assert saved != Doubling().saved(), "two explorers of a page need two ids"


def test_a_notebook_gets_the_widget_and_the_saved_page(monkeypatch):
    shown, found = Doubling(), []
    monkeypatch.setattr("course.widgets.display", lambda data, **how: found.append((data, how)))
    shown._ipython_display_()
    (live, how), (saved, _) = found
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == shown.model_id
    assert how == {"raw": True} and "explorer-saved" in saved.data


@pytest.mark.parametrize("name", ["widgets.js", "widgets.css"])
def test_the_component_is_a_part_of_the_package(root, name):
    import tomllib

    data = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert (root / "course" / name).is_file()
    assert "*" + name[name.index(".") :] in data["package-data"]["course"]
