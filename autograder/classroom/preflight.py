"""Before a class is graded: the solution must earn full marks, the exercise as released none."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert.filters import strip_ansi
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config

from autograder.classroom import grading
from autograder.gradebook.writer import GradingError

SEEDS = 3
SOLUTION = (
    "the solution does not earn its points in grading, where a check has values alone of what the "
    "student wrote (autograder/SECURITY.md, 'What is not covered'): compare values, import what "
    "the check uses in a locked cell, or set c.Execute.examiner = False for this assignment"
)
RELEASED = (
    "points are given to the exercise as released: let the check begin with something that fails "
    "without an answer"
)


@dataclass(frozen=True)
class Finding:
    """A cell whose marks are not what they should be, why, and what to do."""

    notebook: str
    cell: str
    points: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.notebook}, {self.cell}: {self.points}. {self.reason}\n  {self.advice}."


def preflight(folder: str, assignment: str, sandbox: bool = True, workers=None) -> list[Finding]:
    """Grade the solution and the released exercise, three times each with new hidden cases.

    All of it happens in a temporary course; the gradebook is not touched.

    Args:
        folder: of nbgrader_config.py.

    Returns:
        The cells that are wrong, each once.

    Raises:
        GradingError: there is no such assignment, or grading fails.
    """
    where, folder = os.getcwd(), os.path.abspath(folder)
    try:
        with tempfile.TemporaryDirectory(prefix="preflight-") as place:
            return _preflight(folder, Path(place), assignment, sandbox, workers)
    finally:
        os.chdir(where)


def _preflight(folder, place, assignment, sandbox, workers):
    coursedir = grading.writer(folder).coursedir
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    if not source.is_dir():
        raise GradingError(f"there is no folder {source}")
    shutil.copytree(source, place / "source" / assignment)
    config = Config()
    config.CourseDirectory.root = str(place)
    config.CourseDirectory.db_url = f"sqlite:///{place / 'gradebook.db'}"
    for step in ("source", "release", "submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = step
    writer = grading.writer(folder, sandbox=sandbox, config=config)
    writer.log.setLevel("ERROR")
    made = NbGraderAPI(config=writer.parent.config).generate_assignment(assignment)
    if not made["success"]:
        raise GradingError(f"nbgrader cannot make the exercise: {made['error'] or made['log']}")
    for number in range(SEEDS):
        for step, name in (("source", "solution"), ("release", "released")):
            shutil.copytree(
                place / step / assignment, place / "submitted" / f"{name}-{number}" / assignment
            )
    for row in grading.grade(writer, assignment, workers=workers, progress=False):
        if row.status == grading.NOT_GRADED:
            raise GradingError(f"the {row.student} was not graded: {row.detail}")
    return _findings(place, assignment)


def _findings(place, assignment):
    found = {}
    with Gradebook(f"sqlite:///{place / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            student = submission.student.id
            solved = student.startswith("solution")
            for notebook in submission.notebooks:
                path = place / "autograded" / student / assignment / f"{notebook.name}.ipynb"
                cells = {
                    cell.metadata.nbgrader["grade_id"]: cell
                    for cell in nbformat.read(path, as_version=4).cells
                    if is_grade(cell) and not is_solution(cell)
                }
                for grade in notebook.grades:
                    score, due = grade.auto_score or 0, grade.max_score if solved else 0
                    if grade.name not in cells or abs(score - due) < 1e-6:
                        continue
                    key = (notebook.name, grade.name, solved)
                    points = f"{score:g} points instead of {due:g}"
                    reason = _reason(cells[grade.name]) if solved else ""
                    advice = SOLUTION if solved else RELEASED
                    found.setdefault(key, Finding(*key[:2], points, reason, advice))
    return list(found.values())


def _reason(cell):
    """What the cell itself says: its error, or the first lines that it printed."""
    for output in cell.outputs:
        if output.output_type == "error":
            return f"{output.ename}: {strip_ansi(output.evalue)}"[:300]
    printed = [output.text for output in cell.outputs if output.output_type == "stream"]
    return " ".join("".join(printed).split())[:300] or "It ran, and gave fewer points."
