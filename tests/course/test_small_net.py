"""The net that runs through the lectures: its shapes, that it learns, that it repeats."""

import torch

from course import small_net


def test_it_has_the_shapes_that_the_lectures_name():
    found = small_net.maps(small_net.build(), torch.zeros(small_net.INPUT_SHAPE))
    shapes = {name: tuple(values.shape) for name, values in found.items()}
    assert shapes["conv1"] == shapes["relu1"] == (8, 8, 8)
    assert shapes["pool1"] == (8, 4, 4)
    assert shapes["conv2"] == shapes["relu2"] == (16, 4, 4)
    assert shapes["pool2"] == (16, 2, 2)
    assert shapes["flatten"] == (64,)
    assert shapes["linear"] == shapes["probabilities"] == (10,)
    assert sum(p.numel() for p in small_net.build().parameters()) == 80 + 1168 + 650


def test_it_sees_nine_of_ten_new_digits():
    net = small_net.trained()
    assert small_net.accuracy(net, "train") > 97
    assert small_net.accuracy(net) > 88


def test_it_is_the_same_net_every_time_and_leaves_the_random_numbers_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    small_net._trained.cache_clear()
    torch.manual_seed(3)
    net = small_net.trained()
    assert torch.rand(1) == expected
    again = small_net.trained()
    assert torch.equal(net.conv1.weight, again.conv1.weight)
    with torch.no_grad():
        net.conv1.weight.zero_()
    assert small_net.trained().conv1.weight.any()


def test_made_deep_it_has_more_layers_and_the_same_answer_shape():
    deep = small_net.build(extra=5)
    assert sum(isinstance(layer, torch.nn.Conv2d) for layer in deep) == 7
    assert deep(torch.zeros(2, *small_net.INPUT_SHAPE)).shape == (2, 10)


def test_its_pictures_tell_what_they_show():
    net = small_net.trained()
    x, y = small_net.load("test")
    assert f"is that of {y[1]}" in small_net.sees(net, x[1]).alt
    assert "8 kernels" in small_net.kernels(net).alt
