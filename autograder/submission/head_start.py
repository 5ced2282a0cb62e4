"""Starts what takes seconds while the grader itself is still being imported.

Two processes import libraries once, for all that are forked of them: the fork server in the sandbox
(torch, the kernel) and the one of the grader's children (nbformat, nbgrader).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from multiprocessing.context import BaseContext

from autograder.sandbox.bubblewrap import SandboxError
from autograder.sandbox.servers import shared


def children() -> BaseContext:
    """How the grader's children are started: forks of a process that has imported what they need.

    The sockets of Python's own server of forks lie in a folder that is the grader's alone.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.submission.preloaded"])
    return context


def begin() -> None:
    """Start the fork server in the sandbox, which takes longest."""
    threading.Thread(target=_start, daemon=True).start()


def begin_children() -> None:
    """Start the other, when the grader itself is imported: three at once were too many."""
    if children().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        forkserver.ensure_running()


def _start():
    with contextlib.suppress(SandboxError):  # told when it is needed
        shared().start()
