"""Before a class is graded: the solution must earn full marks, the exercise as released none."""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert.filters import strip_ansi
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import find_all_files, is_grade, is_solution

from autograder.classroom import grading
from autograder.classroom.version import version
from autograder.gradebook import record
from autograder.gradebook.writer import GradingError, Writer
from autograder.internals import of_nbgrader as internals
from autograder.submission.restore import Known

SEEDS = 3
SOLUTION = (
    "the solution does not earn its points in grading, where a check has values alone of what the "
    "student wrote (autograder/SECURITY.md, 'What is not covered'): compare values, import what "
    "the check uses in a locked cell, put nothing in the place of a student's function, or set "
    "c.Execute.examiner = False for this assignment"
)
RELEASED = (
    "points are given to the exercise as released: let the check begin with something that fails "
    "without an answer"
)
GENERATE = (
    "the source was changed after the assignment was generated, and grading goes by the gradebook: "
    "call `nbgrader generate_assignment --force` for it"
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
        said = " ".join(
            filter(None, [f"{self.notebook}, {self.cell}: {self.points}.", self.reason])
        )
        return f"{said}\n  {self.advice}."


def passed(
    writer: Writer, workers: int | None = None, scheduler: str | None = None, insecure: bool = False
) -> None:
    """Have an assignment pass before a class is graded with it; nothing is run where it has.

    Args:
        writer: open; what it is set to grade is what is tried.

    Raises:
        GradingError: it does not pass; the message names the cells.
    """
    session, digest = writer.book.db, _digest(writer)
    if record.tried(session, writer.assignment) != digest:
        findings = _tried(writer, workers, scheduler, insecure)
        if findings:
            cells = "\n".join(map(str, findings))
            raise GradingError(
                f"{writer.assignment} does not pass its preflight:\n{cells}\nTo grade all the "
                "same: --no-preflight (c.Execute.preflight = False)"
            )
        record.save_tried(session, writer.assignment, digest)
    session.remove()


def preflight(writer: Writer, assignment: str, workers: int | None = None) -> list[Finding]:
    """Grade the solution and the released exercise, three times each with new hidden cases.

    All of it happens in a temporary course; of the gradebook nothing is changed but that the
    assignment has passed.

    Returns:
        The cells that are wrong, each once.

    Raises:
        GradingError: there is no such assignment, or grading fails.
    """
    gradebook = writer.coursedir.db_url
    known = not gradebook.startswith("sqlite:///") or os.path.exists(gradebook[10:])
    if known:
        try:
            writer.open(assignment)
        except GradingError:  # it was not generated yet: the source alone is tried
            known = False
    writer.assignment = assignment
    findings = _tried(writer, workers)
    if known:
        if not findings:
            record.save_tried(writer.book.db, assignment, _digest(writer))
        writer.close()
    return findings


def _source(writer):
    coursedir = writer.coursedir
    source = Path(coursedir.format_path(coursedir.source_directory, ".", writer.assignment))
    if not source.is_dir():
        raise GradingError(
            f"the assignment cannot be tried before it is graded: there is no folder {source}; "
            "put its source there, or grade with --no-preflight (c.Execute.preflight = False)"
        )
    return source


def _digest(writer):
    """A hash of all that decides about an assignment's marks, but for the submissions."""
    source = _source(writer)
    digest = hashlib.sha256(version(writer.job.packages).encode())
    for path in sorted(find_all_files(str(source), writer.coursedir.ignore)):
        digest.update(f"{os.path.relpath(path, source)} ".encode())
        digest.update(Path(path).read_bytes())
    for name, known in writer.known.items():
        digest.update(f"{name} {json.dumps(known.cells, sort_keys=True)} ".encode())
    settings = {name: value for name, value in vars(writer.job).items() if name != "limits"}
    digest.update(repr((settings, writer.job.limits, writer.own_files)).encode())
    return digest.hexdigest()


def _tried(writer, workers=None, scheduler=None, insecure=False):
    where, disabled = os.getcwd(), logging.root.manager.disable
    source = _source(writer).resolve()
    print(
        f"Trying {writer.assignment}: its solution, and the exercise as released ...",
        file=sys.stderr,
    )
    try:
        with tempfile.TemporaryDirectory(prefix="preflight-") as place:
            os.chdir(place)
            logging.disable(logging.WARNING)  # what nbgrader says is of the temporary course
            return _graded(writer, source, Path(place), workers, scheduler, insecure)
    finally:
        os.chdir(where)
        logging.disable(disabled)


def _graded(writer, source, place, workers, scheduler, insecure):
    assignment = writer.assignment
    shutil.copytree(source, place / "source" / assignment)
    config = _config(writer, place)
    app = internals.app_of(config)
    trial = Writer(coursedir=app.coursedir, parent=app)
    generated = NbGraderAPI(config=config).generate_assignment(assignment)
    if not generated["success"]:
        raise GradingError(
            f"nbgrader cannot make the exercise: {generated['error'] or generated['log']}"
        )
    for number in range(SEEDS):
        for step, name in (("source", "solution"), ("release", "released")):
            shutil.copytree(
                place / step / assignment, place / "submitted" / f"{name}-{number}" / assignment
            )
    rows = grading.grade(
        trial, assignment, None, workers, scheduler, progress=False, insecure=insecure
    )
    for row in rows:
        if row.status == grading.NOT_GRADED:
            raise GradingError(f"the {row.student} was not graded: {row.detail}")
    return _other_in_gradebook(writer, trial) + _findings(place, assignment)


def _config(writer, place):
    """The course's own configuration, in another place."""
    config, root = copy.deepcopy(writer.config), writer.coursedir.root
    config.CourseDirectory.root = str(place)
    config.CourseDirectory.db_url = f"sqlite:///{place / 'gradebook.db'}"
    for step in ("source", "release", "submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = step
    for chosen in ("student_id", "student_id_exclude", "assignment_id", "notebook_id"):
        config.CourseDirectory.pop(chosen, None)
    for part in ("header", "footer"):
        if config.IncludeHeaderFooter.get(part):
            config.IncludeHeaderFooter[part] = os.path.join(root, config.IncludeHeaderFooter[part])
    config.Execute.preflight = False
    return config


def _other_in_gradebook(writer, trial):
    """The cells whose checks were changed after the assignment was generated."""
    if writer.book is None:
        return []
    found = []
    for name, known in trial.known.items():
        in_gradebook = writer.known.get(name, Known()).cells
        for cell, (_, source, _, metadata) in known.cells.items():
            if not metadata["locked"]:
                continue
            _, old_source, _, old_metadata = in_gradebook.get(cell, (None,) * 4)
            if (old_source, old_metadata) != (source, metadata):
                found.append(Finding(name, cell, "another version in the gradebook", "", GENERATE))
    return found


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
