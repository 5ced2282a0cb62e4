"""What the design of a stage is judged by: maps that go through it."""

import pytest
import torch

from course.pooling import checks, design


def test_maximum_pooling_jumps_and_an_average_thins_out():
    assert design._jump((("max", 4, 4, 0),), 24) == 1
    assert design._jump((("average", 4, 4, 0),), 24) == pytest.approx(1 / 16)


def test_an_output_sees_what_the_formula_says():
    layers = (("max", 3, 1, 1), ("average", 4, 2, 0), ("max", 2, 2, 0))
    y = design._detections(layers, 32)
    rows = (y[:, :, 3, 3] != 0).any(1).nonzero().flatten()
    assert rows[-1] - rows[0] + 1 == design.field(layers) == 8


@pytest.mark.parametrize(
    "result, says",
    [
        (None, "must be a list"),
        ([("mean", 3, 1, 1)], "layer 0 must be"),
        ([("max", 3, 1, 2)], "at most half"),
        ([("max", 3, 0, 1)], "needs integers"),
        ([("average", 60, 4, 0)], "does not fit"),
    ],
)
def test_what_is_no_stage_is_said(result, says):
    assert says in checks.steady_stage.examine(lambda: result).text


def test_the_layers_are_those_of_torch():
    x = torch.rand(1, 1, 8, 8)
    y = design.pooled((("average", 3, 2, 1),), x)
    assert torch.equal(y, torch.nn.functional.avg_pool2d(x, 3, 2, 1))
