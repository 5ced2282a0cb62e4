"""How much processor time a kernel has used, asked from outside, where it cannot lie."""

from __future__ import annotations

import os
from pathlib import Path


def kernel_of(warden: int) -> int | None:
    """The process id of the kernel of a fork server's warden: the first child of its init."""
    init = _first_child(warden)
    return None if init is None else _first_child(init)


def _first_child(process):
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return None
    return int(children[0]) if children else None


def main_thread_seconds(process: int | None) -> float | None:
    """Seconds that the main thread of a process has computed; None where that cannot be read.

    Not those of all its threads: a library that uses every core is not to pay for that.
    """
    if process is None:
        return None
    try:
        fields = Path(f"/proc/{process}/task/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
