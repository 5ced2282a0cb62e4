"""A block of every kind is the sum that it says, in torch and with torch's own layers."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course.residual.block import basic_block, bottleneck_block, initialise


@pytest.mark.parametrize("activation", ["post", "pre"])
@pytest.mark.parametrize("shortcut", ["A", "B", "C", None])
def test_every_kind_of_block_is_the_sum_it_says(shortcut, activation):
    """A block against its formula, with batch norm's layers taken from the block itself."""
    torch.manual_seed(0)
    for build, channels, stride in (
        (basic_block, 4, 1),
        (basic_block, 6, 2),
        (bottleneck_block, 1, 1),
        (bottleneck_block, 2, 2),
    ):
        module = build(4, channels, stride, shortcut, activation).double()
        x = torch.randn(3, 4, 6, 5, dtype=torch.float64)
        out_channels = channels if build is basic_block else 4 * channels
        changes = stride == 2 or out_channels != 4
        norms = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]
        convs = [m for m in module.branch if isinstance(m, nn.Conv2d)]
        assert len(convs) == (2 if build is basic_block else 3)

        def norm(t):
            return F.batch_norm(t, None, None, training=True)

        a = F.relu(norm(x)) if activation == "pre" else x
        f = a
        for i, conv in enumerate(convs):
            if i:
                f = F.relu(f if activation == "post" else norm(f))
            f = F.conv2d(f, conv.weight, stride=conv.stride, padding=conv.padding)
            if activation == "post":
                f = norm(f)
        carried = a if changes else x
        if shortcut is None:
            y = f
        elif shortcut == "C" or (changes and shortcut == "B"):
            s = F.conv2d(carried, module.shortcut[0].weight, stride=stride)
            y = f + (norm(s) if activation == "post" else s)
        else:
            kept = carried[:, :, ::stride, ::stride]
            y = f + F.pad(kept, (0, 0, 0, 0, 0, out_channels - 4))
        y = F.relu(y) if activation == "post" else y
        assert len(norms) == len(convs) + (
            activation == "post" and isinstance(module.shortcut, nn.Sequential)
        )
        torch.testing.assert_close(module(x), y, rtol=1e-9, atol=1e-9)


def test_a_bottleneck_steps_where_it_is_told():
    first = bottleneck_block(8, 2, 2).branch
    second = bottleneck_block(8, 2, 2, stride_at="3x3").branch
    steps = [[m.stride[0] for m in b if isinstance(m, nn.Conv2d)] for b in (first, second)]
    assert steps == [[2, 1, 1], [1, 2, 1]]


def test_weights_start_as_he_et_al_draw_them():
    torch.manual_seed(0)
    conv = nn.Conv2d(64, 256, 3)
    initialise(nn.Sequential(conv))
    assert conv.weight.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.01)
