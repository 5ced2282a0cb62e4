"""Answers of tests/answers/ in one process and in two, and the solutions in two.

All right answers of a task, and of its wrong ones every fourth; ANSWERS=all tries all (`make
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
    limits = Limits(cell_seconds=60, total_seconds=1200)
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


def answers(task):
    """A notebook with every answer to a task, each with a visible and a hidden check."""
    topic, name = task.parent.name.partition("_")[2], task.name
    imports = tiny.cell("imports", f"from course.{topic} import checks")
    imports.metadata.nbgrader["locked"] = True
    nb = new_notebook(cells=[imports])
    for kind in ("right", "wrong"):
        source = (task / f"{kind}.py").read_text()
        nb.cells.append(new_code_cell(source, id=kind))
        styles = [node.name for node in ast.parse(source).body if hasattr(node, "name")]
        styles = [style for style in styles if not style.startswith("_")]
        for style in styles if ALL or kind == "right" else styles[::4]:
            where = f"{kind}-{style}".replace("_", "-")
            nb.cells.append(new_code_cell(f"{name} = {style}", id=f"a-{where}"[:64]))
            for letter, more in (("v", ""), ("h", ", hidden=77")):
                check = f"checks.{name}({name}, points=4{more})"
                nb.cells.append(tiny.cell(f"{letter}-{where}"[:64], check, grade=True, points=4))
    return nb


@pytest.mark.parametrize("task", TASKS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_answers(task):
    found = both_ways(answers(task))
    marks = {}  # of the visible and the hidden check of each answer
    for name, texts in found.items():
        marks.setdefault(name[2:], []).append(float(texts[-1]))
    for name, both in marks.items():
        assert (sum(both) == 8) == name.startswith("right"), (name, both)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_solutions(path):
    """In two processes; in one, as a student runs it, by tests/test_notebooks.py."""
    nb = nbformat.read(path, as_version=4)
    points = {
        cell.id: cell.metadata.nbgrader["points"] for cell in nb.cells if engine.is_graded(cell)
    }
    two = outputs(nb, secrets=SECRETS)
    assert {name: float(texts[-1]) for name, texts in two.items()} == points
