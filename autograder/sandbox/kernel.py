"""The Jupyter kernel of one submission, started inside a fork that has the libraries loaded."""

from __future__ import annotations

import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from importlib.machinery import ModuleSpec

    from ipykernel.kernelapp import IPKernelApp

# Loaded once, in the server, before the first submission runs: what every submission needs.
PRELOAD = """
    numpy numpy.random numpy.testing
    torch torch.nn torch.nn.functional torch.optim torch.utils.data torch.testing torch.overrides
    torch.utils._python_dispatch torch.profiler torch.autograd.profiler
    IPython IPython.core.pylabtools IPython.display ipykernel ipykernel.kernelapp
    ipykernel.ipkernel ipykernel.zmqshell ipykernel.displayhook ipykernel.iostream
    ipykernel.debugger ipykernel.comm ipykernel.subshell_manager ipykernel.heartbeat
    comm zmq zmq.eventloop.zmqstream tornado.platform.asyncio jedi
    IPython.core.completerlib IPython.core.debugger IPython.core.logger IPython.core.oinspect
    IPython.extensions.storemagic sqlite3 faulthandler pdb
    pygments.lexers pygments.formatters.html
    autograder.processes.candidate autograder.processes.examiner
""".split()  # noqa: SIM905
# Loaded when the first submission comes that may use it, or has, while submissions run already: the
# library, and its parts that take long. Not matplotlib.pyplot: its import asks for the running
# kernel, so it happens in the fork.
LATER = {
    "matplotlib": """
        matplotlib.figure matplotlib.axes matplotlib.font_manager matplotlib.colors
        matplotlib.backends.backend_agg matplotlib.style matplotlib.image matplotlib.animation
        matplotlib.projections matplotlib.widgets PIL.Image PIL.PngImagePlugin
        """.split(),  # noqa: SIM905
    "scipy": ["scipy.signal", "scipy.linalg", "scipy.special"],
    "sklearn": ["sklearn.datasets"],
    "numba": ["numba"],
    "ipywidgets": ["ipywidgets"],
    "sympy": ["torch.fx.experimental.symbolic_shapes"],  # of which torch's gradients ask things
    "torch._dynamo": ["torch._dynamo"],  # takes as long as torch, and only optimisers need it
}
IMPORTED = re.compile(rb"\b(?:import|from) +(\w+)")
OPTIMISER = re.compile(rb"\boptim\b")  # of a notebook that may use one of torch's

PIECE = 500_000  # characters of a message of output; the grader takes 8 MiB


def preload(names: Sequence[str] = PRELOAD) -> None:
    """Import what a submission will import; a package that is not installed is left out."""
    import importlib

    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            continue


def named_in(notebook: bytes) -> set[str]:
    """The libraries of `LATER` that a notebook's text says it may use."""
    found = {name.decode() for name in IMPORTED.findall(notebook)}
    return LATER.keys() & (found | ({"torch._dynamo"} if OPTIMISER.search(notebook) else set()))


def loaded() -> set[str]:
    """The libraries of `LATER` that this process has loaded."""
    return LATER.keys() & sys.modules.keys()


def load_later(libraries: Iterable[str]) -> None:
    """Import libraries of `LATER`."""
    for library in libraries:
        preload(LATER[library])


class Refused:
    """An import finder that refuses modules with a message instead of finding them."""

    def __init__(self, patterns, message):
        self.patterns, self.message = patterns, message

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        from fnmatch import fnmatchcase

        if any(fnmatchcase(name, pattern) for pattern in self.patterns):
            raise ImportError(self.message.format(name=name), name=name)
        return None


class Beside:
    """An import finder for what lies beside the notebook, as in JupyterLab, asked after all others.

    `import helper` finds the student's file; a file named like a library does not take its place.
    """

    def __init__(self, folder):
        self.folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        from importlib.machinery import PathFinder

        return PathFinder.find_spec(name, [self.folder]) if path is None else None


def behave_as_fresh() -> None:
    """Undo what a fork shares with its siblings and a fresh process would not."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(None)  # Python's own random reseeds itself after a fork
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.seed()


def print_in_pieces() -> None:
    """Send what a cell prints in messages that the grader takes: a larger one ends the connection.

    ipykernel 7.4.0 sends all that was printed since the last flush as one message.
    """
    from ipykernel.iostream import OutStream

    whole = OutStream._flush_buffers

    def in_pieces(stream):
        for parent, data in whole(stream):
            for start in range(0, len(data), PIECE):
                yield parent, data[start : start + PIECE]

    OutStream._flush_buffers = in_pieces


def name_by_checksum(code: str, seed: int) -> int:
    """The number in the name of a cell's file.

    ipykernel 7.4.0 computes another in Python, character by character: the debugger knows it, too.
    """
    return zlib.crc32(code.encode(errors="replace"), seed)


def prepare(request: dict) -> IPKernelApp:
    """Make the kernel application of this request, ready to serve; returns it."""
    from ipykernel import compiler
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    print_in_pieces()
    compiler.murmur2_x86 = name_by_checksum
    if request["refused"]:
        sys.meta_path.insert(0, Refused(request["refused"], request["refusal"]))
    behave_as_fresh()
    sys.meta_path.append(Beside(os.getcwd()))
    connection = os.path.join(os.environ["HOME"], "connection.json")
    with open(connection, "w") as file:
        json.dump(request["connection"], file)
    settings = Config()
    settings.IPKernelApp.connection_file = connection
    settings.HistoryManager.hist_file = ":memory:"  # as nbclient tells a kernel of its own

    class Application(IPKernelApp):
        def parse_command_line(self, argv: Any = None) -> None:
            """There is none to parse, which takes long."""

    app = Application.instance(config=settings)
    app.initialize([])
    return app


def main(request: dict, channels: Sequence[socket.socket], ready: Callable) -> None:
    """Serve one submission until its kernel is shut down.

    Args:
        request: the launch request (see `autograder.sandbox.fork_server`).
        channels: sockets that came with the request; a plain kernel needs none.
        ready: call when the sockets are bound.
    """
    app = prepare(request)
    ready()
    app.start()
