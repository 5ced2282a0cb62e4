"""Diagrams of nets: what is drawn is what the net computes."""

import pytest
import torch
from torch import nn

from course import diagram, models
from course.residual.block import Block, basic_block
from course.residual.nets import PlainNet, ResNet

DRAWN = {
    "LeNet-5": lambda: diagram.net(models.LeNet5(), (1, 32, 32), "LeNet-5"),
    "AlexNet": lambda: diagram.net(models.AlexNet(), (3, 224, 224)),
    "VGG-16": lambda: diagram.net(models.vgg16(), (3, 224, 224)),
    "GoogLeNet": lambda: diagram.net(
        models.GoogLeNet(side_heads=True), (3, 224, 224), whole=(models.Inception,), training=True
    ),
    "ResNet-18": lambda: diagram.net(models.resnet18(), (3, 224, 224)),
    "ResNet-50": lambda: diagram.net(models.resnet50(), (3, 224, 224), whole=(Block,)),
    "residual-8": lambda: diagram.net(ResNet(8), (3, 32, 32), "residual-8"),
    "residual-56": lambda: diagram.net(ResNet(56), (3, 32, 32), whole=(Block,)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_diagram_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


def test_each_box_is_an_output_of_the_net():
    net, x = models.LeNet5(), torch.zeros(1, 1, 32, 32)
    shapes = []
    for module in net:
        x = module(x)
        if isinstance(module, nn.Conv2d | nn.AvgPool2d | nn.Linear):
            shapes.append(tuple(x.shape[1:]))
    found = diagram.boxes(net, (1, 32, 32))
    assert [box.shape for box in found] == [(1, 32, 32), *shapes]
    assert [box.reads for box in found] == [(), *((i,) for i in range(len(shapes)))]
    assert found[1].words == "conv 5 × 5" and found[1].beside == ["tanh"]


def test_a_shortcut_reads_the_block_before():
    input_, first, second, carried, added = diagram.boxes(basic_block(8, 16, 2), (8, 8, 8))
    assert (first.reads, second.reads, carried.reads, added.reads) == ((0,), (1,), (0,), (2, 3))
    assert added.words == "+" and input_.shape == (8, 8, 8)
    _, first, second, added = diagram.boxes(basic_block(8, 8), (8, 8, 8))
    assert added.reads == (2, 0)


def test_blocks_alike_are_one_box():
    told = DRAWN["residual-56"]().alt
    assert told.count("block 9 times, its input carried past it and added") == 3
    plain = diagram.net(PlainNet(56), (3, 32, 32), whole=(Block,)).alt
    assert plain.count("block 9 times") == 3 and "carried" not in plain


def test_groups_are_named_and_last_through_a_pooling():
    groups = [box.groups for box in diagram.boxes(models.AlexNet(), (3, 224, 224))]
    assert groups == [1, 1, 1, 2, 2, 1, 2, 2, 2, 1, 1, 1]
    assert DRAWN["AlexNet"]().alt.count(", 2 groups") == 3
    assert "groups" not in diagram.net(models.AlexNet(groups=1), (3, 224, 224)).alt


def test_side_heads_are_drawn_where_they_stand_in_training():
    net, shape = models.GoogLeNet(side_heads=True), (3, 224, 224)
    found = diagram.boxes(net, shape, (models.Inception,), training=True)
    heads = [box for box in found if box.words.startswith("average pool")]
    assert [found[box.reads[0]].shape[0] for box in heads] == [512, 528]  # 4a and 4d of the paper
    assert sum(box.shape == (1000,) for box in found) == 3
    assert sum(box.shape == (1000,) for box in diagram.boxes(net, shape)) == 1


def test_the_net_stays_as_it_is():
    net = models.LeNet5().train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    diagram.boxes(net, (1, 32, 32))
    assert net.training and all(torch.equal(before[k], v) for k, v in net.state_dict().items())
    assert not net[0]._forward_hooks
