"""Operations and bytes of layers by hand, and the roof over them."""

import pytest
import torch
from torch import nn

from course.kernels import figures, reference, roofline


def test_the_load_of_a_net_by_hand():
    net = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(100, 7))
    conv, linear = roofline.loads(net, (2, 5, 5))
    assert (conv.kind, linear.kind) == ("Conv2d", "Linear")
    assert conv.operations == 2 * 4 * 2 * 9 * 25 and linear.operations == 2 * 700
    assert conv.bytes == 4 * (2 * 25 + 4 * 2 * 9 + 4 + 4 * 25)
    assert linear.bytes == 4 * (100 + 707 + 7)
    assert conv.rate is None


def test_a_layer_without_memory_is_timed_on_a_device():
    with torch.device("meta"):
        net = nn.Sequential(nn.Conv2d(2, 4, 3))
    (load,) = roofline.loads(net, (2, 9, 9), torch.device("cpu"))
    assert load.rate > 0


def test_the_roof_rises_to_the_ridge():
    limits = roofline.Ceilings(operations=100.0, bytes=20.0)
    assert limits.ridge == 5
    assert [limits.bound(x) for x in (1, 5, 50)] == [20, 100, 100]


def test_the_figure_says_which_layers_memory_bounds():
    found = [
        roofline.Load("a", "Conv2d", 100, 10, 90.0),
        roofline.Load("b", "Linear", 10, 20),
    ]
    shown = figures.roofline(found, roofline.Ceilings(100.0, 20.0))
    assert "1 of 2 layers" in shown.alt


@pytest.mark.parametrize(("size", "idle"), [((13, 19), 137), ((16, 16), 0)])
def test_the_picture_of_the_threads_counts_the_idle_ones(size, idle):
    assert f"{idle} of them idle" in figures.threads(*size, 8, 3, (0, 0)).alt


def test_multiplications_by_hand():
    """F(2x2) takes 16 for 4 outputs, F(4x4) 36 for 16; 58 * 30 frequencies of 58 x 58 pixels."""
    counts = reference.multiplications(16, 16, 56, 3)
    assert counts["direct"] == 16 * 16 * 9 * 56**2
    assert counts["F(2x2, 3x3)"] == 16 * 16 * 16 * 28**2
    assert counts["F(4x4, 3x3)"] == 16 * 16 * 36 * 14**2
    assert counts["fft"] == 16 * 16 * 3 * 58 * 30
    assert list(reference.multiplications(1, 1, 8, 5)) == ["direct", "fft"]
