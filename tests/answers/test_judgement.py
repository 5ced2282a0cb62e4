"""Answers that students give: every wrong one loses marks and is told why, every right one passes.

And the solutions, changed in small ways: no change that matters earns full marks.
"""

import inspect

import numpy as np
import pytest

from authoring import behaviour, mutation, validity

# Wrong answers and mutants compute nonsense, and are warned of it.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")

TASKS = [
    pytest.param(task, folder, id=f"{topic}/{folder.name}")
    for topic in mutation.topics()
    for task, folder in validity.tasks(topic)
]
# Launched by the checks with a tile; what they write into is made for them.
KERNELS = ("correlate_valid", "correlate_same", "tiled", "tiled_channels")
SAMPLE = 40  # mutants of each topic; `make mutation` tries all


@pytest.mark.parametrize(("task", "folder"), TASKS)
def test_right_answers_pass_and_wrong_ones_lose_marks_and_are_told_why(task, folder):
    verdicts = validity.judge(task, folder)
    right, wrong = len(verdicts.right), len(verdicts.caught)
    assert right >= 4, f"wanted are 4 right answers, found {right}"
    assert wrong >= 10, f"wanted are 10 wrong answers, found {wrong}"
    for style, problem in verdicts.right.items():
        assert not problem, f"{style}: {problem}"
    known = {misunderstanding.name for misunderstanding in task.misunderstandings}
    for mistake, (got, expected) in verdicts.told.items():
        assert verdicts.caught[mistake], mistake
        assert expected is None or expected in known, f"{mistake}: {expected}"
        assert got == expected, f"{mistake} is told {got}"
    assert verdicts.named >= 0.9 * wrong, f"{verdicts.named} of {wrong} are named, 90 % are wanted"


@pytest.mark.parametrize("topic", mutation.topics())
def test_every_task_has_answers(topic):
    assert [task.name for task, _ in validity.tasks(topic)] == sorted(mutation.hidden_seeds(topic))


@pytest.mark.parametrize("topic", mutation.topics())
def test_a_small_change_of_a_solution_loses_marks(topic):
    score = mutation.run(topic, sample=SAMPLE, workers=1)
    tried = score.killed + len(score.holes) + len(score.equal)
    assert score.killed >= 0.8 * tried, f"{score.killed} of {tried} are killed, 80 % are wanted"
    assert not score.holes
    assert not score.unexplained


@pytest.mark.parametrize("topic", mutation.topics())
def test_a_mistake_of_the_interface_loses_marks(topic):
    defined = mutation.namespace(topic)
    for name in mutation.hidden_seeds(topic):
        task = mutation.task_of(topic, name)
        survivors, count = behaviour.survivors(task, defined[name])
        assert not survivors
        if "padding" in getattr(task, "signature", inspect.Signature()).parameters:
            assert count >= 3, name


@pytest.mark.parametrize("topic", mutation.topics())
def test_an_oracle_has_the_arguments_of_the_function_it_stands_for(topic):
    """Mutants call by name: with another name they fail before they are wrong."""
    defined = mutation.namespace(topic)
    for name in mutation.hidden_seeds(topic):
        task = mutation.task_of(topic, name)
        if task.by_property or task.prepare or name in KERNELS:
            continue
        expected = list(task.signature.parameters)
        assert list(inspect.signature(defined[name]).parameters) == expected
        if task.formula:
            assert list(inspect.signature(task.formula).parameters) == expected


def test_the_run_of_behaviours_sees_a_hole(monkeypatch):
    task = mutation.task_of("02_arithmetic", "same_padding")
    right = mutation.namespace("02_arithmetic")["same_padding"]
    cases = task.cases

    def undilated(draw):
        return [case for case in cases(draw) if len(case.args) == 1 and not case.kwargs]

    monkeypatch.setattr(task, "cases", undilated)
    survivors, _ = behaviour.survivors(task, right)
    assert "same_padding: dilation is ignored" in survivors
    assert "every case: dilation is left out" in behaviour.uncovered(task)


def test_a_pair_of_properties_that_no_case_has_is_listed():
    missing, pairs = behaviour.unmet(mutation.task_of("01_convolution", "conv2d"))
    assert 0 < len(missing) < pairs / 2
    assert "bias is None with stride is 1" not in missing  # the second case has both


def test_a_module_has_mutants_of_its_modes_its_statistics_and_its_state():
    task = mutation.task_of("05_residual", "PreActivationBlock")
    right = mutation.namespace("05_residual")["PreActivationBlock"]
    names = {mutant.what for mutant in behaviour.every_mutant(task, right)}
    assert {"eval is ignored", "instances share their layers", "norm1 is not registered"} <= names
    assert "the momentum of its norms is 1.0" in names


def test_given_functions_mix_dtypes_as_numpy_does():
    defined = mutation.namespace("05_residual")
    x, weight = np.ones((1, 1, 3, 3), "float32"), np.ones((1, 1, 3, 3))
    assert defined["conv2d"](x, weight).dtype == "float64"
    assert defined["conv2d_backward"](x, x, weight)[1].dtype == "float64"
    assert defined["conv2d_backward"](x, x, weight.astype("float32"))[0].dtype == "float32"


def test_the_mutation_run_sees_a_hole(monkeypatch):
    """A check that lets every answer pass has every mutant for a hole."""
    monkeypatch.setattr(mutation, "survives", lambda mutant, seeds: None in seeds)
    mutant = mutation.mutants("01_convolution")[0]
    assert mutation.fate(mutant) == "hole"
