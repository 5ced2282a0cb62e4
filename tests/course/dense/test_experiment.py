"""The nets are what their names say, the scores what their names say, and a run goes on."""

import numpy as np
import pytest
import torch

from course import runs
from course.dense import experiment, metrics
from course.dense.nets import GROW, Segmenter, grow, straight, train
from course.dense.reference import intersection_over_union, pixel_accuracy
from course.insides import clutter


@pytest.mark.parametrize("kind", GROW)
@pytest.mark.parametrize("skips", [False, True])
def test_a_net_says_a_class_for_every_pixel(kind, skips):
    net = Segmenter(kind, skips, num_classes=3).eval()
    assert net(torch.rand(2, 1, 12, 16)).shape == (2, 3, 12, 16)


def test_an_unknown_way_to_grow_is_refused():
    with pytest.raises(ValueError, match="kind must be one of nearest, "):
        grow("cubic", 2, 3)


def test_an_even_map_stays_even_where_it_is_resized_alone():
    torch.manual_seed(0)
    uneven = {kind: experiment.checkerboard(Segmenter(kind)) for kind in GROW}
    assert uneven["nearest"] < 1e-5 and uneven["bilinear"] < 1e-5
    assert all(uneven[kind] > 1 for kind in GROW if kind.startswith("transposed"))


@pytest.mark.parametrize(("dilations", "width"), experiment.STRAIGHT)
def test_a_straight_net_sees_what_its_name_says(dilations, width):
    net = straight(dilations, width).double().eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.constant_(module.weight, 0.1)
    x = torch.ones(1, 1, 41, 41, dtype=torch.double, requires_grad=True)
    (grad,) = torch.autograd.grad(net(x)[0, 0, 20, 20], x)
    sees = 1 + 2 * sum(dilations)
    seen = grad[0, 0].any(0).nonzero().flatten().tolist()
    assert (seen[0], seen[-1]) == (20 - sees // 2, 20 + sees // 2)
    least = min(
        sum(p.numel() for p in straight(*each).parameters()) for each in experiment.STRAIGHT
    )
    assert least <= sum(p.numel() for p in net.parameters()) < 1.1 * least


def test_the_scores_are_those_of_the_pair():
    rng = np.random.default_rng(0)
    said, right = rng.random((2, 5, 9, 8)) > 0.6
    found = experiment.scores(torch.from_numpy(said), torch.from_numpy(right))
    pooled = intersection_over_union(said.astype(int), right.astype(int), 2)
    assert [found["iou_background"], found["iou_pooled"]] == pytest.approx(100 * pooled)
    each = [
        intersection_over_union(s.astype(int), t.astype(int), 2)[1]
        for s, t in zip(said, right, strict=True)
    ]
    assert found["iou"] == pytest.approx(100 * np.mean(each))
    assert found["pixels"] == pytest.approx(100 * pixel_accuracy(said * 1, right * 1, 2))


def test_the_border_is_a_pixel_on_both_sides():
    mask = torch.zeros(1, 8, 8, dtype=torch.bool)
    mask[0, 2:6, 2:6] = True
    expected = torch.zeros(8, 8, dtype=torch.bool)
    expected[1:7, 1:7] = True
    expected[3:5, 3:5] = False
    assert torch.equal(metrics.outline(mask)[0], expected)


def test_the_masks_are_the_digits_pixels():
    made = clutter.make(count=20, pieces=0)
    assert torch.equal(made.masks, made.x[:, 0] > 0.25)
    full = clutter.make(count=20)
    assert (full.x[:, 0][full.masks] > 0.25).all()
    for mask, (top, left, height, width) in zip(full.masks, full.boxes.tolist(), strict=True):
        assert mask.sum() == mask[top : top + height, left : left + width].sum() > 5


def test_training_finds_the_digit_and_weights_count():
    made = clutter.make(count=256)
    torch.manual_seed(0)
    net = train(Segmenter(), made.x, made.masks.long(), epochs=3, weight=torch.tensor([1.0, 5.0]))
    found = experiment.measure(net, made.x, made.masks)
    assert found["iou"] > 35 and not net.training


def test_a_run_has_every_net_and_goes_on(tmp_path):
    settings = {"images": 32, "shown": 8, "epochs": 1, "progress": False}
    nets = ["nearest, skips", "straight, sees 3"]
    first = experiment.run(tmp_path, "digits", [0], nets=nets[:1], **settings)
    assert [row["net"] for row in first] == ["nothing", "all ink", nets[0]]
    rows = experiment.run(tmp_path, "digits", [0, 1], nets=nets, **settings)
    assert [(row["net"], row["seed"]) for row in rows[3:]] == [
        (nets[1], 0),
        (nets[0], 1),
        (nets[1], 1),
    ]
    assert runs.read(tmp_path / "results.csv")[2]["parameters"] == first[2]["parameters"]
    with pytest.raises(ValueError, match="epochs"):
        experiment.run(tmp_path, "digits", [0], nets=nets, **{**settings, "epochs": 2})
