"""How processes import that live for a whole run: without the garbage collector beside it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Import in here. What is loaded stays, and is never looked at again by the collector.

    While libraries are imported, hardly anything becomes garbage, and the collector would look for
    it a thousand times: about an eighth of the time. What it does not look at, forks need not copy.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
