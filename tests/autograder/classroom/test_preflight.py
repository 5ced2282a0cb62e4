"""An assignment is tried before a class is graded with it."""

import os

import nbformat
import pytest
from traitlets.config import Config

from autograder import __main__ as commands
from autograder import testing as tiny
from autograder.classroom import grading
from autograder.classroom import preflight as trial
from autograder.classroom.preflight import preflight

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))
WRONG_CHECK = tiny.cell("wrong-check", "assert add(1, 1) == 3, 'not three'", grade=True, points=2)


@pytest.fixture(autouse=True)
def same_folder():
    where = os.getcwd()
    yield
    os.chdir(where)


def source(after=()):
    nb = tiny.notebook(f"### BEGIN SOLUTION\n{tiny.RIGHT}\n### END SOLUTION")
    nb.cells += after
    return nb


def careful(course):
    """The course with its preflight switched on again."""
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("preflight = False", "preflight = True"))
    return course


def test_a_sound_assignment_passes_and_no_gradebook_is_made(tmp_path, monkeypatch):
    grade, tried = grading.grade, []

    def kept(*arguments, **keywords):
        tried.extend(grade(*arguments, **keywords))
        return tried

    monkeypatch.setattr(grading, "grade", kept)
    course = tiny.Course(tmp_path, source=source())
    assert preflight(grading.writer(course.root), tiny.NAME) == []
    asked = [f"{kind}-{number}" for kind in ("released", "solution") for number in range(3)]
    assert sorted(row.student for row in tried) == asked
    assert not (tmp_path / "gradebook.db").exists() and not (tmp_path / "submitted").exists()


@pytest.fixture
def one_seed(monkeypatch):
    """The first test tries all of them."""
    monkeypatch.setattr(trial, "SEEDS", 1)


def test_each_unsound_cell_is_named_with_its_reason(tmp_path, one_seed):
    cells = [
        WRONG_CHECK,
        tiny.cell("gift", "1 + 1", grade=True, points=2),
        tiny.cell("sound", "assert add(2, 3) == 5", grade=True, points=1),
    ]
    course = tiny.Course(tmp_path, source=source(cells))
    findings = preflight(grading.writer(course.root), tiny.NAME)
    found = {finding.cell: finding for finding in findings}
    assert set(found) == {"wrong-check", "gift"}
    assert "not three" in found["wrong-check"].reason
    assert found["wrong-check"].points == "0 points instead of 2"
    assert "as released" in found["gift"].advice


SPY = """
seen = []
real = add
def add(a, b):
    seen.append((a, b))
    return real(a, b)
assert total([1, 2, 3]) == 6 and seen, "total does not use add"
"""


def test_a_spy_that_does_not_reach_the_students_process_is_named(tmp_path, one_seed):
    """It works in JupyterLab; graded, `add` is the checks' own, without a value elsewhere."""
    answer = "def total(values):\n    found = 0\n    for value in values:\n"
    answer += "        found = add(found, value)\n    return found"
    cells = [
        tiny.cell("total", f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", solution=True),
        tiny.cell("uses-add", SPY.strip(), grade=True, points=2),
    ]
    course = tiny.Course(tmp_path, source=source(cells))
    findings = preflight(grading.writer(course.root), tiny.NAME)
    assert [finding.cell for finding in findings] == [*tiny.POINTS, "uses-add"]
    for finding in findings:
        assert finding.points.startswith("0 points instead of")
        assert finding.reason == "NameError: name 'add' is not defined"
        assert "put nothing in the place of a student's function" in finding.advice
        assert "c.Execute.examiner = False" in finding.advice


def test_a_class_is_graded_when_it_passes_and_it_is_tried_once(tmp_path, one_seed, monkeypatch):
    header = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Our course")])
    nbformat.write(header, tmp_path / "header.ipynb")
    course = tiny.Course(tmp_path, source=source())
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("c.IncludeHeaderFooter.header = 'header.ipynb'\n")
    os.chdir(tmp_path)
    course.config.IncludeHeaderFooter.header = "header.ipynb"
    careful(course.release(again=True)).submit("a", tiny.notebook(tiny.HALF))
    tried = []
    real = trial._tried
    monkeypatch.setattr(trial, "_tried", lambda *all: tried.append(1) or real(*all))
    for force in (False, False, True):
        (row,) = grading.grade(grading.writer(tmp_path, force), tiny.NAME, progress=False)
        assert (row.status, row.score) == ("graded", 4.5)
    assert tried == [1]
    config = Config()
    config.Execute.timeout = 6  # another limit may give other marks
    monkeypatch.setattr(trial, "_tried", lambda *_: tried.append(2) or [])
    grading.grade(grading.writer(tmp_path, True, config=config), tiny.NAME, progress=False)
    assert tried == [1, 2]


def test_a_class_is_refused_when_it_does_not_unless_told(tmp_path, one_seed, capsys):
    course = careful(tiny.Course(tmp_path, source=source([WRONG_CHECK])).release())
    course.submit("a", tiny.notebook())
    command = ["grade", tiny.NAME, "--course", str(tmp_path)]
    assert commands.main(command) == 2
    said = capsys.readouterr().err
    assert "wrong-check: 0 points instead of 2. AssertionError: not three" in said
    assert "--no-preflight" in said and not (tmp_path / "autograded" / "a").exists()
    course.config.Execute.preflight = True
    made = course.autograde("a")
    assert not made["success"] and "not three" in made["log"]
    assert commands.main([*command, "--no-preflight"]) == 0
    assert course.score("a") == 9


def test_a_check_mended_in_the_source_alone_is_told(tmp_path, one_seed):
    course = careful(tiny.Course(tmp_path, source=source()).release(again=True))
    course.submit("a", tiny.notebook())
    mended = source()
    tiny.find(mended, "test-visible").source += "\nassert add(0, 0) == 0"
    nbformat.write(mended, course.source)
    with pytest.raises(
        grading.GradingError, match=r"(?s)test-visible.*generate_assignment --force"
    ):
        grading.grade(grading.writer(tmp_path), tiny.NAME, progress=False)


def test_a_course_without_its_sources_is_told(tmp_path):
    course = careful(tiny.Course(tmp_path, source=source()).release(again=True))
    course.submit("a", tiny.notebook())
    course.source.parent.rename(tmp_path / "elsewhere")
    with pytest.raises(grading.GradingError, match="there is no folder"):
        grading.grade(grading.writer(tmp_path), tiny.NAME, progress=False)
