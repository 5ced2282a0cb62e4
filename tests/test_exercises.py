"""Each exercise is what nbgrader makes of its solution, gives nothing away, and adds up."""

import ast
import doctest
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_locked, is_solution

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))

pytestmark = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


def released(path):
    return ROOT / "exercises" / path.parent.name / path.name


def cells(path):
    return nbformat.read(path, as_version=4).cells


def checks(path):
    """The graded code cells, each with its one call of a check."""
    for cell in cells(path):
        if cell.cell_type == "code" and is_grade(cell):
            (statement,) = ast.parse(cell.source).body
            yield cell, statement.value


def keyword(call, name):
    return {argument.arg: ast.literal_eval(argument.value) for argument in call.keywords}.get(name)


def namespace(path):
    """What a notebook defines, without running its checks."""
    defined = {"__name__": path.stem}
    for cell in cells(path):
        if cell.cell_type == "code" and not is_grade(cell):
            exec(compile(cell.source, cell.id, "exec"), defined)
    return defined


GENERATE = """
import sys
from nbgrader.apps import GenerateAssignmentApp

for assignment in sys.argv[1:]:
    app = GenerateAssignmentApp()
    app.initialize(["--no-db", assignment])
    app.start()
"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The folder of exercises that nbgrader's own command makes of all solutions."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    names = [path.parent.name for path in SOLUTIONS]
    subprocess.run([sys.executable, "-c", GENERATE, *names], cwd=course, check=True)
    return course / "exercises"


def test_nbgrader_makes_the_committed_exercise_byte_for_byte(path, generated):
    fresh, committed = generated / path.parent.name, released(path).parent
    assert {file.name for file in fresh.iterdir()} == {file.name for file in committed.iterdir()}
    for file in fresh.iterdir():
        assert file.read_bytes() == (committed / file.name).read_bytes(), "run `make exercises`"


def test_the_exercise_holds_no_hidden_check_and_no_solution(path):
    text = released(path).read_text()
    assert "HIDDEN" not in text and "hidden=" not in text and "SOLUTION" not in text
    exercise = {cell.id: cell.source for cell in cells(released(path))}
    for cell in cells(path):
        if not is_solution(cell):
            continue
        if cell.cell_type == "markdown":
            assert exercise[cell.id] == "YOUR ANSWER HERE"
        else:
            pieces = re.split(r"### (?:BEGIN|END) SOLUTION", cell.source)
            given, solutions = pieces[::2], pieces[1::2]
            assert all(piece.strip() in exercise[cell.id] for piece in given)
            assert exercise[cell.id].count("raise NotImplementedError()") == len(solutions)
            assert exercise[cell.id].endswith("raise NotImplementedError()")
            lines = {line.strip() for text in solutions for line in text.splitlines()}
            lines = {line for line in lines if len(line) > 20}
            assert lines and not [line for line in lines if line in exercise[cell.id]]


def test_a_cell_has_one_name_and_is_locked_unless_it_takes_an_answer(path):
    for cell in cells(path):
        about = cell.metadata.nbgrader
        assert about.grade_id == cell.id
        assert is_locked(cell) != is_solution(cell), cell.id
    for cell in cells(released(path)):
        assert cell.metadata.get("editable", True) == is_solution(cell), cell.id


def test_every_task_has_a_visible_and_a_hidden_check_of_its_own_name(path):
    topic = path.stem.split("_", 1)[1]
    module = importlib.import_module(f"course.{topic}.checks")
    answers = []
    for cell in cells(path):
        if cell.cell_type == "code" and is_solution(cell):
            (function,) = ast.parse(cell.source).body
            assert ast.get_docstring(function), function.name
            answers.append(function.name)
    asked = [(call.func.attr, call.args[0].id, keyword(call, "hidden")) for _, call in checks(path)]
    assert [(name, argument) for name, argument, hidden in asked if hidden is None] == [
        (name, name) for name in answers
    ]
    assert [(name, argument) for name, argument, hidden in asked if hidden is not None] == [
        (name, name) for name in answers
    ]
    assert all(callable(getattr(module, name)) for name in answers)
    seeds = [hidden for _, _, hidden in asked if hidden is not None]
    assert len(set(seeds)) == len(seeds)


def test_points_agree_wherever_they_are_written(path):
    for cell, call in checks(path):
        assert keyword(call, "points") == cell.metadata.nbgrader.points, cell.id

    # The text of a task says "*3 points (2 here, 1 hidden), 10 minutes*"; its cells follow it.
    said, minutes, found = [], [], []
    title, *rest = cells(path)
    for cell in rest:
        if line := re.search(r"^\*(\d+) points.*, (\d+) minutes\*$", cell.source, re.MULTILINE):
            parts = re.search(r"\((\d+) here, (\d+) hidden\)", line[0])
            said.append([int(part) for part in parts.groups()] if parts else [int(line[1])])
            assert sum(said[-1]) == int(line[1]), cell.id
            minutes.append(int(line[2]))
            found.append([])
        if is_grade(cell):
            found[-1].append(cell.metadata.nbgrader.points)
    assert said == found

    rows = re.findall(r"\| (\d+) \| (\d+) \|$", title.source, re.MULTILINE)
    *tasks, together = [(int(points), int(time)) for points, time in rows]
    assert tasks == [(sum(points), time) for points, time in zip(said, minutes, strict=True)]
    # What is worth no points nobody has to do: it takes no time of the exercise.
    assert together == (sum(points for points, _ in tasks), sum(t for points, t in tasks if points))


def test_a_released_hidden_check_says_what_it_stands_for(path):
    exercise = {cell.id: cell.source for cell in cells(released(path))}
    for cell, call in checks(path):
        if keyword(call, "hidden") is not None:
            name = call.args[0].id
            expected = f"# The hidden checks of {name} run when your work is graded."
            assert exercise[cell.id] == expected
            assert ClearHiddenTests()._remove_hidden_test_region(cell)


def test_the_examples_that_a_student_reads_are_true(path):
    defined = namespace(path)
    functions = [value for value in defined.values() if getattr(value, "__doc__", None)]
    runner, tried = doctest.DocTestRunner(verbose=False), 0
    for function in functions:
        if getattr(function, "__module__", None) == path.stem:
            for test in doctest.DocTestFinder().find(function, function.__name__, globs=defined):
                report = []
                result = runner.run(test, out=report.append)
                assert not result.failed, "".join(report)
                tried += result.attempted
    assert tried or not list(checks(path))
