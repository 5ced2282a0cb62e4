"""The program of the examiner's process: runs locked cells, and asks the student's process.

No student's code runs here. A name that a cell uses and that is not defined here is looked up in
the candidate, the process with the student's code: data come over by value, a function or an
object as a `Thing`, whose calls and attribute reads are requests over a channel of plain data.
"""

import ast
import base64
import builtins
import contextlib
import importlib
import io
import re
import select
import signal
import socket
import symtable
import sys
import time
from dataclasses import dataclass, field
from functools import cache

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.processes.channel import Broken, Channel, OutOfTime, Unsendable
from autograder.sandbox import kernel
from autograder.sandbox.isolation import WORK

MARGIN = 2.0  # seconds that an answer may take beyond the call itself
MOST_WRITTEN = 2_000_000  # characters of one cell; the engine keeps less
MISSING = object()
LONGEST = 2000  # characters of what the candidate says of an exception
# What these names mean is not for a submission to say, even where no locked cell imports them.
KNOWN = {
    **{"np": "numpy", "plt": "matplotlib.pyplot", "nn": "torch.nn", "F": "torch.nn.functional"},
    **{name: name for name in ("numpy", "torch", "scipy", "matplotlib", "math", "random")},
    **{name: name for name in ("itertools", "functools", "statistics", "inspect", "os", "sys")},
}


class CandidateLost(RuntimeError):
    """The process with the student's code answers no more."""


@dataclass
class Called:
    """What came of a checked call: the fields of `course.checking.Call`."""

    result: object = None
    error: tuple | None = None
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    readings: dict = field(default_factory=dict)
    seconds: float = 0.0
    printed: str = ""
    out_of_time: bool = False


class Link:
    """The connection to one candidate. What fails once is not used again.

    Args:
        end: the socket.
        left: gives the seconds that the running cell has left.
    """

    def __init__(self, end, left):
        self.channel = Channel(end, self.outgoing, self.incoming)
        self.left, self.number, self.lost, self.late = left, 0, None, False

    def outgoing(self, value):
        if isinstance(value, Thing) and value._link is self:
            return [value._number]
        module, name = type(value).__module__, type(value).__qualname__
        raise TypeError(
            f"{module}.{name} cannot be handed to the student's process: only plain data, arrays, "
            "tensors, and what came from there"
        )

    def incoming(self, fields):
        number, kind, module, name = fields
        if type(number) is not int or any(type(text) is not str for text in (kind, module, name)):
            raise Broken("a thing that is described wrongly")
        return _thing_type(_word(module), _word(name))(self, number, kind, name)

    def ask(self, op, seconds=None, **fields):
        """Ask the candidate and give the value of its answer.

        Raises:
            CandidateLost: it does not answer, or not as it should.
            Exception: what the candidate says was raised there, as a built-in type.
        """
        __tracebackhide__ = True
        if self.lost:
            raise CandidateLost(self.lost[1])
        left = self.left()
        seconds = left if seconds is None else min(seconds, left)
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
            self.lost = ("broken", f"the process with the code is gone: {problem}")
            raise CandidateLost(self.lost[1]) from None
        except (TypeError, ValueError):
            complete = True  # nothing was sent
            raise
        finally:
            if not complete and not self.lost:  # interrupted: what comes next may be half a message
                self.lost = ("time", "the code was interrupted")
        if "error" in answer:
            self.late = self.late or answer.get("late") is True
            raise raised(answer["error"])
        return answer.get("value")


@cache
def _thing_type(module, name):
    return type(name, (Thing,), {"__module__": module, "__slots__": ()})


def _word(text):
    return re.sub(r"[^\w.]", "?", text)[:80] or "?"


class Thing:
    """Stands for a function, a class or an object that lives in the candidate."""

    __slots__ = ("_kind", "_link", "_name", "_number")

    def __init__(self, link, number, kind, name):
        for slot, value in zip(Thing.__slots__, (kind, link, name, number), strict=True):
            object.__setattr__(self, slot, value)

    def __call__(self, *args, **kwargs):
        __tracebackhide__ = True
        left = self._link.left()
        limit = max(left - 2 * MARGIN, 0.6 * left)
        return self._link.ask(
            "call", limit + MARGIN, target=self, args=args, kwargs=kwargs, limit=limit
        )

    def __checked_call__(self, args, kwargs, limit, probes):
        """Call for a check; see `course.checking.call`."""
        request = {"args": tuple(args), "kwargs": dict(kwargs), "probes": list(probes)}
        began = time.monotonic()
        try:
            answer = self._link.ask(
                "checked", limit + MARGIN, target=self, limit=float(limit), **request
            )
            return _called(answer)
        except CandidateLost as problem:
            if self._link.lost[0] == "time":
                return Called(out_of_time=True, seconds=time.monotonic() - began)
            return Called(error=(("CandidateLost", "RuntimeError"), str(problem), ""))

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

    def parameters(self):
        """Of an nn.Module: copies of its parameters."""
        return iter(self._state("parameters"))

    def named_parameters(self):
        """Of an nn.Module: names and copies of its parameters."""
        return iter(self._state("named_parameters"))

    def buffers(self):
        """Of an nn.Module: copies of its buffers."""
        return iter(self._state("buffers"))

    def state_dict(self):
        """Of an nn.Module: its state, by value."""
        return self._state("state_dict")

    def load_state_dict(self, state, strict=True):
        """Of an nn.Module: put a state in place; gives the (missing, unexpected) keys."""
        return tuple(self._state("load_state_dict", dict(state), strict))


def _called(answer):
    """A candidate's account of a call, made into exact types."""
    if type(answer) is not dict:
        raise TypeError("an account of a call that is none")
    done = Called(result=answer.get("result"))
    error = answer.get("error")
    if error is not None:
        done.error = _checked_error(error)
    if type(answer.get("args")) is tuple:
        done.args = answer["args"]
    for name in ("kwargs", "readings"):
        if type(answer.get(name)) is dict:
            setattr(done, name, answer[name])
    if type(answer.get("seconds")) is float:
        done.seconds = answer["seconds"]
    if type(answer.get("printed")) is str:
        done.printed = answer["printed"][:LONGEST]
    done.out_of_time = answer.get("out_of_time") is True
    return done


def _checked_error(error):
    names, message, text = error if type(error) is tuple and len(error) == 3 else ((), "", "")
    names = tuple(_word(n) for n in names if type(n) is str) if type(names) in (tuple, list) else ()
    text, message = (part[:LONGEST] if type(part) is str else "" for part in (text, message))
    return names[:50] or ("Exception",), message, text


EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and not issubclass(kind, (UnicodeError, ExceptionGroup, StopIteration, StopAsyncIteration))
}


def raised(error):
    """An exception to raise here for one that the candidate tells of.

    Its type is made anew, below the closest of Python's own exceptions, so that `except` and
    `pytest.raises` find it.
    """
    names, message, text = _checked_error(error)
    base = next((EXCEPTIONS[name] for name in names if name in EXCEPTIONS), Exception)
    told = (names, message, f"{text}\n{names[0]}: {message}".strip())  # for course.checking
    kind = type(names[0], (base,), {"__str__": lambda _: message, "__told__": told})
    problem = kind(message)
    if text:
        problem.add_note("In the submission:\n" + text)
    return problem


class Written(io.TextIOBase):
    """Takes stdout or stderr of a cell."""

    def __init__(self, messages, name):
        self.messages, self.name, self.room = messages, name, MOST_WRITTEN

    def writable(self):
        return True

    def write(self, text):
        kept = str(text)[: self.room]
        self.room -= len(kept)
        if not kept:
            return len(text)
        kind, content = self.messages[-1] if self.messages else (None, {})
        if kind != "stream" or content["name"] != self.name:
            content = {"name": self.name, "text": []}
            self.messages.append(("stream", content))
        content["text"].append(kept)
        return len(text)


class Hook(DisplayHook):
    """Takes the value of a cell."""

    def write_output_prompt(self):
        """There is no prompt to write."""

    def write_format_data(self, format_dict, md_dict=None):
        """Take the formats of the value."""
        content = {"data": _text(format_dict), "metadata": md_dict or {}}
        self.shell.messages.append(
            ("execute_result", {**content, "execution_count": self.prompt_count})
        )


class Publisher(DisplayPublisher):
    """Takes what a cell displays."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **_):
        """Take the formats of an object."""
        content = {"data": _text(data), "metadata": metadata or {}, "transient": transient or {}}
        kind = "update_display_data" if update else "display_data"
        self.shell.messages.append((kind, content))

    def clear_output(self, wait=False):
        """A check's report stays."""


def _text(data):
    return {
        kind: base64.b64encode(content).decode() if isinstance(content, bytes) else content
        for kind, content in data.items()
    }


class Shell(InteractiveShell):
    """IPython without a terminal or a kernel: what it puts out is kept in `messages`."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def __init__(self, **keywords):
        self.messages = []
        super().__init__(**keywords)

    def enable_gui(self, gui=None):
        """There is none."""

    def _showtraceback(self, etype, evalue, stb):
        content = {"ename": etype.__name__, "evalue": str(evalue), "traceback": stb}
        self.messages.append(("error", content))


def global_names(source):
    """The names that a cell reads from the namespace of the notebook, and those that it binds.

    Returns:
        (read, bound, defined): the last are imported, or functions and classes.
    """
    changed = (
        node.target for node in ast.walk(ast.parse(source)) if isinstance(node, ast.AugAssign)
    )
    read = {target.id for target in changed if isinstance(target, ast.Name)}
    bound, defined = set(), set()
    tables = [symtable.symtable(source, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        outermost = table.get_type() == "module"
        for symbol in table.get_symbols():
            if not outermost and not symbol.is_global():
                continue
            if symbol.is_referenced():
                read.add(symbol.get_name())
            if symbol.is_assigned() or symbol.is_imported():
                bound.add(symbol.get_name())
            if symbol.is_imported() or symbol.is_namespace():
                defined.add(symbol.get_name())
    return read, bound, defined


class Examiner:
    """Runs cells for the engine.

    Args:
        control: socket to the engine; requests to run a cell come over it.
        doors: socket to the engine; the connections to candidates come over it.
    """

    def __init__(self, control, doors):
        self.control, self.doors = Channel(control), doors
        self.link, self.deadline = None, 0.0
        # Names of the instructor's cells. They are never the candidate's: not where a cell fails,
        # and not where a submission has it in another place.
        self.own = set()
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = Shell.instance(config=config)

    def left(self):
        """The seconds that the running cell has left."""
        return self.deadline - time.monotonic()

    def serve(self):
        """Run what the engine asks for, until it hangs up."""
        while True:
            try:
                request = self.control.receive()
            except Broken:
                return
            if "cells" in request:
                self._own(request["cells"])
                continue
            self.deadline = time.monotonic() + request["seconds"]
            self._newest_candidate()
            if self.link is not None:
                self.link.late = False
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                messages = self.run(request["source"], request["alone"])
            except KeyboardInterrupt:
                messages = [("error", _error("KeyboardInterrupt", "the cell was interrupted"))]
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            lost, late = (
                (self.link.lost, self.link.late) if self.link is not None else (None, False)
            )
            answer = {
                "messages": messages or [],
                "lost": lost,
                "late": late,
                "count": self.shell.execution_count - 1,
                "borrowed": sorted(self.borrowed),
                "waits": messages is None,
            }
            try:
                self.control.send(answer)
            except Unsendable as problem:
                messages = [("error", _error("Unsendable", f"what the cell put out: {problem}"))]
                self.control.send({**answer, "messages": messages})

    def _own(self, cells):
        """Learn the names of the instructor's cells: pairs of source, and whether it is graded."""
        for source, graded in cells:
            try:
                _, bound, defined = global_names(self.shell.transform_cell(source))
            except (SyntaxError, ValueError):
                continue
            # What a graded cell only assigns may be the student's in an earlier one.
            self.own |= defined if graded else bound

    def _newest_candidate(self):
        while select.select([self.doors], [], [], 0)[0]:
            _, descriptors, _, _ = socket.recv_fds(self.doors, 16, 1)
            if not descriptors:
                return
            if self.link is not None:
                self.link.channel.close()
            self.link = Link(socket.socket(fileno=descriptors[0]), self.left)

    def run(self, source, alone=False):
        """Run a cell; gives what it puts out, as messages of Jupyter's protocol.

        Where it needs something of the candidate's and is to run alone: None, and it is not run.
        """
        self.shell.messages.clear()
        self.borrowed = {}
        wanted = self._wanted(source)
        if wanted and alone:
            return None
        try:
            self.borrowed = borrowed = self._borrow(wanted)
        except Exception as problem:  # the candidate is lost, or its value is too large
            return [("error", _error(type(problem).__name__, str(problem)))]
        namespace = self.shell.user_ns
        namespace.update(borrowed)
        out, err = (Written(self.shell.messages, name) for name in ("stdout", "stderr"))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.shell.run_cell(source, store_history=True)
        for name, value in borrowed.items():
            if namespace.get(name) is value:
                del namespace[name]
        for kind, content in self.shell.messages:
            if kind == "stream":
                content["text"] = "".join(content["text"])
        return list(self.shell.messages)

    def _wanted(self, source):
        """The names that a cell needs and that are not defined here."""
        try:
            read, _, _ = global_names(self.shell.transform_cell(source))
        except (SyntaxError, ValueError):
            return []  # running it will say so
        return sorted(read - self.own - set(self.shell.user_ns) - set(vars(builtins)))

    def _borrow(self, wanted):
        """What a cell needs that is not here: libraries, and what the candidate has."""
        found = {name: _module(KNOWN[name]) for name in wanted if name in KNOWN}
        wanted = [name for name in wanted if name not in KNOWN]
        if wanted and self.link is not None:
            answer = self.link.ask("names", names=wanted)
            if type(answer) is dict:
                found |= {name: answer[name] for name in wanted if name in answer}
        for name, value in found.items():
            if isinstance(value, Thing) and value._kind == "module":
                found[name] = _module(name)
        return {name: value for name, value in found.items() if value is not MISSING}


def _module(name):
    """A module as it is here; the candidate only says that the name is one."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return MISSING


def _error(name, message):
    return {"ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def main(request, channels, ready):
    """Serve the engine.

    Args:
        request: the launch request.
        channels: control and doors.
        ready: call when everything is in place.
    """
    kernel.behave_as_fresh()
    if "torch" in sys.modules:  # its cases are small, and the cores belong to the candidate
        sys.modules["torch"].set_num_threads(1)
    sys.path.append(WORK)  # last: a file of the assignment cannot take the place of a library
    examiner = Examiner(*channels)
    ready()
    examiner.serve()
