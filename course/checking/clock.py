"""The time that a check may take."""

from __future__ import annotations

import time

from checked_call import Call, wall_seconds

# Of CPU. A call that waits is ended after some more of the wall clock, and is the check's last:
# nbgrader ends a whole cell after 30 s if not told otherwise.
CALL_SECONDS = 5.0
CHECK_SECONDS = 20.0


class Clock:
    """The seconds that a check has left: of CPU, and behind them more of the wall clock.

    A call that waits ends after `wall_seconds` of its limit: near the wall's end the limit falls.
    """

    def __init__(self):
        self.seconds = CHECK_SECONDS
        self.ends = time.monotonic() + wall_seconds(CHECK_SECONDS)

    @property
    def limit(self) -> float:
        waiting = (self.ends - time.monotonic()) / wall_seconds(1)
        return min(CALL_SECONDS, self.seconds, waiting)

    def spent(self, done: Call) -> Call:
        self.seconds -= done.seconds
        return done
