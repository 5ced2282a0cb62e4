"""The nets' sizes and shapes, and what they refuse."""

import pytest
import torch
from torch import nn

from course.residual.nets import PlainNet, ResNet, add_identity_layers

from .conftest import DIGITS, numel


@pytest.mark.parametrize(("depth", "count"), [(8, 19_074), (56, 214_402)])
def test_plain_and_residual_have_equally_many_parameters(depth, count):
    torch.manual_seed(0)
    plain = PlainNet(depth, **DIGITS)
    torch.manual_seed(0)
    residual = ResNet(depth, **DIGITS)
    assert numel(plain) == numel(residual) == count
    for a, b in zip(plain.parameters(), residual.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(
    ("depth", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.7)]
)
def test_sizes_of_the_papers_cifar_nets(depth, millions):
    # He et al. (2015), table 6.
    with torch.device("meta"):
        net = ResNet(depth)
    assert numel(net) / 1e6 == pytest.approx(millions, rel=0.02)
    weighted = [m for m in net.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == depth


def test_constructed_solution_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="plain net"):
        add_identity_layers(ResNet(8), 14)
    with pytest.raises(ValueError, match="plain net"):
        add_identity_layers(PlainNet(8, activation="pre"), 14)
    with pytest.raises(ValueError, match="at least 14"):
        add_identity_layers(PlainNet(14), 8)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ResNet(10), "depth"),
        (lambda: ResNet(2), "depth"),
        (lambda: ResNet(8, shortcut="D"), "shortcut"),
        (lambda: PlainNet(8, activation="none"), "activation"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
