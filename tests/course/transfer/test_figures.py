"""The explorer counts what learns and shows the kept runs; figures lie within their pages."""

from pathlib import Path

import numpy as np
import pytest

from course import runs
from course.transfer import experiment, explorer, figures
from course.transfer.pretrained import Found

from ..shown import grid, note

KEPT = Path(__file__).parents[3] / "benchmarks" / "results" / "transfer"


@pytest.fixture(scope="module")
def rows():
    return runs.read(KEPT / "results.csv")


def test_the_kept_runs_are_whole(rows):
    plans = set(experiment.plans())
    assert len(rows) == 3 * len(plans)
    for seed in range(3):
        assert plans == {
            (row["method"], row["images"], row["frozen"]) for row in rows if row["seed"] == seed
        }


@pytest.mark.parametrize(
    ("frozen", "rest", "learns"),
    [(0, experiment.FRESH, 26069), (2, experiment.TUNED, 23557), (4, experiment.FRESH, 325)],
)
def test_the_explorer_counts_what_learns(rows, frozen, rest, learns):
    shown = explorer.explorer(rows)
    shown.frozen.value, shown.images.value = frozen, 50
    shown.rest.value = next(k for k, v in explorer.CHOICES.items() if v == rest)
    assert shown.learns == learns
    column = [line[4][1] for line in grid(shown, "net")["cells"]]
    assert sum(int(text.replace(",", "")) for text in column) == learns
    assert {row["learns"] for row in rows if (row["method"], row["frozen"]) == (rest, frozen)} == {
        learns
    }
    assert f"{learns:,} of 26,069 parameters learn from 250 images" in " ".join(note(shown).split())
    assert sorted(shown.accuracies) == sorted(
        row["accuracy"]
        for row in rows
        if (row["method"], row["frozen"], row["images"]) == (rest, frozen, 50)
    )


def test_all_frozen_is_the_same_net_whatever_the_rest(rows):
    shown = explorer.explorer(rows)
    shown.frozen.value = 4
    found = []
    for rest in explorer.CHOICES:
        shown.rest.value = rest
        found.append(shown.accuracies)
    assert found[0] == found[1] and len(found[0]) == 3


def test_a_choice_that_was_not_run_says_so():
    shown = explorer.explorer([])
    assert "not run" in note(shown)


def test_the_figures_lie_within_their_pages(within_its_page, rows):
    within_its_page(figures.scheme())
    within_its_page(figures.by_images(rows))
    within_its_page(figures.by_stage(rows, 10))
    image = np.random.default_rng(0).random((20, 28))
    boxes = np.array([[2, 3, 8, 8], [9, 15, 8, 8]])
    within_its_page(figures.labelled(image, boxes, {"0: a digit": [2, 4, 8, 8], "x": [0, 0, 8, 8]}))
    maps = np.random.default_rng(1).random((2, 7, 11))
    within_its_page(figures.scored(np.stack([image] * 2), maps, np.stack([boxes] * 2), ["a", "b"]))
    photograph = np.zeros((60, 50, 3), np.uint8)
    within_its_page(figures.face(photograph, Found(5, 6, 20, 0.9), maps[0]))
