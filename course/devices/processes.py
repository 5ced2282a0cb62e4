"""Processes that compute together: started once, given work, and gone when their owner is.

    group = Processes(2)
    group.run(parallel.gradient, "batch")      # a list: what each process answers
    group.close()

What they run is a function of a module, which finds its number by `torch.distributed.get_rank()`,
as under torchrun. Every wait has a limit. An error, an interrupt or a limit that is reached ends
all processes; the next `run` starts new ones.
"""

from __future__ import annotations

import contextlib
import datetime
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing import connection, resource_tracker
from pathlib import Path
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from tqdm import tqdm

STARTING = 180.0  # seconds, on a busy machine; each process imports torch
LEAVING = 5.0


class Processes:
    """Some processes on this machine, joined in one process group of torch.distributed.

    With a GPU for each they use NCCL, else gloo over the loopback. Works as a context, too.

    Args:
        count: how many.
        progress: show bars, on stdout; each goes when its work is done.
    """

    def __init__(self, count: int = 2, progress: bool = True):
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        self.count, self.progress = count, progress
        self._processes: list = []
        self._pipes: list[connection.Connection] = []
        self._folder: tempfile.TemporaryDirectory | None = None

    def run(self, function: Callable, *args: Any, seconds: float = 60.0, steps: int = 0) -> list:
        """Call a function in every process, and wait for all.

        Args:
            function: of a module, the same in each; it may call `tick`.
            args: can be pickled.
            seconds: the limit for all of it, the start apart.
            steps: how often process 0 calls `tick`; 0 shows no bar.

        Returns:
            What each process gives, by its rank.

        Raises:
            RuntimeError: a process failed; its traceback is in the message.
            TimeoutError: no answer in time.
        """
        try:
            if not self._processes:
                self._start()
            for pipe in self._pipes:
                with contextlib.suppress(OSError):  # it has ended: the wait says so
                    pipe.send((function, args))
            return self._wait(seconds, steps, function.__name__)
        except BaseException:  # an interrupt, too: nobody may be left in the middle of an exchange
            self._end(0)
            raise

    def close(self) -> None:
        """End the processes."""
        self._end(LEAVING)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        if os.name == "posix":
            resource_tracker.ensure_running()  # which would undo the mask below, did it start later
        self._folder = tempfile.TemporaryDirectory(prefix="processes-")
        store = (Path(self._folder.name) / "store").as_uri()
        for rank in range(self.count):
            ours, theirs = spawn.Pipe()
            arguments = (rank, self.count, store, theirs)
            process = spawn.Process(target=_work, args=arguments, daemon=True)
            self._pipes.append(ours)
            self._processes.append(process)
            with _uninterrupted():
                process.start()
            theirs.close()
        self._wait(STARTING, self.count, f"start {self.count} processes", every=True)

    def _wait(self, seconds: float, steps: int, what: str, every: bool = False) -> list:
        """One answer of each process; the bar follows process 0, or all."""
        end = time.monotonic() + seconds
        answers: dict[int, object] = {}
        hidden = not (self.progress and steps)
        shown = {"file": sys.stdout, "disable": hidden, "leave": False}
        with tqdm(total=steps, desc=what, mininterval=0, miniters=1, **shown) as bar:
            while len(answers) < self.count:
                waiting = [p for rank, p in enumerate(self._pipes) if rank not in answers]
                ready = connection.wait(waiting, max(0.0, end - time.monotonic()))
                if not ready:
                    missing = sorted(set(range(self.count)) - set(answers))
                    raise TimeoutError(
                        f"{what}: no answer of process {', '.join(map(str, missing))} of "
                        f"{self.count} within {seconds:g} s; all were ended"
                    )
                for pipe in ready:
                    rank = self._pipes.index(pipe)
                    kind, value = self._receive(rank, what)
                    if kind == "tick":
                        bar.update(rank == 0)
                        continue
                    if kind == "failed":
                        raise RuntimeError(f"{what}: process {rank} of {self.count}: {value}")
                    answers[rank] = value
                    bar.update(every)
        return [answers[rank] for rank in range(self.count)]

    def _receive(self, rank: int, what: str) -> tuple[str, object]:
        try:
            return self._pipes[rank].recv()
        except (EOFError, OSError):
            self._processes[rank].join(LEAVING)
            code = self._processes[rank].exitcode
            raise RuntimeError(
                f"{what}: process {rank} of {self.count} ended without an answer (exit code {code})"
            ) from None

    def _end(self, patience: float) -> None:
        for pipe in self._pipes:
            pipe.close()  # which ends whoever waits for work
        end = time.monotonic() + patience
        for process in self._processes:
            if process.pid is not None:
                process.join(max(0.0, end - time.monotonic()))
                process.kill()
                process.join(LEAVING)
        self._processes, self._pipes = [], []
        if self._folder:
            self._folder.cleanup()
            self._folder = None


def tick() -> None:
    """In a process: one step is done."""
    if _pipe is not None:
        _pipe.send(("tick", None))


def use_loopback() -> None:
    """Have gloo talk over the loopback: it needs no network, and no name for this machine."""
    names = [name for _, name in socket.if_nameindex()] if hasattr(socket, "if_nameindex") else []
    for name in ("lo", "lo0"):
        if name in names:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", name)


def backend(count: int) -> str:
    """NCCL where each of `count` processes of this machine has a GPU, else gloo."""
    return "nccl" if torch.cuda.device_count() >= count and dist.is_nccl_available() else "gloo"


def device() -> torch.device:
    """The device of this process in its group."""
    if dist.get_backend() == "nccl":
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", dist.get_rank())))
    return torch.device("cpu")


def leave() -> NoReturn:
    """End this process of a group at once, as a success.

    gloo's threads outlive the group where a DistributedDataParallel still refers to it. One that
    lets go of its last tensor while Python is being taken down aborts the process.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


_pipe: connection.Connection | None = None


def _work(rank: int, count: int, store: str, pipe: connection.Connection) -> None:
    global _pipe
    _pipe = pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where there is no mask
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    use_loopback()
    limit = datetime.timedelta(seconds=STARTING)
    with _answering(pipe):
        dist.init_process_group(
            backend(count), init_method=store, rank=rank, world_size=count, timeout=limit
        )
        if dist.get_backend() == "nccl":
            torch.cuda.set_device(device())
        pipe.send(("done", None))
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, args = pipe.recv()
            with _answering(pipe):
                pipe.send(("done", function(*args)))
    with contextlib.suppress(Exception):
        dist.destroy_process_group()
    leave()


@contextlib.contextmanager
def _answering(pipe):
    """An error is an answer, too."""
    try:
        yield
    except (EOFError, OSError):
        raise
    except Exception:
        pipe.send(("failed", traceback.format_exc().strip()))


def _end_with_parent() -> None:
    """Leave when the process that owns this one is gone, even in the middle of an exchange."""
    multiprocessing.parent_process().join()
    os._exit(1)


@contextlib.contextmanager
def _uninterrupted():
    """What is started here never sees Ctrl-C, which goes to all of a terminal or a kernel.

    The mask is inherited; for the one who starts, the signal is only put off.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
