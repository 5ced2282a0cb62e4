"""One checked call of a function that nobody trusts: what goes in, what is kept, when it ends.

`call` calls a function here, or wherever it lives: a function of another process is an object with
a method `checked_call` (`CalledElsewhere`), and there `perform` does the work. Both give a `Call`,
plain data that says what came of it.
"""

from checked_call.exceptions import Description, describe, hide_frames_of, raised_elsewhere
from checked_call.limits import (
    OutOfTime,
    end_process_after,
    limit_memory,
    limited,
    wall_seconds,
)
from checked_call.nested import by_place, leaves, mapped, placed_leaves
from checked_call.printing import Printed, captured
from checked_call.record import Call, CalledElsewhere, lives_elsewhere
from checked_call.run import call, perform, watch_threads

__all__ = [
    "Call",
    "CalledElsewhere",
    "Description",
    "OutOfTime",
    "Printed",
    "by_place",
    "call",
    "captured",
    "describe",
    "end_process_after",
    "hide_frames_of",
    "leaves",
    "limit_memory",
    "limited",
    "lives_elsewhere",
    "mapped",
    "perform",
    "placed_leaves",
    "raised_elsewhere",
    "wall_seconds",
    "watch_threads",
]
