"""A topic has one name and one shape, and imports go one way."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"checking"}  # packages of the course that are no topic
TOPICS = sorted({path.parent.name for path in ROOT.glob("course/*/__init__.py")} - SHARED)
ROWS = ["reference", "gpu", "figures", "explorer", "checks"]


def imported(path):
    """The full names of all modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_every_row(topic):
    for row in ROWS:
        assert (ROOT / "course" / topic / f"{row}.py").is_file(), row
    (lecture,) = ROOT.glob(f"lectures/[0-9][0-9]_{topic}.ipynb")
    name = lecture.stem
    for notebook in ["solutions/{0}/{0}.ipynb", "exercises/{0}/{0}.ipynb"]:
        assert (ROOT / notebook.format(name)).is_file(), notebook
    assert (ROOT / "tests" / topic).is_dir()
    assert (ROOT / "tests" / "answers" / name).is_dir()


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
