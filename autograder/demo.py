"""Plays an instructor's day in a temporary folder: release, three submissions, marks, feedback.

    python -m autograder.demo [ASSIGNMENT]

Every step is a command that an instructor would type. Only the reading of the written answers is
played: where they would sit down with formgrader, this gives marks through nbgrader's gradebook.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.utils import is_solution

from autograder.sandbox import bubblewrap

ROOT = Path(__file__).resolve().parent.parent
# What the instructor thinks of a written answer, as a share of its points.
WRITTEN = {"right": 1.0, "half": 0.5}


@dataclass(frozen=True)
class Mark:
    """What one student got: by the checks, by hand, of how much, and where the feedback lies."""

    student: str
    checks: float
    by_hand: float
    maximum: float
    feedback: Path

    @property
    def percent(self) -> float:
        return 100 * (self.checks + self.by_hand) / self.maximum


def main() -> None:
    assignment = sys.argv[1] if len(sys.argv) > 1 else "01_convolution"
    if reasons := bubblewrap.missing():
        sys.exit(f"Students' code is graded in a sandbox only: {'; '.join(reasons)}.")
    folder = Path(tempfile.mkdtemp(prefix="instructor-"))
    print(f"An instructor's day in {folder}\n")
    marks = play(folder, assignment)

    print(f"\n{'student':<12}{'checks':>8}{'by hand':>9}{'of':>6}{'mark':>8}")
    for mark in marks:
        print(
            f"{mark.student:<12}{mark.checks:>8g}{mark.by_hand:>9g}"
            f"{mark.maximum:>6g}{mark.percent:>6.0f} %"
        )
    print("\nFeedback pages:")
    for mark in marks:
        print(f"  {mark.feedback}")


def play(folder: Path, assignment: str) -> list[Mark]:
    """Run the whole day in `folder`, and say on stdout what is done."""
    release(folder, assignment)
    answers = {"right": lambda i: True, "half": lambda i: i % 2 == 0, "untouched": lambda i: False}
    for student, answered in answers.items():
        submit(folder, assignment, student, answered)
    print("  three submissions: all answers, every second answer, none")
    nbgrader(folder, "autograde", assignment)
    mark_written_answers(folder, assignment)
    nbgrader(folder, "generate_feedback", assignment)
    return read_marks(folder, assignment)


def release(folder: Path, assignment: str) -> None:
    """Make a course in `folder`, with the exercise as students get it."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    with (folder / "nbgrader_config.py").open("a") as config:  # our own answers: no bombs in them
        config.write("\nc.Execute.unbounded_memory = True\n")
    shutil.copytree(ROOT / "solutions" / assignment, folder / "solutions" / assignment)
    nbgrader(folder, "generate_assignment", assignment)


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run one nbgrader command in `folder`; give what it wrote, or raise RuntimeError with it."""
    print(f"  nbgrader {' '.join(arguments)}", flush=True)
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def submit(folder: Path, assignment: str, student: str, answered: Callable) -> None:
    """Hand in the released notebooks, with the solution in the i-th cell where `answered(i)`."""
    target = folder / "grading" / "submitted" / student / assignment
    shutil.copytree(folder / "exercises" / assignment, target)
    for path in target.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        solution = nbformat.read(folder / "solutions" / assignment / path.name, as_version=4)
        solved = {cell.id: cell.source for cell in solution.cells}
        for i, cell in enumerate(filter(is_solution, notebook.cells)):
            if answered(i):
                cell.source = solved[cell.id]
        nbformat.write(notebook, path)


def gradebook(folder: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{folder / 'grading' / 'gradebook.db'}", "convolutional-networks")


def mark_written_answers(folder: Path, assignment: str) -> None:
    """Give each written answer its points, as formgrader does when one types them in."""
    with gradebook(folder) as book:
        for submission in book.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        share = WRITTEN[submission.student.id]
                        grade.manual_score = share * grade.max_score
                        grade.needs_manual_grade = False
                        print(
                            f"  by hand, as in formgrader: {grade.manual_score:g} of "
                            f"{grade.max_score:g} points to {submission.student.id} "
                            f"for {grade.name}"
                        )
        book.db.commit()


def read_marks(folder: Path, assignment: str) -> list[Mark]:
    marks = []
    with gradebook(folder) as book:
        for submission in book.assignment_submissions(assignment):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            student = submission.student.id
            pages = folder / "grading" / "feedback" / student / assignment
            marks.append(
                Mark(
                    student,
                    checks=sum(grade.auto_score or 0 for grade in grades),
                    by_hand=sum(grade.manual_score or 0 for grade in grades),
                    maximum=submission.max_score,
                    feedback=next(pages.glob("*.html")),
                )
            )
    return sorted(marks, key=lambda mark: -mark.percent)


if __name__ == "__main__":
    main()
