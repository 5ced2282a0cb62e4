"""The program of the student's process: a Jupyter kernel that answers what the examiner asks.

The kernel runs the student's cells. Between two cells it serves the examiner over a channel of
plain data: it looks names up, calls functions, reads attributes. All of it happens in the main
thread, in the kernel's own event loop, as a cell does.

Whatever is said here is said by the student's process and may be a lie: the time a call took, that
an argument is unchanged, which operations a call used. A result is judged by its values alone; the
rest are hints (see SECURITY.md).
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import socket
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.processes.channel import Broken, Channel, Unsendable, kind_of
from autograder.sandbox import kernel
from checked_call import (
    Call,
    OutOfTime,
    captured,
    describe,
    hide_frames_of,
    limited,
    perform,
    watch_threads,
)

MOST_OBJECTS = 100_000
MISSING = object()
hide_frames_of("autograder")


class Candidate:
    """Answers the examiner's requests.

    Args:
        end: socket to the examiner.
        namespace: where the names of the student's cells are.
    """

    def __init__(self, end, namespace):
        self.channel = Channel(end, self.outgoing, self.incoming)
        self.namespace = namespace
        self.objects, self.numbers = [], {}
        self.before = {}  # what names meant before a check changed them; MISSING: nothing

    def outgoing(self, value: Any) -> list:
        """Keep what is no data, and give what the examiner needs to ask for it again."""
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.objects) >= MOST_OBJECTS:
                raise Unsendable("too many objects")
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        if isinstance(value, types.ModuleType):
            return [number, "module", "", str(value.__name__)]
        if isinstance(value, type):
            return [number, "class", "builtins", "type"]
        return [number, "object", *kind_of(value)]

    def incoming(self, fields: list) -> Any:
        return self.objects[fields[0]]

    def serve(self, *_: object) -> None:
        """Answer one request."""
        request = self.channel.receive()
        number, op = request.pop("number"), request.pop("op")
        answer = {"number": number}
        try:
            answer["value"] = getattr(self, f"_{op}")(**request)
        except BaseException as problem:
            late = isinstance(problem, OutOfTime)
            described = describe(TimeoutError(str(problem)) if late else problem)
            answer = {"number": number, "error": described, "late": late}
        try:
            self.channel.send(answer)
        except (Unsendable, RecursionError) as problem:
            self.channel.send({"number": number, **self._unsendable(op, answer, problem)})

    @staticmethod
    def _unsendable(op, answer, problem):
        """What is said instead: of a checked call a record with an error, so one case fails."""
        if op != "checked" or "value" not in answer:
            return {"error": describe(problem)}
        done = answer["value"]
        described = describe(TypeError(f"the result cannot be sent to the check: {problem}"))
        record = Call(error=described, seconds=done["seconds"], printed=done["printed"])
        return {"value": record.fields()}

    def _names(self, names):
        return {name: self.namespace[name] for name in names if name in self.namespace}

    def _change(self, assigned, deleted, restored):
        """Change names as a check does in its own process."""
        for name in (*assigned, *deleted):
            self.before.setdefault(name, self.namespace.get(name, MISSING))
        self.namespace.update(assigned)
        for name in deleted:
            self.namespace.pop(name, None)
        for name in self.before.keys() & restored:
            if (value := self.before.pop(name)) is MISSING:
                self.namespace.pop(name, None)
            else:
                self.namespace[name] = value

    def _call(self, target, args, kwargs, limit, wall):
        with captured():
            return limited(target, args, kwargs, limit, wall)

    def _checked(self, target, args, kwargs, limit, probes, wall):
        # Where torch is loaded its profiler sees what the probe would see, and more.
        seen_by_profiler = "torch" in probes and "torch" in sys.modules
        others = [probe for probe in probes if not (seen_by_profiler and probe == "torch")]
        with operations_of_all_threads(seen_by_profiler) as found:
            done = perform(target, args, kwargs, limit, others, wall)
        if seen_by_profiler and done.error is None and not done.out_of_time:
            done.readings["torch"] = sorted(found)
        return done.fields()

    def _get(self, target, name):
        return getattr(target, name)

    def _item(self, target, key):
        return target[key]

    def _length(self, target):
        return len(target)

    def _state(self, target, method, args):
        """Methods of an nn.Module, by value."""
        import torch

        found = getattr(torch.nn.Module, method)(target, *args)
        if method == "load_state_dict":
            return [list(keys) for keys in found]
        return dict(found) if method == "state_dict" else list(found)


def own_copy(packages: Sequence[str]) -> types.ModuleType:
    """This module anew, with its own copies of some packages, of which `sys.modules` holds none.

    What the student's code puts into the modules that it finds there changes nothing in these.
    """

    def imported():
        return [name for name in sys.modules if name.partition(".")[0] in packages]

    before = {name: sys.modules.pop(name) for name in imported()}
    try:
        return importlib.import_module(__name__)
    finally:
        for name in imported():
            del sys.modules[name]
        sys.modules.update(before)


_profiler = _profiler_settings = None


def begin_with_torch() -> None:
    """Have torch's profiler ready, by a copy of our own of its Python part; see `own_copy`."""
    global _profiler, _profiler_settings
    # torch.profiler.profile is this with more around it, and imports torch's compiler: 800 modules.
    spec = importlib.util.find_spec("torch.autograd.profiler")
    _profiler = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(_profiler)
    _profiler_settings = importlib.import_module("torch.profiler")._ExperimentalConfig


@contextlib.contextmanager
def operations_of_all_threads(wanted: bool) -> Iterator[set[str]]:
    """The names of torch's operators that run meanwhile, in whatever thread and mode.

    torch's profiler sees them where they are called, in C++: neither a thread nor the leaving of
    torch's modes hides them. It sees nothing where torch is not used.
    """
    found = set()
    if not wanted:
        yield found
        return
    if _profiler is None:  # torch came with the student's code
        begin_with_torch()
    everywhere = _profiler_settings(profile_all_threads=True)
    with _profiler.profile(experimental_config=everywhere) as seen:
        yield found
    events = seen.kineto_results.events()  # as they came: `function_events` makes a tree of them
    names = {event.name() for event in events}
    # An operator's is "aten::add", or a library's own: one namespace, and no more.
    found.update(name.partition("::")[2] for name in names if name.count("::") == 1)


def main(request: dict, channels: Sequence[socket.socket], ready: Callable) -> None:
    """As `run`, by code that no module which the student's code can import refers to."""
    own_copy(("autograder", "checked_call")).run(request, channels, ready)


def run(request: dict, channels: Sequence[socket.socket], ready: Callable) -> None:
    """Run the student's kernel, with the examiner's channel in its event loop.

    Args:
        request: the launch request.
        channels: one socket.
        ready: call when the kernel's sockets are bound.
    """
    from tornado.ioloop import IOLoop

    app = kernel.prepare(request)
    if "torch" in sys.modules:
        begin_with_torch()
    watch_threads()
    (end,) = channels
    candidate = Candidate(end, app.shell.user_ns)
    loop = IOLoop.current()

    def serve(*arguments):
        try:
            candidate.serve(*arguments)
        except (Broken, OSError):
            loop.remove_handler(end)

    loop.add_handler(end, serve, loop.READ)
    ready()
    app.start()
