"""The proxy of a remote object: what the examiner holds of a function that lives in the candidate.

Data come over by value. A function, a class or an object stays where it is and is a `RemoteObject`
here: its calls and attribute reads are requests over a channel of plain data, and what is said of
them is made into exact types.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from autograder.processes.channel import Broken, Channel, HungUp, OutOfTime
from checked_call import Call, Description, raised_elsewhere, wall_seconds
from checked_call.exceptions import identifier

MISSING = object()
MARGIN = 2.0  # seconds that an answer may take beyond the call itself


class CandidateLost(RuntimeError):
    """The process with the student's code answers no more."""


class Link:
    """The connection to one candidate. What fails once is not used again.

    Args:
        end: the socket.
        remaining: gives the seconds that the running cell has left: of the wall clock, and of
            processor time.
    """

    def __init__(self, end, remaining):
        self.channel = Channel(end, self.outgoing, self.incoming)
        self.remaining, self.number, self.lost, self.late = remaining, 0, None, False
        self.names = None  # the Names of the running cell

    def outgoing(self, value: RemoteObject) -> list:
        if isinstance(value, RemoteObject) and value._link is self:
            return [value._number]
        module, name = type(value).__module__, type(value).__qualname__
        hint = "; to see who calls a function, `del` its name and expect a NameError"
        raise TypeError(
            f"{module}.{name} cannot be handed to the student's process: only plain data, arrays, "
            f"tensors, and what came from there{hint if callable(value) else ''}"
        )

    def incoming(self, fields: list) -> RemoteObject:
        number, kind, module, name = fields
        if type(number) is not int or any(type(text) is not str for text in (kind, module, name)):
            raise Broken("a remote object that is described wrongly")
        return _remote_type(identifier(module), identifier(name))(self, number, kind, name)

    def ask(self, op: str, seconds: float | None = None, **fields: Any) -> Any:
        """Ask the candidate and give the value of its answer.

        Raises:
            CandidateLost: it does not answer, or not as it should.
            Exception: what the candidate says was raised there, as a built-in type.
        """
        __tracebackhide__ = True
        if self.lost:
            raise CandidateLost(self.lost[1])
        if self.names is not None:
            self.names.tell(self)
        remaining, _ = self.remaining()
        seconds = remaining if seconds is None else min(seconds, remaining)
        self.number += 1
        complete = False
        try:
            self.channel.send({"number": self.number, "op": op, **fields}, max(seconds, 0.01))
            answer = self.channel.receive(max(seconds, 0.01))
            if type(answer) is not dict or answer.get("number") != self.number:
                raise Broken("an answer that nobody asked for")
            complete = True
        except OutOfTime:
            self.lost = ("time", "the code did not answer in time")
            raise CandidateLost(self.lost[1]) from None
        except Broken as problem:
            why = "ended" if isinstance(problem, HungUp) else "broken"
            self.lost = (why, f"the process with the code is gone: {problem}")
            raise CandidateLost(self.lost[1]) from None
        except (TypeError, ValueError):
            complete = True  # nothing was sent
            raise
        finally:
            if not complete and not self.lost:  # interrupted: what comes next may be half a message
                self.lost = ("time", "the code was interrupted")
        if "error" in answer:
            self.late = self.late or answer.get("late") is True
            problem = raised_elsewhere(description := Description.received(answer["error"]))
            if description.frames:
                problem.add_note("In the submission:\n" + description.frames)
            raise problem
        return answer.get("value")


class Names:
    """The student's names that a check may change while it runs.

    A check that deletes a function of the student's, or assigns another value to it, means the
    name as the student's other functions see it. The candidate is told before it is asked anything,
    and puts everything back when the cell is done.

    Args:
        namespace: the examiner's.
        borrowed: {name: value} of what came from the candidate.
        given: names that the exercise itself gives to students: the check's own values may go
            there, and nowhere else. Else a submission learned what a check expects by using the
            check's name for it.
    """

    def __init__(self, namespace, borrowed, given):
        self.namespace, self.given = namespace, given
        self.first = {name: borrowed.get(name, MISSING) for name in {*borrowed, *given}}
        self.known_there = dict(self.first)

    def tell(self, link: Link) -> None:
        """Tell the candidate what changed since it was told."""
        assigned, deleted, restored = {}, [], []
        for name, there in self.known_there.items():
            value = self.namespace.get(name, MISSING)
            if value is there:
                continue
            if value is self.first[name]:
                restored.append(name)
            elif value is MISSING:
                deleted.append(name)
            elif name in self.given or isinstance(value, RemoteObject):
                assigned[name] = value
            else:
                continue
            self.known_there[name] = value
        if assigned or deleted or restored:
            self._change(link, assigned, deleted, restored)

    def undo(self, link: Link) -> None:
        """Have the candidate put everything back, and forget what the check assigned."""
        changed = [
            name for name, there in self.known_there.items() if there is not self.first[name]
        ]
        for name in self.given:
            self.namespace.pop(name, None)
        if changed and not link.lost:
            self._change(link, {}, [], changed)
        link.names = None

    def _change(self, link, assigned, deleted, restored):
        link.names = None
        try:
            link.ask("change", assigned=assigned, deleted=deleted, restored=restored)
        finally:
            link.names = self


def _within(remaining):
    """The limit of a call, so that its end is still within the cell's."""
    return max(remaining - 2 * MARGIN, 0.6 * remaining)


@cache
def _remote_type(module, name):
    return type(name, (RemoteObject,), {"__module__": module, "__slots__": ()})


class RemoteObject:
    """Stands for a function, a class or an object that lives in the candidate."""

    __slots__ = ("_kind", "_link", "_name", "_number")

    def __init__(self, link, number, kind, name):
        for slot, value in zip(RemoteObject.__slots__, (kind, link, name, number), strict=True):
            object.__setattr__(self, slot, value)

    def __call__(self, *args, **kwargs):
        __tracebackhide__ = True
        wall, limit = map(_within, self._link.remaining())
        return self._link.ask(
            "call",
            wall + MARGIN,
            target=self,
            args=args,
            kwargs=kwargs,
            limit=min(limit, wall),
            wall=wall,
        )

    def checked_call(self, args: tuple, kwargs: dict, limit: float, probes: Sequence) -> Call:
        """Call for a check; see `checked_call.CalledElsewhere`."""
        request = {"args": tuple(args), "kwargs": dict(kwargs), "probes": list(probes)}
        wall = min(wall_seconds(limit), _within(self._link.remaining()[0]))
        began = time.monotonic()
        try:
            answer = self._link.ask(
                "checked", wall + MARGIN, target=self, limit=float(limit), wall=wall, **request
            )
            return Call.received(answer)
        except CandidateLost as problem:
            if self._link.lost[0] == "time":
                return Call(out_of_time=True, seconds=time.monotonic() - began)
            return Call(error=Description(("CandidateLost", "RuntimeError"), str(problem)))

    def __getattr__(self, name):
        __tracebackhide__ = True
        if name.startswith(("__", "_repr_", "_ipython_")):
            raise AttributeError(name)
        return self._link.ask("get", target=self, name=name)

    def __setattr__(self, name, value):
        raise AttributeError(f"{name}: an object of the student's process cannot be changed")

    def __getitem__(self, key):
        __tracebackhide__ = True
        return self._link.ask("item", target=self, key=key)

    def __len__(self):
        __tracebackhide__ = True
        length = self._link.ask("length", target=self)
        if type(length) is not int or length < 0:
            raise TypeError("a length that is no number")
        return length

    def __bool__(self):
        return True

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    def __repr__(self):
        return f"<{type(self).__name__} of the submission>"

    def _state(self, method, *args):
        __tracebackhide__ = True
        return self._link.ask("state", target=self, method=method, args=args)

    def parameters(self) -> Iterator:
        """Of an nn.Module: copies of its parameters."""
        return iter(self._state("parameters"))

    def named_parameters(self) -> Iterator[tuple]:
        """Of an nn.Module: names and copies of its parameters."""
        return iter(self._state("named_parameters"))

    def buffers(self) -> Iterator:
        """Of an nn.Module: copies of its buffers."""
        return iter(self._state("buffers"))

    def state_dict(self) -> dict:
        """Of an nn.Module: its state, by value."""
        return self._state("state_dict")

    def load_state_dict(self, state: Mapping, strict: bool = True) -> tuple:
        """Of an nn.Module: put a state in place; gives the (missing, unexpected) keys."""
        return tuple(self._state("load_state_dict", dict(state), strict))
