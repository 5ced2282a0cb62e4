"""What the check of the design task measures is what the net that is built does."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from course.architectures import checks, design

STAGES = [
    (("conv", 24, 1, 1, 1), ("conv", 24, 3, 2, 1), ("conv", 128, 1, 1, 1)),
    (("conv", 64, 3, 2, 64), ("conv", 64, 3, 1, 64), ("conv", 128, 1, 1, 1)),
    (("max_pool", 3, 2), ("conv", 32, 5, 1, 2), ("conv", 128, 3, 1, 4)),
]


@pytest.mark.parametrize("stage", STAGES)
def test_weights_and_work_are_those_of_the_net(stage):
    net = design.build(stage)
    assert design.weights(stage) == sum(p.numel() for p in net.parameters())
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.zeros(1, 64, 32, 32, dtype=torch.float64))
    assert 2 * design.multiply_adds(stage) == counter.get_total_flops()


@pytest.mark.parametrize(
    ("stage", "field", "unread"), list(zip(STAGES, (3, 7, 15), (0, 0, 32), strict=True))
)
def test_an_output_sees_what_can_change_it(stage, field, unread):
    rows = design.seen(stage)
    assert rows == [*range(rows[0], rows[0] + field)]
    assert design.unread(stage) == unread


def test_what_is_far_too_dear_is_not_built():
    report = checks.light_stage.examine(lambda: [("conv", 4096, 64, 2, 1), ("conv", 128, 1, 1, 1)])
    assert "weights, at most 40,000 are allowed" in report.text
    assert report.earned == 0
