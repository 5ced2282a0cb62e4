"""A mistake that no list names is found by what it computes, and only where nothing else fits."""

import numpy as np
import pytest

from course.arithmetic import checks as arithmetic
from course.checking import Task, case
from course.convolution import checks as convolution
from course.counting import checks as counting


def told(task, function) -> str:
    report = task.examine(function)
    assert not report.passed
    return report.diagnosis.name if report.diagnosis else report.shared


def changed(task, change, result=lambda r: r):
    """The right answer with its arguments changed."""

    def answer(*args, **kwargs):
        bound = task.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return result(task.oracle(**change(dict(bound.arguments))))

    return answer


@pytest.mark.parametrize(
    "task, change, says",
    [
        (
            convolution.cross_correlate,
            lambda a: a | {"weight": np.trunc(a["weight"])},
            "the right formula with weight cut to whole numbers",
        ),
        (
            arithmetic.output_size,
            lambda a: a | {"padding": 1},
            "the right formula with padding taken for 1",
        ),
    ],
)
def test_a_changed_argument_is_found(task, change, says):
    assert says in told(task, changed(task, change))


def test_a_count_is_explained_by_what_is_too_much():
    task = counting.training_memory
    answer = changed(task, lambda a: a, lambda r: r + 7)
    assert task.examine(answer).diagnosis is None  # 7 is none of the task's quantities

    def with_batch(parameters, activations, batch_size, optimizer="sgd", itemsize=4):
        right = task.oracle(parameters, activations, batch_size, optimizer, itemsize)
        return right + 2 * batch_size

    assert "2 * batch_size too much" in told(task, with_batch)


def cases(draw):
    yield case(draw.normal(1, 4))
    yield case(draw.normal(3, 4))
    yield case(draw.normal(3, 2))


def total(**changes):
    about = {"cases": cases, "lecture": "01_convolution", "section": "Channels"}
    return Task("total", lambda x: x.sum(axis=1), **(about | changes))


def test_what_cannot_be_told_apart_is_not_told():
    def squares(draw):
        yield case(draw.normal(2, 2))

    # Minus the rows, or the negated result: one and the same, on every case.
    assert "with its sign turned" in told(total(), lambda x: -x.sum(axis=1))
    # The first row only, or a mistake that no step makes: nothing fits both cases.
    report = total(cases=squares).examine(lambda x: np.array([7.5, 8.25]))
    assert report.diagnosis is None


def test_where_nothing_fits_the_failing_cases_are_described():
    report = total().examine(lambda x: x.sum(axis=1) + np.arange(len(x)) * 0.37)
    assert report.diagnosis is None
    assert report.shared == "The cases where x is 1 along axis 0 pass, and all others fail."
    assert report.shared in report.text
