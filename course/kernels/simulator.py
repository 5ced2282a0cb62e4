"""Runs a kernel thread by thread in numba's simulator, counts its reads and finds its races.

    from course.kernels.simulator import cuda, float32, on_grid

Import it before anything else imports numba: numba asks once whether it is to simulate. On a GPU
the same kernel, without `@on_grid`, is compiled by `cuda.jit`.

A real GPU hides most mistakes of a kernel most of the time. Here they show every time: an array
knows its borders, and shared memory knows which thread wrote a number and which barrier came since.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import itertools
import math
import operator
import os
import queue
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable

import numpy as np

os.environ.setdefault("NUMBA_ENABLE_CUDASIM", "1")
try:
    from numba import cuda, float32
    from numba.core import config
except ImportError as missing:
    raise ImportError("kernels need numba: pip install -c pins.txt numba") from missing
if not config.ENABLE_CUDASIM:
    raise ImportError(
        "numba was imported before its simulator was asked for: restart the kernel and import "
        "course.kernels.simulator first"
    )
from numba.cuda.simulator import kernel as numba_kernel
from numba.cuda.simulator.kernel import BlockThread
from numba.cuda.simulator.kernelapi import FakeCUDAModule, FakeCUDAShared
from numba.np.numpy_support import as_dtype

from checked_call import hide_frames_of
from course.kernels import blocks  # noqa: F401

hide_frames_of("course")  # of an error in a kernel: this module called it, and is not at fault

__all__ = ["FAULTS", "cuda", "float32", "on_grid"]

FAULTS = {
    "write": "a write outside of an array",
    "read": "a read outside of an array",
    "barrier": "a barrier that some threads of the block do not reach",
    "race": "a race: two threads use a number, one writes it, and no barrier stands between",
    "unset": "a read of shared memory that nobody wrote",
}
MOST_THREADS = 64  # of a block: each is a thread of Python, and all live at once


def on_grid(padding: str = "same", tile: int = 4) -> Callable:
    """Make of a kernel a function that runs it, one thread for each number of the output.

    Args:
        padding: "same" or "valid", as in torch's conv2d; it decides the output's size.
        tile: threads of a block along each axis, where the call does not say.

    Returns:
        A decorator for `kernel(image, mask, output)`. What it makes is called with

            image: (..., H, W), float32.
            mask: (..., P, Q), float32.
            tile: threads of a block along each axis.

        and gives a dict: "fault", the worst of `FAULTS` or "none"; "output", (H, W) or
        (H - P + 1, W - Q + 1); "reads", how often a number of the image was read. After a fault the
        output is NaN and the reads are 0, for a GPU's would mean nothing. What no thread wrote is
        NaN.

    Raises:
        ValueError: padding is another, or the block has too many threads. When called.
    """

    def decorate(kernel):
        jitted = cuda.jit(kernel)

        @functools.wraps(kernel)
        def run(image, mask, tile: int = tile) -> dict:
            sizes = _sizes(image.shape, mask.shape, padding)
            if not 1 <= tile**2 <= MOST_THREADS:
                raise ValueError(f"blocks have 1 to {MOST_THREADS} threads here, got {tile}**2")
            launch = _Launch()
            arrays = [
                _Array(launch, name, np.array(values, np.float32))
                for name, values in [
                    ("image", image),
                    ("mask", mask),
                    ("output", np.full(sizes, np.nan)),
                ]
            ]
            grid = tuple(-(-size // tile) for size in reversed(sizes))
            try:
                launch.run(jitted[grid, (tile, tile)], arrays)
            except NotImplementedError as error:
                if ":" in str(error):  # behind it stands the kernel's own message
                    raise
                raise NotImplementedError from None  # an exercise that is not begun
            return launch.result(arrays[0], arrays[2])

        return run

    return decorate


def _sizes(image: tuple, mask: tuple, padding: str) -> tuple[int, int]:
    if padding == "same":
        return image[-2:]
    if padding == "valid":
        return tuple(size - k + 1 for size, k in zip(image[-2:], mask[-2:], strict=True))
    raise ValueError(f'padding must be "same" or "valid", got {padding!r}')


class _Launch:
    """One run of a kernel over its grid: what went wrong, and how far each block's threads came."""

    running: _Launch | None = None

    def __init__(self):
        self.threads: list[BlockThread] = []
        self.over = False  # ended by an error or a time limit
        self.faults: dict[str, str] = {}
        self.shared: dict[tuple, _Shared] = {}
        self.barriers = defaultdict(set)  # of each block: how many its threads passed

    def fault(self, kind: str, says: str) -> None:
        self.faults.setdefault(kind, f"{_me()} {says}")

    def run(self, kernel, arrays) -> None:
        _tidy(kernel)
        try:
            _Launch.running = self
            kernel(*arrays)
        except BaseException:
            # In one call of C: a time limit rings again and again until its call is over, and
            # would interrupt anything longer.
            _ended.put(self)
            raise
        finally:
            _Launch.running = None

    def result(self, image: _Array, output: _Array) -> dict:
        if any(len(passed) > 1 for passed in self.barriers.values()):
            self.faults.setdefault("barrier", "Every thread calls syncthreads equally often.")
        kind = next((kind for kind in FAULTS if kind in self.faults), None)
        if kind is None:
            return {"fault": "none", "output": output.values, "reads": next(image.reads)}
        print(f"Fault: {FAULTS[kind]}. {self.faults[kind]}")
        return {"fault": FAULTS[kind], "output": np.full_like(output.values, np.nan), "reads": 0}


def _tidy(kernel) -> None:
    """Put back what numba did not when a time limit interrupted its last launch."""
    numba_kernel._kernel_context = None
    names = kernel.fn.__globals__
    names.update({k: cuda for k, value in names.items() if isinstance(value, FakeCUDAModule)})


def _me() -> str:
    thread = threading.current_thread()
    (x, y, _), (across, down, _) = thread.threadIdx, thread.blockIdx
    return f"Thread x={x}, y={y} of block x={across}, y={down}"


def _watch() -> None:
    """Let numba's threads and shared memory tell the launch that runs, where one does."""
    make, wait, body = BlockThread.__init__, BlockThread.syncthreads, BlockThread.run
    allocate = FakeCUDAShared.array

    def __init__(thread, *args):
        make(thread, *args)
        thread.passed, thread.launch = 0, _Launch.running  # passed: how many barriers
        thread.inside = False  # of the kernel: elsewhere it must not be interrupted
        if thread.launch:
            thread.launch.threads.append(thread)

    def syncthreads(thread):
        wait(thread)
        thread.passed += 1

    def run(thread):
        launch = thread.launch
        if launch is None:
            body(thread)
            return
        with contextlib.suppress(SystemExit):
            thread.inside = True
            if not launch.over:
                body(thread)
            thread.inside = False
            launch.barriers[tuple(thread.blockIdx)].add(thread.passed)

    def array(memory, shape, dtype):
        me = threading.current_thread()
        if me.launch is None:
            return allocate(memory, shape, dtype)
        frame = sys._getframe(1)  # as numba does, one array a line of the kernel
        place = (tuple(me.blockIdx), frame.f_code.co_filename, frame.f_lineno)
        dtype = dtype if isinstance(dtype, (type, np.dtype)) else as_dtype(dtype)
        made = _Shared(me.launch, "shared memory", np.full(shape, np.nan, dtype))
        return me.launch.shared.setdefault(place, made)

    BlockThread.__init__, BlockThread.syncthreads, BlockThread.run = __init__, syncthreads, run
    FakeCUDAShared.array = array


_ended: queue.SimpleQueue[_Launch] = queue.SimpleQueue()


def _stop_threads() -> None:
    """Stop the threads that ended launches have left."""
    while True:
        launch = _ended.get()
        launch.over = True
        while left := [thread for thread in launch.threads if thread.is_alive()]:
            for thread in left:
                if not thread.inside:
                    continue
                thread.abort = True
                thread.syncthreads_event.set()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
                )
            time.sleep(0.05)


_watch()
threading.Thread(target=_stop_threads, daemon=True).start()


class _Array:
    """An array as a kernel sees it: numbers, one at a time, and nothing outside of it."""

    def __init__(self, launch: _Launch, name: str, values: np.ndarray):
        self.launch, self.name, self.values = launch, name, values
        self.shape, self.ndim, self.size = values.shape, values.ndim, values.size
        self.reads = itertools.count()  # counts without losing any, whoever adds

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, key):
        place = self._place(key, "read")
        return self.values.dtype.type(math.nan) if place is None else self.read(place)

    def __setitem__(self, key, value):
        place = self._place(key, "write")
        if place is not None:
            self.write(place, value)

    def _place(self, key, kind: str) -> tuple | None:
        key = key if isinstance(key, tuple) else (key,)
        if len(key) != self.ndim or any(isinstance(k, slice) for k in key):
            raise IndexError(
                f"a thread reads or writes one number: {self.name} has {self.ndim} axes, give an "
                f"index for each, got {list(key)}"
            )
        place = tuple(map(operator.index, key))
        if all(0 <= k < size for k, size in zip(place, self.shape, strict=True)):
            return place
        verb = {"read": "reads", "write": "writes"}[kind]
        size = " x ".join(map(str, self.shape))
        self.launch.fault(kind, f"{verb} {list(place)} of {self.name}, which is {size}.")
        return None

    def read(self, place: tuple):
        next(self.reads)
        return self.values[place]

    def write(self, place: tuple, value) -> None:
        self.values[place] = value


class _Shared(_Array):
    """A block's shared memory: it remembers who wrote and who read since which barrier."""

    def __init__(self, launch: _Launch, name: str, values: np.ndarray):
        super().__init__(launch, name, values)
        self.written: dict[tuple, tuple] = {}  # place: (thread, barriers it had passed)
        self.read_by = defaultdict(set)

    def read(self, place: tuple):
        me = threading.current_thread()
        self.read_by[place].add((me, me.passed))
        writer, passed = self.written.get(place, (None, None))
        if writer is None:
            self.launch.fault("unset", f"reads {list(place)} of {self.name}; nobody wrote it.")
        elif writer is not me and passed == me.passed:
            self._race("reads", "wrote it", place)
        return self.values[place]

    def write(self, place: tuple, value) -> None:
        me = threading.current_thread()
        if any(reader is not me and passed == me.passed for reader, passed in self.read_by[place]):
            self._race("writes", "read it", place)
        self.written[place] = (me, me.passed)
        self.values[place] = value

    def _race(self, verb: str, other: str, place: tuple) -> None:
        self.launch.fault(
            "race",
            f"{verb} {list(place)} of {self.name}; another thread {other}, and no barrier since.",
        )
