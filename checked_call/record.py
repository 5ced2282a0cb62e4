"""What came of a call, as plain data that can come from another process."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from checked_call.exceptions import Description

PRINTED_CHARACTERS = 2000  # kept of what another process says was printed


@dataclasses.dataclass
class Call:
    """What came of a call.

    Attributes:
        result: what the function gave back, untouched.
        error: what was raised, or None.
        args, kwargs: the arguments after the call.
        readings: what each probe read, by its name.
        seconds: how long it computed, in seconds of CPU.
        printed: what it wrote to stdout and stderr, cut.
        out_of_time: it was ended by the time limit.
    """

    result: Any = None
    error: Description | None = None
    args: tuple = ()
    kwargs: dict = dataclasses.field(default_factory=dict)
    readings: dict = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    printed: str = ""
    out_of_time: bool = False

    def fields(self) -> dict:
        """The record as a dict of plain data, to be sent to another process."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @classmethod
    def received(cls, fields: object) -> Call:
        """The record of `fields` that another process sent: every part made into its exact type.

        Raises:
            TypeError: it is no dict.
        """
        if type(fields) is not dict:
            raise TypeError("the record of a call must be a dict")
        done = cls(result=fields.get("result"))
        if fields.get("error") is not None:
            done.error = Description.received(fields["error"])
        for name, kind in (("args", tuple), ("kwargs", dict), ("readings", dict)):
            if type(fields.get(name)) is kind:
                setattr(done, name, fields[name])
        if type(fields.get("seconds")) is float and 0 <= fields["seconds"] < float("inf"):
            done.seconds = fields["seconds"]
        if type(fields.get("printed")) is str:
            done.printed = fields["printed"][:PRINTED_CHARACTERS]
        done.out_of_time = fields.get("out_of_time") is True
        return done


@runtime_checkable
class CalledElsewhere(Protocol):
    """A function that lives in another process: it is asked for the record of a call."""

    def checked_call(self, args: tuple, kwargs: dict, limit: float, probes: Sequence[str]) -> Call:
        """Call it where it lives; as `checked_call.perform`."""
        ...


def lives_elsewhere(function: object) -> bool:
    """Does the type of `function` say how it is called? No attribute of its own takes part."""
    return issubclass(type(function), CalledElsewhere)
