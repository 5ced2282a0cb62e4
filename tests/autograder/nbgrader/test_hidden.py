"""Feedback drops the source of hidden checks from cells and from every kind of output."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.pages.hidden import HideHiddenChecks

CALL = 'checks.task(task, points=2, hidden=7, label="a<b")'
SOURCE = f"# Hidden checks run here.\n### BEGIN HIDDEN TESTS\n{CALL}\n### END HIDDEN TESTS"


def graded(source, outputs=(), locked=True):
    about = {"grade": True, "solution": not locked, "locked": locked, "grade_id": "a", "points": 2}
    return new_code_cell(source, metadata={"nbgrader": about}, outputs=list(outputs))


def feedback(*cells):
    notebook = new_notebook(cells=list(cells))
    return HideHiddenChecks().preprocess(notebook, {})[0].cells


def data(text, kind="text/plain"):
    return new_output("display_data", {kind: text})


def test_the_comment_stays_and_the_check_goes():
    (cell,) = feedback(graded(SOURCE, [data("task: wrong values")]))
    assert cell.source == "# Hidden checks run here."
    assert cell.outputs == [data("task: wrong values")]


@pytest.mark.parametrize(
    "output",
    [
        data(f"In = {[SOURCE]!r}"),
        data("<b>checks.task(task, points=2, hidden=7, label=&quot;a&lt;b&quot;)</b>", "text/html"),
        new_output("stream", name="stdout", text=f"before\n{CALL}\nafter"),
        new_output("error", ename="TypeError", evalue=CALL, traceback=["no frames"]),
    ],
    ids=["repr", "html", "stream", "evalue"],
)
def test_an_output_of_any_cell_that_quotes_the_check_is_masked(output):
    _, own = feedback(graded(SOURCE), new_code_cell("print(In)", outputs=[output]))
    (left,) = own.outputs
    assert "hidden=7" not in str(left)
    assert "[hidden check]" in str(left)


def test_a_traceback_that_quotes_the_check_keeps_what_went_wrong():
    coloured = f"----> 3 \x1b[38;5;28mchecks{CALL[6:11]}\x1b[39m{CALL[11:]}"
    error = new_output("error", ename="TypeError", evalue="no", traceback=["frame", coloured])
    (cell,) = feedback(graded(SOURCE, [error]))
    assert cell.outputs[0].traceback == ["TypeError: no"]


def test_a_traceback_of_the_students_own_code_stays_whole():
    error = new_output("error", ename="TypeError", evalue="no", traceback=["frame", "x = 1 + 'a'"])
    _, own = feedback(graded(SOURCE), new_code_cell("x = 1 + 'a'", outputs=[error]))
    assert own.outputs[0].traceback == ["frame", "x = 1 + 'a'"]


@pytest.mark.parametrize("cell", [new_code_cell, lambda source: graded(source, locked=False)])
def test_markers_in_a_students_own_cell_are_the_students(cell):
    """nbgrader's own step would stop here: the region has no end, or the cell no grade."""
    (own,) = feedback(cell("### BEGIN HIDDEN TESTS\nx = 1"))
    assert own.source == "### BEGIN HIDDEN TESTS\nx = 1"
