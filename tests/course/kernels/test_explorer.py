"""The explorer's reads are those of the reference, and its marks those that a kernel would read."""

import numpy as np
import pytest

from course.kernels import explorer, reference

from ..shown import grid, note, said


@pytest.mark.parametrize(
    ("size", "tile", "k"), [((13, 19), 8, 3), ((16, 16), 4, 5), ((5, 7), 16, 7)]
)
def test_the_reads_are_those_of_the_reference(size, tile, k):
    view = explorer.explorer(size=size, tile=tile, kernel_size=k, block=(0, 0))
    assert view.naive.sum() == reference.naive_reads(*size, k)
    assert view.tiled.sum() == reference.tiled_reads(*size, k, tile)
    assert f"{view.tiled.sum():,}" in note(view)


@pytest.mark.parametrize(("size", "tile", "k"), [((13, 19), 8, 3), ((6, 5), 2, 7), ((5, 7), 4, 1)])
def test_every_thread_s_marks_are_what_a_kernel_would_read(size, tile, k):
    """Threads told apart by loops as a kernel has them, cell by cell."""
    view = explorer.explorer(size=size, tile=tile, kernel_size=k, block=(0, 0))
    reach, side = k // 2, tile + k - 1
    for block in np.ndindex(*view.tiled.shape):
        view.down.value, view.across.value = block
        windows = view.grids.state["windows"]
        picture, shared = grid(view, "picture"), grid(view, "shared")
        fetched = np.zeros((side, side), int)
        for i, j in np.ndindex(tile, tile):
            y, x = block[0] * tile + i, block[1] * tile + j
            idle = y >= size[0] or x >= size[1]
            taps = [] if idle else [(y + r, x + c) for r in range(k) for c in range(k)]
            assert cells(windows.values(), i, j) == taps
            inside = [
                (r, c) for r, c in taps if 0 <= r - reach < size[0] and 0 <= c - reach < size[1]
            ]
            assert view.alone[i, j] == len(inside)
            # The same numbers stand in shared memory where the block's tile begins at its corner.
            corner = block[0] * tile, block[1] * tile
            moved = [(r - corner[0], c - corner[1]) for r, c in taps]
            assert cells(shared["windows"], i, j) == moved
            assert cells(picture["marks"]["frame"], i, j) == [(y + reach, x + reach)] * (not idle)
            brought = cells(shared["marks"]["dot"], i, j)
            for place in brought:
                fetched[place] += 1
            pixels = [(r + corner[0], c + corner[1]) for r, c in brought]
            assert cells(picture["marks"]["dot"], i, j) == [
                (r, c) for r, c in pixels if 0 <= r - reach < size[0] and 0 <= c - reach < size[1]
            ]
        assert (fetched == 1).all(), "each place of shared memory is filled once"
        assert view.fetched.sum() == view.tiled[block] and view.alone.sum() == view.naive[block]


def cells(axes, i, j):
    rows, columns = axes
    return [(r, c) for r in rows[i] for c in columns[j]]


def test_idle_threads_and_halo_of_the_lecture_s_example():
    view = explorer.explorer()
    assert view.idle.tolist() == [[0, 0, 40], [24, 24, 49]]
    assert view.tiled[0, 1] == 9 * 10
    assert "computes output[0, 8]. By itself: 6 reads" in said(view)
    assert "3 of its window are ghost cells" in said(view)
    view.across.value = 2
    assert "idle" in [text for _, text, _ in grid(view, "threads")["cells"][0]]
    view.grids.place = [0, 7]
    assert "is idle: [0, 23] lies outside of the picture" in said(view)
    assert "By itself it reads nothing" in said(view)


def test_a_smaller_picture_has_its_last_block():
    view = explorer.explorer(block=(1, 2))
    view.tile.value = 16
    assert view.block == (0, 1) and view.tiled.shape == (1, 2)
    assert view.naive.sum() == reference.naive_reads(13, 19, 3)
    assert view.tiled.sum() == reference.tiled_reads(13, 19, 3, 16)
