"""The pictures of what nets cost, and the explorer that builds one."""

import re

import pytest
import torch

from course import models
from course.counting import explorer, figures, gpu, reference

DRAWN = {
    "by_layer": lambda: figures.by_layer(gpu.trace(models.vgg16(), (1, 3, 224, 224)), "VGG-16"),
    "operations": lambda: figures.operations({"a": {"1x1": 5, "3x3": 20}, "b": {"3x3": 9}}),
    "nets": lambda: figures.nets([("one", 1e6, 1e9), ("two", 2e7, 3e8)]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


def test_the_totals_of_vgg_are_the_published_ones():
    picture = DRAWN["by_layer"]()
    assert [axes.get_title() for axes in picture.figure.axes[::2]] == [
        "parameters: 138 M",
        "multiply-adds: 15.5 G",
    ]
    assert "most parameters (103 M) in layer 14 Linear" in picture.alt


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (61706, "61.7 k"), (138357544, "138 M")]
)
def test_a_count_is_short(value, text):
    assert figures.short(value) == text


def test_the_explorer_counts_what_torch_would_build():
    shown = explorer.explorer()
    net = torch.nn.Sequential(
        *(torch.nn.Conv2d(3, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)),
        *(torch.nn.Conv2d(32, 64, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)),
        *(torch.nn.Flatten(), torch.nn.Linear(64 * 56 * 56, 10)),
    )
    assert reference.parameters(shown.layers) == gpu.parameters(net)
    x = torch.empty(32, 3, 224, 224, device="meta")
    kept = gpu.saved_bytes(net.to("meta"), x)
    assert shown.memory["activations"] + shown.memory["batch"] == kept


def test_layers_are_added_and_removed():
    shown = explorer.explorer(start="nothing yet")
    assert "Add a layer" in shown.view.value
    shown.width.value = 12
    shown.add.click()
    assert [layer.output_shape for layer in shown.layers] == [(32, 12, 224, 224)]
    shown.kind.value = "max pooling 2 × 2"
    shown.add.click()
    assert shown.layers[-1].output_shape == (32, 12, 112, 112)
    shown.remove.click()
    assert len(shown.layers) == 1


def test_a_layer_that_does_not_fit_is_refused_in_a_sentence():
    shown = explorer.explorer(start="a small net")
    before = len(shown.specs)
    shown.add.click()  # a convolution after the fully-connected layer
    assert "Not possible: 8 Conv2d must have an input of shape (N, C, H, W)" in shown.view.value
    assert len(shown.specs) == before


def test_batch_type_and_optimiser_change_the_memory_as_they_should():
    shown = explorer.explorer()
    memory = shown.memory
    shown.batch.value = 64
    assert shown.memory["activations"] == 2 * memory["activations"]
    assert shown.memory["weights"] == memory["weights"]
    shown.itemsize.value = 2
    assert shown.memory["weights"] == memory["weights"] // 2
    shown.optimizer.value = "adam"
    assert shown.memory["optimizer"] == 2 * shown.memory["weights"]
    cards = re.findall(r"(\d+) GB: (fits|too small)", shown.view.value)
    assert [fits for _, fits in cards] == [
        "fits" if shown.memory["total"] <= int(size) * 1e9 else "too small" for size, _ in cards
    ]
