"""The pictures of pooling, and the explorer of gradients' routes."""

import html
import re

import numpy as np
import pytest
import torch

from course.pooling import explorer, figures

X = np.array([[1.0, 3, 2, 0], [4, 3, 3, 1], [-2, 0, 5, 5], [1, 2, 0, 1]])
DRAWN = {
    "routes": lambda: figures.routes(
        X, 2, 2, (0, 0), {"maximum": ("maximum", 2), "L3": ("Lp", 3.0)}
    ),
    "summed": lambda: figures.summed(X, np.ones((3, 3)), 2, 1),
    "slopes": lambda: figures.slopes([3, -4, 1], [1, 2, 10, 50]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


@pytest.mark.parametrize("pooling", ["maximum", "average", "weighted average", "Lp"])
def test_a_route_is_the_gradient_of_one_output(pooling):
    found = figures.route(X, 3, 1, (1, 0), pooling, p=3.0)
    window = torch.tensor(X[1:4, 0:3], requires_grad=True)
    value = {
        "maximum": lambda: window.max(),
        "average": lambda: window.mean(),
        "Lp": lambda: torch.linalg.vector_norm(window, 3),
    }.get(pooling)
    assert found.window == (1, 0, 3, 3)
    if value is None:
        assert found.share.sum() == pytest.approx(1)
        return
    result = value()
    assert found.y[1, 0] == pytest.approx(result.item())
    if pooling != "maximum":  # torch.max shares a tie; here the largest, 5, is alone in its window
        result.backward()
        np.testing.assert_allclose(found.share[1:4, 0:3], window.grad.numpy(), atol=1e-12)
    else:
        assert found.share[2, 2] == found.share.sum() == 1


@pytest.fixture
def shown():
    return explorer.explorer()


def said(shown):
    return html.unescape(re.sub("<.*?>", "", shown.view.value.split('class="said"')[1]))


def test_the_cell_and_its_route_follow_the_sliders(shown):
    assert "output[0, 0] = 4; of a gradient of 1 go 1 to (1, 0)" in said(shown)
    shown.row.value, shown.column.value = 1, 2
    assert shown.shown.y[1, 2] == 5 and shown.shown.share[2, 2] == 1  # the first of two fives
    assert "go 1 to (2, 2)" in said(shown)
    shown.pooling.value = "average"
    assert shown.shown.share[1:3, 2:4] == pytest.approx(np.full((2, 2), 0.25))
    shown.pooling.value = "Lp"
    assert not shown.p.disabled
    shown.column.value = 3
    assert shown.shown.share[2, 4] < 0  # a negative pixel has a negative slope


def test_what_is_typed_is_read_or_refused_in_a_sentence(shown):
    shown.text.value = "1 2 3 4\n" * 3 + "9 9 9 9"
    shown.row.value = 2
    assert shown.shown.y.shape == (3, 3) and shown.shown.y[2, 0] == 9
    for text, problem in [
        ("1 2 3\n1 2", "rows of equally many numbers"),
        ("1 2 x 4\n" * 4, "rows of equally many numbers"),
        ("1 2\n3 4", "4 x 4 to 8 x 8"),
        ("1 2 nan 4\n" * 4, "finite numbers"),
    ]:
        shown.text.value = text
        assert shown.shown is None and problem in shown.view.value


def test_a_larger_window_keeps_the_cell_inside(shown):
    shown.row.value = shown.row.max
    shown.kernel.value, shown.stride.value = 4, 2
    assert shown.shown is not None and shown.row.value <= shown.row.max == 0
