"""The pictures' style: numbers fit, are legible, and are told to those who do not see them."""

import itertools
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course import style


@pytest.mark.parametrize(
    "value, text",
    [
        (24.0, "24"),
        (100.0, "100"),
        (0.0, "0"),
        (-0.0, "0"),
        (-0.001, "0"),
        (-1.0, "−1"),
        (0.775, "0.78"),
        (0.1, "0.10"),
        (2.999, "3"),
        (np.nan, ""),
    ],
)
def test_a_number_is_brief(value, text):
    assert style.number_text(value) == text


def test_a_grid_for_widgets_has_a_cell_for_each_number():
    values = np.array([[1.0, -2.0, np.nan], [0.5, 0.0, 30.0]])
    text = style.svg_grid(values, 'a "grid" & more', window=(0, 1, 2, 2), name="made")
    svg = ElementTree.fromstring(text)
    assert svg.get("class") == "made" and svg.get("aria-label") == 'a "grid" & more'
    numbers = {cell.get("data-cell"): cell.text for cell in svg if cell.get("data-cell")}
    assert numbers == {
        f"{row},{column}": style.number_text(value)
        for (row, column), value in np.ndenumerate(values)
        if not np.isnan(value)
    }
    *cells, frame = [part for part in svg if part.tag == "rect"]
    assert len(cells) == values.size and frame.get("fill") == "none"
    side = float(cells[0].get("width"))
    found = [float(frame.get(name)) / side for name in ("y", "x", "height", "width")]
    assert found == [0, 1, 2, 2]


def test_white_is_zero_and_signs_differ_in_grey_print():
    svg = ElementTree.fromstring(style.svg_grid([[-1.0, 0.0, 2.0]], "signs"))
    colours = [to_rgb(part.get("fill")) for part in svg if part.tag == "rect"]
    assert min(colours[1]) > 0.99
    grey = [np.dot(colour, [0.299, 0.587, 0.114]) for colour in colours]
    assert grey[1] > grey[0] > grey[2]


def test_numbers_can_be_read_on_their_cells():
    """WCAG's contrast of 4.5 between each number and its cell, on all shades of both scales."""
    for scale in style.SCALES:
        svg = ElementTree.fromstring(style.svg_grid([np.linspace(-1, 1, 41)], "", scale=scale))
        cells = [to_rgb(part.get("fill")) for part in svg if part.tag == "rect"]
        inks = [to_rgb(part.get("fill")) for part in svg if part.tag == "text"]
        for pair in zip(cells, inks, strict=True):
            light, dark = sorted(map(luminance, pair), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (scale, pair)


def luminance(rgb):
    rgb = np.asarray(rgb)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_a_picture_says_what_it_shows_and_its_numbers_fit():
    wide = np.full((4, 12), -123.25)
    shown = style.grids('Numbers that are <long> & "wide".', numbers=wide, more=wide)
    text = shown._repr_html_()
    assert 'alt="Numbers that are &lt;long&gt; &amp; &quot;wide&quot;."' in text
    assert re.search(r'src="data:image/png;base64,\w+', text)
    figure = shown.figure
    figure.draw_without_rendering()
    for axes in figure.axes:
        left, right = axes.transData.transform([(0, 0), (1, 0)])[:, 0]
        for number in axes.texts:
            assert number.get_window_extent().width <= right - left


def test_titles_stay_in_the_picture():
    shapes = {"input": (4, 4), "maximum": (2, 2), "average": (2, 2), "global_average": (1, 1)}
    shown = style.grids("Four.", **{name: np.ones(shape) for name, shape in shapes.items()})
    figure = shown.figure
    figure.draw_without_rendering()
    places = [axes.title.get_window_extent() for axes in figure.axes]
    assert places[-1].x1 <= figure.bbox.x1
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(places))


@pytest.mark.parametrize("values", [np.zeros((2, 2)), np.full((2, 2), np.nan), np.ones((1, 1))])
@pytest.mark.parametrize("scale", ["signed", "grey"])
def test_a_grid_of_one_value(values, scale):
    assert style.svg_grid(values, "one", scale=scale).endswith("</svg>")
    style.grids("One value.", scale=scale, values=values)


def test_grids_side_by_side_have_one_scale():
    small, large = np.array([[1.0, -1]]), np.array([[8.0, -2]])
    assert style.limits(small, large, [[np.nan]]) == (-8, 8)
    assert style.limits(small, large, scale="grey") == (-2, 8)
    shown = style.grids("Two.", small=small, large=large)
    assert {axes.collections[0].get_clim() for axes in shown.figure.axes} == {(-8, 8)}


def test_a_number_and_a_caption_stand_under_a_picture():
    shown = style.grids("A 1.", values=np.ones((1, 1))).numbered("1.2", "One <pixel>.")
    text = shown._repr_html_()
    assert '<figure id="figure-1.2"' in text and 'alt="A 1."' in text
    assert re.search(r"<figcaption.*>Figure 1.2.</b> One &lt;pixel&gt;.</figcaption>", text)
