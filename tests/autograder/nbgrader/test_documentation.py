"""nbgrader's own documentation course, graded by nbgrader and here: the same marks, cell by cell.

One line in its nbgrader_config.py is all that a course of somebody else's needs.
"""

import os
import shutil
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder import testing as tiny
from autograder.classroom import grading, preflight
from autograder.gradebook.steps import find_alembic
from autograder.internals import of_nbgrader

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
ONE_LINE = "from autograder.classroom import command; command.configure(c)\n"
STUDENTS = ("bitdiddle", "hacker", "solver", "copier")
# The sum without the other function: the classic check deletes that for a moment, and asks.
WITHOUT = "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox)),
    pytest.mark.skipif(not (GUIDE / "submitted").is_dir(), reason="nbgrader came without its docs"),
]


@pytest.fixture
def courses(tmp_path, monkeypatch):
    """{way of grading: folder of the course}."""
    where = os.getcwd()
    find_alembic()
    monkeypatch.setattr(preflight, "SEEDS", 1)
    yield {way: _course(tmp_path / way, way) for way in ("stock", "ours")}
    os.chdir(where)


def _course(folder, way):
    shutil.copytree(GUIDE / "source", folder / "source", ignore=lambda *_: ["ps1_autotest"])
    for student in STUDENTS[:2]:
        place = Path("submitted", student, "ps1")
        shutil.copytree(GUIDE / place, folder / place)
    for student in STUDENTS[2:]:
        place = folder / "submitted" / student / "ps1"
        shutil.copytree(GUIDE / "source" / "ps1", place)
        notebook = nbformat.read(place / "problem1.ipynb", as_version=4)
        if student == "copier":
            tiny.find(notebook, "sum_of_squares").source = WITHOUT
        nbformat.write(notebook, place / "problem1.ipynb")
    lines = f"c = get_config()\nc.CourseDirectory.root = {str(folder)!r}\n"
    lines += "c.CourseDirectory.course_id = 'course101'\n"
    if way == "ours":
        lines += ONE_LINE + "c.Execute.unbounded_memory = True\n"
    (folder / "nbgrader_config.py").write_text(lines)
    return folder


def _api(folder):
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = "course101"
    return NbGraderAPI(config=config)


def _marks(folder):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "course101") as gradebook:
        return {
            (student, notebook.name, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for student in STUDENTS
            for notebook in gradebook.find_submission("ps1", student).notebooks
            for grade in notebook.grades
        }


def test_the_same_marks_cell_by_cell(courses, monkeypatch):
    for folder in courses.values():
        os.chdir(folder)
        assert _api(folder).generate_assignment("ps1")["success"]
    rows = grading.grade(grading.writer(courses["ours"]), "ps1", workers=2, progress=False)
    assert {row.status for row in rows} <= {"graded", "tampered"}
    # Configuring a course has nbgrader use our command from then on.
    monkeypatch.setattr(of_nbgrader.python_api, "Autograde", grading.Writer.__mro__[1])
    os.chdir(courses["stock"])
    made = _api(courses["stock"]).autograde("ps1", "*")
    assert made["success"], made["log"]
    stock, ours = (_marks(courses[way]) for way in ("stock", "ours"))
    assert ours == stock
    used = {s: stock[s, "problem1", "sum_of_squares_uses_squares"][0] for s in STUDENTS[2:]}
    assert used == {"solver": 0.5, "copier": 0}
