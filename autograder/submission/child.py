"""Carries out orders in a process of its own, which can be ended.

Outside the sandbox, too, the bytes of a submission are parsed, cleaned and written: whatever a
library does with them has a limit of processor time and of memory here, and ends the child, not the
grader.
"""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.connection import Connection

from autograder.sandbox.bubblewrap import AdoptedServer, SandboxError
from autograder.sandbox.control_groups import Group
from autograder.sandbox.servers import adopt, started_here
from autograder.submission import head_start, order
from autograder.submission.job import Status
from autograder.submission.order import Order, Outcome
from checked_call import end_process_after, limit_memory

CPU_SECONDS = 60  # of one order, outside its sandbox
MEMORY = 2 * 1024**3  # beyond what a child needs to start
START_SECONDS = 120
OUT_OF_MEMORY = 77  # the code a child ends with


class ChildLost(RuntimeError):
    """The child ended before its order was carried out.

    Attributes:
        limit: in words, the limit that the submission broke; empty where none is to blame.
    """

    def __init__(self, message: str, limit: str = ""):
        super().__init__(message)
        self.limit = limit


class Child:
    """A process that carries out one order after the other.

    Args:
        servers: {packages: handle} of the fork servers to use.
    """

    def __init__(self, servers: dict[tuple[str, ...], AdoptedServer] | None = None):
        self.servers, self.process, self.connection, self.group = servers or {}, None, None, None

    def run(self, wanted: Order) -> Outcome:
        """Carry out an order.

        Raises:
            SandboxError: as `order.run`.
            ChildLost: the process ended, or took too long and was ended.
        """
        self._start(wanted.job.bounded)
        seconds = seconds_at_most(wanted)
        try:
            self.connection.send(wanted)
            if not self.connection.poll(seconds):
                self.close()
                words = f"grading it took longer than {seconds:,} s"
                raise ChildLost(words, limit=words)
            answer = self.connection.recv()
        except (EOFError, OSError) as problem:
            raise self._lost() from problem
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _start(self, bounded):
        if self.process is not None and self.process.is_alive():
            return
        self.close()
        context = head_start.children()
        self.connection, end_of_process = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(end_of_process, self.servers), daemon=True
        )
        self.process.start()
        end_of_process.close()
        if not self.connection.poll(START_SECONDS):
            self.close()
            raise ChildLost("a process of the grader did not start")
        try:
            self.connection.recv()
        except EOFError as problem:
            raise self._lost() from problem
        try:
            self.group = Group(MEMORY + 1024**3, 4096, bounded)
            self.group.add(self.process.pid)
        except OSError as problem:
            self.close()
            raise ChildLost(str(problem)) from problem

    def _lost(self) -> ChildLost:
        self.process.join(10)
        code = self.process.exitcode
        out_of_memory = self.group is not None and self.group.out_of_memory()
        self.close()
        if code == -signal.SIGPROF:
            limit = f"what it holds keeps the grader busy for more than {CPU_SECONDS} s"
        elif out_of_memory or code == OUT_OF_MEMORY:
            limit = "what it holds or sends takes more memory than the grader has for it"
        else:
            limit = ""
        return ChildLost(limit or f"a process of the grader ended with code {code}", limit)

    def close(self) -> None:
        """End the process."""
        if self.connection is not None:
            self.connection.close()
        if self.process is not None:
            if self.process.pid is not None:  # else it could not even be started
                self.process.kill()
                self.process.join()
            self.process = self.connection = None
        if self.group is not None:
            self.group.close()
            self.group = None


def seconds_at_most(wanted: Order) -> float:
    """How long an order is waited for; the run of each notebook in it has limits of its own."""
    return len(wanted.known) * (3 * wanted.job.limits.total_seconds + 4 * CPU_SECONDS)


class Children:
    """Carries orders out, each thread of this process with a child of its own.

    Args:
        servers: as of `Child`.
    """

    def __init__(self, servers: dict[tuple[str, ...], AdoptedServer]):
        self.servers, self.own, self.children = servers, threading.local(), []

    def run(self, wanted: Order) -> Outcome:
        """Carry out an order; a process that nobody's code has ended gets a second try.

        Raises:
            SandboxError: as `order.run`.
            ChildLost: the second try ended like the first.
        """
        if not hasattr(self.own, "child"):
            self.own.child = Child(self.servers)
            self.children.append(self.own.child)
        try:
            return self.own.child.run(wanted)
        except ChildLost as problem:
            if problem.limit:
                return order.refuse(wanted, Status.MALFORMED, problem.limit)
        return self.own.child.run(wanted)

    def close(self) -> None:
        """End them."""
        for child in self.children:
            child.close()


def _serve(connection: Connection, servers):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's is for the grader
    for packages, handle in servers.items():
        adopt(packages, handle)
    # Address space, of which threads take much that they never use.
    limit_memory(2 * MEMORY, beyond_now=True)
    connection.send("ready")
    while True:
        try:
            wanted = connection.recv()
        except EOFError:
            break
        try:
            end_process_after(CPU_SECONDS)
            answer = order.run(wanted)
        except SandboxError as problem:
            answer = SandboxError(str(problem))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except Exception as problem:
            answer = RuntimeError(f"{type(problem).__name__}: {problem}")
        finally:
            end_process_after(0)
        connection.send(answer)
    for server in started_here():
        server.close()
