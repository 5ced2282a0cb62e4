"""Training many nets side by side gives what each gives alone, and can be interrupted."""

import copy
import re
from dataclasses import replace

import pytest
import torch

from course.residual import experiment
from course.residual.graphed import GraphedTraining, run_epochs
from course.residual.nets import ResNet
from course.training import Training

RECIPE = replace(experiment.RECIPES["digits"], epochs=2, widths=(4, 4, 4), shift=1, mirror=True)
SETTINGS = {"lr": 0.05, "batch_size": 64, "milestones": (1,), "seed": 3}


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(300, 3, 8, 8, generator=generator)
    return x, torch.randint(0, 10, (300,), generator=generator)


def net(seed=0, device="cpu"):
    torch.manual_seed(seed)
    return ResNet(8, widths=(4, 4, 8)).to(device)


def without_seconds(row):
    return {name: value for name, value in row.items() if name != "seconds"}


def same(one, other, tolerance):
    for (name, a), b in zip(one.state_dict().items(), other.state_dict().values(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=tolerance, msg=name)


def test_it_trains_as_training_does(images):
    plain, graphed = (
        kind(net(), *images, **SETTINGS, **more)
        for kind, more in [(Training, {}), (GraphedTraining, {"dtype": torch.float32})]
    )
    for _ in range(2):
        one, other = plain.run_epoch(), graphed.run_epoch()
        assert without_seconds(one) == pytest.approx(without_seconds(other), abs=1e-4)
    same(plain.model, graphed.model, 1e-3)


def test_a_restored_training_goes_on_with_the_same_numbers(images):
    whole = GraphedTraining(net(), *images, dtype=torch.float32, **SETTINGS)
    whole.run_epoch()
    kept = copy.deepcopy(whole.state_dict())
    expected = whole.run_epoch()
    parts = GraphedTraining(net(5), *images, dtype=torch.float32, **SETTINGS)
    parts.load_state_dict(kept)
    assert without_seconds(parts.run_epoch()) == without_seconds(expected)
    same(parts.model, whole.model, 0)


def test_nets_side_by_side_do_not_disturb_each_other(images):
    def start(seed):
        return GraphedTraining(net(seed), *images, dtype=torch.float32, **SETTINGS)

    together = [start(0), start(1)]
    rows = run_epochs(together)
    for seed, row, training in zip((0, 1), rows, together, strict=True):
        alone = start(seed)
        assert without_seconds(alone.run_epoch()) == without_seconds(row)
        same(alone.model, training.model, 0)


def go(out, **settings):
    settings = {"limit": 256, "device": "cpu", "progress": False, "together": True, **settings}
    return experiment.run("digits", [8, 14], ["plain", "residual"], [0, 1], RECIPE, out, **settings)


def test_an_interrupted_run_of_all_goes_on_and_ends_the_same(tmp_path, monkeypatch):
    whole = go(tmp_path / "whole")
    assert len(whole) == 4 * 2 * 2
    calls, save = [], torch.save

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 6:  # two nets are in their second epoch, the other two are not
            raise KeyboardInterrupt
        save(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", interrupted)
        with pytest.raises(KeyboardInterrupt):
            go(tmp_path / "parts")

    def sorted_rows(rows):
        keys = ("kind", "depth", "seed", "epoch")
        rows = sorted(rows, key=lambda row: [row[key] for key in keys])
        return [{k: v for k, v in row.items() if k not in ("data", "seconds")} for row in rows]

    parts = go(tmp_path / "parts")
    for one, other in zip(sorted_rows(parts), sorted_rows(whole), strict=True):
        assert one["kind"] == other["kind"]
        numbers = [{k: v for k, v in r.items() if k != "kind"} for r in (one, other)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-5)
    assert not list(tmp_path.glob("parts/*.pt"))


def test_a_narrow_dtype_needs_nets_side_by_side(tmp_path):
    with pytest.raises(ValueError, match=re.escape("together=True")):
        go(tmp_path, together=False, dtype="bfloat16")


def cuda():
    if not torch.cuda.is_available():
        pytest.skip("needs CUDA: a graph is captured")
    return torch.device("cuda")


@pytest.mark.gpu
def test_a_captured_step_gives_the_numbers_of_an_uncaptured_one(images, monkeypatch):
    device = cuda()
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    captured = GraphedTraining(net(0, device), *images, dtype=torch.float32, **SETTINGS)
    uncaptured = GraphedTraining(net(0, device), *images, dtype=torch.float32, **SETTINGS)
    monkeypatch.setattr(uncaptured, "_capture", lambda: None)
    for _ in range(2):
        one, other = captured.run_epoch(), uncaptured.run_epoch()
        assert without_seconds(one) == pytest.approx(without_seconds(other), abs=1e-3)
    assert captured.graph is not None and uncaptured.graph is None
    same(captured.model, uncaptured.model, 1e-3)


@pytest.mark.gpu
def test_graphs_side_by_side_give_what_each_gives_alone(images, monkeypatch):
    device = cuda()
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)

    def start(seed):
        return GraphedTraining(net(seed, device), *images, dtype=torch.float32, **SETTINGS)

    rows = run_epochs([start(0), start(1)])
    for seed, row in zip((0, 1), rows, strict=True):
        assert without_seconds(start(seed).run_epoch()) == pytest.approx(
            without_seconds(row), abs=1e-3
        )


@pytest.mark.gpu
def test_bfloat16_learns_the_digits_too():
    device = cuda()
    x, y, *_ = experiment.load("digits", RECIPE)
    torch.manual_seed(0)
    model = ResNet(8, widths=(8, 16, 32), in_channels=1).to(device)
    training = GraphedTraining(model, x, y, dtype=torch.bfloat16, lr=0.05, seed=0)
    errors = [training.run_epoch()["train_error"] for _ in range(3)]
    assert errors[-1] < 20
