"""The explorer of arithmetic: numbers, words and pictures follow every control."""

import itertools
import re

import pytest
import torch
import torch.nn.functional as F

from course.arithmetic import explorer


@pytest.fixture
def shown():
    return explorer.explorer()


def sides(shown):
    """The sides of the two grids, left and right, in cells."""
    grids = re.findall(r"<svg.*?</svg>", shown.view.value, re.DOTALL)
    # A frame is a rectangle too; all the others are cells.
    return [round((grid.count("<rect") - 1) ** 0.5) for grid in grids]


def test_every_slider_moves_sizes_formula_and_picture(shown):
    for n, k, s, p, d in itertools.product([4, 9], [1, 3], [1, 3], [0, 2], [1, 3]):
        shown.size.value, shown.kernel.value, shown.stride.value = n, k, s
        shown.padding.value, shown.dilation.value = p, d
        x, weight = torch.empty(1, 1, n, device="meta"), torch.empty(1, 1, k, device="meta")
        try:
            o = F.conv1d(x, weight, None, s, p, d).shape[2]
        except RuntimeError:
            assert shown.shown is None and "No layer: kernel_size must fit" in shown.view.value
            assert shown.place.disabled and 'role="alert"' in shown.view.value
        else:
            assert sides(shown) == [n + 2 * p, o]
            assert f"= {o}</div>" in shown.view.value
            assert shown.place.max == shown.play.max == o * o - 1 and not shown.place.disabled


def test_a_transposed_layer_goes_the_other_way(shown):
    shown.size.value, shown.transposed.value, shown.output_padding.value = 3, True, 1
    o = F.conv_transpose1d(torch.ones(1, 1, 3), torch.ones(1, 1, 3), None, 2, 0, 1).shape[2]
    assert sides(shown) == [3, o]
    assert shown.ceil_mode.disabled and not shown.output_padding.disabled
    shown.output_padding.value = 2
    assert "output_padding must be smaller than stride or dilation" in shown.view.value
    shown.output_padding.value = 0
    assert shown.shown is not None


def test_rounding_up_reaches_the_last_row(shown):
    shown.size.value = 8
    assert "No window reads 15 of the 64 pixels, the last row and column among them" in (
        shown.view.value
    )
    shown.ceil_mode.value = True
    assert sides(shown) == [9, 4]
    assert "No window reads" not in shown.view.value


def test_the_window_steps_through_all_places(shown):
    frames = set()
    for place in range(shown.place.max + 1):
        shown.place.value = place
        assert shown.shown.place == divmod(place, 3)
        frames.add(shown.shown.window)
    assert len(frames) == 9
    shown.kernel.value = 7  # one place is left, and the window is there
    assert (shown.place.value, shown.place.max, shown.shown.place) == (0, 0, (0, 0))


def test_every_control_has_a_name(shown):
    for control in (
        *(shown.size, shown.kernel, shown.stride, shown.padding, shown.dilation, shown.place),
        *(shown.output_padding, shown.transposed, shown.ceil_mode, shown.play),
    ):
        assert control.description


def test_it_begins_where_it_is_told():
    begun = explorer.explorer(size=5, kernel=3, stride=1, padding=1, dilation=1)
    assert sides(begun) == [7, 5]
