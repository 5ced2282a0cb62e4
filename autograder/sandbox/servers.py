"""Which fork server serves which packages, with which NVIDIA card (None: none).

It is this process's own, or one of the process above it.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence

from autograder.sandbox.bubblewrap import AdoptedServer, ForkServer, SandboxError

_adopted = {}  # {(packages, card): AdoptedServer}
_shared = {}  # {(packages, card, process): ForkServer}


def shared(packages: Sequence[str] = ("course",), card: int | None = None) -> ForkServer:
    """The fork server of this process for these packages; it ends with the process."""
    key = tuple(packages), card, os.getpid()
    if key not in _shared:
        new = ForkServer(key[0], card)
        if _shared.setdefault(key, new) is new:  # else another thread was faster
            atexit.register(new.close)
    return _shared[key]


def started_here() -> list[ForkServer]:
    """The fork servers of this process."""
    return [server for (*_, process), server in _shared.items() if process == os.getpid()]


def server(packages: Sequence[str] = ("course",), card: int | None = None) -> ForkServer:
    """The fork server to use for these packages: one that was adopted, or this process's own."""
    return _adopted.get((tuple(packages), card)) or shared(packages, card)


def started(packages: Sequence[str], card: int | None = None) -> AdoptedServer:
    """A handle on the server to use; one that dies while it starts is started again.

    Raises:
        SandboxError: it died twice.
    """
    try:
        return server(packages, card).handle()
    except SandboxError:
        return server(packages, card).handle()


def adopt(packages: Sequence[str], handle: AdoptedServer) -> None:
    """Use another process's fork server from now on (until it fails; then one of our own)."""
    if handle.starter != os.getpid():
        _adopted[tuple(packages), handle.card] = handle


def give_up(packages: Sequence[str], card: int | None = None) -> None:
    """Use no other process's fork server any more."""
    _adopted.pop((tuple(packages), card), None)
