"""The explorer that trains a net on demand: what it shows is what was run."""

import pytest
import torch

from course.residual import explorer

from ..shown import grid, said
from .conftest import ROWS


@pytest.fixture
def small():
    """An explorer over a few random pictures, so that a run takes no time."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(64, 1, 8, 8, generator=generator)
    labels = torch.randint(10, (64,), generator=generator)
    return explorer.explorer(images=images, labels=labels, epochs=2)


def test_a_run_on_demand_is_trained_and_shown(small):
    small.depth.value = 8
    assert "not trained yet" in small.chosen.value
    small.start.click()
    small.thread.join(60)
    assert [(row["kind"], row["depth"], row["epoch"]) for row in small.rows] == [
        ("residual", 8, 1),
        ("residual", 8, 2),
    ]
    assert small.progress.value == small.progress.max == 2
    assert "residual-8 is trained" in small.status.value
    assert f"{small.rows[-1]['train_error']:.1f} %" in small.chosen.value
    assert len(small.norms["residual-8"]) == 7  # the first convolution and three blocks of two
    small.show.value = "gradients before training"
    assert "Norms of the gradients by layer" in small.curves.value


def test_the_stop_button_ends_a_run(small):
    small.epochs = 1000
    small.depth.value = 8
    small.shortcut.value = False
    small.start.click()
    assert small.start.disabled and not small.stop.disabled
    small.stop.click()
    small.thread.join(60)
    assert not small.thread.is_alive()
    assert "plain-8 was stopped after" in small.status.value
    assert not small.start.disabled and small.stop.disabled


def test_the_digits_are_what_it_trains_on_by_default():
    shown = explorer.explorer(rows=ROWS)
    assert shown.images.shape == (1500, 1, 8, 8) and shown.labels.shape == (1500,)
    assert "residual-56" in shown.curves.value
    assert grid(shown, "runs")["rows"] == ["plain-8", "residual-56"]


def test_choosing_draws_nothing_again(monkeypatch, small):
    shown = explorer.explorer(rows=ROWS, images=small.images, labels=small.labels)
    drawn, state = shown.curves.value, shown.grids.state
    monkeypatch.setattr(explorer.figures, "curves", None)  # a call would fail
    shown.depth.value = 56
    assert shown.grids.place == [1, 0] and "residual-56</b>, last" in shown.chosen.value
    assert shown.grids.state is state and shown.curves.value is drawn
    shown.grids.place = [0, 2]
    assert (shown.name, shown.depth.value) == ("plain-8", 8)
    assert "plain-8 after epoch 3: training error 31.0 %" in said(shown)
