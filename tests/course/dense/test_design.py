"""A design for pixels is built as it says, and its reasons are those of its layers."""

import pytest
import torch

from course.classification.design import parameters as of_digits
from course.dense import design

VOTE = ("Conv2d", {"out_channels": 2, "kernel_size": 1})
CONV = ("Conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1})
SKIP = [
    CONV,
    ("ReLU", {}),
    ("MaxPool2d", {"kernel_size": 2}),
    CONV,
    ("Upsample", {"scale_factor": 2}),
    ("Concat", {"layer": 1}),
    VOTE,
]


def test_a_skip_puts_an_earlier_map_beside():
    net = design.build(SKIP)
    x = torch.rand(3, 1, 16, 16)
    first = net[1](net[0](x))
    grown = net[4](net[3](net[2](first)))
    torch.testing.assert_close(net(x), net[6](torch.cat([grown, first], 1)))
    assert design.parameters(SKIP) == (4 * 9 + 4) + (4 * 4 * 9 + 4) + (2 * 8 + 2)


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ([CONV, ("Flatten", {}), VOTE], "layer 1 must be one of"),
        ([CONV, ("Concat", {"layer": 1}), VOTE], "layer must be one of the 1 before, got 1"),
        ([CONV, ("MaxPool2d", {"kernel_size": 2}), ("Concat", {"layer": 0})], "layer 2, Concat"),
        ([CONV], r"must have shape \(N, 2, 16, 16\), got \(N, 4, 16, 16\)"),
    ],
)
def test_a_design_that_is_no_net_is_told_why(layers, says):
    with pytest.raises(ValueError, match=says):
        design.build(layers)


@pytest.mark.parametrize(
    ("layers", "sees"),
    [([CONV, VOTE], 3), ([CONV] * 3 + [VOTE], 7), ([VOTE], 1), (SKIP, 8)],
)
def test_what_a_vote_sees(layers, sees):
    assert design.sees(layers) == sees


def test_exercise_6_knows_no_skip():
    with pytest.raises(ValueError, match="layer 1 must be one of"):
        of_digits([CONV, ("Concat", {"layer": 0})])
