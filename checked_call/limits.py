"""Ends a call that computes for too long, whatever else the machine is busy with.

What counts is the time that the calling thread used of a CPU. A call that waits uses none: behind
the limit stands one of the wall clock, several times larger. Where Python cannot be interrupted
(outside the main thread, on Windows) there is no limit.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

WALL_FACTOR = 4
SHORTEST = 0.01
AGAIN = (1e-6, 1e-5, 1e-4, 1e-3)  # seconds until the alarm rings again
_HERE = str(Path(__file__).parent)


class OutOfTime(BaseException):
    """Ends a call; no Exception, so that `except Exception` lets it through."""


def wall_seconds(limit: float) -> float:
    """The limit of the wall clock behind a limit of CPU seconds."""
    return WALL_FACTOR * limit


def end_process_after(seconds: float) -> None:
    """Have the system end this process when it has used so much processor time; 0: never.

    For what cannot be interrupted: a parser in C hears of no exception. Not beside an `Alarm`,
    which uses the same clock. On Windows nothing happens.
    """
    if hasattr(signal, "ITIMER_PROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def limit_memory(size: int, beyond_now: bool = False) -> None:
    """Limit this process's address space, in bytes; nothing where there are no such limits.

    Args:
        beyond_now: add what it takes already, where that can be read.
    """
    try:
        import resource

        if beyond_now:
            with open("/proc/self/statm") as file:
                size += int(file.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def limited(
    function: Callable, args: tuple, kwargs: dict, limit: float, wall: float | None = None
) -> Any:
    """Call `function` and end the call where it takes too long.

    Args:
        limit: seconds of CPU.
        wall: seconds of the wall clock; several times `limit` when None.

    Raises:
        OutOfTime: it took longer. Raised after the call, too, where the code swallowed it.
    """
    alarm = Alarm(limit, wall)
    try:
        with alarm:
            result = function(*args, **kwargs)
    except BaseException:
        if alarm.rang:
            raise OutOfTime(alarm.message) from None
        raise
    if alarm.rang:
        raise OutOfTime(alarm.message)
    return result


class Alarm:
    """Raises OutOfTime in the code it surrounds when its time is over, again and again.

    Once is not enough where the code swallows exceptions: the next one may come when it is
    between its try blocks. In the middle of an import it only rings again later: a module that
    is half imported would fail everything that comes after.

    Attributes:
        rang: the time was over.
    """

    def __init__(self, limit: float, wall: float | None = None):
        self.limit = max(limit, SHORTEST)
        self.wall = max(wall_seconds(limit) if wall is None else wall, SHORTEST)
        self.rang = self.over = False
        self.works = (
            hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        )

    @property
    def message(self) -> str:
        return f"no result after {self.limit:.{0 if self.limit >= 1 else 2}f} seconds"

    def __enter__(self) -> Alarm:
        if self.works:
            self._cpu, self._clock = time.thread_time(), time.monotonic()
            self._handlers = {
                number: signal.signal(number, self._ring)
                for number in (signal.SIGALRM, signal.SIGPROF)
            }
            # The process may use more than the thread: what rings first only looks.
            self._timers = {
                timer: signal.setitimer(timer, seconds)
                for timer, seconds in (
                    (signal.ITIMER_REAL, self.wall),
                    (signal.ITIMER_PROF, self.limit),
                )
            }
        return self

    def __exit__(self, *_) -> None:
        self.over = True  # a signal on its way must not set a timer that nobody stops
        if not self.works:
            return
        for timer in self._timers:
            signal.setitimer(timer, 0)
        for number, handler in self._handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)
        passed = time.monotonic() - self._clock
        for timer, (remaining, interval) in self._timers.items():
            if remaining:  # an alarm of the caller's own goes on
                signal.setitimer(timer, max(remaining - passed, SHORTEST), interval)

    def _ring(self, _, frame) -> None:
        if self.over:
            return
        if not self.rang:
            computing = self.limit - (time.thread_time() - self._cpu)
            waiting = self.wall - (time.monotonic() - self._clock)
            if computing > 0 and waiting > 0:
                signal.setitimer(signal.ITIMER_PROF, max(computing, SHORTEST))
                return
            self.rang = True
        signal.setitimer(signal.ITIMER_REAL, random.choice(AGAIN))
        if interruptible(frame):
            raise OutOfTime(self.message)


def interruptible(frame: FrameType | None) -> bool:
    """Is it the caller's code that runs, and no import? Frames are looked at from inside out."""
    if frame is None or frame.f_code.co_filename.startswith(_HERE):
        return False
    while frame is not None and not frame.f_code.co_filename.startswith(_HERE):
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return False
        frame = frame.f_back
    # What is called in these must come to its end: a trace that is taken back, the alarm itself.
    return frame is None or frame.f_code.co_name not in ("__enter__", "__exit__", "_ring")
