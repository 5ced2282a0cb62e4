"""`nbgrader export` as CSV, which says what is still open, what is old, and what was not graded."""

from __future__ import annotations

import csv

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from autograder.gradebook.writer import GradingError, Writer
from autograder.submission.intake import printable

COLUMNS = [
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
    *("to_mark_by_hand", "to_look_at_again", "status", "detail"),
]


class CsvExport(ExportPlugin):
    """nbgrader's columns, and four more.

    `to_mark_by_hand` counts the answers that nobody has marked yet: their points are not in the
    score. `to_look_at_again` counts those that were marked before they, or what the checks gave
    for them, changed: those points are in it. `status` and `detail` are those of
    `python -m autograder status`, and "nothing handed in" where there is nothing.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        command = self.parent
        writer = Writer(coursedir=command.coursedir, parent=command)
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in self.assignment:
                    continue
                rows = _rows(writer, assignment.name)
                for student in gradebook.students:
                    if not self.student or student.id in map(str, self.student):
                        line = _line(gradebook, assignment, student, rows(student.id))
                        table.writerow({key: _told(value) for key, value in line.items()})
        writer.close()


def _told(value):
    return printable(value, 2000) if isinstance(value, str) else value


def _rows(writer, assignment):
    """A function of a student that gives the row of the table."""
    try:
        writer.open(assignment)
    except GradingError:  # an assignment without notebooks
        return lambda student: None
    handed_in = set(writer.students())

    def row(student):
        if student in handed_in:
            return writer.status(student)
        kept = writer.row(student)  # what was handed in may have been put away
        return None if kept.score is None else kept

    return row


def _line(gradebook, assignment, student, row):
    line = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
        **dict.fromkeys(("raw_score", "late_submission_penalty", "score"), 0.0),
        "to_mark_by_hand": row.unmarked if row else 0,
        "to_look_at_again": row.look_again if row else 0,
        "status": row.status if row else "nothing handed in",
        "detail": row.detail if row else "",
    }
    try:
        found = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return line
    line["timestamp"] = found.timestamp
    line["raw_score"], line["late_submission_penalty"] = found.score, found.late_submission_penalty
    line["score"] = max(0.0, found.score - found.late_submission_penalty)
    return line
