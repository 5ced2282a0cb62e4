"""The pictures of the lecture: what a step shows, and that a picture says it without eyes too."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course.arithmetic import figures, reference
from course.arithmetic.reference import Layer

TWO = [Layer("conv", 3, 2), Layer("conv", 3)]
DRAWN = {
    "step": lambda: figures.stepping(figures.step(8, 3, 2, 1, 2, place=1)),
    "step, rounded up": lambda: figures.stepping(figures.step(8, 3, 2, ceil_mode=True)),
    "transposed step": lambda: figures.stepping(figures.transposed_step(3, 3, 2, 1, 1, place=4)),
    "strip": lambda: figures.strip(11, 3, 2, 2, 2),
    "counts": lambda: figures.counts(
        4, {"one": {"kernel_size": 3}, "two": {"kernel_size": 3, "stride": 2, "transposed": True}}
    ),
    "fields": lambda: figures.fields(TWO),
    "growth": lambda: figures.growth(reference.trace(reference.LENET5, (1, 32, 32)), "LeNet-5"),
    "effective": lambda: figures.effective({"one": np.eye(5) / 5, "two": np.eye(7) / 7}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_has_alternative_text_and_nothing_outside_its_page(name, within_its_page):
    picture = DRAWN[name]()
    assert len(picture.alt) > 40
    within_its_page(picture)


@pytest.mark.parametrize(
    "sizes", [(8, 3, 2, 0, 1), (7, 3, 2, 1, 2), (9, 2, 3, 0, 1), (5, 4, 1, 3, 1)]
)
def test_a_step_shows_what_torch_reads(sizes):
    n, k, s, p, d = sizes
    x = torch.ones(1, 1, n, n, requires_grad=True)
    y = F.conv2d(x, torch.ones(1, 1, k, k), None, s, p, d)[0, 0]
    (read,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
    for place in range(y.numel()):
        shown = figures.step(*sizes, place=place)
        assert shown.small.shape == tuple(y.shape)
        assert shown.formula.endswith(f"= {len(y)}")
        assert ("e = d" in shown.formula) == (d > 1), "dilation comes later than stride"
        (grad,) = torch.autograd.grad(y.flatten()[place], x, retain_graph=True)
        inside = shown.large[p : p + n, p : p + n]
        assert np.array_equal(inside == figures.TAP, grad[0, 0] > 0)
        assert np.array_equal(inside == figures.UNREAD, read[0, 0] == 0)
        row, column, height, width = shown.window
        assert (
            shown.large[row : row + height, column : column + width] == figures.TAP
        ).sum() == k * k
    unread = int((read == 0).sum())
    assert shown.unread.startswith(
        f"No window reads {unread} of the {n * n} pixels" if unread else ""
    )
    assert bool(shown.unread) == bool(unread)


def test_a_step_that_rounds_up_hangs_over_the_end():
    shown = figures.step(8, 3, 2, place=15, ceil_mode=True)
    assert shown.small.shape == (4, 4) and shown.large.shape == (9, 9)
    assert (shown.large[8, :6] == figures.OUTSIDE).all()
    assert "⌈2.5⌉ + 1 = 4" in shown.formula
    # One window more would start behind the picture: torch takes it back, and so must the words.
    less = figures.step(2, 1, 3, ceil_mode=True)
    assert less.small.shape == (1, 1)
    assert less.formula.endswith("less 1, for the last window would start behind the picture: 1")


@pytest.mark.parametrize("sizes", [(3, 3, 2, 1, 1, 1), (3, 2, 3, 0, 0, 1), (2, 3, 1, 1, 0, 2)])
def test_a_transposed_step_shows_what_torch_writes(sizes):
    n, k, s, p, extra, d = sizes
    weight = torch.ones(1, 1, k, k)
    written = F.conv_transpose2d(torch.ones(1, 1, n, n), weight, None, s, p, extra, 1, d)[0, 0]
    for place in range(n * n):
        x = torch.zeros(n * n)
        x[place] = 1
        y = F.conv_transpose2d(x.reshape(1, 1, n, n), weight, None, s, p, extra, 1, d)[0, 0]
        shown = figures.transposed_step(*sizes, place=place)
        inside = shown.large[p : p + len(y), p : p + len(y)]
        assert np.array_equal(inside == figures.TAP, y > 0)
        assert np.array_equal(inside == figures.UNREAD, written == 0)
        assert shown.formula.endswith(f"= {len(y)}")


def test_a_place_behind_the_last_begins_again():
    assert figures.step(7, 3, 2, place=9).place == (0, 0)
    assert figures.transposed_step(2, 3, 2, place=5).place == (0, 1)


def test_pictures_tell_their_numbers():
    assert "pixels in no window: 1." in figures.strip(8, 3, 2).alt
    assert "down to the 7 pixels" in figures.fields(TWO).alt
    counts = figures.counts(4, {"c": {"kernel_size": 3, "stride": 2, "transposed": True}})
    assert "1 1 2 1 2 1 2 1 1" in counts.alt  # 1 1 1 painted at 0, 2, 4 and 6, by hand
    with pytest.raises(ValueError, match="kernel_size must fit"):
        figures.step(2, 3)
