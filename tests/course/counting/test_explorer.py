"""The explorer that builds a net: what it counts is what torch would have."""

import re

import torch

from course.counting import explorer, measure, reference

from ..shown import grid, note, said


def test_the_explorer_counts_what_torch_would_build():
    shown = explorer.explorer()
    net = torch.nn.Sequential(
        *(torch.nn.Conv2d(3, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)),
        *(torch.nn.Conv2d(32, 64, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2)),
        *(torch.nn.Flatten(), torch.nn.Linear(64 * 56 * 56, 10)),
    )
    assert reference.parameters(shown.layers) == measure.parameters(net)
    x = torch.empty(32, 3, 224, 224, device="meta")
    kept = measure.saved_bytes(net.to("meta"), x)
    assert shown.memory["activations"] + shown.memory["batch"] == kept


def test_layers_are_added_and_removed():
    shown = explorer.explorer(start="nothing yet")
    assert "Add a layer" in note(shown)
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
    assert "Not possible: 8 Conv2d must have an input of shape (N, C, H, W)" in shown.problem
    assert len(shown.specs) == before == len(shown.layers)
    shown.remove.click()
    assert shown.problem == ""


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
    cards = re.findall(r"(\d+) GB: (fits|too small)", note(shown))
    assert [fits for _, fits in cards] == [
        "fits" if shown.memory["total"] <= int(size) * 1e9 else "too small" for size, _ in cards
    ]


def test_every_number_is_told_with_its_share():
    shown = explorer.explorer()
    cells = grid(shown, "net")["cells"]
    assert len(cells) == len(shown.layers) + 1 and len(cells[0]) == 4
    shown.grids.place = [7, 1]
    weights = 64 * 56 * 56 * 10 + 10
    share = 100 * weights / reference.parameters(shown.layers)
    assert said(shown) == f"7 Linear: {weights:,} parameters, {share:.1f} % of the net's."
