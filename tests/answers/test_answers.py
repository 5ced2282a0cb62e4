"""Answers that students give: every wrong one loses marks and is told why, every right one passes.

A task's folder holds right/ and wrong/: one file an answer, with the function under the task's
name; a wrong one says in DIAGNOSIS which misunderstanding it must be told, or None.
"""

import importlib
import runpy
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
TASKS = sorted(path for path in HERE.glob("[0-9]*/*") if path.is_dir())
SEEDS = (1, 2)  # of the hidden cases


def name(path):
    return str(path.relative_to(HERE))


def task_of(folder):
    topic = folder.parent.name.split("_", 1)[1]
    return getattr(importlib.import_module(f"course.{topic}.checks"), folder.name)


def answers(folder, kind):
    """{name: what the file defines}, of the right or the wrong answers of a task."""
    return {path.stem: runpy.run_path(path) for path in sorted((folder / kind).glob("*.py"))}


def reports(task, answer):
    """The visible report and the hidden ones of an answer."""
    function = answer[task.name]
    return [task.examine(function, points=10, hidden=seed) for seed in (None, *SEEDS)]


@pytest.mark.parametrize("folder", TASKS, ids=name)
def test_right_answers_earn_every_point_and_no_diagnosis(folder):
    task, right = task_of(folder), answers(folder, "right")
    assert len(right) >= 4
    for style, answer in right.items():
        for report in reports(task, answer):
            assert report.earned == 10 and report.diagnosis is None, f"{style}: {report.text}"


@pytest.mark.parametrize("folder", TASKS, ids=name)
def test_wrong_answers_lose_marks_and_are_told_why(folder):
    task, wrong = task_of(folder), answers(folder, "wrong")
    assert len(wrong) >= 10
    known = {misunderstanding.name for misunderstanding in task.misunderstandings}
    for mistake, answer in wrong.items():
        visible, *hidden = reports(task, answer)
        expected = answer["DIAGNOSIS"]
        assert expected is None or expected in known, f"{mistake}: {expected}"
        # Over both cells together: a stride that is forgotten may be met by hidden cases alone.
        for other in hidden:
            assert visible.earned + other.earned < 20, f"{mistake}: {visible.text}"
        told = visible if not visible.passed else hidden[0]
        got = told.diagnosis and told.diagnosis.name
        assert got == expected, f"{mistake} is told {got}: {told.text}"
    told = [answer["DIAGNOSIS"] is not None for answer in wrong.values()]
    assert sum(told) >= 0.9 * len(told)
