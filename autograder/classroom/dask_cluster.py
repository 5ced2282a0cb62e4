"""A class on several machines: orders go to the workers of a Dask scheduler.

Dask's protocol runs code that it is sent: whoever reaches a scheduler or worker without TLS is you.
"""

from __future__ import annotations

import multiprocessing
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.classroom import grading
from autograder.classroom.version import version
from autograder.gradebook.writer import GradingError, Writer
from autograder.sandbox import servers
from autograder.submission.child import Children, seconds_at_most
from autograder.submission.order import Order, Outcome

AHEAD = 2  # orders for each thread of the workers
CONNECT_SECONDS = 30
_children, _lock = {}, threading.Lock()  # of a worker


@contextmanager
def connected(
    scheduler: str, writer: Writer, insecure: bool
) -> Iterator[tuple[Callable[[Order], Outcome], Callable[[], None], int]]:
    """What carries out an order on the cluster, what tries the walls again, and how many at once.

    Raises:
        GradingError: the address has no TLS and that was not accepted, nobody answers, a worker
            has another version of the course, or lacks a wall.
    """
    if not scheduler.startswith("tls://") and not insecure:
        raise GradingError(
            f"{scheduler} has no TLS: everybody who reaches it can run code as you there and here; "
            "use tls:// (docs.dask.org, TLS/SSL), or --insecure-scheduler inside a network that "
            "you trust"
        )
    from distributed import Client

    packages = writer.job.packages
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, TypeError) as problem:
        raise GradingError(f"no scheduler answers at {scheduler}: {problem}") from problem
    with client:
        threads = client.nthreads()
        if not threads:
            raise GradingError(f"the scheduler at {scheduler} has no workers")
        mine = version(packages)
        for address, theirs in client.run(version, packages).items():
            if theirs != mine:
                raise GradingError(
                    f"the worker at {address} has another version of {', '.join(packages)} or of "
                    "the grading machine: install the same there"
                )
        _check_walls(client, threads, writer)

        def run(order: Order) -> Outcome:
            seconds = 2 * AHEAD * seconds_at_most(order)  # tried twice, and others before it
            future = client.submit(carry_out, order, mine, pure=False)
            try:
                return future.result(timeout=seconds)
            except TimeoutError:
                raise RuntimeError(f"no worker answered within {seconds:,} s") from None

        def check_again() -> None:
            _check_walls(client, client.nthreads(), writer, again=True)

        yield run, check_again, AHEAD * sum(threads.values())


def carry_out(order: Order, expected: str) -> Outcome:
    """Carry out an order on a worker, in a child with the limits that it has elsewhere.

    The worker may have joined after the workers were compared.

    Raises:
        RuntimeError: its version is not the expected one, and it would give other marks.
    """
    if version(order.job.packages) != expected:
        raise RuntimeError(
            f"the worker on {socket.gethostname()} has another version of the course or of the "
            "grading machine: install the same there, and grade again"
        )
    return _children_for(order.job).run(order)


def _children_for(job):
    packages = job.packages if job.sandbox else None
    with _lock:
        if packages not in _children:
            # A nanny's worker is a daemon, which may start no process; ours end with it as it is.
            multiprocessing.current_process().daemon = False
            handles = {packages: servers.started(packages)} if packages is not None else {}
            _children[packages] = Children(handles)
        return _children[packages]


def _check_walls(client, threads, writer, again=False):
    if not writer.job.sandbox:
        return
    asked = [
        client.submit(
            grading.check_walls,
            writer.job.packages,
            writer.settings.unbounded_memory,
            f"at {address}",
            again,
            workers=[address],
            pure=False,
        )
        for address in threads
    ]
    for future in asked:
        future.result()
