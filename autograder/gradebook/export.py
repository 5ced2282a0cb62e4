"""`nbgrader export` as CSV, which says what is still open, what is old, and what was not graded."""

from __future__ import annotations

import csv

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from autograder.gradebook import record

COLUMNS = [
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
    *("to_mark_by_hand", "status", "detail"),
]


class CsvExport(ExportPlugin):
    """nbgrader's columns, and three more.

    `to_mark_by_hand` counts the answers that nobody has marked yet: their points are not in the
    score. `status` is empty where grading has not dealt with the newest submission, and says
    "nothing handed in" where there is none.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        record.create(gradebook.engine)
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in self.assignment:
                    continue
                for student in gradebook.students:
                    if not self.student or student.id in map(str, self.student):
                        table.writerow(_line(gradebook, assignment, student))


def _line(gradebook, assignment, student):
    line = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
        **dict.fromkeys(("raw_score", "late_submission_penalty", "score"), 0.0),
        "to_mark_by_hand": 0,
        "status": "nothing handed in",
    }
    try:
        found = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return line
    penalty = found.late_submission_penalty
    line["timestamp"] = found.timestamp
    line["raw_score"], line["late_submission_penalty"] = found.score, penalty
    line["score"] = max(0.0, found.score - penalty)
    grades = [grade for notebook in found.notebooks for grade in notebook.grades]
    line["to_mark_by_hand"] = sum(bool(grade.needs_manual_grade) for grade in grades)
    graded = record.find(gradebook.db, assignment.name, student.id)
    line["status"], line["detail"] = (graded.status, graded.detail) if graded else ("", "")
    if graded and graded.tried != graded.marked:
        line["status"] += ", marks of an earlier submission"
    return line
