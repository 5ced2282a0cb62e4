"""The explorer's numbers are the net's, its budgets turn red, and what cannot be is refused."""

from course.architectures import explorer
from course.architectures.blocks import net
from course.style import VERMILION

from ..shown import note


def test_it_counts_the_net_that_is_shown():
    view = explorer.explorer(
        start=[("two 3x3", 16), (explorer.POOL, 0), ("two 3x3", 32), (explorer.HEAD, 0)]
    )
    stem, two, pool, more, head = view.rows
    assert stem[1:3] == ((16, 32, 32), 3 * 16 * 9 + 2 * 16)
    assert two[2] == 2 * (16 * 16 * 9 + 2 * 16) and two[5] == 3 + 2 + 2
    assert pool[1] == (16, 16, 16) and pool[5] == 8
    assert more[2] == (16 * 32 + 32 * 32) * 9 + 4 * 32 and more[5] == 8 + 4 + 4
    assert head[1] == (10,) and head[2] == 330
    assert view.totals["parameters"] == sum(row[2] for row in view.rows)


def test_the_blocks_are_those_of_the_experiment():
    view = explorer.explorer(start=[("inception", 24)])
    expected = sum(p.numel() for p in net("inception", 24)[1].parameters())
    # There the stem has 24 channels, here 16: three 1x1 kernels and the squeezes read fewer.
    assert view.rows[1][2] < expected and view.rows[1][1] == (24, 32, 32)


def test_a_budget_turns_red_and_says_so():
    view = explorer.explorer()
    assert "Within all budgets" in note(view) and VERMILION not in str(view.grids.state)
    view.budgets["parameters"].value = 10_000
    assert "Over budget: parameters." in note(view) and VERMILION in str(view.grids.state)


def test_blocks_are_added_and_removed_and_nothing_follows_the_head():
    view = explorer.explorer()
    count = len(view.rows)
    view.add.click()
    assert "remove it" in view.problem and len(view.rows) == count
    view.remove.click()
    assert len(view.rows) == count - 1
    view.kind.value, view.width.value = "bottleneck", 40
    view.add.click()
    assert view.rows[-1][0] == "bottleneck, 40 channels" and view.rows[-1][1][0] == 40


def test_a_map_of_one_pixel_cannot_be_halved():
    view = explorer.explorer(start=[])
    view.size.value, view.kind.value = 16, explorer.POOL
    for _ in range(5):
        view.add.click()
    assert view.rows[-1][1] == (16, 1, 1) and "nothing left to halve" in view.problem
