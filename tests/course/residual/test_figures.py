"""The pictures of degradation."""

import pytest

from course.residual import figures

from .conftest import ROWS

DRAWN = {
    "curves": lambda: figures.curves(ROWS, "a title"),
    "norms_by_layer": lambda: figures.norms_by_layer({"plain-8": [3, 2, 1], "residual-8": [1, 1]}),
    "jacobians": lambda: figures.jacobians({"plain": [1, 0.1], "residual": [1, 3]}),
    "blocks": figures.blocks,
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


def test_a_curve_is_the_mean_of_its_seeds():
    assert "plain-8 ends at 31.0; residual-56 ends at 31.0" in DRAWN["curves"]().alt
