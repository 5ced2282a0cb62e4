"""Which fork server serves which packages, with which NVIDIA card (None: none).

It is this process's own, or one of the process above it.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence

from autograder.sandbox.bubblewrap import AdoptedServer, ForkServer

_adopted = {}  # {(packages, card): AdoptedServer}
_shared = {}  # {(packages, card, process): ForkServer}


def shared(packages: Sequence[str] = ("course",), card: int | None = None) -> ForkServer:
    """The fork server of this process for these packages; it ends with the process."""
    key = tuple(packages), card, os.getpid()
    if key not in _shared:
        _shared[key] = ForkServer(key[0], card)
        atexit.register(_shared[key].close)
    return _shared[key]


def started_here() -> list[ForkServer]:
    """The fork servers of this process."""
    return [server for (*_, process), server in _shared.items() if process == os.getpid()]


def server(packages: Sequence[str] = ("course",), card: int | None = None) -> ForkServer:
    """The fork server to use for these packages: one that was adopted, or this process's own."""
    return _adopted.get((tuple(packages), card)) or shared(packages, card)


def adopt(packages: Sequence[str], handle: AdoptedServer) -> None:
    """Use another process's fork server from now on (until it fails; then one of our own)."""
    if handle.starter != os.getpid():
        _adopted[tuple(packages), handle.card] = handle


def give_up(packages: Sequence[str], card: int | None = None) -> None:
    """Use no other process's fork server any more."""
    _adopted.pop((tuple(packages), card), None)
