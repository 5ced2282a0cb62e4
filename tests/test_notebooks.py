"""Every lecture and solution runs from top to bottom, quietly and in time, and is clean in git."""

import re
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))


def name(path):
    return str(path.relative_to(ROOT))


def execute(path):
    """The notebook after its run, and the CPU seconds that it used, however busy the machine."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("__import__('time').process_time()"))
    limits, place = {"timeout": 600, "startup_timeout": 600}, {"metadata": {"path": path.parent}}
    client = NotebookClient(notebook, **limits, resources=place)
    client.execute()
    return notebook, float(notebook.cells.pop().outputs[0].data["text/plain"])


def slowness():
    """How many times longer some training takes here and now than where a minute is meant."""
    import torch

    layers = [torch.nn.Conv2d(8, 8, 3, padding=1), torch.nn.BatchNorm2d(8)] * 20
    net, x = torch.nn.Sequential(*layers), torch.rand(128, 8, 8, 8)
    began = time.process_time()
    for _ in range(100):
        net(x).sum().backward()
    return (time.process_time() - began) / 2.5


def stderr(notebook):
    return [
        f"{cell.id}: {output.text}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


@pytest.mark.parametrize("path", LECTURES, ids=name)
def test_a_lecture_runs_quietly_in_under_a_minute_of_one_core(path):
    notebook, seconds = execute(path)
    assert not stderr(notebook)
    assert seconds < 60 or seconds < 60 * slowness()


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_a_solution_runs_quietly_and_earns_every_point(path):
    notebook, _ = execute(path)
    assert not stderr(notebook)
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about.get("grade"):
            points = cell.outputs[-1].data["text/plain"]
            assert float(points) == about["points"], cell.id


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_an_exercise_as_released_runs_quietly_and_earns_nothing(path):
    notebook, _ = execute(path)
    assert not stderr(notebook)
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    checked = [cell for cell in graded if cell.source.startswith("checks.")]
    assert checked or len(notebook.cells) == 1  # an exercise that has no task yet
    for cell in checked:
        shown, points = cell.outputs
        assert "not attempted yet" in shown.data["text/plain"], cell.id
        assert float(points.data["text/plain"]) == 0, cell.id


@pytest.mark.parametrize("path", LECTURES + SOLUTIONS + EXERCISES, ids=name)
def test_a_notebook_is_committed_clean(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, cell.id


@pytest.mark.parametrize("path", LECTURES[1:], ids=name)
def test_the_cell_of_a_question_is_folded_for_it_tells_the_answer(path):
    # The first lecture shows one, to say how it is made.
    for cell in nbformat.read(path, as_version=4).cells:
        last = cell.source.strip().rpartition("\n\n")[2] if cell.cell_type == "code" else ""
        if re.search(r"^questions\.\w+\(", last, re.MULTILINE):
            assert cell.metadata.get("jupyter", {}).get("source_hidden"), cell.id


LENGTHS = {
    "three minutes": 3,  # a lecture that has just been made
    "ten minutes": 10,
    "twenty minutes": 20,
    "thirty minutes": 30,
    "forty minutes": 40,
    "forty-five minutes": 45,
    "fifty minutes": 50,
    "an hour": 60,
    "an hour and a quarter": 75,
    "an hour and a half": 90,
}


@pytest.mark.parametrize("path", LECTURES[1:], ids=name)
def test_a_lecture_says_honestly_how_long_it_takes(path):
    """By 130 words or 12 lines of code a minute, and a minute and a half for a question."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    (said,) = re.findall(r"Reading and running takes (?:about|a little more than) ([a-z -]+)", text)
    shown = [
        cell.source
        for cell in cells
        if cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    lines = sum(bool(line.strip()) for source in shown for line in source.splitlines())
    questions = sum("questions." in c.source for c in cells if c.cell_type == "code")
    words = len(re.findall(r"\b[A-Za-z']+\b", re.sub(r"\]\(.*?\)|\$.*?\$", " ", text)))
    minutes = words / 130 + lines / 12 + 1.5 * questions
    assert 0.75 < LENGTHS[said.strip()] / minutes < 1.3, f"{minutes:.0f} minutes"
