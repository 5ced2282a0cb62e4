"""The pictures of what nets cost."""

import pytest

from course import models
from course.counting import figures, measure

DRAWN = {
    "by_layer": lambda: figures.by_layer(measure.trace(models.vgg16(), (1, 3, 224, 224)), "VGG-16"),
    "operations": lambda: figures.operations({"a": {"1x1": 5, "3x3": 20}, "b": {"3x3": 9}}),
    "nets": lambda: figures.nets([("one", 1e6, 1e9), ("two", 2e7, 3e8)]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


def test_the_totals_of_vgg_are_the_published_ones():
    picture = DRAWN["by_layer"]()
    assert [axes.get_title() for axes in picture.figure.axes[::2]] == [
        "parameters: 138 M",
        "multiply-adds: 15.5 G",
    ]
    assert "most parameters (103 M) in layer 14 Linear" in picture.alt


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (61706, "61.7 k"), (138357544, "138 M")]
)
def test_a_count_is_short(value, text):
    assert figures.short(value) == text
