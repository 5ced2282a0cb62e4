"""What is frozen stays, what learns moves, and a run goes on where it stopped."""

import pytest
import torch
from torch import nn

from course.transfer import experiment, oquab, oquab_experiment
from course.transfer.nets import (
    STAGES,
    Net,
    accuracy,
    carry_over,
    copied,
    count,
    parameter_groups,
    take_statistics,
    train,
)


@pytest.fixture(scope="module")
def tasks():
    return experiment.load("digits")


@pytest.fixture(scope="module")
def source(tasks):
    return experiment.pretrain(tasks, epochs=2)


def changed(net, before):
    """The names of the children of which anything, statistics too, has changed."""
    old = before.state_dict()
    return {
        name.split(".")[0] for name, value in net.state_dict().items() if not value.equal(old[name])
    }


def test_the_tasks_hold_other_classes(tasks):
    assert len(tasks.source.y) == 753 and len(tasks.target.y) == 747
    assert set(tasks.source.y.tolist()) == set(tasks.target.y.tolist()) == set(range(5))
    assert abs(tasks.source.x.mean()) < 1e-5 and tasks.source.x.std() == pytest.approx(1, abs=1e-3)


def test_counts_by_hand():
    net = Net(5)
    stages = [9 * c * o + 2 * o for c, o in ((1, 16), (16, 16), (16, 32), (32, 64))]
    assert count(net) == (sum(stages) + 325, sum(stages) + 325)
    assert count(net.freeze("stage1", "stage4")) == (stages[1] + stages[2] + 325, sum(stages) + 325)
    assert count(net.freeze())[0] == sum(stages) + 325
    with pytest.raises(ValueError, match="'stage5'"):
        net.freeze("stage5")


def test_frozen_stages_stay_in_eval_mode_whatever_is_called():
    net = Net(5).freeze("stage1", "stage2")
    net.eval()
    net.train()
    assert [getattr(net, name).training for name in STAGES] == [False, False, True, True]


@pytest.mark.parametrize("frozen", [0, 2, 4])
def test_training_changes_what_is_not_frozen_and_nothing_else(source, tasks, frozen):
    net = carry_over(source, 5).freeze(*STAGES[:frozen])
    before = copied(net)
    train(net, *tasks.target, rates={"": 0.05}, steps=3)
    assert changed(net, before) == {*STAGES[frozen:], "head"} and not net.training


def test_norms_in_training_mode_change_what_is_frozen(source, tasks):
    shown = experiment.few(tasks.target, 5, seed=0)
    net = experiment.adapt(source, tasks, shown, experiment.TRAINING, 4, seed=0)
    assert changed(net, source) == {*STAGES, "head"}
    for name in STAGES:
        stages = getattr(net, name), getattr(source, name)
        for new, old in zip(*(stage.parameters() for stage in stages), strict=True):
            assert torch.equal(new, old)


def test_what_is_carried_over(source):
    net = carry_over(source, 3, ("stage1", "stage3"))
    assert {"stage2", "stage4"} <= changed(net, source) and net.head.out_features == 3
    old = source.state_dict()
    for name, value in net.state_dict().items():
        if name.startswith(("stage1.", "stage3.")):
            assert torch.equal(value, old[name]), name


def test_each_part_has_its_rate():
    net = Net(5).freeze("stage1")
    groups = parameter_groups(net, {"": 0.1, "head": 0.5, "stage2": 0.0})
    assert [group["lr"] for group in groups] == [0.0, 0.1, 0.1, 0.5]
    before = copied(net)
    x, y = torch.rand(4, 1, 8, 8), torch.arange(4)
    train(net, x, y, rates={"": 0.1, "stage2": 0.0}, steps=2)
    for new, old in zip(net.stage2.parameters(), before.stage2.parameters(), strict=True):
        assert torch.equal(new, old)


def test_statistics_are_those_of_the_images(tasks):
    net = take_statistics(Net(5), tasks.source.x[:100])
    with torch.no_grad():
        mean = net.stage1[0](tasks.source.x[:100]).mean((0, 2, 3))
    torch.testing.assert_close(net.stage1[1].running_mean, mean, atol=1e-5, rtol=1e-4)
    assert not net.training and net.stage1[1].momentum == 0.1


def test_few_images_of_every_class_and_the_fewer_among_the_more(tasks):
    fewer, more = (experiment.few(tasks.target, n, seed=3) for n in (2, 5))
    assert fewer.y.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4] and len(more.y) == 25
    assert all(any(torch.equal(x, other) for other in more.x) for x in fewer.x)
    assert not torch.equal(more.x, experiment.few(tasks.target, 5, seed=4).x)


def test_frozen_stages_remember_the_source(source, tasks):
    shown = experiment.few(tasks.target, 2, seed=0)
    net = experiment.adapt(source, tasks, shown, experiment.FRESH, 4, seed=0)
    assert experiment.remembers(net, source, tasks) == accuracy(source, *tasks.source_test)


def test_a_run_has_every_way_and_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "STEPS", 1)
    settings = {"counts": (1,), "epochs": 1, "progress": False}
    first = experiment.run(tmp_path, "digits", [0], **settings)
    assert len(first) == 12
    assert {(row["method"], row["frozen"]) for row in first} >= set(experiment.NAMED.values())
    assert {row["learns"] for row in first if row["frozen"] == 4} == {325}
    rows = experiment.run(tmp_path, "digits", [0, 1], **settings)
    assert [row["seed"] for row in rows] == [0] * 12 + [1] * 12
    for row, again in zip(first, rows, strict=False):
        assert again["method"] == row["method"]
        assert again["accuracy"] == pytest.approx(row["accuracy"], rel=1e-5)
    with pytest.raises(ValueError, match="epochs"):
        experiment.run(tmp_path, "digits", [0], **{**settings, "epochs": 2})


# Oquab's scheme in small


@pytest.fixture(scope="module")
def pictures():
    return oquab.scenes(count=6)


def test_a_scene_holds_its_two_digits(pictures):
    again = oquab.scenes(count=6)
    assert torch.equal(pictures.x, again.x)
    assert not torch.equal(pictures.x, oquab.scenes(part="test", count=6).x)
    for picture, ((a, left, *_), (b, right, *_)) in zip(
        pictures.x, pictures.boxes.tolist(), strict=True
    ):
        assert picture.shape == (1, 20, 28) and left + 8 <= right <= 20 and max(a, b) <= 12
        assert picture[0, a : a + 8, left : left + 8].sum() > 5


def test_patches_carry_their_labels(pictures):
    x, y = oquab.cut(pictures, share=1.0)
    assert x.shape[1:] == (1, 8, 8) and set(y.tolist()) <= set(range(6))
    fewer, labels = oquab.cut(pictures, share=0.2)
    objects = y != oquab.BACKGROUND
    assert torch.equal(x[objects], fewer[labels != oquab.BACKGROUND])
    assert 0 < (labels == oquab.BACKGROUND).sum() < (~objects).sum()
    (top, left, *_), _ = pictures.boxes[0].tolist()
    digit = pictures.x[0, :, top : top + 8, left : left + 8]
    assert pictures.classes[0, 0] in y[(x == digit).flatten(1).all(1)]


def test_the_adaptation_layers_learn_alone(pictures):
    source = oquab.SourceNet()
    before = copied(source)
    net = oquab.adapted(source, 6)
    assert count(net)[0] == 64 * 32 + 32 + 32 * 6 + 6
    start = copied(net)
    oquab.learn_target(net, *oquab.cut(pictures), steps=2)
    assert changed(net, start) == {"fca", "fcb"} and not changed(source, before)
    with pytest.raises(ValueError, match="fcz"):
        oquab.features(net, pictures.x[:, :, :8, :8], "fcz")


def test_measures_of_a_detector_that_is_known(pictures):
    sure = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 6))  # looks at its bias
    with torch.no_grad():
        sure[2].weight.zero_()
        sure[2].bias.copy_(torch.tensor([9.0, 0, 0, 0, 0, 0]))
    assert oquab.false_alarms(sure, pictures) == 100
    with torch.no_grad():
        sure[2].bias.copy_(torch.tensor([0.0, 0, 0, 0, 0, 9]))
    assert oquab.false_alarms(sure, pictures) == 0
    # All windows are equal, so the first is taken: is the 5 within two pixels of the corner?
    near = (pictures.boxes[:, :, :2].amax(2) <= 2) & (pictures.classes == 0)
    assert oquab.detection_rate(sure, pictures) == pytest.approx(
        100 * near.any(1).double().mean().item()
    )


def test_of_one_source_nets_are_made_in_every_way(pictures):
    source = oquab.SourceNet()
    before = copied(source)
    nets = oquab.in_every_way(source, *oquab.cut(pictures), steps=2)
    assert not changed(source, before)
    assert [count(net)[0] == count(net)[1] for net in nets.values()] == [False] * 3 + [True] * 2
    frozen, random, *_, scratch, tuned = nets.values()
    assert frozen.conv1.weight.equal(source.conv1.weight)
    for net in (random, scratch, tuned):
        assert not net.conv1.weight.equal(source.conv1.weight)


def test_the_nets_of_patches_are_kept_by_way_and_seed(tmp_path, monkeypatch):
    monkeypatch.setattr(oquab, "learn_source", lambda seed: oquab.SourceNet())
    monkeypatch.setattr(
        oquab, "in_every_way", lambda source, x, y, seed: dict.fromkeys("ab", source)
    )
    oquab_experiment.run(tmp_path, [0], pictures=1, new=2, progress=False)
    rows = oquab_experiment.run(tmp_path, [0, 1], pictures=1, new=2, progress=False)
    assert [(row["seed"], row["way"]) for row in rows] == [(0, "a"), (0, "b"), (1, "a"), (1, "b")]
    assert all(0 <= row[name] <= 100 for row in rows for name in ("found", "alarms"))
    with pytest.raises(ValueError, match="other settings"):
        oquab_experiment.run(tmp_path, [0], pictures=3, new=2)
