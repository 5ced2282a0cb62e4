"""The pictures of classification, and the explorer."""

import numpy as np
import pytest
import torch

from course.classification import explorer, figures, nets
from course.style import number_text

RNG = np.random.default_rng(0)
LINE = {1: [10.0, 12.0], 2: [20.0, 22.0]}
DRAWN = {
    "pictures": lambda: figures.pictures(RNG.random((3, 8, 8)), "abc", "Three.", columns=2),
    "votes": lambda: figures.votes(
        {"one": np.ones(2), "two": np.zeros(2)}, np.eye(2), ["f", "g"], "XO"
    ),
    "losses": figures.losses,
    "by_depth": lambda: figures.by_depth({"a": [1, 0.1], "b": [1, 10]}, "size"),
    "valley": lambda: figures.valley({"a": [(10, 1), (1, 0)], "b": [(10, 1), (2, 0.5)]}),
    "schedules": lambda: figures.schedules({"constant": [1, 1], "falling": [1, 0]}),
    "curves": lambda: figures.curves({"accuracy": {"a": LINE, "b": LINE}, "loss": {"a": LINE}}),
    "ranges": lambda: figures.ranges({"a": (90.0, 89.0, 91.0), "b": (70.0, 60.0, 80.0)}),
    "confusion": lambda: figures.confusion(np.diag([9, 8, 7]) + np.eye(3, k=1, dtype=int), "abc"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


def test_what_is_told_is_what_is_drawn():
    assert "one: X 1.00, O 1.00; two: X 0.00, O 0.00" in DRAWN["votes"]().alt
    assert "accuracy, a: from 11 to 21" in DRAWN["curves"]().alt
    assert "24 of 26 lie on the diagonal" in DRAWN["confusion"]().alt
    assert "a taken for b, 1 times" in DRAWN["confusion"]().alt


@pytest.fixture(scope="module")
def shown():
    return explorer.explorer(nets.digit_net())


def test_a_moved_digit_gets_a_new_answer(shown):
    before = shown.probabilities.copy()
    np.testing.assert_allclose(before.sum(), 1)
    assert f"It is a {shown.digits.labels[0]}. The net says" in shown.grids.state["note"]
    shown.down.value = 2
    np.testing.assert_array_equal(shown.image[2:], shown.digits.images[0, 0, :-2])
    assert not shown.image[:2].any()
    assert "moved by +2, +0" in shown.grids.state["note"]
    assert np.abs(shown.probabilities - before).max() > 1e-4
    shown.down.value = 0
    np.testing.assert_allclose(shown.probabilities, before)


def test_pixels_are_painted_where_the_window_is(shown):
    shown.clear.click()
    assert not shown.image.any()
    shown.grids.place = [1, 5]
    shown.paint.click()
    assert shown.image[1, 5] == 16 and shown.image.sum() == 16
    shown.paint.click()
    assert not shown.image.any()
    shown.paint.click()
    shown.number.value = 3
    np.testing.assert_array_equal(shown.image, shown.digits.images[3, 0])


def test_a_map_is_what_the_net_computes(shown):
    shown.chosen.value = 5
    x = torch.tensor((shown.image - shown._mean) / shown._std, dtype=torch.float32)
    large = shown.net[:2](x[None, None])[0, 5]
    assert (
        f"map[2, 3] = <b>{number_text(large[2, 3].item())}</b>"
        in (shown.grids.state["sentences"][2][3])
    )
    assert "explorer-saved" in shown.saved()
