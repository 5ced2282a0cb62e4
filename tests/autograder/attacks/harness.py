"""Runs the attacks: hands each one in as a submission, grades, and looks at what became of it.

An attack is a file in corpus/ with

    TASK                    "arrays" for the exercise whose checks compare arrays (else "sums")
    BEFORE, ANSWER, AFTER   code of the cell at the start, of the answer, of a cell at the end; or
    submission(tiny)        a notebook, the bytes of a file, or None for no file
    FILES, LINKS            {name: bytes}, {name: target below the course} that lie beside it
    beside(folder)          lays there what is no file
    DESERVES                the points that the answer is worth (0: the default answer is wrong)
    STATUS                  the statuses it may end with
    NEEDS_GROUP             nothing but a control group stops it: not tried where there is none
    WAITS                   it goes on until a time limit ends it, of which a short one will do
    SCRIPT, PAGE, SURVIVOR  whether the feedback page, its size, or processes are looked at
    OPEN                    why our engine does not stop it yet
    STOCK_NEEDS, STOCK_IS   why it is not run against stock nbgrader, or has no meaning there

It has succeeded when it got more points than it deserves, or its outputs say LEAKED, or something
that is not its own was changed.
"""

import hashlib
import importlib.util
import os
import re
import socket
import sqlite3
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder import testing as tiny
from autograder.sandbox import control_groups

HERE = Path(__file__).resolve().parent


SECRET = "an instructor's secret"
WORDS = "# A VICTIM'S OWN WORDS"
VICTIM = "victim"
LOOK = """
import fnmatch, os, pathlib, sys

INSTALLED = sys.prefix, sys.base_prefix  # shown, and large

def look(name):
    start = pathlib.Path.cwd()
    places = [*list(start.parents)[:4], pathlib.Path.home()]
    for base in dict.fromkeys([*places, *map(pathlib.Path, ("/root", "/kernel", "/spool"))]):
        if str(base) == "/":
            continue
        for folder, folders, files in os.walk(base):
            folders[:] = [sub for sub in folders if os.path.join(folder, sub) not in INSTALLED]
            for found in fnmatch.filter(files, name):
                yield pathlib.Path(folder, found)
"""


RIGHT_ARRAYS = """
def cross_correlate(x, weight):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape)
    return (windows * weight).sum((2, 3))
"""
WRONG_ARRAYS = """
def cross_correlate(x, weight):
    return np.zeros((x.shape[0] - weight.shape[0] + 1, x.shape[1] - weight.shape[1] + 1))
"""
ARRAY_CHECKS = {  # name: (points, source)
    "numpy-testing": (
        2,
        "np.testing.assert_allclose(cross_correlate(np.ones((3, 4)), np.ones((2, 2))), 4)",
    ),
    "allclose": (
        2,
        "x = np.arange(12.0).reshape(3, 4)\n"
        "assert np.allclose(cross_correlate(x, np.array([[1.0, -1.0]])), -1)",
    ),
    "torch-testing": (
        2,
        "got = cross_correlate(2 * np.ones((2, 4)), np.ones((1, 2)))\n"
        "torch.testing.assert_close(torch.from_numpy(got), torch.full((2, 3), 4.0).double())",
    ),
    "visible": (3, "checks.cross_correlate(cross_correlate, points=3)"),
    "hidden": (
        4,
        "### BEGIN HIDDEN TESTS\n"
        "checks.cross_correlate(cross_correlate, points=4, hidden=5003)\n"
        "### END HIDDEN TESTS",
    ),
}
MAXIMUM = {"sums": 9, "arrays": 13}


def arrays(answer=RIGHT_ARRAYS, before="import math", after=None):
    """The exercise with arrays: its checks are numpy's, torch's, and the course's own."""
    imports = "import numpy as np\nimport torch\n\nfrom course.convolution import checks"
    nb = tiny.notebook(answer, before, after=after)
    locked = tiny.cell("imports", imports)
    locked.metadata.nbgrader["locked"] = True
    nb.cells = [
        cell
        for cell in nb.cells
        if not cell.id.startswith("test-") and cell.id not in ("why", "title")
    ]
    place = [cell.id for cell in nb.cells].index("add")
    checks = [
        tiny.cell(name, source, grade=True, points=points)
        for name, (points, source) in ARRAY_CHECKS.items()
    ]
    nb.cells[place + 1 : place + 1] = checks
    nb.cells.insert(0, locked)
    return nb


def make_course(folder, task, sandboxed=True):
    """A released course with the exercise that attacks of a task are made against."""
    if task == "sums":
        return tiny.Course(folder, sandboxed, packages=["course"]).release()
    solved = f"### BEGIN SOLUTION\n{RIGHT_ARRAYS}\n### END SOLUTION"
    return tiny.Course(folder, sandboxed, source=arrays(solved), packages=["course"]).release()


def task_of(attack):
    return getattr(attack, "TASK", "sums")


def can_be_tried(attack):
    """Whether this machine can lose nothing by it."""
    return not hasattr(attack, "NEEDS_GROUP") or "memory" in control_groups.parents()


def configuration(task, seconds):
    """How the machine is set up against attacks."""
    config = tiny.Config()
    config.Execute.timeout = seconds
    config.Execute.memory = 1024**3
    if task == "sums":
        config.Execute.refused = ["course.device"]
    return config


def load():
    """{name: module} of the corpus."""
    found = {}
    for path in sorted((HERE / "corpus").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"attack_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[path.stem] = module
    return found


class Targets:
    """What attacks aim at on this machine: a service, a unix socket, a variable."""

    def __enter__(self):
        self.stack = ExitStack()
        self.path = f"/tmp/attacks-{os.getpid()}.sock"
        tcp = self.stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port = tcp.getsockname()[1]
        Path(self.path).unlink(missing_ok=True)
        unix = self.stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(self.path)
        unix.listen()
        abstract = self.stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind("\0" + self.path)
        abstract.listen()
        self.stack.callback(Path(self.path).unlink)
        os.environ["COURSE_SECRET"] = SECRET
        self.stack.callback(os.environ.pop, "COURSE_SECRET")
        return self

    def __exit__(self, *_):
        self.stack.close()

    def aim(self, source):
        source = re.sub(r"\bPORT\b", str(self.port), source)
        source = re.sub(r"\bUNIX\b", repr(self.path), source)
        return LOOK + source if "look(" in source else source


def hand_in(course, name, attack, targets):
    """Put an attack's submission in place."""
    make, wrong = tiny.notebook, tiny.WRONG
    if task_of(attack) == "arrays":
        make, wrong = arrays, WRONG_ARRAYS
    if hasattr(attack, "submission"):
        content = attack.submission(tiny)
    else:
        content = make(
            targets.aim(getattr(attack, "ANSWER", wrong)).strip(),
            targets.aim(getattr(attack, "BEFORE", "import math")).strip(),
            after=getattr(attack, "AFTER", None),
        )
    path = course.submit(name, content, getattr(attack, "FILES", {}))
    for link, target in getattr(attack, "LINKS", {}).items():
        (path.parent / link).symlink_to(course.root / target)
    if hasattr(attack, "beside"):
        attack.beside(path.parent)


def hand_in_victim(course, task="sums"):
    make, right = (tiny.notebook, tiny.RIGHT) if task == "sums" else (arrays, RIGHT_ARRAYS)
    course.submit(VICTIM, make(f"{WORDS}\n{right}"))


def fingerprint(course, others):
    """What no attack may change: sources, other submissions, and the marks of others."""
    digest = hashlib.sha256()
    for folder in ("source", f"submitted/{VICTIM}"):
        for path in sorted((course.root / folder).rglob("*")):
            digest.update(path.read_bytes() if path.is_file() else b"")
    for student in others:
        digest.update(repr(course.scores(student)).encode())
    with sqlite3.connect(course.root / "gradebook.db") as database:
        digest.update(
            repr(database.execute("select max(manual_score) from grade").fetchall()).encode()
        )
    return digest.hexdigest()


def page(course, student):
    """The feedback page, or an empty string."""
    path = course.root / "feedback" / student / tiny.NAME / f"{tiny.NAME}.html"
    return path.read_text(errors="replace") if path.exists() else ""


def survivors(mark):
    found = subprocess.run(["pgrep", "-f", f"sleep {mark}"], capture_output=True, text=True).stdout
    return found.split()


def outcome(course, name, attack):
    """What an attack achieved, in words; an empty list when nothing."""
    achieved = []
    score = course.score(name)
    deserved = getattr(attack, "DESERVES", 0)
    if score > deserved + 1e-9:
        achieved.append(f"{score:g} points instead of {deserved:g}")
    if score < deserved - 1e-9:
        achieved.append(f"{score:g} points, though it deserves {deserved:g}")
    try:
        nb = course.graded(name)
    except FileNotFoundError:
        return [*achieved, "no result"]
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            text = output.get("text", "") or "".join(output.get("data", {}).get("text/plain", ""))
            if "LEAKED" in text:
                achieved.append("read what is not its own")
    if getattr(attack, "SCRIPT", False) and _runs(page(course, name)):
        achieved.append("a script in the feedback page")
    if hasattr(attack, "PAGE") and not 0 < len(page(course, name)) < attack.PAGE:
        achieved.append(f"a feedback page of {len(page(course, name)):,} bytes")
    if hasattr(attack, "SURVIVOR"):
        left = survivors(attack.SURVIVOR)
        if left:
            achieved.append(f"{len(left)} processes outlived the grading")
            for number in left:
                subprocess.run(["kill", "-9", number], check=False)
    return list(dict.fromkeys(achieved))


def _runs(text):
    return "<script>LEAKED" in text or re.search(r"<img[^>&]*onerror=.?LEAKED", text) is not None


@contextmanager
def inside(folder):
    where = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(where)
