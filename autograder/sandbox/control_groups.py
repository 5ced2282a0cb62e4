"""Memory and process limits by control groups, where this process may make groups of its own.

Both layouts are known: version 2 (one tree; a group delegated by systemd, as in
`systemd-run --user --scope -p Delegate=yes ...`) and version 1 (one tree for each controller).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


def _own_paths(text):
    """Map controller to path from /proc/self/cgroup; the key of version 2 is the empty string."""
    paths = {}
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        for name in controllers.split(","):
            paths[name] = path
    return paths


def parents(root: Path = ROOT, text: str | None = None) -> dict[str, Path]:
    """Find the groups below which this process can make limited ones.

    Returns:
        {controller: folder} with the keys "memory" and "pids" as far as they are usable.
    """
    paths = _own_paths(Path("/proc/self/cgroup").read_text() if text is None else text)
    found = {}
    for controller in ("memory", "pids"):
        if controller in paths:
            folder = root / controller / paths[controller].lstrip("/")
        elif "" in paths:
            folder = root / paths[""].lstrip("/")
            try:
                if controller not in (folder / "cgroup.controllers").read_text().split():
                    continue
                # A group with processes in it cannot share out its controllers: use its parent.
                if (folder / "cgroup.procs").read_text().split():
                    folder = folder.parent
                enabled = (folder / "cgroup.subtree_control").read_text().split()
                if controller not in enabled:
                    (folder / "cgroup.subtree_control").write_text(f"+{controller}")
            except OSError:
                continue
        else:
            continue
        if folder.is_dir() and os.access(folder, os.W_OK):
            found[controller] = folder
    return found


class Group:
    """One submission's group. Does nothing where no group can be made (`limited` says).

    Args:
        memory: in bytes, of all its processes together.
        processes: how many there may be, threads included.
        needed: whether memory must be bounded.

    Raises:
        OSError: it must, and twice could not be.
    """

    def __init__(self, memory, processes, needed=False, where=None):
        where = parents() if where is None else where
        sweep()
        self.folders, name = {}, f"autograder-{uuid.uuid4().hex[:12]}"
        why = "this process can make none"
        for controller, parent in [*where.items(), *where.items()]:  # once more what failed
            if controller in self.folders:
                continue
            folder = parent / name
            try:
                folder.mkdir(exist_ok=True)
                self._limit(controller, folder, memory, processes)
            except OSError as problem:
                why = str(problem)
            else:
                self.folders[controller] = folder
        if needed and "memory" not in self.folders:
            _to_remove.update(parent / name for parent in where.values())
            sweep()
            raise OSError(f"no control group bounds the memory of this submission: {why}")

    @staticmethod
    def _limit(controller, folder, memory, processes):
        if controller == "pids":
            (folder / "pids.max").write_text(str(processes))
        elif (folder / "memory.max").exists():
            (folder / "memory.max").write_text(str(memory))
            if (folder / "memory.swap.max").exists():  # not where swap is not accounted for
                (folder / "memory.swap.max").write_text("0")
        else:
            (folder / "memory.limit_in_bytes").write_text(str(memory))

    @property
    def limited(self) -> list[str]:
        """Names of the controllers that hold this group."""
        return sorted(self.folders)

    def add(self, process: int) -> None:
        """Put a process, and all it will start, into the group."""
        for folder in set(self.folders.values()):
            (folder / "cgroup.procs").write_text(str(process))

    def _number(self, *names):
        for name in names:
            try:
                text = (self.folders["memory"] / name).read_text()
            except (KeyError, OSError):
                continue
            return text
        return ""

    def peak_memory(self) -> int | None:
        """The most memory the group held, in bytes; None where it is not counted."""
        text = self._number("memory.peak", "memory.max_usage_in_bytes").strip()
        return int(text) if text.isdigit() else None

    def out_of_memory(self) -> bool:
        """Whether the kernel ended a process of the group for memory."""
        text = self._number("memory.events", "memory.oom_control")
        return any(
            line.split()[0] == "oom_kill" and int(line.split()[1]) > 0
            for line in text.splitlines()
            if line.strip()
        )

    def close(self) -> None:
        """Remove the group, now or, while its last process is still ending, with a later one."""
        _to_remove.update(self.folders.values())
        self.folders = {}
        sweep()


# Takes 128 MiB that no rlimit counts: a file of memory that no process has mapped.
TAKE = """
import os, sys
sys.stdin.read(1)
held = os.memfd_create("held")
for _ in range(128):
    os.write(held, bytes(2**20))
"""


def bounds_memory() -> bool:
    """Whether a process that takes more than its group may have is ended; tried with one."""
    group = Group(64 * 1024**2, 64)
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", TAKE], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        group.add(process.pid)
        process.communicate(b"!", timeout=60)
        return process.returncode == -signal.SIGKILL
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        process.kill()
        process.wait()
        group.close()


_to_remove = set()  # groups to remove


@atexit.register
def sweep() -> None:
    """Remove the groups that are done with."""
    for folder in list(_to_remove):
        try:
            _remove(folder)
        except FileNotFoundError:
            _to_remove.discard(folder)
        except OSError:
            continue
        else:
            _to_remove.discard(folder)


def sweep_old(where: dict[str, Path] | None = None, age: float = 60) -> None:
    """Remove what a grader left that was killed: groups without processes, older than a minute."""
    for parent in (parents() if where is None else where).values():
        for folder in parent.glob("autograder-*"):
            try:
                if time.time() - folder.stat().st_mtime > age:
                    _remove(folder)
            except OSError:
                continue


def _remove(folder):
    """Remove a group and those of the submissions that were graded in it.

    A child of the grader that ends, or is ended, leaves them: their last processes were still
    ending. Where there is a process yet, the system refuses with an OSError.
    """
    for inner in folder.glob("autograder-*"):
        with contextlib.suppress(FileNotFoundError):
            _remove(inner)
    folder.rmdir()
