"""What is right in exercise 10, and what each wrong answer means."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from course.checking import Task, case, mistakes, refuses

LECTURE = "10_kernels"
BLOCKS, NAIVE = "A thread for each pixel", "Each thread for itself"
SHARED, GEMM = "Shared memory, halo and barrier", "A matrix product without its columns"
WINOGRAD = "Winograd: fewer multiplications"

# As course.kernels.simulator names them. It is not imported: the checks need no numba.
WRITE = "a write outside of an array"
READ = "a read outside of an array"
BARRIER = "a barrier that some threads of the block do not reach"
RACE = "a race: two threads use a number, one writes it, and no barrier stands between"
UNSET = "a read of shared memory that nobody wrote"

# What a launch gives


def _right(output: np.ndarray, reads: int) -> dict:
    return {"fault": "none", "output": output, "reads": int(reads)}


def _fault(kind: str, output_size: tuple) -> dict:
    return {"fault": kind, "output": np.full(output_size, np.nan), "reads": 0}


def _correlated(image: np.ndarray, mask: np.ndarray, frame=(0, 0, 0, 0), mode="constant"):
    """The sums of the windows and channels; `frame` is left, right, top, bottom."""
    x = torch.from_numpy(image).reshape(1, -1, *image.shape[-2:])
    weight = torch.from_numpy(mask.copy()).reshape(1, -1, *mask.shape[-2:])
    return F.conv2d(F.pad(x, frame, mode=mode), weight)[0, 0].numpy()


def _half(mask: np.ndarray) -> tuple[int, int, int, int]:
    down, across = (k // 2 for k in mask.shape[-2:])
    return across, across, down, down


def _window_reads(image: np.ndarray, mask: np.ndarray, frame) -> int:
    """How many pixels of the picture the threads' windows hold together."""
    inside = _correlated(np.ones(image.shape[-2:]), np.ones(mask.shape[-2:]), frame)
    return int(inside.sum()) * image[..., 0, 0].size


def _tile_reads(height, width, tile, before, after) -> int:
    """Pixels that all blocks read together, each its tile and some rows and columns around it."""
    counts = []
    for size in (height, width):
        starts = np.arange(0, size, tile)
        ends = np.minimum(starts + tile + after, size)
        counts.append(int((ends - np.maximum(starts - before, 0)).sum()))
    return counts[0] * counts[1]


# A launch, one thread after the other: what is wrong in a kernel is looked for in its changes


class _Numbers:
    """An array as a kernel sees it: one number at a time, none outside, and its reads counted."""

    def __init__(self, values: np.ndarray, faults: set):
        self.values, self.shape, self.faults, self.reads = values, values.shape, faults, 0

    def __len__(self) -> int:
        return len(self.values)

    def another(self, *shape: int) -> _Numbers:
        return _Numbers(np.full(shape, np.nan), self.faults)

    def _has(self, place: tuple) -> bool:
        return all(0 <= k < size for k, size in zip(place, self.shape, strict=True))

    def __getitem__(self, place: tuple) -> float:
        if not self._has(place):
            self.faults.add(READ)
            return np.nan
        self.reads += 1
        return self.values[place]

    def __setitem__(self, place: tuple, value: float) -> None:
        if self._has(place):
            self.values[place] = value
        else:
            self.faults.add(WRITE)


def _launched_read(kernel: Callable) -> Callable:
    """A formula of what a launch gives, from one that gives its output."""

    @functools.wraps(kernel)
    def formula(image, mask, **sizes):
        faults = set()
        image = _Numbers(image, faults)
        output = kernel(image, _Numbers(mask, faults), **sizes)
        if faults:
            return _fault(WRITE if WRITE in faults else READ, output.shape)
        return _right(output.values, image.reads)

    return formula


# A window for each thread


def _correlate_valid(image, mask, tile=4):
    output = _correlated(image, mask)
    return _right(output, output.size * mask.size)


@_launched_read
def _correlate_valid_read(image, mask, tile=4):
    (H, W), (P, Q) = image.shape, mask.shape
    output = image.another(H - P + 1, W - Q + 1)
    for row, column in np.ndindex(H - P + 1, W - Q + 1):
        total = 0.0
        for r, c in np.ndindex(P, Q):
            total += image[row + r, column + c] * mask[r, c]
        output[row, column] = total
    return output


def _valid(change: Callable):
    """An oracle that reads as often as the right kernel does, and gives another output."""

    def oracle(image, mask, tile=4):
        output = change(image, mask, tile)
        return _right(output, output.size * mask.size)

    return oracle


def _axes_exchanged(image, mask, tile=4):
    output = _correlated(image, mask)
    height, width = output.shape
    if height != width:
        return _fault(WRITE, output.shape)
    return _right(output, output.size * mask.size)


def _first_block(image, mask, tile):
    output = np.full_like(full := _correlated(image, mask), np.nan)
    output[:tile, :tile] = full[:tile, :tile]
    return output


def _cases_valid(draw):
    def drawn(height, width, p, q, tile):
        image = draw.normal(height + p - 1, width + q - 1, dtype="float32")
        return case(image, draw.normal(p, q, dtype="float32"), tile=tile)

    yield drawn(2, 4, 2, 3, 2)
    yield drawn(4, 4, 3, 3, 2)
    yield drawn(6, 3, 1, 5, 3)
    yield drawn(4, 8, 5, 2, 4)
    yield drawn(8, 12, 3, 3, 4)


correlate_valid = Task(
    "correlate_valid",
    _correlate_valid,
    cases=_cases_valid,
    lecture=LECTURE,
    section=NAIVE,
    formula=_correlate_valid_read,
    misunderstandings=mistakes(
        NAIVE,
        [
            (
                "a flipped mask",
                "The kernel correlates: mask[r, c] meets image[row + r, column + c].",
                lambda image, mask, tile: _correlated(image, mask[::-1, ::-1]),
            ),
            (
                "a place in the block taken for the place in the picture",
                "Add where the block begins: blockIdx times the block's size, or cuda.grid(2).",
                _first_block,
                BLOCKS,
            ),
            (
                "the last product alone",
                "Add the products up: total += ...",
                lambda image, mask, tile: (
                    image[mask.shape[0] - 1 :, mask.shape[1] - 1 :] * mask[-1, -1]
                ),
            ),
            (
                "a sum of pixels without the mask",
                "Each pixel is multiplied by its number of the mask.",
                lambda image, mask, tile: _correlated(image, np.ones_like(mask)),
            ),
            (
                "a mean over the window",
                "Asked for is the sum of the products.",
                lambda image, mask, tile: _correlated(image, mask / mask.size),
            ),
            (
                "an output that adds to what was there",
                "The output begins as nan, and nan plus anything is nan: add up in a variable.",
                lambda image, mask, tile: np.full_like(_correlated(image, mask), np.nan),
            ),
        ],
        _valid,
    )
    + mistakes(
        BLOCKS,
        [
            (
                "row and column exchanged",
                "cuda.grid(2) gives x first: the column, then the row.",
                _axes_exchanged,
            ),
            (
                "windows around the thread's place",
                "This picture has its frame: the window of output [row, column] begins at "
                "image[row, column].",
                lambda image, mask, tile=4: (
                    _fault(READ, _correlated(image, mask).shape)
                    if max(mask.shape) > 1
                    else _correlate_valid(image, mask)
                ),
            ),
            (
                "a mask whose axes are exchanged",
                "mask[r, c]: rows first, as in the picture.",
                lambda image, mask, tile=4: (
                    _fault(READ, _correlated(image, mask).shape)
                    if mask.shape[0] != mask.shape[1]
                    else _right(
                        _correlated(image, mask.T), _correlated(image, mask).size * mask.size
                    )
                ),
            ),
            (
                "a mask without its last row and column",
                "range(k) ends at k - 1 already.",
                lambda image, mask, tile=4: _right(
                    _correlated(image[:-1, :-1], mask[:-1, :-1])
                    if min(mask.shape) > 1
                    else np.zeros_like(_correlated(image, mask)),
                    _correlated(image, mask).size * (mask.shape[0] - 1) * (mask.shape[1] - 1),
                ),
            ),
        ],
    ),
)

# Bounds


def _correlate_same(image, mask, tile=4):
    return _around()(image, mask, tile)


@_launched_read
def _correlate_same_read(image, mask, tile=4):
    (H, W), (P, Q) = image.shape, mask.shape
    output = image.another(H, W)
    for row, column in np.ndindex(-(-H // tile) * tile, -(-W // tile) * tile):
        if row >= H or column >= W:
            continue
        total = 0.0
        for r, c in np.ndindex(P, Q):
            y, x = row + r - P // 2, column + c - Q // 2
            if y >= 0 and y < H and x >= 0 and x < W:
                total += image[y, x] * mask[r, c]
        output[row, column] = total
    return output


def _around(frame=_half, mode="constant", flip=False, counted="inside"):
    """An oracle of the whole picture with another frame, or with pixels that repeat in it."""

    def oracle(image, mask, tile=4):
        around = frame(mask)
        output = _correlated(image, mask[::-1, ::-1] if flip else mask, around, mode)
        reads = image.size * mask.size
        return _right(output, _window_reads(image, mask, around) if counted == "inside" else reads)

    return oracle


def _hangs_over(image, tile, axes=(0, 1)) -> bool:
    return any(image.shape[axis] % tile for axis in axes)


def _unless_fits(axes):
    """An oracle: threads over the border of these axes write outside."""

    def oracle(image, mask, tile=4):
        if _hangs_over(image, tile, axes):
            return _fault(WRITE, image.shape)
        return _correlate_same(image, mask, tile)

    return oracle


def _unless_one(mask, axes):
    return any(mask.shape[axis] > 1 for axis in axes)


def _outside_read(axes):
    """An oracle: windows that hang over the border of these axes read outside."""

    def oracle(image, mask, tile=4):
        if _unless_one(mask, axes):
            return _fault(READ, image.shape)
        return _correlate_same(image, mask, tile)

    return oracle


def _frame_left(value):
    """An oracle: only threads whose whole window lies in the picture compute."""

    def oracle(image, mask, tile=4):
        output = np.full(image.shape, value)
        if any(k > size for k, size in zip(mask.shape, image.shape, strict=True)):
            return _right(output, 0)
        inner = _correlated(image, mask)
        top, left = (k // 2 for k in mask.shape)
        output[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
        return _right(output, inner.size * mask.size)

    return oracle


def _strict(image, mask, tile=4):
    """Row 0 and column 0 are taken for ghost cells."""
    cut = image.copy()
    cut[0], cut[:, 0] = 0, 0
    inside = np.ones_like(image)
    inside[0], inside[:, 0] = 0, 0
    reads = _correlated(inside, np.ones_like(mask), _half(mask)).sum()
    return _right(_correlated(cut, mask, _half(mask)), round(reads))


def _mean_of_inside(image, mask, tile=4):
    inside = _correlated(np.ones_like(image), np.ones_like(mask), _half(mask))
    right = _correlate_same(image, mask, tile)
    return _right(right["output"] * mask.size / inside, right["reads"])


def _cases_same(draw):
    def drawn(height, width, p, q, tile):
        image = draw.normal(height, width, dtype="float32")
        return case(image, draw.normal(p, q, dtype="float32"), tile=tile)

    yield drawn(4, 6, 3, 3, 2)
    yield drawn(5, 4, 3, 5, 2)
    yield drawn(6, 7, 5, 3, 3)
    yield drawn(3, 5, 1, 3, 4)
    yield drawn(6, 4, 3, 1, 2)
    yield drawn(9, 14, 3, 3, 4)


correlate_same = Task(
    "correlate_same",
    _correlate_same,
    cases=_cases_same,
    lecture=LECTURE,
    section=NAIVE,
    formula=_correlate_same_read,
    misunderstandings=mistakes(
        BLOCKS,
        [
            (
                "idle threads that go on",
                "A thread whose row or column lies over the border returns before it writes.",
                _unless_fits((0, 1)),
            ),
            (
                "only the rows checked for idle threads",
                "A grid hangs over the right border, too: column >= width.",
                _unless_fits((1,)),
            ),
            (
                "only the columns checked for idle threads",
                "A grid hangs over the lower border, too: row >= height.",
                _unless_fits((0,)),
            ),
            (
                "ghost cells that are read",
                "Outside of the picture there is no 0 to read: check first, and add nothing.",
                _outside_read((0, 1)),
                NAIVE,
            ),
            (
                "ghost cells checked above and below alone",
                "Windows hang over the left and the right border, too.",
                _outside_read((1,)),
                NAIVE,
            ),
            (
                "ghost cells checked to the left and right alone",
                "Windows hang over the upper and the lower border, too.",
                _outside_read((0,)),
                NAIVE,
            ),
            (
                "the border's pixel in place of a ghost cell",
                "A ghost cell is 0; clamping the index repeats the border.",
                _around(mode="replicate", counted="all"),
                NAIVE,
            ),
            (
                "the opposite border in place of a ghost cell",
                "A ghost cell is 0; the remainder of a division wraps round.",
                _around(mode="circular", counted="all"),
                NAIVE,
            ),
            (
                "windows that begin at the thread's pixel",
                "The window is centred: it begins P // 2 rows above and Q // 2 columns before.",
                _around(frame=lambda mask: (0, mask.shape[1] - 1, 0, mask.shape[0] - 1)),
                NAIVE,
            ),
            (
                "windows that end at the thread's pixel",
                "The window is centred: it begins P // 2 rows above and Q // 2 columns before.",
                _around(frame=lambda mask: (mask.shape[1] - 1, 0, mask.shape[0] - 1, 0)),
                NAIVE,
            ),
            (
                "no output at the border",
                "Every pixel has an output; where its window hangs over, ghost cells add nothing.",
                _frame_left(np.nan),
                NAIVE,
            ),
            (
                "zeros at the border of the output",
                "Zero padding puts zeros into the input: the output there is a sum as elsewhere.",
                _frame_left(0.0),
                NAIVE,
            ),
            (
                "the first row and column taken for ghost cells",
                "Index 0 lies in the picture: 0 <= y, not 0 < y.",
                _strict,
                NAIVE,
            ),
            (
                "a sum scaled up where the window hangs over",
                "Ghost cells count as 0: the sum stays as it is.",
                _mean_of_inside,
                NAIVE,
            ),
            (
                "a flipped mask",
                "The kernel correlates: mask[r, c] meets pixel [y, x] of the window in order.",
                _around(flip=True),
                NAIVE,
            ),
        ],
    ),
)

# Tile and halo


def _tiled(image, mask, tile, kernel_size):
    reach = kernel_size // 2
    output = _correlated(image, mask, _half(mask))
    return _right(output, _tile_reads(*image.shape, tile, reach, reach))


@_launched_read
def _tiled_read(image, mask, tile, kernel_size):
    (H, W), reach, side = image.shape, kernel_size // 2, tile + kernel_size - 1
    output = image.another(H, W)
    for top, left in itertools.product(range(0, H, tile), range(0, W, tile)):
        shared = np.zeros((side, side))
        for i, j in np.ndindex(side, side):
            y, x = top + i - reach, left + j - reach
            if y >= 0 and y < H and x >= 0 and x < W:
                shared[i, j] = image[y, x]
        for i, j in np.ndindex(tile, tile):
            if top + i < H and left + j < W:
                total = 0.0
                for r, c in np.ndindex(kernel_size, kernel_size):
                    total += shared[i + r, j + c] * mask[r, c]
                output[top + i, left + j] = total
    return output


def _staged(fault=None, when="always", output=None, reads=None, flip=False):
    """An oracle: the tiled kernel with a fault, in all blocks or with idle threads, or changed."""

    def oracle(image, mask, tile, kernel_size):
        right = _tiled(image, mask, tile, kernel_size)
        happens = {
            "always": True,
            "hangs over": _hangs_over(image, tile),
            "halo": kernel_size > 1,
            "border": kernel_size > 1 or _hangs_over(image, tile),
        }[when]
        if fault and happens:
            return _fault(fault, image.shape)
        if flip:
            right["output"] = _correlated(image, mask[::-1, ::-1], _half(mask))
        if output:
            right["output"] = output(image, mask, tile)
        if reads:
            right["reads"] = int(reads(image, mask, tile))
        return right

    return oracle


def _by_tiles(image, mask, tile):
    """Every tile for itself, with zeros around it."""
    output = np.empty_like(image)
    for y in range(0, image.shape[0], tile):
        for x in range(0, image.shape[1], tile):
            part = np.s_[y : y + tile, x : x + tile]
            output[part] = _correlated(image[part], mask, _half(mask))
    return output


def _halo_by_each_thread(image, mask, tile):
    """Pixels of the tile once, and each pixel of the halo by every thread that uses it."""
    own = sum(
        _window_reads(image[y : y + tile, x : x + tile], mask, _half(mask))
        for y in range(0, image.shape[0], tile)
        for x in range(0, image.shape[1], tile)
    )
    return image.size + _window_reads(image, mask, _half(mask)) - own


def _cases_tiled(draw):
    def drawn(height, width, tile, k):
        image = draw.normal(height, width, dtype="float32")
        mask = draw.normal(k, k, dtype="float32")
        return case(image, mask, tile=tile, kernel_size=k)

    yield drawn(4, 6, 2, 3)
    yield drawn(5, 7, 3, 3)
    yield drawn(3, 4, 2, 1)
    yield drawn(6, 5, 2, 5)
    yield drawn(5, 9, 4, 3)


def _launched(factory, tile, kernel_size):
    return factory(tile, kernel_size)


tiled = Task(
    "tiled",
    _tiled,
    cases=_cases_tiled,
    lecture=LECTURE,
    section=SHARED,
    formula=_tiled_read,
    prepare=_launched,
    misunderstandings=mistakes(
        SHARED,
        [
            (
                "a forgotten barrier",
                "Between reading and using, every thread waits: cuda.syncthreads().",
                {"fault": RACE, "when": "halo"},
            ),
            (
                "idle threads that do not help",
                "A thread without a pixel still reads its share and waits; it returns after the "
                "barrier.",
                {"fault": BARRIER, "when": "hangs over"},
            ),
            (
                "idle threads that write",
                "After the barrier, a thread without a pixel returns.",
                {"fault": WRITE, "when": "hangs over"},
            ),
            (
                "a halo without bounds",
                "Ghost cells are not read from the image: check first, and set them to 0.",
                {"fault": READ, "when": "border"},
            ),
            (
                "a halo without room",
                "Shared memory has tile + kernel_size - 1 rows and columns.",
                {"fault": READ, "when": "halo"},
            ),
            (
                "shared memory that is too small for what is written",
                "Shared memory has tile + kernel_size - 1 rows and columns.",
                {"fault": WRITE, "when": "halo"},
            ),
            (
                "a halo that nobody reads",
                "The block has fewer threads than the tile with its halo has pixels: each reads "
                "several. Ghost cells are set to 0.",
                {"fault": UNSET, "when": "halo"},
            ),
            (
                "windows from global memory",
                "The output is right, but shared memory saves nothing so: take the window from it.",
                {"reads": lambda i, m, t: _window_reads(i, m, _half(m))},
            ),
            (
                "a tile from shared memory, its halo from global memory",
                "The halo is read once, too, by the block together.",
                {"reads": _halo_by_each_thread},
            ),
            (
                "every thread reading the whole tile",
                "The work is shared out: each thread reads what no other does.",
                {"reads": lambda i, m, t: t**2 * _tile_reads(*i.shape, t, *_reach(m))},
            ),
            (
                "zeros around every tile",
                "Around a tile stand its neighbours' pixels; zeros stand outside of the picture.",
                {"output": _by_tiles, "reads": lambda i, m, t: i.size},
            ),
            (
                "a tile that begins at its first pixel, not at its halo",
                "The part that is read begins kernel_size // 2 above and to the left of the tile.",
                {
                    "output": lambda i, m, t: _correlated(
                        i, m, (0, m.shape[1] - 1, 0, m.shape[0] - 1)
                    ),
                    "reads": lambda i, m, t: _tile_reads(*i.shape, t, 0, m.shape[0] - 1),
                },
            ),
            (
                "a flipped mask",
                "The kernel correlates: the mask is not turned.",
                {"flip": True},
            ),
        ],
        lambda settings: _staged(**settings),
    ),
)


def _reach(mask):
    return mask.shape[0] // 2, mask.shape[0] // 2


# Two barriers


def _tiled_channels(image, mask, tile, kernel_size):
    return _summed(lambda image, mask: _correlated(image, mask, _half(mask)))(
        image, mask, tile, kernel_size
    )


@_launched_read
def _tiled_channels_read(image, mask, tile, kernel_size):
    (C, H, W), reach, side = image.shape, kernel_size // 2, tile + kernel_size - 1
    output = image.another(H, W)
    for top, left in itertools.product(range(0, H, tile), range(0, W, tile)):
        totals = np.zeros((tile, tile))
        for channel in range(C):
            shared = np.zeros((side, side))
            for i, j in np.ndindex(side, side):
                y, x = top + i - reach, left + j - reach
                if y >= 0 and y < H and x >= 0 and x < W:
                    shared[i, j] = image[channel, y, x]
            for i, j in np.ndindex(tile, tile):
                for r, c in np.ndindex(kernel_size, kernel_size):
                    totals[i, j] += shared[i + r, j + c] * mask[channel, r, c]
        for i, j in np.ndindex(tile, tile):
            if top + i < H and left + j < W:
                output[top + i, left + j] = totals[i, j]
    return output


def _summed(output=None, fault=None, when=lambda image, tile: True, reads=lambda image: len(image)):
    def oracle(image, mask, tile, kernel_size):
        if fault and when(image, tile):
            return _fault(fault, image.shape[1:])
        if output is None:
            return _tiled_channels(image, mask, tile, kernel_size)
        reach = kernel_size // 2
        once = _tile_reads(*image.shape[1:], tile, reach, reach)
        return _right(output(image, mask), reads(image) * once)

    return oracle


def _cases_channels(draw):
    def drawn(channels, height, width, tile, k):
        image = draw.normal(channels, height, width, dtype="float32")
        mask = draw.normal(channels, k, k, dtype="float32")
        return case(image, mask, tile=tile, kernel_size=k)

    yield drawn(1, 4, 6, 2, 3)
    yield drawn(2, 4, 6, 2, 3)
    yield drawn(3, 3, 4, 2, 5)
    yield drawn(2, 5, 4, 3, 3)


tiled_channels = Task(
    "tiled_channels",
    _tiled_channels,
    cases=_cases_channels,
    lecture=LECTURE,
    section=GEMM,
    formula=_tiled_channels_read,
    prepare=_launched,
    misunderstandings=mistakes(
        GEMM,
        [
            (
                "the bug as it was: a channel read while the one before it is in use",
                "Nobody may overwrite the tile before all have used it: a second barrier, in the "
                "loop over the channels.",
                {"fault": RACE, "when": lambda image, tile: len(image) > 1},
            ),
            (
                "no barrier between reading and using",
                "The barrier that was there is needed, too: first all read, then all use.",
                {"fault": RACE},
            ),
            (
                "a barrier within a condition",
                "Every thread of a block passes every barrier, the idle ones, too.",
                {
                    "fault": BARRIER,
                    "when": lambda image, tile: _hangs_over(image, tile, (1, 2)),
                },
            ),
            (
                "idle threads that write",
                "A thread without a pixel helps and waits, and does not write.",
                {
                    "fault": WRITE,
                    "when": lambda image, tile: _hangs_over(image, tile, (1, 2)),
                },
            ),
            (
                "the last channel alone",
                "The sum begins once, before the loop over the channels.",
                {"output": lambda i, m: _correlated(i[-1], m[-1], _half(m))},
            ),
            (
                "the first channel alone",
                "The loop goes over all channels of the image.",
                {
                    "output": lambda i, m: _correlated(i[0], m[0], _half(m)),
                    "reads": lambda image: 1,
                },
            ),
            (
                "the first channel's mask for all",
                "Each channel has a mask of its own: mask[channel, r, c].",
                {"output": lambda i, m: _correlated(i, np.repeat(m[:1], len(m), 0), _half(m))},
            ),
            (
                "the first channel's picture for all",
                "Each round reads its own channel: image[channel, y, x].",
                {"output": lambda i, m: _correlated(np.repeat(i[:1], len(i), 0), m, _half(m))},
            ),
            (
                "a mean over the channels",
                "Asked for is the sum over the channels.",
                {"output": lambda i, m: _correlated(i, m, _half(m)) / len(i)},
            ),
            (
                "a flipped mask",
                "The kernel correlates: the mask is not turned.",
                {"output": lambda i, m: _correlated(i, m[:, ::-1, ::-1], _half(m))},
            ),
        ],
        lambda settings: _summed(**settings),
    ),
)

# Winograd

_PIXELS = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], float)
_MASK = np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]) / 2
_OUTPUTS = np.array([[1, 1, 1, 0], [0, 1, -1, -1]], float)


def _winograd1d(d, g):
    return _fast()(d, g)


def _winograd1d_read(d, g):
    if len(g) != 3 or len(d) < 4 or len(d) % 2:
        raise ValueError
    products, outputs = [], []
    for i in range(0, len(d) - 2, 2):
        m1 = (d[i] - d[i + 2]) * g[0]
        m2 = (d[i + 1] + d[i + 2]) * (g[0] + g[1] + g[2]) / 2
        m3 = (d[i + 2] - d[i + 1]) * (g[0] - g[1] + g[2]) / 2
        m4 = (d[i + 1] - d[i + 3]) * g[2]
        products.append((m1, m2, m3, m4))
        outputs += [m1 + m2 + m3, m2 - m3 - m4]
    return np.array(products), np.array(outputs)


def _fast(pixels=_PIXELS, mask=_MASK, outputs=_OUTPUTS, step=2, turn=False, order="interleaved"):
    """An oracle from the three matrices and the step between tiles."""

    def oracle(d, g):
        tiles = torch.from_numpy(d).unfold(0, 4, step).numpy()
        products = (tiles @ pixels.T) * (mask @ (g[::-1] if turn else g))
        y = products @ outputs.T
        return products, (y if order == "interleaved" else y.T).ravel()

    return oracle


def _cases_winograd(draw):
    yield case(np.array([1.0, 4.0, 2.0, 3.0]), np.array([2.0, 1.0, -1.0]))
    yield case(draw.normal(4), draw.normal(3))
    yield case(draw.normal(6), draw.normal(3))
    yield case(draw.normal(12), draw.normal(3))
    yield refuses(ValueError, draw.normal(7), draw.normal(3))
    yield refuses(ValueError, draw.normal(6), draw.normal(5))
    yield refuses(ValueError, draw.normal(2), draw.normal(3))


def _signed(matrix, row, column):
    changed = matrix.copy()
    changed[row, column] *= -1
    return changed


winograd1d = Task(
    "winograd1d",
    _winograd1d,
    cases=_cases_winograd,
    lecture=LECTURE,
    section=WINOGRAD,
    formula=_winograd1d_read,
    names=("products", "outputs"),
    misunderstandings=mistakes(
        WINOGRAD,
        [
            (
                "a mask that was turned",
                "Winograd's y is a correlation: g is taken as it is.",
                {"turn": True},
            ),
            (
                "a mask transformed without the halves",
                "The two middle numbers of G g are half of a sum.",
                {"mask": np.array([[1, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 1.0]])},
            ),
            (
                "the middle numbers of the mask exchanged",
                "The second number has +g[1], the third -g[1].",
                {"mask": _MASK[[0, 2, 1, 3]]},
            ),
            (
                "a sign of the first transformed pixel",
                "The first number is d[0] - d[2].",
                {"pixels": _signed(_PIXELS, 0, 2)},
            ),
            (
                "a sign of the third transformed pixel",
                "The third number is d[2] - d[1].",
                {"pixels": np.array([_PIXELS[0], _PIXELS[1], -_PIXELS[2], _PIXELS[3]])},
            ),
            (
                "a sign of the last transformed pixel",
                "The last number is d[1] - d[3].",
                {"pixels": np.array([_PIXELS[0], _PIXELS[1], _PIXELS[2], -_PIXELS[3]])},
            ),
            (
                "a sign of the second output",
                "The second output is m[1] - m[2] - m[3].",
                {"outputs": _signed(_OUTPUTS, 1, 3)},
            ),
            (
                "the third product added to the second output",
                "The second output is m[1] - m[2] - m[3].",
                {"outputs": _signed(_OUTPUTS, 1, 2)},
            ),
            (
                "tiles that do not overlap",
                "A tile gives two outputs: the next one begins two pixels further, not four.",
                {"step": 4},
            ),
            (
                "a tile at every pixel",
                "A tile gives two outputs: the next one begins two pixels further, not one.",
                {"step": 1},
            ),
            (
                "the first outputs of all tiles, then the second ones",
                "The two outputs of a tile stand side by side.",
                {"order": "by place"},
            ),
        ],
        lambda settings: _fast(**settings),
    ),
)

# Reads


def _count_reads(height, width, kernel_size, tile):
    return _counted()(height, width, kernel_size, tile)


def _count_reads_read(height, width, kernel_size, tile):
    halo, naive, tiled = kernel_size // 2, [], []
    for size in (height, width):
        windows = [min(i + halo, size - 1) - max(i - halo, 0) + 1 for i in range(size)]
        naive.append(sum(windows))
        starts = range(0, size, tile)
        tiled.append(sum(min(i + tile + halo, size) - max(i - halo, 0) for i in starts))
    return naive[0] * naive[1], tiled[0] * tiled[1], 4 * (tile + kernel_size - 1) ** 2


def _counted(
    naive=lambda h, w, k, t: _window_reads(np.ones((h, w)), np.ones((k, k)), (k // 2,) * 4),
    tiled=lambda h, w, k, t: _tile_reads(h, w, t, k // 2, k // 2),
    shared=lambda k, t: 4 * (t + k - 1) ** 2,
):
    """An oracle from the three counts."""

    def oracle(height, width, kernel_size, tile):
        size = height, width, kernel_size, tile
        return int(naive(*size)), int(tiled(*size)), int(shared(kernel_size, tile))

    return oracle


def _whole_grid(h, w, t):
    return -(-h // t) * t, -(-w // t) * t


def _blocks(h, w, t):
    return -(-h // t) * -(-w // t)


def _cases_reads(draw):
    yield case(32, 32, 3, 8)
    yield case(16, 16, 3, 8)
    yield case(13, 19, 3, 8)
    yield case(draw.integer(20, 30), draw.integer(31, 40), 5, 4)
    yield case(draw.integer(31, 40), draw.integer(20, 30), 7, 16)
    yield case(draw.integer(17, 30), draw.integer(3, 15), 1, 16)
    yield case(draw.integer(5, 7), draw.integer(8, 11), 5, 32)
    yield case(draw.integer(1, 3), draw.integer(8, 11), 9, 4)  # lower than half of the mask


count_reads = Task(
    "count_reads",
    _count_reads,
    cases=_cases_reads,
    lecture=LECTURE,
    section=SHARED,
    formula=_count_reads_read,
    names=("naive", "tiled", "shared_bytes"),
    misunderstandings=mistakes(
        SHARED,
        [
            (
                "ghost cells counted, naive",
                "What lies outside is not read: each axis has (k // 2) (k // 2 + 1) fewer.",
                {"naive": lambda h, w, k, t: h * w * k**2},
                NAIVE,
            ),
            (
                "ghost cells counted, tiled",
                "Blocks at the border read less: cut their part at the picture's border.",
                {"tiled": lambda h, w, k, t: _blocks(h, w, t) * (t + k - 1) ** 2},
            ),
            (
                "ghost cells counted, naive and tiled",
                "What lies outside of the picture is not read: cut at the border.",
                {
                    "naive": lambda h, w, k, t: h * w * k**2,
                    "tiled": lambda h, w, k, t: _blocks(h, w, t) * (t + k - 1) ** 2,
                },
            ),
            (
                "idle threads that read",
                "Threads over the border have no pixel: H times W threads read a window.",
                {
                    "naive": lambda h, w, k, t: _window_reads(
                        np.ones(_whole_grid(h, w, t)), np.ones((k, k)), (k // 2,) * 4
                    )
                },
                BLOCKS,
            ),
            (
                "tiles without their halo",
                "A block reads kernel_size - 1 rows and columns more than it has threads.",
                {"tiled": lambda h, w, k, t: h * w},
            ),
            (
                "half a halo",
                "The halo has kernel_size // 2 on both sides.",
                {"tiled": lambda h, w, k, t: _tile_reads(h, w, t, k // 2, 0)},
            ),
            (
                "a halo as wide as the mask on both sides",
                "The halo has kernel_size // 2 on each side, kernel_size - 1 together.",
                {"tiled": lambda h, w, k, t: _tile_reads(h, w, t, k - 1, k - 1)},
            ),
            (
                "shared memory in numbers, not bytes",
                "A number of float32 has four bytes.",
                {"shared": lambda k, t: (t + k - 1) ** 2},
            ),
            (
                "shared memory in bits",
                "A number of float32 has four bytes.",
                {"shared": lambda k, t: 32 * (t + k - 1) ** 2},
            ),
            (
                "shared memory for the tile alone",
                "The halo lies in shared memory, too.",
                {"shared": lambda k, t: 4 * t**2},
            ),
            (
                "shared memory with a mask too much",
                "tile + kernel_size - 1 along each axis.",
                {"shared": lambda k, t: 4 * (t + k) ** 2},
            ),
            (
                "naive and tiled exchanged",
                "The results are asked for in this order: naive, tiled, bytes.",
                {
                    "naive": lambda h, w, k, t: _tile_reads(h, w, t, k // 2, k // 2),
                    "tiled": lambda h, w, k, t: _window_reads(
                        np.ones((h, w)), np.ones((k, k)), (k // 2,) * 4
                    ),
                },
            ),
        ],
        lambda settings: _counted(**settings),
    ),
)

# The design of a tile

TILES = (1, 2, 4, 8, 16, 32)


def _choose_tile(height, width, kernel_size, shared_bytes):
    return _chosen()(height, width, kernel_size, shared_bytes)


def _choose_tile_read(height, width, kernel_size, shared_bytes):
    reads, halo = {}, kernel_size // 2
    for tile in (1, 2, 4, 8, 16, 32):
        if 4 * (tile + kernel_size - 1) ** 2 <= shared_bytes:
            top, left = np.arange(0, height, tile), np.arange(0, width, tile)
            rows = np.minimum(top + tile + halo, height) - np.maximum(top - halo, 0)
            columns = np.minimum(left + tile + halo, width) - np.maximum(left - halo, 0)
            reads[tile] = rows.sum() * columns.sum()
    return min(reads, key=lambda tile: (reads[tile], tile))


def _chosen(
    needs=lambda t, k: 4 * (t + k - 1) ** 2,
    fits=lambda needed, limit: needed <= limit,
    reads=lambda h, w, k, t: _tile_reads(h, w, t, k // 2, k // 2),
    last=False,
    worst=False,
):
    """An oracle: of the tiles that fit, one that reads least."""

    def oracle(height, width, kernel_size, shared_bytes):
        fitting = [t for t in TILES if fits(needs(t, kernel_size), shared_bytes)]
        if not fitting:
            raise ValueError("no tile fits")
        sign = -1 if worst else 1
        return min(
            reversed(fitting) if last else fitting,
            key=lambda t: sign * reads(height, width, kernel_size, t),
        )

    return oracle


def _cases_tile(draw):
    yield case(32, 32, 3, 48 * 1024)
    yield case(64, 48, 5, 1600)  # 16 + 5 - 1 = 20: just fits
    yield case(64, 48, 5, 1599)
    yield case(64, 48, 5, 1650)
    yield case(33, 40, 3, 48 * 1024)  # ghost cells, if counted, say 8
    yield case(16, 12, 3, 48 * 1024)  # one block of 16 holds it all
    yield case(16, 5, 3, 48 * 1024)
    yield case(17, 5, 3, 48 * 1024)
    yield case(5, 16, 3, 48 * 1024)
    yield case(5, 17, 3, 48 * 1024)
    yield case(draw.integer(5, 8), draw.integer(3, 4), 3, 4096)
    yield case(draw.integer(40, 60), draw.integer(61, 80), 7, draw.integer(784, 1200))
    yield case(draw.integer(40, 60), draw.integer(61, 80), 3, draw.integer(600, 1100))
    yield case(draw.integer(40, 60), draw.integer(61, 80), 9, 4 * 9**2)
    yield case(draw.integer(40, 60), draw.integer(61, 80), 5, draw.integer(196, 250))  # 2
    yield case(draw.integer(40, 60), draw.integer(61, 80), 5, draw.integer(324, 500))  # 4
    yield refuses(ValueError, 20, 30, 5, 99)


choose_tile = Task(
    "choose_tile",
    _choose_tile,
    cases=_cases_tile,
    lecture=LECTURE,
    section=SHARED,
    formula=_choose_tile_read,
    misunderstandings=mistakes(
        SHARED,
        [
            (
                "the largest tile that fits",
                "Where two tiles read equally often, the smaller one has fewer idle threads.",
                {"last": True},
            ),
            (
                "a tile whatever shared memory holds",
                "4 (tile + kernel_size - 1)^2 bytes must not be more than there are.",
                {"fits": lambda needed, limit: True},
            ),
            (
                "shared memory for the tile alone",
                "The halo lies in shared memory, too: tile + kernel_size - 1 along each axis.",
                {"needs": lambda t, k: 4 * t**2},
            ),
            (
                "numbers counted for bytes",
                "A number of float32 has four bytes.",
                {"needs": lambda t, k: (t + k - 1) ** 2},
            ),
            (
                "a limit that may not be reached",
                "Shared memory may be full to its last byte.",
                {"fits": lambda needed, limit: needed < limit},
            ),
            (
                "a halo as wide as the mask",
                "The halo adds kernel_size - 1 along each axis, not kernel_size.",
                {"needs": lambda t, k: 4 * (t + k) ** 2},
            ),
            (
                "half a halo",
                "The halo has kernel_size // 2 on both sides.",
                {"needs": lambda t, k: 4 * (t + k // 2) ** 2},
            ),
            (
                "the smallest tile",
                "Larger tiles share more: fewer reads.",
                {"worst": True},
            ),
            (
                "reads of ghost cells counted",
                "What lies outside of the picture is not read: cut at the border.",
                {"reads": lambda h, w, k, t: _blocks(h, w, t) * (t + k - 1) ** 2},
            ),
        ],
        lambda settings: _chosen(**settings),
    ),
)
