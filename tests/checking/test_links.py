"""Every check links to a section that a lecture has."""

import importlib
import re
from pathlib import Path

import nbformat
import pytest

from course.checking import Task

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKS = sorted((ROOT / "course").glob("*/checks.py"))


def headings(lecture):
    cells = nbformat.read(ROOT / "lectures" / f"{lecture}.ipynb", as_version=4).cells
    return {
        title
        for cell in cells
        if cell.cell_type == "markdown"
        for title in re.findall(r"^## (.+)$", cell.source, re.MULTILINE)
    }


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.parent.name)
def test_every_section_that_a_check_names_is_a_heading_of_the_lecture(path):
    checks = importlib.import_module(f"course.{path.parent.name}.checks")
    for task in [value for value in vars(checks).values() if isinstance(value, Task)]:
        sections = {task.section, *(m.section for m in task.misunderstandings)}
        assert sections <= headings(task.lecture), task.name
