"""The explorer of convolution: numbers and pictures follow every control."""

import re

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from course.convolution import explorer


@pytest.fixture
def shown():
    return explorer.explorer()


def cells(shown, name):
    """The numbers that a grid shows, as text by place."""
    svg = re.search(rf'<svg class="{name}".*?</svg>', shown.view.value, re.DOTALL)[0]
    found = re.findall(r'data-cell="(\d+),(\d+)"[^>]*>([^<]*)<', svg)
    return {(int(row), int(column)): text.replace("−", "-") for row, column, text in found}


def said(shown):
    return re.search(r"<b>(.*?)</b>", shown.view.value)[1].replace("−", "-")


def test_every_place_of_the_window_tells_its_sum(shown):
    expected = correlate2d(explorer.HALF_BRIGHT, shown.kernel, mode="valid")
    for row in range(shown.row.max + 1):
        for column in range(shown.column.max + 1):
            shown.row.value, shown.column.value = row, column
            assert float(said(shown)) == expected[row, column]
            assert f"output[{row}, {column}]" in shown.view.value
            products = cells(shown, "products")
            assert sum(map(float, products.values())) == expected[row, column]
    assert {place: float(text) for place, text in cells(shown, "output").items()} == dict(
        np.ndenumerate(expected)
    )


def test_the_switch_convolves_in_place_of_correlating(shown):
    shown.preset.value = "one pixel aside"
    shown.flip.value = True
    kernel = np.array(explorer.KERNELS["one pixel aside"], float)
    np.testing.assert_array_equal(
        shown.output, convolve2d(explorer.HALF_BRIGHT, kernel, mode="valid")
    )
    assert "kernel, flipped" in shown.view.value


@pytest.mark.parametrize("name", explorer.IMAGES)
def test_a_picture_sets_how_far_the_window_goes(shown, name):
    shown.picture.value = name
    shown.row.value = shown.row.max
    shown.column.value = shown.column.max
    assert shown.output.shape == (shown.row.max + 1, shown.column.max + 1)
    shown.picture.value = "half bright, 6 × 6"  # smaller: the window comes back inside
    assert (shown.row.value, shown.column.value) <= (3, 3)


def test_a_changed_weight_is_a_kernel_of_ones_own(shown):
    shown.weights[4].value = 5
    assert shown.preset.value == "your own"
    assert shown.kernel[1, 1] == 5
    assert cells(shown, "kernel")[1, 1] == "5"
    shown.preset.value = "blur"
    assert shown.kernel[1, 1] == pytest.approx(1 / 9)


def test_every_control_has_a_name(shown):
    for control in (shown.picture, shown.preset, shown.flip, shown.row, shown.column):
        assert control.description
    assert len({weight.tooltip for weight in shown.weights}) == 9
