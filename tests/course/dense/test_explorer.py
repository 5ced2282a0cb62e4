"""The explorer shows the scores of its masks, and the figures fit their pages."""

import numpy as np
import pytest

from course.dense import explorer, figures
from course.dense.reference import intersection_over_union

from ..shown import grid, said


@pytest.fixture
def shown():
    return explorer.explorer()


def test_the_right_mask_has_full_scores(shown):
    with shown.at_once():
        shown.down.value = shown.across.value = 0
    assert shown.iou.tolist() == [1, 1] and shown.accuracy == 1
    assert shown.loss == pytest.approx(-np.log(0.9))


def test_scores_are_those_of_the_masks_that_are_drawn(shown):
    with shown.at_once():
        shown.down.value, shown.across.value, shown.bigger.value = 2, -1, 1
    marks = [[text for _, text, _ in line] for line in grid(shown, "masks")["cells"]]
    missed, invented = (sum(line.count(mark) for line in marks) for mark in "−+")
    both = int((shown.said & shown.right).sum())
    assert shown.iou[1] == pytest.approx(both / (both + missed + invented))
    assert shown.said.sum() == 100 and shown.right.sum() == 64


def test_what_leaves_the_grid_is_lost(shown):
    with shown.at_once():
        shown.across.value, shown.bigger.value = 4, 3
    assert shown.said[:, -1].any() and shown.said.sum() < 14 * 14
    assert shown.said[:, :4].sum() == 0


def test_an_object_that_is_nowhere_has_no_score(shown):
    shown.shape.value = "nothing at all"
    assert np.isnan(shown.iou[1]) and "none" in str(grid(shown, "scores")["cells"])
    assert shown.accuracy == 1


def test_a_thin_line_that_moves_loses_all(shown):
    with shown.at_once():
        shown.shape.value, shown.down.value, shown.across.value = "a thin line", 0, 1
    assert shown.iou[1] == 0 and shown.accuracy > 0.9


def test_a_sentence_says_what_a_pixel_costs(shown):
    shown.grids.place = [0, 0]
    assert "said background, right is background; -log 0.90 = 0.11" in said(shown)
    with shown.at_once():
        shown.down.value = shown.across.value = 4
    shown.grids.place = [3, 3]
    assert "right is object; -log 0.10 = 2.30, gradient" in said(shown)


def test_the_figures_lie_within_their_pages(within_its_page):
    rng = np.random.default_rng(0)
    images, masks = rng.random((3, 16, 16)), rng.random((3, 16, 16)) > 0.8
    within_its_page(figures.masks(images, masks, {"no skips": np.roll(masks, 1, 1)}))
    within_its_page(figures.questions(images[0], 7, (2, 3, 8, 8), masks[0]))
    within_its_page(figures.grown({"even": np.ones((4, 4)), "transposed 3": images[0]}))
    rows = [
        {"net": net, "seed": seed, "iou": 50.0 + seed, "border": 80.0 - seed}
        for seed in range(3)
        for net in ("nearest, no skips", "nearest, skips")
    ]
    nets = ["nearest, no skips", "nearest, skips"]
    within_its_page(figures.measured(rows, nets, {"iou": "IoU, %", "border": "border, %"}))
    within_its_page(figures.kinds())


def test_the_alternative_text_says_how_masks_meet():
    mask = np.zeros((1, 4, 4), bool)
    mask[0, 1] = True
    moved = np.roll(mask, 1, 2)
    alt = figures.masks(np.zeros((1, 4, 4)), mask, {"a net": moved}).alt
    share = intersection_over_union(moved[0] * 1, mask[0] * 1, 2)[1]
    assert f"a net: {100 * share:.0f} % of the union" in alt
