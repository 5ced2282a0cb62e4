"""`nbgrader validate` says what running the cells says, and that hidden checks remain."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import demo


@pytest.fixture(scope="module")
def validate(released):
    """Validate what was made of the exercise, from the root of the course as a student does."""

    def run(student, answered, wrong=None):
        demo.submit(released.folder, released.assignment, student, answered)
        folder = released.folder / "grading" / "submitted" / student / released.assignment
        path = folder / f"{released.assignment}.ipynb"
        if wrong:
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                cell.source = wrong.get(cell.id, cell.source)
            nbformat.write(notebook, path)
        command = [sys.executable, "-m", "nbgrader", "validate", str(path)]
        return path, subprocess.run(
            command, cwd=released.folder, capture_output=True, text=True, check=True
        ).stdout

    return run


def test_success_names_the_hidden_checks_that_remain(validate):
    _, said = validate("sure", lambda i: True)
    assert said == (
        "Your notebook passes its 7 visible checks. "
        "7 hidden checks, worth 8 points, run when it is graded.\n"
    )


def test_a_failed_check_says_the_same_under_validate_as_in_the_notebook(validate):
    wrong = {
        "cross-correlate-answer": (
            "def cross_correlate(x, weight):\n"
            "    kH, kW = weight.shape\n"
            "    x = np.lib.stride_tricks.sliding_window_view(x, (kH, kW))\n"
            "    return np.einsum('ijuv,uv->ij', x, weight[::-1, ::-1])"
        ),
        "convolve2d-answer": "def convolve2d(x, weight, mode='full'):\n    return x[0, 0, 0]",
    }
    path, said = validate("flipped", lambda i: i > 1, wrong)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, startup_timeout=600, resources={"metadata": {"path": path.parent}}
    ).execute()
    cells = {cell.id: cell for cell in notebook.cells}

    for name in ["cross-correlate-check", "convolve2d-check"]:
        (report,) = [out for out in cells[name].outputs if out.output_type == "display_data"]
        lines = [line.strip() for line in report.data["text/plain"].splitlines() if line.strip()]
        assert len(lines) > 1
        indented = [line.strip() for line in said.splitlines() if line.strip()]
        start = indented.index(lines[0])
        assert indented[start : start + len(lines)] == lines
    assert said.count("The following cell failed") == 2
    assert "Traceback" not in said


def test_an_untouched_exercise_fails_quietly(validate):
    _, said = validate("blank", lambda i: False)
    assert said.count("not attempted yet") == 5  # two tasks are worth no points
    assert said.count("You did not provide a response.") == 1
    assert "Traceback" not in said
