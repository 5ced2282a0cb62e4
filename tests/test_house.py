"""A topic has one name and one shape, and imports go one way."""

import ast
import re
from pathlib import Path

import pytest

from authoring import readme

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"checking"}  # packages of the course that are no topic
NUMBERED = [*ROOT.glob("lectures/*.ipynb"), *ROOT.glob("solutions/*")]
NAMES = sorted({path.stem for path in NUMBERED} - {"00_start"})


def imported(path):
    """The full names of all modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_package_of_the_course_is_a_topic_and_every_number_is_taken_once():
    assert all(re.fullmatch(r"\d\d_[a-z]+", name) for name in NAMES)
    topics = [name.split("_")[1] for name in NAMES]
    packages = {path.parent.name for path in ROOT.glob("course/*/__init__.py")} - SHARED
    assert packages == set(topics)
    assert len({name[:2] for name in NAMES}) == len(topics) == len(set(topics))


@pytest.mark.parametrize("name", NAMES)
def test_a_topic_has_one_name_in_every_row(name):
    """A lecture without an exercise has no row of one, and the other way round."""
    topic = name.split("_")[1]
    package = ROOT / "course" / topic
    assert (ROOT / "tests" / topic).is_dir()
    assert (package / "reference.py").exists() or not (package / "gpu.py").exists()
    exercise = (ROOT / "solutions" / name / f"{name}.ipynb").exists()
    assert exercise == (ROOT / "solutions" / name).exists()
    for row in [package / "checks.py", ROOT / "exercises" / name / f"{name}.ipynb"]:
        assert row.exists() == exercise, row
    assert exercise or not (ROOT / "tests" / "answers" / name).exists()


def test_the_readme_lists_the_lectures_as_they_begin():
    assert readme.TABLE.search((ROOT / "README.md").read_text())[0] == readme.rows(), "make table"


@pytest.mark.parametrize("path", sorted(ROOT.glob("course/*/reference.py")), ids=str)
def test_a_reference_is_numpy_alone(path):
    assert not [name for name in imported(path) if name.split(".")[0] == "torch"]


def test_the_course_knows_nothing_of_grading_and_grading_nothing_of_the_course():
    strangers = {
        "course": {"autograder"},
        "autograder": {"course"},
        "checked_call": {"course", "autograder"},
    }
    for package in strangers:
        for path in (ROOT / package).rglob("*.py"):
            found = {name.split(".")[0] for name in imported(path)}
            assert not found & strangers[package], path


def test_checks_judge_by_the_library_not_by_our_own_reference():
    for path in ROOT.glob("course/*/checks.py"):
        names = [name for name in imported(path) if name.startswith("course.")]
        assert not [name for name in names if name.endswith((".reference", ".gpu"))], path


def test_tests_and_benchmarks_are_imported_by_their_names():
    for folder in ["tests", "benchmarks"]:
        for path in (ROOT / folder).rglob("*.py"):
            changes = [
                node
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("sys.path.")
            ]
            assert not changes, path
    for path in (ROOT / "benchmarks").rglob("*.py"):
        assert not [name for name in imported(path) if name.startswith("tests.")], path
