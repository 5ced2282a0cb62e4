"""The pictures of degradation, and the explorer that trains a net on demand."""

import pytest
import torch

from course.residual import explorer, figures

ROWS = [
    {"kind": kind, "depth": depth, "seed": seed, "epoch": epoch, "train_error": 90 / epoch + seed}
    for kind, depth in [("plain", 8), ("residual", 56)]
    for seed in (0, 2)
    for epoch in (1, 2, 3)
]
DRAWN = {
    "curves": lambda: figures.curves(ROWS, "a title"),
    "norms_by_layer": lambda: figures.norms_by_layer({"plain-8": [3, 2, 1], "residual-8": [1, 1]}),
    "jacobians": lambda: figures.jacobians({"plain": [1, 0.1], "residual": [1, 3]}),
    "blocks": figures.blocks,
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_says_what_it_shows_and_keeps_within_its_page(name, within_its_page):
    within_its_page(DRAWN[name]())


def test_a_curve_is_the_mean_of_its_seeds():
    assert "plain-8 ends at 31.0; residual-56 ends at 31.0" in DRAWN["curves"]().alt


@pytest.fixture
def small():
    """An explorer over a few random pictures, so that a run takes no time."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(64, 1, 8, 8, generator=generator)
    labels = torch.randint(10, (64,), generator=generator)
    return explorer.explorer(images=images, labels=labels, epochs=2)


def test_a_run_on_demand_is_trained_and_shown(small):
    small.depth.value = 8
    assert "not trained yet" in small.view.value
    small.start.click()
    small.thread.join(60)
    assert [(row["kind"], row["depth"], row["epoch"]) for row in small.rows] == [
        ("residual", 8, 1),
        ("residual", 8, 2),
    ]
    assert small.progress.value == small.progress.max == 2
    assert "residual-8 is trained" in small.status.value
    assert f"{small.rows[-1]['train_error']:.1f} %" in small.view.value
    assert len(small.norms["residual-8"]) == 7  # the first convolution and three blocks of two
    small.show.value = "gradients before training"
    assert "Norms of the gradients by layer" in small.view.value


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
    assert "residual-56" in shown.view.value
