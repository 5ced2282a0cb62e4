"""The model of a step by hand, what the explorer shows, the experiment, and the figures."""

import numpy as np
import pytest
import torch

from course import models, runs
from course.devices import experiment, explorer, figures, parallel, step_time
from course.devices.reference import ring_seconds

from ..shown import grid, note, said

LAYERS = [step_time.Cost("1 conv", 100, 1000, 5000), step_time.Cost("2 linear", 8000, 10, 8000)]


def test_a_step_by_hand():
    spent = step_time.step(LAYERS, 2, 4, operations=1000, bandwidth=100, latency=0)
    # 6 * 5000 * 4 / 1000 / 2 = 60 s; 400 bytes on 2 devices at 100 a second: 2 * 200 / 100 = 4 s.
    assert [(s.compute, s.exchange) for s in spent] == [(60, 4), (96, 320)]
    assert step_time.seconds(spent) == 480
    spent = step_time.step(LAYERS, 2, 4, 1000, 100, 0, way="cheaper")
    assert [(s.way, s.exchange) for s in spent] == [("data", 4), ("model", 1.6)]
    assert [s.way for s in step_time.step(LAYERS, 2, 4, 1000, 100, way="model")] == ["model"] * 2
    with pytest.raises(ValueError, match="way must be one of data, model, cheaper, got 'both'"):
        step_time.step(LAYERS, 2, 4, 1000, 100, way="both")


def test_the_latency_of_data_parallelism_is_paid_once():
    still = step_time.seconds(step_time.step(LAYERS, 4, 4, 1000, 100, 0))
    late = step_time.seconds(step_time.step(LAYERS, 4, 4, 1000, 100, 1))
    assert late - still == pytest.approx(ring_seconds(0, 4, 1, 1))
    late = step_time.seconds(step_time.step(LAYERS, 4, 4, 1000, 100, 1, "model"))
    still = step_time.seconds(step_time.step(LAYERS, 4, 4, 1000, 100, 0, "model"))
    assert late - still == pytest.approx(2 * ring_seconds(0, 4, 1, 1))


def test_the_costs_of_a_net_are_all_of_its_parameters():
    for net in (models.AlexNet(groups=1), models.resnet18()):
        found = step_time.costs(net, (3, 224, 224))
        assert sum(c.parameters for c in found) == sum(p.numel() for p in net.parameters())
    assert (found[0].outputs, found[0].multiply_adds) == (64 * 112 * 112, 64 * 112 * 112 * 147)


def test_the_explorer_adds_up():
    shown = explorer.explorer()
    layers = step_time.costs(models.AlexNet(groups=1), (3, 224, 224))
    expected = step_time.seconds(step_time.step(layers, 2, 128, 1e13, 1e10))
    assert step_time.seconds(shown.spent) == pytest.approx(expected)
    assert f"{shown.alone / expected:.2f} times as fast" in note(shown)
    assert len(grid(shown, "step")["cells"]) == len(layers) + 1
    shown.way.value = "cheaper"
    assert [s.way for s in shown.spent] == ["data"] * 5 + ["model"] * 3
    assert step_time.seconds(shown.spent) < expected
    shown.grids.place = [5, 0]
    assert "even at 9,217 examples" in said(shown)
    shown.devices.value = 1
    assert "1.00 times as fast" in note(shown)
    shown.grids.place = [5, 4]
    assert "nothing to exchange" in said(shown)


def test_one_process_plays_all_devices():
    torch.manual_seed(0)
    x = torch.randn(8, 3, 4, 5)
    layer, plain = parallel.ShardedBatchNorm2d(3, 2), torch.nn.BatchNorm2d(3)
    found = layer(x)
    expected = torch.cat([torch.nn.BatchNorm2d(3)(part) for part in x.chunk(2)])
    torch.testing.assert_close(found, expected)
    plain(x[:4])
    torch.testing.assert_close(layer.running_mean, plain.running_mean)
    torch.testing.assert_close(layer.running_var, plain.running_var)
    torch.testing.assert_close(layer.eval()(x), plain.eval()(x))
    with pytest.raises(ValueError, match="norm must be one of none, group, batch, sync, sharded"):
        parallel.net("other")


def test_a_run_goes_on_where_it_stopped(tmp_path, monkeypatch, root):
    # The parts with processes are tested by themselves; here they are done already.
    monkeypatch.setattr(experiment, "TRAINING_STEPS", 2)
    kept = runs.read(root / "benchmarks/results/devices/results.csv")
    runs.write(tmp_path / "results.csv", [row for row in kept if row["experiment"] != "parts"])
    monkeypatch.setattr(experiment, "PARTS", (1, 4))
    rows = experiment.run(tmp_path, [0], progress=False)
    made = [row for row in rows if row["experiment"] == "parts"]
    assert [(row["devices"], row["setting"]) for row in made[::2]] == [
        *((1, "sharded"), (1, "group"), (4, "sharded"))
    ]
    written = runs.read(tmp_path / "results.csv")
    assert experiment.run(tmp_path, [0], progress=False) == written


def test_the_kept_runs_say_what_the_tests_see(root):
    rows = runs.read(root / "benchmarks/results/devices/results.csv")
    found = {(r["setting"], r["what"]): r["value"] for r in rows if r["experiment"] == "gradient"}
    assert found["batch", "float64"] == pytest.approx(0.1386, abs=1e-3)
    assert all(found[norm, "float64"] < 1e-13 for norm in ("none", "group", "sync"))


def test_the_figures_lie_within_their_pages(within_its_page, root):
    rows = runs.read(root / "benchmarks/results/devices/results.csv")
    within_its_page(figures.data_parallel([40, 24]))
    within_its_page(figures.ring([np.arange(3.0) + 10 * d for d in range(3)]))
    within_its_page(figures.columns())
    within_its_page(figures.all_reduce_times(rows, {2: (1e-4, 1e9), 4: (1e-4, 1e9)}))
    within_its_page(figures.parts(rows))
    within_its_page(figures.speed_ups({"a net": {1: 1.0, 2: 1.9, 64: 20.0}}))
