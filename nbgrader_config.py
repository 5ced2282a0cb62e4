"""Tells nbgrader where things lie, and to grade with autograder."""

import contextlib
from pathlib import Path

from nbgrader.apps import validateapp

from autograder.gradebook import steps
from autograder.pages.hidden import VisibleChecksValidator

c = get_config()  # noqa: F821 (nbgrader puts it here)
root = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "convolutional-networks"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# What grading leaves behind lies in grading/, and git ignores it.
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{root / 'grading' / 'gradebook.db'}"
with contextlib.suppress(OSError):  # a read-only copy of the course
    (root / "grading").mkdir(exist_ok=True)
c.ExportPlugin.to = str(root / "grading" / "grades.csv")

# Students' code runs in the sandbox, and the pages that show it run nothing.
steps.configure(c)
# Importing torch on a cold disk can take most of nbgrader's 30 seconds.
c.Execute.timeout = 120

# nbgrader has no option for another validator.
validateapp.Validator = VisibleChecksValidator
