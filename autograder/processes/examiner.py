"""The program of the examiner's process: runs locked cells, and asks the student's process.

No student's code runs here. A name that a cell uses and that is not defined here is looked up in
the candidate, the process with the student's code: data come over by value, a function or an
object as a `RemoteObject`.
"""

from __future__ import annotations

import ast
import base64
import builtins
import contextlib
import importlib
import io
import select
import signal
import socket
import symtable
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.processes.channel import Broken, Channel, Unsendable
from autograder.processes.remote_object import MISSING, Link, Names, RemoteObject
from autograder.sandbox import kernel
from autograder.sandbox.isolation import WORK

MOST_WRITTEN = 2_000_000  # characters of one cell; the engine keeps less
# What these names mean is not for a submission to say, even where no locked cell imports them.
KNOWN = {
    **{"np": "numpy", "plt": "matplotlib.pyplot", "nn": "torch.nn", "F": "torch.nn.functional"},
    **{name: name for name in ("numpy", "torch", "scipy", "matplotlib", "math", "random")},
    **{name: name for name in ("itertools", "functools", "statistics", "inspect", "os", "sys")},
}


class Written(io.TextIOBase):
    """Takes stdout or stderr of a cell."""

    def __init__(self, messages, name):
        self.messages, self.name, self.room = messages, name, MOST_WRITTEN

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
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

    def write_output_prompt(self) -> None:
        """There is no prompt to write."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        """Take the formats of the value."""
        content = {"data": _text(format_dict), "metadata": md_dict or {}}
        self.shell.messages.append(
            ("execute_result", {**content, "execution_count": self.prompt_count})
        )


class Publisher(DisplayPublisher):
    """Takes what a cell displays."""

    def publish(
        self,
        data: dict,
        metadata: dict | None = None,
        *,
        transient: dict | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Take the formats of an object."""
        content = {"data": _text(data), "metadata": metadata or {}, "transient": transient or {}}
        kind = "update_display_data" if update else "display_data"
        self.shell.messages.append((kind, content))

    def clear_output(self, wait: bool = False) -> None:
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

    def enable_gui(self, gui: str | None = None) -> None:
        """There is none."""

    def _showtraceback(self, etype, evalue, stb):
        content = {"ename": etype.__name__, "evalue": str(evalue), "traceback": stb}
        self.messages.append(("error", content))


def global_names(source: str) -> tuple[set[str], set[str], set[str]]:
    """The names that a cell reads from the namespace of the notebook, and those that it binds.

    Returns:
        (read, bound, defined): the last are imported, or functions and classes.
    """
    changed = []
    for node in ast.walk(ast.parse(source)):
        changed += [node.target] if isinstance(node, ast.AugAssign) else []
        changed += node.targets if isinstance(node, ast.Delete) else []
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
        candidate_sockets: socket to the engine; the connections to candidates come over it.
    """

    def __init__(self, control, candidate_sockets):
        self.control, self.candidate_sockets = Channel(control), candidate_sockets
        self.link, self.deadline, self.processor_seconds = None, 0.0, 0.0
        # Names of the instructor's cells. They are never the candidate's: not where a cell fails,
        # and not where a submission has it in another place.
        self.own = set()
        self.given = set()  # names that the exercise gives to students
        self.names = {}  # {source: its global_names}
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = Shell.instance(config=config)

    def remaining(self) -> tuple[float, float]:
        """The seconds that the running cell has left: of the wall clock, and of processor time.

        The second is what the cell had when it began: what the candidate computes counts there.
        """
        return self.deadline - time.monotonic(), self.processor_seconds

    def serve(self) -> None:
        """Run what the engine asks for, until it hangs up."""
        while True:
            try:
                request = self.control.receive()
            except Broken:
                return
            if "cells" in request:
                self._own(request["cells"])
                self._given(request["answers"])
                continue
            self.deadline = time.monotonic() + request["seconds"]
            self.processor_seconds = request["processor_seconds"]
            self._newest_candidate()
            if self.link is not None:
                self.link.late = False
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                messages = self.run(request["source"], request["alone"], request["graded"])
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
                "libraries": sorted(kernel.loaded()),
            }
            try:
                self.control.send(answer)
            except Unsendable as problem:
                messages = [("error", _error("Unsendable", f"what the cell put out: {problem}"))]
                self.control.send({**answer, "messages": messages})

    def _own(self, cells):
        """Learn the names of the instructor's cells: pairs of source, and whether it is graded."""
        for source, graded in cells:
            _, bound, defined = self._names(source)
            # What a graded cell only assigns may be the student's in an earlier one.
            self.own |= defined if graded else bound

    def _given(self, answers):
        """Learn the names that the exercise gives to students, from the cells for answers."""
        for source in answers:
            self.given |= self._names(source)[1]

    def _newest_candidate(self):
        while select.select([self.candidate_sockets], [], [], 0)[0]:
            _, descriptors, _, _ = socket.recv_fds(self.candidate_sockets, 16, 1)
            if not descriptors:
                return
            if self.link is not None:
                self.link.channel.close()
            self.link = Link(socket.socket(fileno=descriptors[0]), self.remaining)

    def run(self, source: str, alone: bool = False, graded: bool = False) -> list[tuple[str, dict]]:
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
        names = None
        if graded and self.link is not None:
            bound = self._names(source)[1] & self.given - self.own - set(namespace)
            names = self.link.names = Names(namespace, borrowed, bound | self.given & set(borrowed))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.shell.run_cell(source, store_history=True)
        if names is not None:
            with contextlib.suppress(Exception):  # what the candidate says to it is its own affair
                names.undo(self.link)
        for name, value in borrowed.items():
            if namespace.get(name) is value:
                del namespace[name]
        for kind, content in self.shell.messages:
            if kind == "stream":
                content["text"] = "".join(content["text"])
        return list(self.shell.messages)

    def _wanted(self, source):
        """The names that a cell needs and that are not defined here."""
        return sorted(
            self._names(source)[0] - self.own - set(self.shell.user_ns) - set(vars(builtins))
        )

    def _names(self, source):
        """The `global_names` of a cell; none of one that cannot be read, as running it will say."""
        if source not in self.names:
            try:
                self.names[source] = global_names(self.shell.transform_cell(source))
            except (SyntaxError, ValueError):
                self.names[source] = set(), set(), set()
        return self.names[source]

    def _borrow(self, wanted):
        """What a cell needs that is not here: libraries, and what the candidate has."""
        found = {name: _module(KNOWN[name]) for name in wanted if name in KNOWN}
        wanted = [name for name in wanted if name not in KNOWN]
        if wanted and self.link is not None:
            answer = self.link.ask("names", names=wanted)
            if type(answer) is dict:
                found |= {name: answer[name] for name in wanted if name in answer}
        for name, value in found.items():
            if isinstance(value, RemoteObject) and value._kind == "module":
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


def main(request: dict, channels: Sequence[socket.socket], ready: Callable) -> None:
    """Serve the engine.

    Args:
        request: the launch request.
        channels: control and candidate_sockets.
        ready: call when everything is in place.
    """
    kernel.behave_as_fresh()
    if "torch" in sys.modules:  # its cases are small, and the cores belong to the candidate
        sys.modules["torch"].set_num_threads(1)
    sys.path.append(WORK)  # last: a file of the assignment cannot take the place of a library
    examiner = Examiner(*channels)
    ready()
    examiner.serve()
