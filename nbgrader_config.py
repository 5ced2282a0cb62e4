"""Tells nbgrader where things lie, and to grade with autograder."""

import contextlib
from pathlib import Path

from autograder.classroom import command
from autograder.internals.of_validator import validated_by
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
# Where releasing and handing in go to. For students with accounts on this machine, name a folder
# that all of them can write to.
c.Exchange.root = str(root / "grading" / "exchange")
with contextlib.suppress(OSError):  # a read-only copy of the course
    (root / "grading" / "exchange").mkdir(parents=True, exist_ok=True)
# `nbgrader zip_collect` takes STUDENT_NOTEBOOK.ipynb from grading/downloaded/ASSIGNMENT/archive.
c.ZipCollectApp.downloaded_directory = "grading/downloaded"
c.FileNameCollectorPlugin.named_regexp = r"(?:.*/)?(?P<student_id>[^/_]+)_(?P<file_id>.+)"
c.ExportPlugin.to = str(root / "grading" / "grades.csv")

# Students' code runs in the sandbox, and the pages that show it run nothing.
command.configure(c)
# Importing torch on a cold disk can take most of nbgrader's 30 seconds.
c.Execute.timeout = 120

# A tenth of the points for each day begun after the due date, where an assignment has one.
c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"
c.PerDay.share_per_day = 0.1

validated_by(VisibleChecksValidator)
