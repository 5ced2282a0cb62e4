"""The kept filters are those of the net that the command trains."""

import json

import numpy as np
import pytest
import torch

from course import runs
from course.insides import figures, filters_experiment
from tests.conftest import ROOT

KEPT = ROOT / "benchmarks" / "results" / "filters"


def test_the_kept_filters_fit_the_net_and_say_how_they_were_made():
    net = filters_experiment.net()
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    kept = np.load(KEPT / "filters.npy")
    assert kept.shape == tuple(net[0].weight.shape) and np.isfinite(kept).all()
    about = json.loads((KEPT / "about.json").read_text())
    assert about["command"].startswith("python -m course.insides.filters_experiment")
    (row,) = runs.read(KEPT / "results.csv")
    assert row["accuracy"] > 60


def test_it_keeps_what_it_trained(tmp_path, monkeypatch):
    x, y = torch.randn(128, 3, 8, 8), torch.arange(128) % 10
    monkeypatch.setattr(filters_experiment, "load", lambda data, images: (x, y, x, y))
    found = filters_experiment.run(tmp_path, epochs=1, command="a command")
    about = json.loads((tmp_path / "about.json").read_text())
    (row,) = runs.read(tmp_path / "results.csv")
    assert about["command"] == "a command"
    assert row == {"seed": 0, "accuracy": pytest.approx(found, rel=1e-5)}
    torch.manual_seed(0)
    fresh = filters_experiment.net()[0].weight.detach().numpy()
    assert (
        np.abs(np.load(tmp_path / "filters.npy").astype(float) - fresh.astype(np.float16)).max()
        > 1e-4
    )


def test_colour_filters_stay_within_their_page(within_its_page):
    within_its_page(figures.colour_filters(np.load(KEPT / "filters.npy")))
