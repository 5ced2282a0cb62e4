"""One instructor's day, played once for all tests of the folder."""

from types import SimpleNamespace

import nbformat
import pytest

from autograder import demo
from autograder.sandbox import bubblewrap

ASSIGNMENT = "01_convolution"

# Breaks the name that every check starts with, so that tracebacks quote the hidden cells, and then
# prints what has been run so far. The stray marker has no end: nbgrader's own step stops at it.
CURIOUS = """
checks = None
### BEGIN HIDDEN TESTS
"""
PRINT_HISTORY = "print('\\n'.join(In))\nprint(In)\nIn"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if {"day", "released"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("nbgrader"))
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A course whose exercise is released, as students have it."""
    folder = tmp_path_factory.mktemp("student")
    demo.release(folder, ASSIGNMENT)
    return SimpleNamespace(folder=folder, assignment=ASSIGNMENT)


@pytest.fixture(scope="session")
def day(tmp_path_factory):
    """A course after one day: its folder, the marks by student, and the notebooks by step."""
    if reasons := bubblewrap.missing():
        pytest.skip("; ".join(reasons))
    folder = tmp_path_factory.mktemp("instructor")
    marks = {mark.student: mark for mark in demo.play(folder, ASSIGNMENT)}

    def notebook(step, student="."):
        path = folder / step / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        return nbformat.read(path, as_version=4)

    return SimpleNamespace(
        folder=folder,
        assignment=ASSIGNMENT,
        marks=marks,
        notebook=notebook,
        autograded="grading/autograded",
    )


@pytest.fixture(scope="session")
def curious(day):
    """The feedback page of a student whose code looks for the hidden checks, and the notebook."""
    demo.submit(day.folder, ASSIGNMENT, "curious", lambda i: i == 0)
    path = day.folder / "grading/submitted/curious" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answer = next(cell for cell in notebook.cells if cell.id == "cross-correlate-answer")
    answer.source += CURIOUS
    notebook.cells.append(nbformat.v4.new_code_cell(PRINT_HISTORY, id="history"))
    nbformat.write(notebook, path)
    for step in ["autograde", "generate_feedback"]:
        demo.nbgrader(day.folder, step, ASSIGNMENT, "--student", "curious")
    page = day.folder / "grading/feedback/curious" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return page.read_text(), day.notebook(day.autograded, "curious")
