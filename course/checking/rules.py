"""What costs marks beside wrong numbers, in the words of the exercises, from what is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from checked_call import leaves
from course.checking.task import Task


def rules(tasks: Iterable[Task]) -> str:
    """What costs marks in the tasks of one exercise, as the paragraph of its first cell begins."""
    found = {rule for task in tasks for rule in _of_task(task)}
    said = [words for rule, words in WORDS.items() if rule in found]
    if "dtype" in found:
        said.insert(0, f"a result in another dtype than the arrays that came in ({_dtypes(found)})")
    return f"**What costs marks in every task**, beside wrong numbers: {'; '.join(said)}."


WORDS = {
    "integer": "a float in place of an integer (`3.0` for `3`)",
    "modified": "an argument that your function changes",
    "alias": "a result that shares its memory with an argument",
    "view": "another result, or an error, where an array is a view of a larger one "
    "(a slice, rows in reverse)",
    "memory": "something that is kept from one call to the next",
    "error": "an error of another kind than the docstring names",
    "time": "a call that takes longer than five seconds",
}


def _of_task(task: Task) -> Iterator[str]:
    """The rules that a task's checks hold an answer to."""
    yield "time"
    if task.by_property:
        return
    yield "memory"
    cases = task.all_cases()
    results = [leaf for c in cases if not c.error for leaf in leaves([task.expected(c)])]
    given = [value for c in cases for value in task.arguments(c).values()]
    arrays = [leaf for leaf in leaves(given) if isinstance(leaf, np.ndarray)]
    if any(c.error for c in cases):
        yield "error"
    if any(isinstance(value, (list, dict)) for value in given) or arrays:
        yield "modified"
    if any(type(result) is int for result in results):
        yield "integer"
    if any(isinstance(result, np.ndarray) for result in results):
        yield from ("dtype", "tensors" if task.torch else "arrays")
        if arrays:
            yield "alias"
    if task.differentiable:
        yield "gradients"
    if arrays and not task.torch and not task.prepare:
        yield "view"


def _dtypes(found: set[str]) -> str:
    said = ["NumPy's may be wider, floats stay floats"] if "arrays" in found else []
    if "tensors" in found:
        gradients = ", and gradients flow to each of them" if "gradients" in found else ""
        said.append(f"tensors keep dtype and device{gradients}")
    return "; ".join(said)
