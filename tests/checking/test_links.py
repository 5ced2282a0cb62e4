"""Every check links to a section that its lecture has."""

import importlib
import re
from pathlib import Path

import nbformat
import pytest

from course.checking import Task

ROOT = Path(__file__).resolve().parent.parent.parent
LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_section_that_a_check_names_is_a_heading_of_the_lecture(path):
    cells = nbformat.read(path, as_version=4).cells
    headings = {
        title
        for cell in cells
        if cell.cell_type == "markdown"
        for title in re.findall(r"^## (.+)$", cell.source, re.MULTILINE)
    }
    checks = importlib.import_module(f"course.{path.stem.split('_', 1)[1]}.checks")
    tasks = [value for value in vars(checks).values() if isinstance(value, Task)]
    assert tasks
    for task in tasks:
        assert task.lecture == path.stem
        sections = {task.section, *(m.section for m in task.misunderstandings)}
        assert sections <= headings, task.name
