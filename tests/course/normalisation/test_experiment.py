"""The experiment's nets, and what its kept runs are made of."""

import json
from pathlib import Path

import pytest
import torch

from course import runs
from course.normalisation import experiment

KEPT = Path(__file__).parents[3] / "benchmarks/results/normalisation"


def test_asking_in_training_mode_leaves_the_net_as_it_was():
    torch.manual_seed(0)
    net = experiment.net()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    experiment.accuracy(net, training=True, by_class=True)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_noise_is_in_training_alone_and_of_its_level():
    norm = experiment.NoisyBatchNorm2d(2000, level=0.4)
    y = norm(torch.randn(8, 2000, 3, 3))
    mean, deviation = y.mean((0, 2, 3)), y.std((0, 2, 3))
    assert 0.35 < mean.abs().max() <= 0.4 + 1e-4
    assert deviation.min() > 0.79 and deviation.max() < 1.22
    plain = torch.nn.BatchNorm2d(2000).eval()
    plain.load_state_dict(norm.state_dict())
    x = torch.randn(2, 2000, 3, 3)
    assert torch.equal(norm.eval()(x), plain(x))


def test_the_kept_runs_are_all_there():
    rows = runs.read(KEPT / "results.csv")
    plan = {(r["experiment"], r["norm"], r["lr"], r["level"], r["seed"]) for r in rows}
    assert plan == set(experiment.plans((0, 1, 2)))
    about = json.loads((KEPT / "about.json").read_text())
    assert about["settings"] == json.loads(json.dumps(experiment.SETTINGS))


def test_one_run_is_measured_as_it_was_kept():
    found = experiment.measure("rates", "batch", 1.0, 0.0, 0)
    assert found["test, eval mode"] == pytest.approx(88, abs=12)
