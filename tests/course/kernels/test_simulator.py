"""The simulator's launch: its counts, and each of its faults, every time."""

import threading
import time

import numpy as np
import pytest
import scipy.signal

from checked_call import call
from course.kernels import checks, reference

simulator = pytest.importorskip(
    "course.kernels.simulator", reason="numba is optional: pip install -c pins.txt numba"
)
cuda, float32, on_grid = simulator.cuda, simulator.float32, simulator.on_grid

IMAGE = np.arange(1, 13, dtype=np.float32).reshape(3, 4)
MASK = np.array([[0, 1, 0], [1, 2, -1], [0, -1, 3]], np.float32)


def made(tile, barrier=True, early=False, ghosts=True, bounds=True):
    """A tiled kernel for a mask of 3, right or with one thing forgotten."""
    side = tile + 2

    @on_grid(tile=tile)
    def kernel(image, mask, output):
        shared = cuda.shared.array((side, side), float32)
        column, row = cuda.grid(2)
        height, width = image.shape
        if early and (row >= height or column >= width):
            return
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        for r in range(ty, side, tile):
            for c in range(tx, side, tile):
                y, x = row - ty - 1 + r, column - tx - 1 + c
                if not bounds or (0 <= y < height and 0 <= x < width):
                    shared[r, c] = image[y, x]
                elif ghosts:
                    shared[r, c] = 0
        if barrier:
            cuda.syncthreads()
        if row < height and column < width:
            total = float32(0)
            for r in range(3):
                for c in range(3):
                    total += shared[ty + r, tx + c] * mask[r, c]
            output[row, column] = total

    return kernel


@pytest.mark.parametrize("tile", [1, 2, 3])
def test_a_right_kernel_gives_scipy_s_correlation_and_the_reads_of_the_reference(tile):
    done = made(tile)(IMAGE, MASK)
    wanted = scipy.signal.correlate2d(IMAGE, MASK, mode="same")
    np.testing.assert_allclose(done["output"], wanted, rtol=1e-6)
    assert done["fault"] == "none"
    assert done["reads"] == reference.tiled_reads(3, 4, 3, tile)


@pytest.mark.parametrize(
    ("forgotten", "fault"),
    [("barrier", checks.RACE), ("ghosts", checks.UNSET), ("bounds", checks.READ)],
)
def test_what_is_forgotten_shows_every_time(forgotten, fault, capsys):
    for _ in range(5):
        done = made(2, **{forgotten: False})(IMAGE, MASK)
        assert done["fault"] == fault and done["reads"] == 0
        assert np.isnan(done["output"]).all()
        assert "Thread x=" in capsys.readouterr().out


def test_a_barrier_that_idle_threads_miss_and_a_write_outside():
    assert made(2, early=True)(IMAGE, MASK)["fault"] == checks.BARRIER

    @on_grid()
    def everywhere(image, mask, output):
        column, row = cuda.grid(2)
        output[row, column] = 1

    assert everywhere(IMAGE, MASK)["fault"] == checks.WRITE
    assert everywhere(np.ones((4, 8)), MASK)["output"].tolist() == np.ones((4, 8)).tolist()


def test_overwriting_what_another_still_reads_is_a_race():
    @on_grid(tile=2)
    def twice(image, mask, output):
        shared = cuda.shared.array(2, float32)
        t = cuda.threadIdx.x
        for column in range(2):
            if cuda.threadIdx.y == 0:
                shared[t] = image[t, column]
            cuda.syncthreads()
            output[cuda.threadIdx.y, t] = shared[1 - t]

    assert twice(np.ones((2, 2)), MASK)["fault"] == checks.RACE


def test_the_faults_have_the_names_that_the_checks_know():
    names = checks.WRITE, checks.READ, checks.BARRIER, checks.RACE, checks.UNSET
    assert tuple(simulator.FAULTS.values()) == names


def test_slices_and_large_blocks_are_refused_in_words():
    @on_grid()
    def sliced(image, mask, output):
        output[0, 0] = image[0, 0:2]

    with pytest.raises(IndexError, match="one number: image has 2 axes"):
        sliced(IMAGE, MASK)
    with pytest.raises(ValueError, match="1 to 64 threads"):
        sliced(IMAGE, MASK, tile=9)
    with pytest.raises(ValueError, match='"same" or "valid"'):
        on_grid(padding="full")(lambda *_: None)(IMAGE, MASK)


def alive(known):
    return [each for each in threading.enumerate() if each not in known and each.is_alive()]


def test_an_endless_kernel_is_ended_and_leaves_no_thread():
    @on_grid(tile=2)
    def endless(image, mask, output):
        while True:
            pass

    before = set(threading.enumerate())
    assert call(endless, (np.ones((2, 2)), MASK), {}, 0.1).out_of_time
    deadline = time.monotonic() + 300
    while (new := alive(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not new
    assert made(2)(IMAGE, MASK)["fault"] == "none"


def test_what_numba_leaves_behind_when_interrupted_is_put_back(monkeypatch):
    from numba.cuda.simulator import kernel, kernelapi

    stale = kernelapi.FakeCUDAModule((1, 1, 1), (1, 1, 1), 0)
    monkeypatch.setattr(kernel, "_kernel_context", stale)
    monkeypatch.setitem(globals(), "cuda", stale)
    assert made(2)(IMAGE, MASK)["reads"] == reference.tiled_reads(3, 4, 3, 2)
