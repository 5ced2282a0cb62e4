"""A course of its own for the tests of the grading machine: one assignment, any submissions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.classroom import command
from autograder.gradebook import steps
from autograder.sandbox import bubblewrap
from autograder.submission.note import status_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

NAME = "sums"
RIGHT = "def add(a, b):\n    return a + b"
WRONG = "def add(a, b):\n    return a - b"
HALF = "def add(a, b):\n    return a + b if a > 0 else 0"
STUB = "def add(a, b):\n    raise NotImplementedError"
POINTS = {"test-visible": 3, "test-partial": 2, "test-hidden": 4}

needs_sandbox = bubblewrap.missing()
_first = {}


def cell(
    name: str,
    source: str,
    grade: bool = False,
    solution: bool = False,
    points: float | None = None,
    kind: str = "code",
) -> NotebookNode:
    metadata = {
        "grade": grade,
        "solution": solution,
        "locked": grade and not solution,
        "grade_id": name,
        "schema_version": 3,
        "task": False,
        "cell_type": kind,
    }
    if points is not None:
        metadata["points"] = points
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, id=name, metadata={"nbgrader": metadata})


def notebook(
    answer: str = RIGHT,
    before: str = "import math",
    text: str = "My answer.",
    after: str | None = None,
) -> NotebookNode:
    """The assignment with an answer in it: 3 + 2 + 4 points by checks, 1 by hand."""
    cells = [
        new_markdown_cell("# Sums", id="title"),
        new_code_cell(before, id="setup"),
        cell("add", answer, solution=True),
        cell(
            "test-visible",
            "assert add(1, 2) == 3\nassert add(2, 2) == 4",
            grade=True,
            points=3,
        ),
        cell(
            "test-partial",
            "cases = [(1, 1), (-1, 1), (5, 2), (-3, -3)]\n"
            "2 * sum(add(a, b) == a + b for a, b in cases) / len(cases)",
            grade=True,
            points=2,
        ),
        cell(
            "test-hidden",
            "### BEGIN HIDDEN TESTS\nassert add(-20, 3) == -17\n### END HIDDEN TESTS",
            grade=True,
            points=4,
        ),
        cell("why", text, grade=True, solution=True, points=1, kind="markdown"),
    ]
    if after is not None:
        cells.append(new_code_cell(after, id="after"))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def find(nb: NotebookNode, name: str) -> NotebookNode:
    """The cell with a grade id."""
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


class Course:
    """A course in a folder, driven through nbgrader's own Python API.

    Args:
        source: the instructor's notebook; that of `notebook` when None.
        packages: what notebooks import from outside the Python environment.
    """

    def __init__(self, root, sandboxed=True, db_url=None, source=None, packages=()):
        self.root, self.alike, self.packages = Path(root), source is None, list(packages)
        self.db_url = db_url or f"sqlite:///{self.root / 'gradebook.db'}"
        (self.root / "source" / NAME).mkdir(parents=True, exist_ok=True)
        source = source or notebook(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION")
        nbformat.write(source, self.source)
        (self.root / "source" / NAME / "data.csv").write_text("1,2,3\n")
        steps.find_alembic()
        self.config = Config()
        self.config.CourseDirectory.root = str(self.root)
        self.config.CourseDirectory.db_url = self.db_url
        self.config.CourseDirectory.course_id = "tiny"
        if sandboxed:
            command.configure(self.config)
            self.config.Execute.timeout = 5
            self.config.Execute.unbounded_memory = True  # tests run where no group can be made
            self.config.Execute.preflight = False  # it has tests of its own
            self.config.Execute.packages = self.packages
        self.write_config(sandboxed)

    @property
    def source(self) -> Path:
        return self.root / "source" / NAME / f"{NAME}.ipynb"

    def write_config(self, sandboxed: bool) -> None:
        lines = [
            "import os, sys",
            "c = get_config()",
            f"c.CourseDirectory.root = {str(self.root)!r}",
            f"c.CourseDirectory.db_url = {self.db_url!r}",
            "c.CourseDirectory.course_id = 'tiny'",
        ]
        if sandboxed:
            lines += [
                "from autograder.classroom import command",
                "command.configure(c)",
                "c.Execute.timeout = 5",
                "c.Execute.unbounded_memory = True",
                "c.Execute.preflight = False",
                f"c.Execute.packages = {self.packages}",
            ]
        (self.root / "nbgrader_config.py").write_text("\n".join(lines) + "\n")

    @property
    def api(self) -> NbGraderAPI:
        return NbGraderAPI(config=self.config)

    def release(self, again: bool = False) -> Course:
        """Generate the assignment; the gradebook of the first course serves all that are alike."""
        mine, first = self.root / "gradebook.db", _first.get("gradebook")
        again = again or not self.alike
        if first is not None and not again and self.db_url.endswith(str(mine)):
            mine.write_bytes(first)
            return self
        result = self.api.generate_assignment(NAME)
        assert result["success"], result["error"] + result["log"]
        if mine.exists() and not again:
            _first["gradebook"] = mine.read_bytes()
        return self

    def submit(self, student: str, content: Any, files: Mapping[str, bytes] | None = None) -> Path:
        """Put a submission in place; content is a notebook, or bytes, or None for no notebook."""
        folder = self.root / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{NAME}.ipynb"
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            released = self._released(content)
            nbformat.write(released, path)
        for name, data in (files or {}).items():
            (folder / name).write_bytes(data)
        return path

    @staticmethod
    def _released(content):
        """What a student would hand in: without the hidden tests."""
        content = json.loads(json.dumps(content))
        nb = nbformat.from_dict(content)
        for c in nb.cells:
            if "BEGIN HIDDEN TESTS" in c.source:
                c.source = ""
        return nb

    def autograde(self, student: str = "*", force: bool = True) -> dict:
        return self.api.autograde(NAME, student, force=force, create=True)

    def scores(self, student: str) -> dict[str, tuple]:
        """{grade id: (automatic score, needs a look by hand)} in the gradebook."""
        with Gradebook(self.db_url, "tiny") as gradebook:
            submission = gradebook.find_submission_notebook(NAME, NAME, student)
            return {g.name: (g.auto_score, g.needs_manual_grade) for g in submission.grades}

    def score(self, student: str) -> float:
        return sum(score or 0 for score, _ in self.scores(student).values())

    def graded(self, student: str) -> NotebookNode:
        """The executed notebook."""
        path = self.root / "autograded" / student / NAME / f"{NAME}.ipynb"
        return nbformat.read(path, as_version=4)

    def status(self, student: str) -> tuple:
        return status_of(self.graded(student))

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
