"""`nbgrader autograde` and formgrader's button: the same run of a class, told in nbgrader's way.

`command.configure(c)` in nbgrader_config.py is all: nbgrader's ways and ours then grade alike.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING

import sqlalchemy
from nbgrader.converters import NbGraderException

from autograder.classroom import grading
from autograder.gradebook import steps
from autograder.gradebook.steps import Execute
from autograder.gradebook.writer import (
    NOT_GRADED,
    GradingError,
    Writer,
    existing_timestamp,
    students_like,
)
from autograder.internals import of_nbgrader as internals
from autograder.submission.intake import printable

if TYPE_CHECKING:
    from traitlets.config import Config


class Autograde(Writer):
    """nbgrader's command. In a course that is not configured for it, nbgrader's own."""

    def start(self) -> None:
        """Grade; what fails is one line each in the log.

        Raises:
            NbGraderException: something could not be graded.
        """
        if Execute not in self.autograde_preprocessors:
            return super().start()
        if not Execute(parent=self).enabled:
            self._fail("--no-execute gives marks to whatever a file says: it is not supported")
        if self.coursedir.notebook_id != "*":
            self._fail("a submission is graded as a whole: --notebook is not supported")
        where = os.getcwd()
        try:
            rows = self._graded()
        except GradingError as problem:
            self._fail(str(problem))
        finally:
            os.chdir(where)
        for row in rows:
            line = f"{printable(row.student)}: {row.status}"
            line += f", {printable(row.detail, 2000)}" if row.detail else ""
            if row.status == NOT_GRADED:
                self.log.error(line)
            elif row.detail:
                self.log.warning(line)
            else:
                self.log.info(line)
        if any(row.status == NOT_GRADED for row in rows):
            raise NbGraderException("some submissions could not be graded")

    def _graded(self):
        assignment = self.coursedir.assignment_id
        os.chdir(self.coursedir.root)
        self.assignment = assignment
        students = students_like(self.students(), self.coursedir.student_id)
        if not students:
            pattern = self._folder(self.coursedir.submitted_directory, self.coursedir.student_id)
            raise GradingError(f"nothing was handed in: there is no folder {pattern}")
        self.run_pre_convert_hook()
        rows = grading.grade(self, assignment, students, progress=False)
        self.run_post_convert_hook()
        return rows

    def _fail(self, sentence):
        self.log.error(sentence)
        raise NbGraderException(sentence)


# Their settings are those of nbgrader's own class.
Autograde.__name__ = Autograde.__qualname__ = "Autograde"


def configure(c: Config) -> None:
    """Have nbgrader grade with this machine; `c` is the object of nbgrader_config.py."""
    steps.configure(c)
    sys.excepthook = _tell
    warnings.filterwarnings("ignore", message="Object of type .* not in session")  # nbgrader's own
    internals.graded_by(Autograde)
    internals.timestamps_read_by(existing_timestamp)


def _tell(kind, problem, trace):
    """What ends one of nbgrader's other commands: a fault of the gradebook in a sentence, too."""
    if isinstance(problem, sqlalchemy.exc.DatabaseError):
        try:
            with grading.told_in_a_sentence():
                raise problem
        except GradingError as told:
            print(told, file=sys.stderr)
    else:
        sys.__excepthook__(kind, problem, trace)
