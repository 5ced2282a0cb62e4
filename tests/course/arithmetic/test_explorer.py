"""The explorer of arithmetic: sizes, windows and words follow every control."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from course.arithmetic import explorer, reference

from ..shown import grid, note


@pytest.fixture
def shown():
    return explorer.explorer()


def sides(shown):
    """The sides of the grids that windows lie in and that has a cell for each."""
    return [len(grid(shown, name)["cells"]) for name in ("large", "small")]


def test_every_slider_moves_sizes_formula_and_picture(shown):
    for n, k, s, p, d in itertools.product([4, 9], [1, 3], [1, 3], [0, 2], [1, 3]):
        shown.size.value, shown.kernel.value, shown.stride.value = n, k, s
        shown.padding.value, shown.dilation.value = p, d
        x, weight = torch.empty(1, 1, n, device="meta"), torch.empty(1, 1, k, device="meta")
        try:
            o = F.conv1d(x, weight, None, s, p, d).shape[2]
        except RuntimeError:
            assert shown.shown is None
            assert shown.problem.startswith("Not possible: kernel_size must fit")
            assert "outdated" in shown.grids._dom_classes
        else:
            assert sides(shown) == [n + 2 * p, o]
            assert f"= {o} " in note(shown)
            assert shown.play.max == o * o - 1 and shown.problem == ""
            assert "outdated" not in shown.grids._dom_classes
            padded = (reference.windows(n, k, s, p, d) + p).tolist()
            assert shown.grids.state["windows"] == {"rows": padded, "columns": padded}


def test_a_transposed_layer_goes_the_other_way(shown):
    shown.size.value, shown.transposed.value, shown.output_padding.value = 3, True, 1
    o = F.conv_transpose1d(torch.ones(1, 1, 3), torch.ones(1, 1, 3), None, 2, 0, 1).shape[2]
    assert sides(shown) == [o, 3]
    assert grid(shown, "large")["title"].startswith("output")
    assert shown.ceil_mode.disabled and not shown.output_padding.disabled
    shown.output_padding.value = 2
    assert "output_padding must be smaller than stride or dilation" in shown.problem
    shown.output_padding.value = 0
    assert shown.shown is not None


def test_rounding_up_reaches_the_last_row(shown):
    shown.size.value = 8
    assert "No window reads 15 of the 64 pixels, the last row and column among them" in note(shown)
    shown.ceil_mode.value = True
    assert sides(shown) == [9, 4]
    assert "No window reads" not in note(shown)


def test_the_window_steps_through_all_places(shown):
    for step in range(shown.play.max + 1):
        shown.play.value = step
        assert shown.grids.place == list(divmod(step, 3))
    shown.kernel.value = 7  # one place is left, and the window is there
    assert (shown.grids.place, shown.play.max) == ([0, 0], 0)


def test_every_control_has_a_name(shown):
    for control in (
        *(shown.size, shown.kernel, shown.stride, shown.padding, shown.dilation),
        *(shown.output_padding, shown.transposed, shown.ceil_mode, shown.play),
    ):
        assert control.description


def test_it_begins_where_it_is_told():
    begun = explorer.explorer(size=5, kernel=3, stride=1, padding=1, dilation=1)
    assert sides(begun) == [7, 5]
    assert grid(begun, "large")["offset"] == (1, 1)
