"""The explorer's reads are those of the reference, and its windows are tiles with their halo."""

import pytest

from course.kernels import explorer, reference

from ..shown import note


@pytest.mark.parametrize(
    ("size", "tile", "k"), [((13, 19), 8, 3), ((16, 16), 4, 5), ((5, 7), 16, 7)]
)
def test_the_reads_are_those_of_the_reference(size, tile, k):
    view = explorer.explorer(size=size, tile=tile, kernel_size=k)
    assert view.naive.sum() == reference.naive_reads(*size, k)
    assert view.tiled.sum() == reference.tiled_reads(*size, k, tile)
    assert f"{view.tiled.sum():,}" in note(view)


def test_idle_threads_and_halo_of_the_lecture_s_example():
    view = explorer.explorer()
    assert view.idle.tolist() == [[0, 0, 40], [24, 24, 49]]
    assert view.tiled[0, 1] == 9 * 10
    rows, columns = view.view().windows
    assert [len(axis) for axis in (rows, columns)] == [2, 3]
    assert rows[1] == list(range(8, 18)) and columns[2] == list(range(16, 26))


def test_another_block_changes_the_reads():
    view = explorer.explorer()
    before = view.tiled.sum()
    view.tile.value = 16
    assert view.tiled.sum() < before and view.naive.sum() == reference.naive_reads(13, 19, 3)
