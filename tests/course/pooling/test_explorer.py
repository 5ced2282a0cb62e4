"""The explorer of gradients' routes: outputs, shares and words follow every control."""

import numpy as np
import pytest

from course.pooling import explorer, figures

from ..shown import grid, numbers, said


@pytest.fixture
def shown():
    return explorer.explorer()


def test_the_window_and_its_route_go_together(shown):
    assert "output[0, 0] = 4; of a gradient of 1 go 1 to (1, 0)" in said(shown)
    shown.grids.place = [1, 2]
    assert "output[1, 2] = 5" in said(shown)
    assert "go 1 to (2, 2)" in said(shown)  # the first of two fives
    shown.pooling.value = "average"
    (share,) = numbers([grid(shown, "share")["by_place"][1][2]])
    assert share == [0.25] * 4
    shown.pooling.value = "Lp"
    assert not shown.p.disabled
    assert shown.shown.share[1, 3, 2, 4] < 0  # a negative pixel has a negative slope


@pytest.mark.parametrize("pooling", [*figures.POOLINGS, "Lp"])
def test_every_share_is_the_route_of_its_output(shown, pooling):
    shown.pooling.value, shown.kernel.value, shown.stride.value = pooling, 3, 2
    x = np.array([[float(word) for word in line.split()] for line in explorer.START.splitlines()])
    assert shown.shown.y.shape == (2, 2)
    for place in np.ndindex(2, 2):
        found = figures.route(x, 3, 2, place, pooling, shown.p.value)
        np.testing.assert_allclose(shown.shown.share[place], found.share)
        rows, columns = (shown.grids.state["windows"][axis] for axis in ("rows", "columns"))
        outside = np.ones(x.shape, bool)
        outside[np.ix_(rows[place[0]], columns[place[1]])] = False
        assert not found.share[outside].any()


def test_what_is_typed_is_read_or_refused_in_a_sentence(shown):
    shown.text.value = "1 2 3 4\n" * 3 + "9 9 9 9"
    assert shown.shown.y.shape == (3, 3) and shown.shown.y[2, 0] == 9
    for text, problem in [
        ("1 2 3\n1 2", "rows of equally many numbers"),
        ("1 2 x 4\n" * 4, "rows of equally many numbers"),
        ("1 2\n3 4", "4 x 4 to 8 x 8"),
        ("1 2 nan 4\n" * 4, "finite numbers"),
    ]:
        shown.text.value = text
        assert shown.shown is None and problem in shown.problem


def test_a_larger_window_keeps_the_place_inside(shown):
    shown.grids.place = [3, 3]
    shown.kernel.value, shown.stride.value = 4, 2
    assert shown.shown is not None and shown.grids.place == [0, 0]
