"""The description of an exception: its types, its message and the caller's own lines."""

from __future__ import annotations

import builtins
import os
import re
import traceback
from pathlib import Path
from typing import NamedTuple

MESSAGE_CHARACTERS, TEXT_CHARACTERS = 1000, 4000
SHOWN_FRAMES = 6
TYPES = 50  # of an exception and its bases
_hidden = {__package__}
LIBRARY_FOLDERS = (str(Path(os.__file__).parent) + os.sep, "<frozen ", "<__array_function__")
EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and not issubclass(kind, (UnicodeError, ExceptionGroup, StopIteration, StopAsyncIteration))
}


class Description(NamedTuple):
    """An exception as plain text.

    Attributes:
        names: of its type and the type's bases.
        message: cut, where it is long.
        frames: the lines of code that led to it, the caller's own alone; may be empty.
    """

    names: tuple[str, ...]
    message: str = ""
    frames: str = ""

    @property
    def last_line(self) -> str:
        """As the last line of a traceback: "ValueError: the kernel does not fit"."""
        return f"{self.names[0]}: {self.message}" if self.message else self.names[0]

    @property
    def text(self) -> str:
        """The frames and the last line."""
        return f"{self.frames}\n{self.last_line}" if self.frames else self.last_line

    @classmethod
    def received(cls, fields: object) -> Description:
        """A description that another process sent: every part made into its exact type."""
        parts = (
            tuple(fields) if type(fields) in (tuple, list) and len(fields) == 3 else ((), "", "")
        )
        names, message, frames = parts
        names = names if type(names) in (tuple, list) else ()
        names = tuple(identifier(name) for name in names[:TYPES] if type(name) is str)
        message = message[:MESSAGE_CHARACTERS] if type(message) is str else ""
        frames = frames[:TEXT_CHARACTERS] if type(frames) is str else ""
        return cls(names or ("Exception",), message, frames)


def identifier(text: str) -> str:
    """A name that another process sent, as one that may stand in a text."""
    return re.sub(r"[^\w.]", "?", text)[:80] or "?"


class _RaisedElsewhere:
    """What every exception of `raised_elsewhere` is besides its own type."""

    description: Description

    def __str__(self):
        return self.description.message


def raised_elsewhere(description: Description) -> Exception:
    """An exception to raise here for one that was raised, and described, in another process.

    Its type is made anew, below the closest of Python's own exceptions, so that `except` and
    `pytest.raises` find it.
    """
    base = next((EXCEPTIONS[name] for name in description.names if name in EXCEPTIONS), Exception)
    kind = type(description.names[0], (_RaisedElsewhere, base), {"description": description})
    return kind(description.message)


def describe(error: BaseException) -> Description:
    """An exception as text, with the lines of the caller's code alone."""
    if isinstance(error, _RaisedElsewhere):
        return error.description
    names = tuple(kind.__name__ for kind in type(error).__mro__)
    try:
        message = str(error)
    except Exception:
        message = "(its message cannot be shown)"
    if len(message) > MESSAGE_CHARACTERS:
        message = message[:MESSAGE_CHARACTERS] + " ..."
    # A notebook's cells have file names that change with every kernel: lines have to do.
    lines = [
        f"line {frame.lineno}, in {frame.name}" + f"\n    {frame.line}" * bool(frame.line)
        for frame in _own_frames(error)
    ]
    if len(lines) > SHOWN_FRAMES:
        half = SHOWN_FRAMES // 2
        lines[half:-half] = [f"... {len(lines) - SHOWN_FRAMES} more calls ..."]
    return Description(names, message, "\n".join(lines)[:TEXT_CHARACTERS])


def hide_frames_of(package: str) -> None:
    """Leave a package's own frames out of every description: it calls, and is not at fault."""
    _hidden.add(package)


def _own_frames(error: BaseException) -> traceback.StackSummary:
    """The frames of a notebook's code and of files beside it."""
    own = (
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] not in _hidden
        and not frame.f_code.co_filename.startswith(LIBRARY_FOLDERS)
        and "site-packages" not in frame.f_code.co_filename
    )
    return traceback.StackSummary.extract(own)
