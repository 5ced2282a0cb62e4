"""Checks, lectures and exercises link to sections and tasks that are there."""

import importlib
import re
from pathlib import Path

import nbformat
import pytest

from course.checking import Task

ROOT = Path(__file__).resolve().parents[3]
CHECKS = sorted((ROOT / "course").glob("*/checks.py"))


NOTEBOOKS = [
    path
    for folder in ("lectures", "solutions", "exercises")
    for path in sorted((ROOT / folder).rglob("*.ipynb"))
    if ".ipynb_checkpoints" not in path.parts
]


def texts(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def anchors(path):
    """What a link into a notebook can end in, as JupyterLab makes it of headings."""
    titles = re.findall(r"^#+ (.+)$", "\n".join(texts(path)), re.MULTILINE)
    return {title.strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_into_a_notebook_leads_to_a_heading(path):
    for text in texts(path):
        for target, anchor in re.findall(r"\]\(([^()#\s]*\.ipynb)?(?:#([^()\s]+))?\)", text):
            found = (path.parent / target).resolve() if target else path
            assert found.exists(), target
            assert not anchor or anchor in anchors(found), f"{target}#{anchor}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lecture_that_names_the_tasks_that_train_it_names_them_all(path):
    exercise = ROOT / "exercises" / path.stem / path.name
    links = re.findall(rf"{path.name}#(\d+\.[^()\s]+)\)", "\n".join(texts(path)))
    if path.parent.name == "lectures" and links:
        assert set(links) == {a for a in anchors(exercise) if re.match(r"\d+\.", a)}
        back = "\n".join(texts(exercise))
        assert back.count(f"lectures/{path.name}#") >= len(set(links))


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
