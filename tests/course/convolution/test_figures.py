"""The pictures of the lecture: what they are drawn from, and that they say it without eyes too."""

import html

import numpy as np
import pytest

from course import style
from course.convolution import figures

RNG = np.random.default_rng(0)
DRAWN = {
    "sliding_sum": lambda: figures.sliding_sum([2.0, 4, 6, 3], np.array([0.5, 0.5]), 2),
    "sliding_area": lambda: figures.sliding_area(np.ones(20), np.linspace(1, 0, 20), 0.05, [1]),
    "window": lambda: figures.window(RNG.normal(size=(5, 7)), RNG.normal(size=(2, 3)), 1, 4),
    "channels": lambda: figures.channels(3, 32, 6, 5),
    "matrix_product": lambda: figures.matrix_product(RNG.normal(size=(2, 2)), 3),
    "pictures": lambda: figures.pictures(
        [RNG.random((4, 5)), RNG.normal(size=(4, 5)), RNG.random((4, 5, 3))],
        ["one", "two", "three"],
        "three pictures",
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_has_alternative_text_and_nothing_outside_its_page(name):
    picture = DRAWN[name]()
    assert len(picture.alt) > 10
    assert html.escape(picture.alt) in picture._repr_html_()
    picture.figure.draw_without_rendering()
    page = picture.figure.bbox
    for axes in picture.figure.axes:
        for text in [*axes.texts, axes.title, axes._left_title, axes.xaxis.label]:
            if text.get_text():
                box = text.get_window_extent()
                assert box.x0 >= -1 and box.y0 >= -1, text
                assert box.x1 <= page.width + 1 and box.y1 <= page.height + 1, text


def test_the_area_is_the_integral():
    # Two bars of one second: at t the length that they share.
    drawn = figures.sliding_area(np.ones(50), np.ones(50), 0.02, [0.5, 1, 1.5])
    assert "0.5 at 0.5, 1 at 1, 0.5 at 1.5" in drawn.alt


def test_the_window_tells_the_sum_of_its_products():
    image, kernel = np.arange(12.0).reshape(3, 4), np.array([[1.0, 2], [0, 1]])
    # 5 + 2 * 6 + 10 in row 1, column 1, by hand
    assert "add up" not in figures.window(image, kernel, 1, 1, mean=True).alt
    assert "sum 27" in figures.window(image, kernel, 1, 1).alt
    assert "mean 6.75" in figures.window(image, kernel, 1, 1, mean=True).alt


def test_numbers_never_reach_beyond_their_cells():
    figure = style.grids("wide numbers", a=RNG.normal(size=(3, 18)) * 100, height=2).figure
    figure.draw_without_rendering()
    (axes,) = figure.axes
    width = np.diff(axes.transData.transform([(0, 0), (1, 0)])[:, 0])[0]
    for text in axes.texts:
        assert text.get_window_extent().width < width


def test_the_pictures_of_x_and_o():
    cross, ring = figures.cross_picture(), figures.ring_picture()
    assert cross.shape == ring.shape == (9, 9)
    assert set(np.unique(cross)) == set(np.unique(ring)) == {-1, 1}
    assert (cross == 1).sum() == 13  # two strokes of seven that share the centre
    assert np.array_equal(cross, cross.T) and np.array_equal(ring, ring[::-1])
    assert (cross[[0, -1]] == -1).all() and (ring[:, [0, -1]] == -1).all()
