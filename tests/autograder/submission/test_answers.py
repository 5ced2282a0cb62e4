"""Answers of tests/answers/ in one process and in two, and the solutions in two.

Of a task's right answers every second, of its wrong ones every sixth; ANSWERS=all tries all (`make
answers`, twenty minutes). Tasks whose check trains a net are left out but then.
"""

import ast
import os
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import testing as tiny
from autograder.sandbox.limits import Limits
from autograder.submission import engine
from autograder.submission.job import Job, Status
from tests.conftest import ROOT

ALL = os.environ.get("ANSWERS") == "all"
TASKS = sorted(path.parent for path in ROOT.glob("tests/answers/*/*/right.py"))
TASKS = [path for path in TASKS if ALL or path.name != "design"]
SOLUTIONS = sorted(ROOT.glob("solutions/*/*.ipynb"))
SECRETS = {"COURSE_CHECK_SEED": "drawn for this test"}
SECONDS = re.compile(r"\d+(\.\d+)? ?(s|ms|seconds)\b")
# Of the threads of a kernel that all do wrong, the one that comes first is told.
THREAD = re.compile(r"Thread x=\d+, y=\d+ of block .*")

pytestmark = [
    pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox)),
    pytest.mark.slow,
]


def outputs(nb, status=Status.GRADED, **keywords):
    """{cell id: the text of its outputs} of the graded cells."""
    limits = Limits(cell_seconds=60, total_seconds=3600)
    job = Job(nbformat.writes(nb).encode(), limits=limits, **keywords)
    result = engine.run(job)
    assert result.status is status, result.detail
    cells = nbformat.reads(result.notebook.decode(), as_version=4).cells
    return {cell.id: _texts(cell) for cell in cells if engine.is_graded(cell)}


def _texts(cell):
    texts = []
    for output in cell.outputs:
        if output.output_type == "error":
            texts.append(f"{output.ename}: {output.evalue}")
        else:
            texts.append(output.get("text") or output.data["text/plain"])
    return [THREAD.sub("A thread", SECONDS.sub("some time", text)) for text in texts]


def both_ways(nb):
    two = outputs(nb, secrets=SECRETS)
    assert two == outputs(nb, secrets=SECRETS, examiner=False)
    return two


def answers(tasks):
    """A notebook with answers to a topic's tasks, each with a visible and a hidden check.

    Returns:
        The notebook; and of each answer the place in the ids of its checks: its task, its file,
        its name.
    """
    imports = tiny.cell("imports", f"from course.{tasks[0].parent.name[3:]} import checks")
    imports.metadata.nbgrader["locked"] = True
    nb, found = new_notebook(cells=[imports]), []
    for task in tasks:
        for kind in ("right", "wrong"):
            source = (task / f"{kind}.py").read_text()
            nb.cells.append(new_code_cell(source))
            styles = [node.name for node in ast.parse(source).body if hasattr(node, "name")]
            styles = [style for style in styles if not style.startswith("_")]
            for style in styles if ALL else styles[:: 2 if kind == "right" else 6]:
                nb.cells.append(new_code_cell(f"{task.name} = {style}"))
                for letter, more in (("v", ""), ("h", ", hidden=77")):
                    check = f"checks.{task.name}({task.name}, points=4{more})"
                    id = f"{letter}-{len(found)}"
                    nb.cells.append(tiny.cell(id, check, grade=True, points=4))
                found.append((task.name, kind, style))
    return nb, found


@pytest.mark.parametrize("topic", sorted({path.parent.name for path in TASKS}))
def test_answers(topic):
    nb, asked = answers([path for path in TASKS if path.parent.name == topic])
    found = both_ways(nb)
    for place, answer in enumerate(asked):
        visible, hidden = (float(found[f"{letter}-{place}"][-1]) for letter in "vh")
        assert (visible + hidden == 8) == (answer[1] == "right"), (answer, visible, hidden)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_solutions(path):
    """In two processes; in one, as a student runs it, by tests/test_notebooks.py."""
    nb = nbformat.read(path, as_version=4)
    points = {
        cell.id: cell.metadata.nbgrader["points"] for cell in nb.cells if engine.is_graded(cell)
    }
    two = outputs(nb, secrets=SECRETS)
    assert {name: float(texts[-1]) for name, texts in two.items()} == points
