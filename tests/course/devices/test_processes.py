"""Two processes compute what one does, and nothing is left of them, whatever happens."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import psutil
import pytest
import torch

from course import datasets
from course.devices import ddp, one_process, parallel
from course.devices.processes import Processes, tick

# One run of two processes serves the file; each start imports torch twice.
pytestmark = pytest.mark.xdist_group("processes")


def children():
    """The processes that `Processes` has started: other tests' servers may run beside them."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it ended meanwhile
            if "spawn_main" in " ".join(process.cmdline()):
                found.append(process.pid)
    return found


def left(before=None):
    """Those that are still there when a busy machine had its time to end them."""
    until = time.monotonic() + 300
    while (found := set(before or children()) & set(children())) and time.monotonic() < until:
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def group():
    with Processes(2, progress=False) as group:
        yield group


@pytest.mark.parametrize("norm", parallel.NORMS)
@pytest.mark.parametrize(("dtype", "rounding"), [("float32", 1e-5), ("float64", 1e-13)])
def test_two_processes_have_the_gradient_of_one_but_for_batch_norm(group, norm, dtype, rounding):
    one, other = group.run(parallel.gradient, norm, dtype)
    difference = one_process.difference(one, one_process.gradient(norm, dtype))
    if norm == "batch":
        assert difference == pytest.approx(0.1386, abs=1e-3)
        # It is what one process has that normalises the two halves on their own.
        assert one_process.difference(one, one_process.gradient("sharded", dtype, 2)) < rounding
    else:
        assert difference < rounding
    assert one_process.difference(one, other) == 0


def test_unequal_shards_are_weighed_by_their_examples(group):
    for norm in ("none", "sync"):
        right = one_process.gradient(norm, "float64")
        assert (
            one_process.difference(
                group.run(parallel.gradient, norm, "float64", [40, 24])[0], right
            )
            < 1e-13
        )
    wrong = group.run(parallel.gradient, "none", "float64", [40, 24], False)[0]
    assert one_process.difference(wrong, one_process.gradient("none", "float64")) > 0.5


def test_copies_stay_alike_and_the_statistics_of_batch_norm_do_not(group):
    one, other = group.run(parallel.train, "sync", 3)
    assert all(np.array_equal(one[name], other[name]) for name in one)
    expected = one_process.train("sync", 3)
    assert max(np.abs(one[name] - expected[name]).max() for name in one) < 1e-5
    one, other = group.run(parallel.train, "batch", 3)
    for name in one:
        assert np.array_equal(one[name], other[name]) != ("running" in name), name
    one, other = group.run(parallel.train, "none", 3, False)
    assert not np.array_equal(one["0.weight"], other["0.weight"])


def test_a_net_in_columns_is_the_net(group):
    (scores, one), (same, other) = group.run(parallel.columns)
    expected, gradients = one_process.columns()
    np.testing.assert_allclose(scores, expected, rtol=0, atol=2e-6 * np.abs(expected).max())
    np.testing.assert_array_equal(scores, same)
    joined = {name: np.concatenate([one[name], other[name]]) for name in gradients}
    assert one_process.difference(joined, gradients) < 2e-6


def test_the_ring_between_processes_sums(group):
    values = list(np.random.default_rng(0).normal(size=(2, 7, 3)))
    for found in group.run(parallel.ring_sum, values):
        np.testing.assert_allclose(found, sum(values), atol=1e-12)
    times = group.run(parallel.all_reduce_seconds, [10, 1000], 2)
    assert all(0 < best <= median < 60 for best, median in times[0])


def test_the_bar_follows_process_0_and_goes(group, capsys):
    group.progress = True
    group.run(parallel.train, "none", 2, steps=2)
    group.progress = False
    shown = capsys.readouterr()
    *_, last, wiped, rest = shown.out.split("\r")
    assert "train: 100%" in last and "2/2" in last
    assert not wiped.strip() and not rest and not shown.err


def test_an_interrupt_in_the_middle_leaves_nobody(group):
    group.run(parallel.train, "none", 1)
    before = children()
    assert len(before) == 2
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    # A shell starts what runs in the background with the signal ignored.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            group.run(parallel.train, "none", 10**6, seconds=600)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert not left(before)


def fail(message):
    raise ValueError(message)


def test_errors_and_limits_are_told_and_leave_nobody():
    with Processes(1, progress=False) as one:
        with pytest.raises(
            RuntimeError, match=r"(?s)fail: process 0 of 1: .*ValueError: no such net"
        ):
            one.run(fail, "no such net")
        assert not left()
        # The next call starts it anew.
        with pytest.raises(TimeoutError, match="sleep: no answer of process 0 of 1"):
            one.run(time.sleep, 600, seconds=0.2)
        assert not left()
        one.run(time.sleep, 0)
        one._processes[0].terminate()
        one._processes[0].join()
        with pytest.raises(RuntimeError, match=r"ended without an answer \(exit code -15\)"):
            one.run(time.sleep, 0)
        assert not left()


def test_there_must_be_a_process():
    with pytest.raises(ValueError, match="count must be at least 1"):
        Processes(0)
    tick()  # outside of a process it does nothing


def test_who_is_killed_takes_its_processes_along():
    code = """
        import time
        from course.devices.processes import Processes
        if __name__ == "__main__":
            group = Processes(1, progress=False)
            group.run(time.sleep, 0)
            print(group._processes[0].pid, flush=True)
            group.run(time.sleep, 600, seconds=600)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        worker = psutil.Process(int(owner.stdout.readline()))
        owner.kill()
    until = time.monotonic() + 300
    with contextlib.suppress(psutil.NoSuchProcess):
        # In a container nobody may collect an orphan that has ended.
        while worker.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until, "it is still there"
            time.sleep(0.1)


def test_the_command_trains_alike_on_one_process_and_on_two(capsys):
    settings = ["--norm", "sync", "--epochs", "1"]
    ddp.main(settings)
    told = capsys.readouterr().out
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*torchrun, "--nproc-per-node", "2", "-m", "course.devices.ddp", *settings]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for text, processes in [(told, 1), (done.stdout, 2)]:
        assert text.startswith(f"{processes} processes, gloo: test accuracy ")
    pattern = r"accuracy ([\d.]+) %, loss ([\d.]+)"
    one, two = (re.search(pattern, text).groups() for text in (told, done.stdout))
    assert one[1] == two[1]
    # Rounding may turn one of the 297 digits.
    assert float(one[0]) == pytest.approx(float(two[0]), abs=1)


def test_a_larger_run_reads_mnist(monkeypatch):
    drawn = np.random.default_rng(0)

    def made(part):
        images = drawn.integers(256, size=(6, 1, 28, 28), dtype=np.uint8)
        return datasets.Part(images, np.arange(6), datasets.DIGIT_CLASSES, "made")

    monkeypatch.setattr(ddp.datasets, "mnist", made)
    x, y = ddp.load("mnist", "test")
    assert x.shape == (6, 1, 28, 28) and x.dtype == torch.float32 and y.tolist() == list(range(6))
    assert parallel.net("none")(x).shape == (6, 10)


def test_the_command_says_what_does_not_fit(monkeypatch):
    monkeypatch.setattr(ddp.dist, "get_world_size", lambda: 3)
    monkeypatch.setattr(ddp, "device", lambda: "cpu")
    with pytest.raises(ValueError, match="batch_size must be a multiple of 3 processes, got 64"):
        ddp.train()


@pytest.mark.gpu
def test_gpus_have_the_gradient_of_the_cpu():
    count = max(1, torch.cuda.device_count())
    with Processes(count, progress=False) as gpus:
        for norm in ("none", "sync"):
            found = gpus.run(parallel.gradient, norm)[0]
            # Convolutions in TF32.
            assert one_process.difference(found, one_process.gradient(norm)) < 1e-3
