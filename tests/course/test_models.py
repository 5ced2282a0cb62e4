"""The published nets have the published counts, shapes and operations."""

import pytest
import torch
from torch import nn

from course import models
from course.counting import measure, reference
from course.residual.reference import STAGES, layers_by_stage


def meta(build):
    with torch.device("meta"):
        return build()


# LeNet-5 with all of C3's connections; AlexNet: Krizhevsky et al. (2012) has "60 million"; VGG-16:
# Simonyan and Zisserman (2014) "138 million"; GoogLeNet: bvlc_googlenet of Caffe (as published) and
# torchvision (batch norm, 3x3 in place of 5x5); the others: torchvision's tables of weights.
PUBLISHED = {
    "LeNet-5": (models.LeNet5, 61_706),
    "AlexNet, two towers": (models.AlexNet, 60_965_224),
    "AlexNet, one tower": (lambda: models.AlexNet(groups=1), 62_378_344),
    "AlexNet, later": (models.alexnet_later, 61_100_840),
    "VGG-16": (models.vgg16, 138_357_544),
    "GoogLeNet": (models.GoogLeNet, 6_998_552),
    "GoogLeNet, side heads": (lambda: models.GoogLeNet(side_heads=True), 13_378_280),
    "GoogLeNet, torchvision": (lambda: models.GoogLeNet(batch_norm=True, large=3), 6_624_904),
    "GoogLeNet, torchvision, side heads": (
        lambda: models.GoogLeNet(side_heads=True, batch_norm=True, large=3),
        13_004_888,
    ),
    "ResNet-18": (models.resnet18, 11_689_512),
    "ResNet-34": (models.resnet34, 21_797_672),
    "ResNet-50": (models.resnet50, 25_557_032),
    "ResNet-101": (models.resnet101, 44_549_160),
    "ResNet-152": (models.resnet152, 60_192_808),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters(name):
    build, published = PUBLISHED[name]
    net = meta(build)
    assert measure.parameters(net) == published
    shape = (1, 32, 32) if name == "LeNet-5" else (3, 224, 224)
    assert reference.parameters(measure.trace(net, (2, *shape))) == published


@pytest.mark.parametrize("name", [*models.ALL, "AlexNet, later", "GoogLeNet, side heads"])
def test_everything_measured_is_predicted(name):
    build, shape = models.ALL.get(name, (PUBLISHED.get(name, (None,))[0], (3, 224, 224)))
    net = meta(build)
    for row in measure.compare(net, torch.empty(2, *shape, device="meta")).rows:
        assert row["difference"] == 0, row


def test_a_side_headed_net_gives_three_results_in_training_and_one_after():
    net = meta(lambda: models.GoogLeNet(side_heads=True))
    x = torch.empty(2, 3, 224, 224, device="meta")
    assert [tuple(y.shape) for y in net(x)] == [(2, 1000)] * 3
    assert tuple(net.eval()(x).shape) == (2, 1000)


# Szegedy et al. (2014), table 1: input size, "params" in units of 1024, "ops" in millions.
GOOGLENET_TABLE = {
    **{"3a": (28, 159, 128), "3b": (28, 380, 304), "4a": (14, 364, 73), "4b": (14, 437, 88)},
    **{"4c": (14, 463, 100), "4d": (14, 580, 119), "4e": (14, 840, 170)},
    **{"5a": (7, 1072, 54), "5b": (7, 1388, 71)},
}


def test_googlenet_against_its_papers_table():
    net = meta(models.GoogLeNet)
    in_channels = 192
    for name, (size, params, ops) in GOOGLENET_TABLE.items():
        widths = models.INCEPTION_WIDTHS[name]
        counted = sum(reference.inception_multiply_adds(in_channels, size, *widths).values())
        # The weights are used once at each pixel; what is left are the biases.
        assert measure.parameters(net.inception[name]) == counted // size**2 + sum(widths)
        in_channels = net.inception[name].out_channels
        if name == "5a":
            # Both of the paper's numbers are 5 % above what its own widths give.
            assert (counted / 1e6, counted / size**2 / 1024) == pytest.approx((51, 1018), rel=0.01)
            continue
        assert counted / 1e6 == pytest.approx(ops, abs=0.7), name
        # From 4a on the paper's parameters are below what its widths (and its operations) give.
        tolerance = 0.005 if name[0] == "3" else 0.08
        assert counted / size**2 / 1024 == pytest.approx(params, rel=tolerance), name


def test_googlenets_batch_norm_swaps_a_bias_for_a_scale_and_a_shift():
    channels = 64 + 64 + 192 + sum(map(sum, models.INCEPTION_WIDTHS.values()))
    assert (
        measure.parameters(meta(lambda: models.GoogLeNet(batch_norm=True))) == 6_998_552 + channels
    )


def test_googlenets_maps_shrink_as_in_the_table():
    layers = measure.trace(meta(models.GoogLeNet), (1, 3, 224, 224))
    shapes = {each.name: each.output_shape[1:] for each in layers}
    assert shapes["stem.1"] == (64, 56, 56)
    assert shapes["inception.3a.concat"] == (256, 28, 28)
    assert shapes["inception.3b.concat"] == (480, 28, 28)
    assert shapes["inception.4e.concat"] == (832, 14, 14)
    assert shapes["inception.5b.concat"] == (1024, 7, 7)


@pytest.mark.parametrize(
    ("depth", "billions"), [(18, 1.8), (34, 3.6), (50, 3.8), (101, 7.6), (152, 11.3)]
)
def test_resnets_operations_against_the_papers_table(depth, billions):
    # He et al. (2015), table 1, "FLOPs", which are multiply-adds.
    net = meta(lambda: models.ImageNetResNet(depth))
    counted = reference.multiply_adds(measure.trace(net, (1, 3, 224, 224)))
    assert counted / 1e9 == pytest.approx(billions, abs=0.07)


def test_a_stride_in_the_3x3_costs_operations_and_no_parameters():
    published = meta(models.resnet50)
    later = meta(lambda: models.resnet50(stride_at="3x3"))
    assert measure.parameters(published) == measure.parameters(later)
    x = torch.empty(1, 3, 224, 224, device="meta")
    # torchvision gives 4.09 billion for the later one.
    assert measure.multiply_adds(later, x) / 1e9 == pytest.approx(4.09, abs=0.005)
    assert measure.multiply_adds(published, x) < measure.multiply_adds(later, x)


def test_vgg_16_keeps_early_and_learns_late():
    layers = measure.trace(meta(models.vgg16), (1, 3, 224, 224))
    linear = [each.parameters for each in layers if each.kind == "Linear"]
    assert linear == [102_764_544, 16_781_312, 4_097_000]
    half = len(layers) // 2
    saved = [sum(s.bytes for s in new) for new in reference.saved_by_layer(layers)]
    assert sum(saved[:half]) > 0.9 * sum(saved)
    sizes = [each.output_shape[2] for each in layers if each.kind == "Conv2d"]
    assert sizes == [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3


def test_lenet_runs():
    assert models.LeNet5()(torch.rand(3, 1, 32, 32)).shape == (3, 10)


@pytest.mark.parametrize("depth", STAGES)
def test_imagenet_nets_have_their_depth_in_layers(depth):
    with torch.device("meta"):
        net = models.ImageNetResNet(depth)
        plain = models.ImageNetResNet(depth, shortcut=None)
        assert net(torch.empty(2, 3, 224, 224)).shape == (2, 1000)
    weighted = [
        name
        for name, m in net.named_modules()
        if isinstance(m, nn.Conv2d | nn.Linear) and ".shortcut" not in name
    ]
    assert len(weighted) == depth == sum(layers_by_stage(depth))
    assert sum(isinstance(m, nn.Conv2d | nn.Linear) for m in plain.modules()) == depth


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: models.ImageNetResNet(20), "depth"),
        (lambda: models.resnet50(stride_at="5x5"), "stride_at"),
    ],
)
def test_an_unknown_depth_or_place_of_the_stride_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
