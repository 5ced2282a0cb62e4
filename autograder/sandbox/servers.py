"""Which fork server serves which packages: this process's own, or one of the process above it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence

from autograder.sandbox.bubblewrap import AdoptedServer, ForkServer

_adopted = {}  # {packages: AdoptedServer}
_shared = {}  # {(packages, process): ForkServer}


def shared(packages: Sequence[str] = ("course",)) -> ForkServer:
    """The fork server of this process for these packages; it ends with the process."""
    key = tuple(packages), os.getpid()
    if key not in _shared:
        _shared[key] = ForkServer(key[0])
        atexit.register(_shared[key].close)
    return _shared[key]


def started_here() -> list[ForkServer]:
    """The fork servers of this process."""
    return [server for (_, process), server in _shared.items() if process == os.getpid()]


def server(packages: Sequence[str] = ("course",)) -> ForkServer:
    """The fork server to use for these packages: one that was adopted, or this process's own."""
    return _adopted.get(tuple(packages)) or shared(packages)


def adopt(packages: Sequence[str], handle: AdoptedServer) -> None:
    """Use another process's fork server from now on (until it fails; then one of our own)."""
    if handle.starter != os.getpid():
        _adopted[tuple(packages)] = handle


def give_up(packages: Sequence[str]) -> None:
    """Use no other process's fork server any more."""
    _adopted.pop(tuple(packages), None)
