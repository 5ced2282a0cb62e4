"""The slides' nets: their counts, their shapes, and their table."""

import pytest
import torch
from torch import nn

from course.classification import nets
from course.counting import measure
from course.residual.nets import PhotoBlock, photo_resnet


@pytest.mark.parametrize(
    ("build", "shape", "parameters"),
    [
        (nets.MNISTNet, (1, 28, 28), 29_034),
        (lambda: nets.MNISTNet(norm=False), (1, 28, 28), 28_938),
        (lambda: nets.MNISTNet(1, 8), (1, 8, 8), 14_634),
        (nets.AveragingNet, (1, 28, 28), 32_618),
        (nets.digit_net, (1, 8, 8), 6_090),
        (nets.digit_fc, (1, 8, 8), 6_010),
        (lambda: nets.fcnn1((1, 28, 28), 10), (1, 28, 28), 101_770),
        (lambda: nets.fcnn2((1, 28, 28), 10), (1, 28, 28), 109_386),
        (lambda: nets.fcnn3((1, 28, 28), 10), (1, 28, 28), 334_560),
        (lambda: nets.cnn1((1, 28, 28), 10), (1, 28, 28), 29_066),
        (lambda: nets.cnn2((1, 28, 28), 10, width=16), (1, 28, 28), 57_758),
    ],
)
def test_a_net_has_its_parameters_and_gives_ten_scores(build, shape, parameters):
    net = build()
    assert measure.parameters(net) == parameters
    assert net(torch.randn(3, *shape)).shape == (3, 10)


def test_the_slide_counts_layer_by_layer():
    counts = {name: measure.parameters(part) for name, part in nets.MNISTNet().named_children()}
    assert counts == {"layer1": 416 + 32, "layer2": 12_832 + 64, "fc": 15_690}


@pytest.mark.parametrize(
    ("depth", "parameters"), [(18, 11_179_842), (34, 21_288_002), (50, 23_504_450)]
)
def test_the_residual_nets_of_the_slides(depth, parameters):
    with torch.device("meta"):
        net = photo_resnet(depth)
        assert measure.parameters(net) == parameters
        assert net(torch.empty(2, 3, 224, 224)).shape == (2, 2)
    # The code projects in the first block too: four projections, where the usual net has three.
    blocks = [module for module in net if isinstance(module, PhotoBlock)]
    assert sum(isinstance(block.shortcut, nn.Conv2d) for block in blocks) == 4
    # Nothing follows a block's last convolution.
    assert all(isinstance(block.branch[-1], nn.Conv2d) for block in blocks)


def test_the_first_block_adds_a_projection_of_its_input():
    torch.manual_seed(0)
    block = PhotoBlock(3, [(4, 3), (4, 3)], first=True, stride=2).double()
    x = torch.randn(2, 3, 6, 8, dtype=torch.float64)
    hidden = torch.relu(block.branch[1](block.branch[0](x)))
    expected = block.branch[3](hidden) + block.shortcut(x)
    torch.testing.assert_close(block(x), expected)


def test_the_table_and_the_code_of_cnn_1_differ():
    table, code = (nets.cnn1((3, 64, 64), 2, as_in_the_code=given) for given in (False, True))
    assert table[0].padding == (0, 0) and table[0].dilation == (1, 1)
    assert code[0].padding == (2, 2) and code[0].dilation == (2, 2)
    assert code[2].padding == 1 and measure.parameters(code) == 52_162
    assert not code[-1].bias.any() and not code[0].bias.any()


def test_the_table_of_the_slides():
    printed = {name: (row["accuracy, %"], row["seconds"]) for name, row in nets.PHOTO.items()}
    assert printed == {
        "FCNN-1": (71.2, 932),
        "FCNN-2": (73.5, 977),
        "FCNN-3": (77.7, 1013),
        "CNN-1": (79.3, 1582),
        "CNN-2": (83.5, 2030),
        "ResNet-18": (81.3, 15127),
        "ResNet-50": (80.9, 11849),
    }
    for name in nets.PHOTO:
        with torch.device("meta"):
            net = nets.photo_net(name, (3, 64, 64), 2)
        assert measure.parameters(net) > 20_000


@pytest.mark.parametrize("call", [lambda: photo_resnet(20), lambda: nets.photo_net("x", 1, 2)])
def test_an_unknown_net_is_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()
