"""Runs the attacks: hands each one in as a submission, grades, and looks at what became of it.

An attack is a file in corpus/ with

    BEFORE, ANSWER, AFTER   code of the cell at the start, of the answer, of a cell at the end; or
    submission(tiny)        a notebook, the bytes of a file, or None for no file
    FILES, LINKS            {name: bytes}, {name: target below the course} that lie beside it
    DESERVES                the points that the answer is worth (0: the default answer is wrong)
    STATUS                  the statuses it may end with
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
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "autograder"))

import tiny  # noqa: E402

SECRET = "an instructor's secret"
WORDS = "# A VICTIM'S OWN WORDS"
VICTIM = "victim"
LOOK = """
import pathlib

def look(name):
    start = pathlib.Path.cwd()
    places = [*list(start.parents)[:4], pathlib.Path.home()]
    for base in [*places, *map(pathlib.Path, ("/root", "/kernel", "/spool"))]:
        if str(base) == "/":
            continue
        try:
            yield from (path for path in base.rglob(name) if ".venv" not in path.parts)
        except OSError:
            continue
"""


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
    if hasattr(attack, "submission"):
        content = attack.submission(tiny)
    else:
        content = tiny.notebook(
            targets.aim(getattr(attack, "ANSWER", tiny.WRONG)).strip(),
            targets.aim(getattr(attack, "BEFORE", "import math")).strip(),
            after=getattr(attack, "AFTER", None),
        )
    path = course.submit(name, content, getattr(attack, "FILES", {}))
    for link, target in getattr(attack, "LINKS", {}).items():
        (path.parent / link).symlink_to(course.root / target)


def hand_in_victim(course):
    course.submit(VICTIM, tiny.notebook(f"{WORDS}\n{tiny.RIGHT}"))


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
    if score > deserved:
        achieved.append(f"{score:g} points instead of {deserved:g}")
    if score < deserved:
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
