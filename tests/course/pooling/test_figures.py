"""The pictures of pooling."""

import numpy as np
import pytest
import torch

from course.pooling import figures

X = np.array([[1.0, 3, 2, 0], [4, 3, 3, 1], [-2, 0, 5, 5], [1, 2, 0, 1]])
DRAWN = {
    "routes": lambda: figures.routes(
        X, 2, 2, (0, 0), {"maximum": ("maximum", 2), "L3": ("Lp", 3.0)}
    ),
    "one_layer": lambda: figures.one_layer(8, 3, 2, [0, 3, 4]),
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
