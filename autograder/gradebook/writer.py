"""The one writer of a course: what is to be graded, and what is saved of it.

nbgrader's own Autograde in two halves, with the run of the notebooks between them: an order goes
out, an outcome comes back. Marks and the mark that they are saved are written in one transaction,
and the folder in `autograded/` is replaced in one rename after it: whatever is killed when, the
next run grades what is missing and nothing else, and old results stay until new ones are there.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import datetime
import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import nbformat
import sqlalchemy
from filelock import FileLock, Timeout
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

from autograder.gradebook import record
from autograder.gradebook.record import Record
from autograder.gradebook.steps import Execute
from autograder.internals import of_nbgrader as internals
from autograder.internals.of_hidden_tests import released
from autograder.submission.intake import Intake, printable, take_in
from autograder.submission.job import Status
from autograder.submission.note import KEY
from autograder.submission.order import Order, Outcome
from autograder.submission.restore import Known

# In autograded/, so on its disk. nbgrader's patterns do not see it, and `Writer.order` refuses a
# student of such a name.
STAGING = ".grading"
TIMESTAMP = "timestamp.txt"
NOT_GRADED = "not graded"
OLD = "the marks are those of an earlier submission"
LOST = "its result is no longer there: grade it again"


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # nothing can be written for anybody


class GradingError(RuntimeError):
    """Grading cannot go on; the message says why and what to do."""


@dataclass
class Row:
    """What the instructor's table shows of one submission."""

    student: str
    status: str
    detail: str = ""
    score: float | None = None
    maximum: float | None = None
    penalty: float = 0.0  # of being late; `score` is before it
    late: bool = False
    unmarked: int = 0  # answers that nobody has marked by hand yet
    look_again: int = 0  # answers marked by hand, and the answer or its checks changed since
    seconds: float = 0.0
    old: bool = False  # the marks are those of an earlier submission


class Writer(Autograde):
    """Writes what grading finds into the gradebook and into `autograded/`."""

    book = None

    def open(self, assignment: str) -> None:
        """Get ready to grade an assignment.

        Raises:
            GradingError: the gradebook does not know it.
        """
        self.assignment = self.coursedir.assignment_id = assignment
        self.settings = Execute(parent=self)
        self.job = self.settings.job()
        self.close()
        self.book = Gradebook(self.coursedir.db_url, self.coursedir.course_id)
        record.create(self.book.engine)
        try:
            notebooks = self.book.find_assignment(assignment).notebooks
        except MissingEntry:
            raise GradingError(
                f"the gradebook has no assignment {assignment!r}: "
                f"run `nbgrader generate_assignment {assignment}` first"
            ) from None
        if not notebooks:
            raise GradingError(f"the assignment {assignment!r} has no notebooks in the gradebook")
        self.known = {notebook.name: self._known(notebook) for notebook in notebooks}
        self.own_files = internals.source_files(self, assignment)
        # What these do to a notebook is done before its marks are read.
        mine = (Execute, SaveAutoGrades, AssignLatePenalties)
        self.steps = [
            step(parent=self) for step in self.autograde_preprocessors if step not in mine
        ]

    def close(self) -> None:
        """Let go of the gradebook."""
        if self.book is not None:
            self.book.close()
            self.book = None

    def _known(self, notebook) -> Known:
        """What the gradebook knows of a notebook's cells."""
        points = {c.name: c.max_score for c in (*notebook.grade_cells, *notebook.task_cells)}
        grades = {cell.name for cell in notebook.grade_cells}
        solutions = {cell.name for cell in notebook.solution_cells}
        tasks = {cell.name for cell in notebook.task_cells}
        cells = {}
        for cell in notebook.source_cells:
            metadata = {
                "grade": cell.name in grades,
                "solution": cell.name in solutions,
                "task": cell.name in tasks,
                "locked": bool(cell.locked),
                "grade_id": cell.name,
                "cell_type": cell.cell_type,
                "checksum": cell.checksum,
                "schema_version": 3,
            }
            if cell.name in points:
                metadata["points"] = points[cell.name]
            source = released(cell.source, self) if cell.locked else cell.source
            cells[cell.name] = (cell.cell_type, cell.source, source, metadata)
        return Known(cells, notebook.kernelspec)

    def _folder(self, step: str, student: str) -> str:
        return self.coursedir.format_path(step, student, self.assignment)

    def students(self) -> list[str]:
        """Everybody who has handed in a folder for the assignment, notebooks in it or not."""
        before, after = self._folder(self.coursedir.submitted_directory, "*").split("*", 1)
        # A link to nothing is found, too: it was handed in.
        pattern = glob.escape(before) + "*" + glob.escape(after)
        found = glob.glob(pattern, include_hidden=True)
        names = sorted(place[len(before) : len(place) - len(after)] for place in found)
        excluded = self.coursedir.student_id_exclude.split(",")
        return [name for name in names if name not in excluded]

    def take_in(self, student: str) -> Intake:
        """What the student handed in, read without trust."""
        return take_in(
            self._folder(self.coursedir.submitted_directory, student),
            tuple(self.coursedir.ignore),
            first=(TIMESTAMP, *(f"{name}.ipynb" for name in self.known)),
            limits=self.job.limits,
        )

    def is_graded(self, student: str, digest: str) -> bool:
        """Whether this very submission was dealt with, and the gradebook and the folder say so."""
        found = record.find(self.book.db, self.assignment, student)
        if found is None or found.tried != digest or not self._has_marks(student):
            return False
        folder = self._folder(self.coursedir.autograded_directory, student)
        for name in self.known:
            try:
                text = Path(folder, f"{name}.ipynb").read_text(encoding="utf-8")
                if nbformat.reads(text, as_version=4).metadata[KEY]["digest"] != found.marked:
                    return False
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                return False
        return True

    def _has_marks(self, student):
        """Whether nbgrader's own tables hold a submission; a student may have been removed."""
        try:
            self.book.find_submission(self.assignment, student)
        except MissingEntry:
            return False
        finally:
            self.book.db.remove()
        return True

    def order(self, student: str) -> Order:
        """What is to be graded of a student.

        Raises:
            ValueError: the student cannot be graded; the message says why.
        """
        if not _is_plain(student):
            raise ValueError("the name of the student's folder is no plain text")
        if student.startswith("."):
            raise ValueError("the name of the student's folder begins with a dot")
        intake = self.take_in(student)
        mine = [*self.own_files, *(f"{name}.ipynb" for name in self.known)]
        files = {name: content for name, content in intake.files.items() if not _clash(name, mine)}
        in_the_way = [printable(name) for name in intake.files if name not in files]
        remarks = [intake.left_out_in_words()]
        if in_the_way:
            remarks.append(f"in the way of the assignment's own files: {', '.join(in_the_way[:8])}")
        if TIMESTAMP in intake.files and timestamp(intake.files[TIMESTAMP]) is None:
            remarks.append(f"{TIMESTAMP} holds no time, so the submission has none")
        return Order(
            student,
            files,
            self.own_files,
            self.known,
            self.job,
            self.settings.seed_variable,
            "; ".join(filter(None, remarks)),
            intake.digest,
        )

    def finish(self, order: Order, outcome: Outcome) -> Row:
        """Save a submission's marks and put its folder in place; returns its row."""
        before = record.find(self.book.db, self.assignment, order.student)
        self.book.db.remove()
        status, detail = outcome.status, outcome.detail
        keep = (
            status is Status.MALFORMED
            and before is not None
            and before.marked != order.digest
            and self._has_marks(order.student)
            and Path(self._folder(self.coursedir.autograded_directory, order.student)).is_dir()
        )
        entry = Record(order.digest, order.digest, str(status), detail, outcome.seconds)
        if keep:  # nothing of it can be marked: what was marked before stays
            entry = dataclasses.replace(entry, marked=before.marked)
            with internals.one_transaction(self.book) as session:
                record.save(session, self.assignment, order.student, entry)
        else:
            stepped = {
                name: self._stepped(executed.notebook, name, order)
                for name, executed in outcome.notebooks.items()
            }
            notebooks = {name: notebook for name, (notebook, _) in stepped.items()}
            staged = self._stage(order, {name: content for name, (_, content) in stepped.items()})
            # Feedback of the old marks; nbgrader passes over a page that is there.
            pages = self._folder(self.coursedir.feedback_directory, order.student)
            if os.path.isdir(pages):
                internals.remove(pages)
            with internals.one_transaction(self.book) as session:
                self._save(order, notebooks, before is not None and before.marked == order.digest)
                record.save(session, self.assignment, order.student, entry)
            self._replace(order.student, staged)
        return self.row(order.student)

    def _stepped(self, content, name, order):
        """The notebook after the course's own steps, and the bytes to keep of it."""
        notebook = nbformat.v4.reads(content.decode())  # valid: `order.run` wrote it
        before = copy.deepcopy(notebook)
        names = {"notebook": name, "assignment": self.assignment, "student": order.student}
        resources = {"nbgrader": {**names, "db_url": self.coursedir.db_url}}
        for step in self.steps:
            notebook, resources = step(notebook, resources)
        if notebook != before:  # else it is written out already, which takes long
            content = nbformat.writes(notebook).encode("utf-8", errors="replace")
        return notebook, content

    def _stage(self, order, notebooks) -> Path:
        folder = self._staging / "new" / order.student
        if folder.exists():
            internals.remove(folder)
        files = {n: c for n, c in order.files.items() if not n.endswith(".ipynb")} | order.own_files
        if TIMESTAMP in files and timestamp(files[TIMESTAMP]) is None:
            del files[TIMESTAMP]
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in notebooks.items():
            (folder / f"{name}.ipynb").write_bytes(content)
        internals.set_permissions(self, str(folder))
        return folder

    def _replace(self, student, staged):
        place = Path(self._folder(self.coursedir.autograded_directory, student))
        place.parent.mkdir(parents=True, exist_ok=True)
        old = self._staging / "old" / student
        old.parent.mkdir(exist_ok=True)
        if place.exists():
            os.rename(place, old)
        os.rename(staged, place)
        if old.exists():
            internals.remove(old)

    def is_everybodys(self, problem: OSError) -> bool:
        """Whether a failure to write is one of the disk, not of one student's files."""
        if problem.errno in FULL:
            return True
        try:
            with tempfile.TemporaryDirectory(dir=self._staging.parent):
                return False
        except OSError:
            return True

    def _save(self, order, notebooks, same):
        """nbgrader's SaveAutoGrades and AssignLatePenalties, and what comes before them.

        Marks by hand stay. They are to be looked at again where the answer or what the checks gave
        for it is another one; `same` says that the submission is not.
        """
        book, student = self.book, order.student
        if self.create_student:
            book.update_or_create_student(student)
        when = timestamp(order.files.get(TIMESTAMP, b""))
        more = {} if when is None else {"timestamp": when}
        submission = book.update_or_create_submission(self.assignment, student, **more)
        if when is None:
            submission.timestamp = None
        for submitted in submission.notebooks:
            # In one query: a grade or a comment would ask for the name of its own cell.
            known = submitted.notebook
            known = (*known.grade_cells, *known.solution_cells, *known.task_cells)
            names = {cell.id: cell.name for cell in known}
            cells = {
                cell.metadata.nbgrader["grade_id"]: cell
                for cell in notebooks[submitted.name].cells
                if "nbgrader" in cell.metadata
            }
            for grade in submitted.grades:
                cell = cells[names[grade.cell_id]]
                graded = utils.is_grade(cell)  # else a task: marked by hand, and open until then
                score = utils.determine_grade(cell, self.log)[0] if graded else None
                if grade.manual_score is None:
                    grade.needs_manual_grade = score is None
                elif not same or score != grade.auto_score:
                    grade.needs_manual_grade = True
                grade.auto_score = score
            for comment in submitted.comments:
                cell = cells[names[comment.cell_id]]
                untouched = cell.metadata.nbgrader["checksum"] == utils.compute_checksum(cell)
                answered = utils.is_task(cell) or not untouched
                comment.auto_comment = None if answered else "No response."
            submitted.late_submission_penalty = None
        late = submission.total_seconds_late
        if late > 0:
            book.db.flush()
            for submitted in submission.notebooks:
                submitted.late_submission_penalty = self._penalty(student, submitted, late)

    def _penalty(self, student, submitted, late):
        """What being late costs by the course's policy, of what the checks gave."""
        score = sum(grade.auto_score or 0 for grade in submitted.grades)
        return internals.late_penalty(self, student, submitted, score, late)

    def row(self, student: str) -> Row:
        """The row of a submission, by what the gradebook says."""
        found = record.find(self.book.db, self.assignment, student)
        if found is None:
            self.book.db.remove()
            return self.with_marks(Row(student, NOT_GRADED, old=True))
        row = Row(student, found.status, found.detail, seconds=found.seconds)
        row.old = found.tried != found.marked
        return self.with_marks(row)

    def with_marks(self, row: Row) -> Row:
        """Fill in what the gradebook holds, and say so where it is of an earlier submission."""
        try:
            found = self.book.find_submission(self.assignment, row.student)
        except MissingEntry:
            row.old = False
            return row
        row.score, row.maximum = found.score, found.max_score
        row.penalty = found.late_submission_penalty
        late = found.total_seconds_late
        row.late = late > 0
        grades = [grade for notebook in found.notebooks for grade in notebook.grades]
        waiting = [grade for grade in grades if grade.needs_manual_grade]
        row.unmarked = sum(grade.manual_score is None for grade in waiting)
        row.look_again = len(waiting) - row.unmarked
        remarks = [row.detail]
        if row.old:
            remarks.append(OLD)
        elif late > 0 or row.penalty:
            due = sum(
                (late > 0 and self._penalty(row.student, notebook, late)) or 0
                for notebook in found.notebooks
            )
            if abs(due - row.penalty) > 1e-6:
                remarks.append(
                    f"by today's due date and rule {due:g} points would be taken off for being "
                    f"late, not {row.penalty:g}: grade with --force to have it so"
                )
        self.book.db.remove()
        row.detail = "; ".join(filter(None, remarks))
        return row

    def status(self, student: str) -> Row:
        """What was graded of a student; a newer submission is said to be not graded."""
        if not _is_plain(student):
            return Row(student, NOT_GRADED, "the name of the student's folder is no plain text")
        row, digest = self.row(student), self.take_in(student).digest
        if row.status == NOT_GRADED or self.is_graded(student, digest):
            return row
        tried = record.find(self.book.db, self.assignment, student).tried
        self.book.db.remove()
        row.status, row.old = NOT_GRADED, row.score is not None
        row.detail = LOST if tried == digest else "handed in anew"
        if row.old and tried != digest:
            row.detail += f"; {OLD}"
        return row

    def failed(self, student: str, why: str) -> Row:
        """The row of a submission that could not be graded; its old marks stay, and stay old."""
        try:
            return self.with_marks(Row(student, NOT_GRADED, printable(why, 500), old=True))
        except sqlalchemy.exc.OperationalError:
            raise
        except Exception:  # a name that no gradebook can hold
            return Row(student, NOT_GRADED, printable(why, 500))

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock that keeps a second writer out, in a staging folder that starts empty.

        Raises:
            GradingError: another grading run holds it.
        """
        directory = os.path.join(self.coursedir.autograded_directory, STAGING)
        self._staging = Path(self.coursedir.format_path(directory, ".", "."))
        self._staging.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._staging / "lock", timeout=0):
                for leftover in self._staging.iterdir():
                    if leftover.is_dir():
                        internals.remove(leftover)
                try:
                    yield
                finally:
                    shutil.rmtree(self._staging, ignore_errors=True)
        except Timeout:
            raise GradingError(
                "another grading run is at work on this course: wait until it is done"
            ) from None


def timestamp(content: bytes) -> datetime.datetime | None:
    """The time in a timestamp.txt, in UTC; None where there is none."""
    try:
        text = content[:200].decode("utf-8").strip()
        found = utils.parse_utc(text) if text else None
        return found if found is None or found.year > 1900 else None
    except Exception:  # of dateutil, which raises what its arithmetic raises
        return None


def existing_timestamp(folder: str | os.PathLike) -> datetime.datetime | None:
    """The time in a folder's timestamp.txt, read without trust."""
    intake = take_in(os.fspath(folder), ignored=("*",), first=(TIMESTAMP,))
    return timestamp(intake.files.get(TIMESTAMP, b""))


def _is_plain(student):
    return printable(student, 1000) == student and len(student) <= 128


def _clash(name, mine):
    """Whether a student's file cannot lie beside the assignment's: one's file is one's folder."""
    return any(
        PurePosixPath(other) in PurePosixPath(name).parents
        or PurePosixPath(name) in PurePosixPath(other).parents
        for other in mine
    )


def students_like(students: list[str], pattern: str) -> list[str]:
    """Those that nbgrader's `--student` names: a pattern, or `*`."""
    return [student for student in students if student == pattern or fnmatch(student, pattern)]
