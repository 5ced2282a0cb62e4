"""What a student handed in, read without trust: regular files within limits, the rest in words.

Nothing is followed, opened or copied before `lstat` has said that it is a regular file of a size
that may be read: a link leads anywhere on this machine, a FIFO never answers, a sparse file is
larger than the disk.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from autograder.sandbox.limits import Limits

DEEPEST = 12  # folders in folders
SAID = 8  # of what is left out, so many are named


@dataclass(frozen=True)
class Intake:
    """What is graded of a folder.

    Attributes:
        files: {path below the folder, with "/": content}.
        left_out: a sentence for each thing that was not taken.
        digest: of all that was taken and left out; equal for equal submissions.
    """

    files: dict[str, bytes]
    left_out: tuple[str, ...]
    digest: str

    def left_out_in_words(self) -> str:
        """One line about what was not taken; empty where nothing was left out."""
        more = len(self.left_out) - SAID
        shown = list(self.left_out[:SAID]) + ([f"and {more:,} more"] if more > 0 else [])
        return "left out: " + "; ".join(shown) if shown else ""


def take_in(
    folder: str,
    ignored: tuple[str, ...] = (),
    first: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> Intake:
    """Read a submission's folder.

    Args:
        folder: where it lies.
        ignored: patterns of names that are passed over (`.ipynb_checkpoints`).
        first: names to read before the folder is looked through, so that no flood of files keeps
            them out; no pattern of `ignored` does either.
        limits: autograder.sandbox.limits.Limits.
    """
    limits = limits or Limits()
    files, left_out, room = {}, [], limits.files_size
    found = [(name, os.path.join(folder, name)) for name in first]
    found = [entry for entry in found if os.path.lexists(entry[1]) and not os.path.islink(folder)]
    walked = _walk(folder, ignored, limits.files * 4, left_out)
    found += sorted(entry for entry in walked if entry[0] not in first)
    for name, path in found:
        if len(files) >= limits.files:
            left_out.append(f"more than {limits.files:,} files")
            break
        try:
            content = _read(path, min(room, limits.notebook + 1))
        except OSError as problem:
            left_out.append(f"{printable(name)}: {problem.strerror}")
            continue
        if isinstance(content, str):
            left_out.append(f"{printable(name)} {content}")
        else:
            files[name] = content
            room -= len(content)
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{len(name)} {name} {len(content)} ".encode())
        digest.update(content)
    digest.update("\n".join(left_out).encode())
    return Intake(files, tuple(left_out), digest.hexdigest())


def printable(text: str, longest: int = 120) -> str:
    """A text from outside on one line, of characters that any terminal and database takes."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)[:longest]


def _walk(folder, ignored, most, left_out) -> Iterator[tuple[str, str]]:
    """Names and paths of what lies in a folder, links not followed."""
    seen, waiting = 0, [("", folder, 0)]
    if os.path.islink(folder):
        left_out.append("the folder itself is a link")
        return
    while waiting:
        prefix, place, depth = waiting.pop()
        try:
            entries = os.scandir(place)
        except OSError as problem:
            left_out.append(f"{printable(prefix) or 'the folder'}: {problem.strerror}")
            continue
        with entries:
            for entry in entries:
                seen += 1
                if seen > most:
                    left_out.append(f"more than {most:,} files and folders")
                    return
                if any(fnmatch(entry.name, pattern) for pattern in ignored):
                    continue
                name = prefix + entry.name
                if not entry.name.isprintable() or "\\" in entry.name:  # a lone surrogate neither
                    left_out.append(f"{printable(name)}: a name that is no plain UTF-8")
                elif entry.is_dir(follow_symlinks=False):
                    if depth >= DEEPEST:
                        left_out.append(f"{printable(name)}: folders nested too deeply")
                    else:
                        waiting.append((f"{name}/", entry.path, depth + 1))
                else:
                    yield name, entry.path


def _read(path, most):
    """A regular file's content, or in words why it is not read."""
    status = os.lstat(path)
    kinds = {
        stat.S_ISLNK: "is a link",
        stat.S_ISFIFO: "is a pipe",
        stat.S_ISSOCK: "is a socket",
        stat.S_ISDIR: "is a folder",
    }
    for test, words in kinds.items():
        if test(status.st_mode):
            return words
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    if status.st_size > most:
        return f"has {status.st_size:,} bytes, which is more than is read"
    # It may have been replaced since.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return "is no regular file"
        content = file.read(most + 1)
    return content if len(content) <= most else "grew while it was read"
