"""The experiment's recipe, its resuming, its files and its command line."""

import csv
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from course import runs
from course.residual import experiment

RECIPE = replace(experiment.RECIPES["digits"], epochs=3, widths=(4, 4, 4))


def go(out, recipe=RECIPE, kinds=("plain", "residual"), **settings):
    settings = {"limit": 256, "device": "cpu", "progress": False, **settings}
    return experiment.run("digits", [8], kinds, [0, 1], recipe, out, **settings)


def without_times(rows):
    # As the file has them: six digits.
    return [
        {
            k: float(f"{v:.6g}") if isinstance(v, float) else v
            for k, v in r.items()
            if k != "seconds"
        }
        for r in rows
    ]


def test_a_run_makes_a_row_an_epoch_and_says_how(tmp_path, capfd):
    rows = go(tmp_path, progress=True)
    assert [(r["kind"], r["seed"], r["epoch"]) for r in rows] == [
        (kind, seed, epoch)
        for kind in ("plain", "residual")
        for seed in (0, 1)
        for epoch in (1, 2, 3)
    ]
    assert all(0 <= r["train_error"] <= 100 and 0 <= r["test_error"] <= 100 for r in rows)
    assert without_times(runs.read(tmp_path / "results.csv")) == without_times(rows)
    about = json.loads((tmp_path / "about.json").read_text())
    assert about["settings"]["images"] == 256 and about["settings"]["epochs"] == 3
    assert {"command", "date", "device", "torch"} <= set(about)
    # The checkpoints are gone, and the bar went to stdout.
    assert {path.name for path in tmp_path.iterdir()} == {"results.csv", "about.json"}
    out, err = capfd.readouterr()
    assert "residual-8" in out and err == ""


@pytest.mark.parametrize("where", ["train", "write"])
def test_an_interrupted_run_goes_on_and_ends_the_same(tmp_path, monkeypatch, where):
    whole = go(tmp_path / "whole")
    calls = []

    def interrupted(original, at):
        def wrapper(*args, **kwargs):
            calls.append(1)
            if len(calls) == at:
                raise KeyboardInterrupt
            return original(*args, **kwargs)

        return wrapper

    with monkeypatch.context() as patch:
        if where == "train":
            # In the second epoch of the second run.
            original = experiment.Training.run_epoch
            patch.setattr(experiment.Training, "run_epoch", interrupted(original, 5))
        else:
            # Between the rows and the checkpoint of the fifth epoch.
            patch.setattr(torch, "save", interrupted(torch.save, 5))
        with pytest.raises(KeyboardInterrupt):
            go(tmp_path / "parts")
    trained = []
    original = experiment.Training.run_epoch
    monkeypatch.setattr(
        experiment.Training, "run_epoch", lambda *a: trained.append(1) or original(*a)
    )
    parts = go(tmp_path / "parts")
    assert without_times(parts) == without_times(whole)
    # 12 epochs in all, 4 of them kept.
    assert len(trained) == 8
    trained.clear()
    go(tmp_path / "parts")
    assert not trained


def test_other_settings_do_not_mix(tmp_path):
    go(tmp_path, kinds=("plain",))
    before = (tmp_path / "results.csv").read_bytes()
    with pytest.raises(ValueError, match="lr"):
        go(tmp_path, replace(RECIPE, lr=0.1))
    assert (tmp_path / "results.csv").read_bytes() == before


def test_a_checkpoint_without_its_rows_is_not_trusted(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(experiment.Path, "unlink", lambda *a, **k: None)
        go(tmp_path, kinds=("plain",))
    (tmp_path / "results.csv").unlink()
    with pytest.raises(ValueError, match="remove the checkpoint"):
        go(tmp_path, kinds=("plain",))


def test_the_papers_recipe_for_cifar10():
    # He et al. (2015), section 4.2: rate divided at 32k and 48k of 64k steps of 128 images.
    recipe = experiment.RECIPES["cifar10"]
    steps = 50_000 // recipe.batch_size
    assert (recipe.batch_size, recipe.lr, recipe.momentum) == (128, 0.1, 0.9)
    assert recipe.epochs * steps == pytest.approx(64_000, rel=0.005)
    assert [m * steps for m in recipe.milestones] == pytest.approx([32_000, 48_000], rel=0.005)
    assert (recipe.weight_decay, recipe.shift, recipe.mirror) == (1e-4, 4, True)


@pytest.mark.parametrize("mirror", [False, True])
def test_augmentation_shifts_and_mirrors_each_image_its_own_way(mirror):
    x = torch.rand(200, 2, 5, 4) + 1
    moved = experiment.augment(2, mirror)(x, torch.Generator().manual_seed(0))
    assert moved.shape == x.shape
    padded = np.pad(x.numpy(), ((0, 0), (0, 0), (2, 2), (2, 2)))
    found = set()
    for image, choices in zip(moved.numpy(), padded, strict=True):
        candidates = {
            (top, left, flip): crop[..., ::-1] if flip else crop
            for top in range(5)
            for left in range(5)
            for flip in {False, mirror}
            for crop in [choices[:, top : top + 5, left : left + 4]]
        }
        (how,) = [k for k, candidate in candidates.items() if np.array_equal(candidate, image)]
        found.add(how)
    # 25 shifts, each mirrored or not: 200 draws find nearly all.
    assert len(found) > (40 if mirror else 22)
    assert {flip for *_, flip in found} == {False, mirror}


def test_no_augmentation_without_shift_and_mirror():
    assert experiment.augment(0, False) is None


def test_loading_shrinks_and_limits():
    recipe = replace(RECIPE, shrink=2)
    x, y, x_test, y_test, source = experiment.load("digits", recipe, limit=100)
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == (
        (100, 1, 4, 4),
        (100,),
        (297, 1, 4, 4),
        (297,),
    )
    assert source == "scikit-learn digits"


def test_the_figure_has_a_line_for_each_net():
    rows = [
        {"kind": kind, "depth": depth, "seed": seed, "epoch": epoch, "train_error": 50.0 - epoch}
        for kind in ("plain", "residual")
        for depth in (8, 20, 56)
        for seed in (0, 1)
        for epoch in (1, 2, 3)
    ]
    rows[0]["train_error"] = 51.0
    figure = experiment.draw(rows, "made up")
    plain, residual = figure.axes
    labels = ["8 layers", "20 layers", "56 layers"]
    assert [line.get_label() for line in residual.lines] == labels
    assert [text.get_text() for text in figure.legends[0].get_texts()] == labels
    np.testing.assert_allclose(plain.lines[0].get_ydata(), [50.0, 48.0, 47.0])
    assert experiment.last_epoch(rows)["plain", 8] == [47.0, 47.0]


def test_the_command_line(tmp_path, capsys):
    command = ["--depths", "8", "--epochs", "1", "--limit", "128", "--device", "cpu"]
    experiment.main([*command, "--out", str(tmp_path)])
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    with open(tmp_path / "results.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2
    assert "plain-8: training error" in capsys.readouterr().out
    about = json.loads((tmp_path / "about.json").read_text())
    assert about["command"].startswith("python -m course.residual.experiment --depths 8 --epochs 1")
    for bad in (["--kinds", "flat"], ["--depths", "9", "--out", str(tmp_path / "new")]):
        with pytest.raises(SystemExit) as stopped:
            experiment.main([*command, *bad])
        assert stopped.value.code == 2
    assert "6n + 2" in capsys.readouterr().err


def test_the_rate_falls_at_the_milestones(tmp_path):
    command = ["--depths", "8", "--kinds", "plain", "--limit", "128", "--device", "cpu"]
    experiment.main(
        [*command, "--epochs", "4", "--milestones", "1,3", "--lr", "1", "--out", str(tmp_path)]
    )
    rates = [row["lr"] for row in runs.read(tmp_path / "results.csv")]
    assert rates == pytest.approx([1, 0.1, 0.1, 0.01])


def test_it_is_a_module_to_run():
    help_text = subprocess.run(
        [sys.executable, "-m", "course.residual.experiment", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "--depths" in help_text and "cifar10" in help_text
