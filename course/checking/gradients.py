"""Judges the gradients of a student's function by difference quotients of what is right."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from checked_call import by_place, mapped, placed_leaves
from course.checking.cases import Case
from course.checking.completing import is_fractions
from course.checking.judging import plain
from course.checking.properties import names_of

if TYPE_CHECKING:
    from course.checking.task import Task

CUTTING = "(by .numpy(), .item(), .data, .detach(), torch.tensor(...) or no_grad)"


def beside(case: Case) -> tuple[Case, np.random.Generator]:
    """A case beside another, where no two numbers are equal and none is on a kink; and its draw."""
    draw = np.random.default_rng(0)
    noisy = functools.partial(_with_noise, rng=draw)
    moved = dataclasses.replace(
        case, args=mapped(noisy, case.args), kwargs=mapped(noisy, case.kwargs)
    )
    return moved, draw


def wrong_gradient(
    task: Task, case: Case, moved: Case, gradients: dict, draw: np.random.Generator
) -> str:
    """What is wrong with the gradients at the case that is moved; empty when nothing is.

    They are compared along two directions with the difference quotient of the expected result.

    Args:
        task: whose oracle is right.
        case: the case itself, for how exact a result must be.
        moved: the case beside it, of which the gradients are.
        gradients: {place of an argument: the gradient}, and under "parameters" the names of those
            that none flows to.
        draw: of the directions.
    """
    tolerance = max(1e-5, task.required(case).tolerance * 10)
    arguments = by_place(moved.args, moved.kwargs)
    for place, name in names_of(case, task.signature).items():
        if task.prepare and place in moved.kwargs:
            continue  # what the function is prepared with is not an argument of its call
        for path, value in placed_leaves(arguments[place], (place,)):
            if not is_fractions(value):
                continue
            gradient = plain(_found(gradients, path))
            says = _wrong(task, moved, value, gradient, draw, tolerance)
            if says:
                name += "".join(f"[{key!r}]" for key in path[1:])
                return f"{says.format(name)} {CUTTING}"
    cut_off = gradients.get("parameters")
    if type(cut_off) is list and cut_off and type(cut_off[0]) is str:
        return f"no gradient flows back to the parameter {cut_off[0][:80]}: it is cut off {CUTTING}"
    return ""


def _wrong(task, moved, value, gradient, draw, tolerance) -> str:
    """What is wrong with the gradient of one array, with room for the array's name."""
    if not isinstance(gradient, np.ndarray) or gradient.shape != value.shape:
        return "no gradient flows back to {}: it is cut off"
    for _ in range(2):
        direction = draw.normal(size=value.shape)
        slope = _slope(task, moved, value, direction)
        got = float((gradient * direction).sum())
        if not abs(got - slope) <= tolerance * max(1.0, abs(slope), np.abs(gradient).sum()):
            return "the gradient of {} is wrong: a part of the way back is cut off"
    return ""


def _found(gradients: dict, path: tuple):
    """What was reported at a place, which may be anything; None where there is nothing."""
    found = gradients
    for key in path:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _slope(
    task: Task, case: Case, array: np.ndarray, direction: np.ndarray, step: float = 1e-6
) -> float:
    """The derivative of the expected result, `weighted`, along a direction of one array."""
    sums = []
    for sign in (1, -1):
        value = array.astype("float64") + sign * step * direction
        result = task.expected(_replaced(case, array, value))
        weights = np.cos(np.arange(1, result.size + 1)).reshape(result.shape)
        sums.append((result * weights).sum())
    return (sums[0] - sums[1]) / (2 * step)


def _replaced(case: Case, old: np.ndarray, value: np.ndarray) -> Case:
    args, kwargs = mapped(lambda leaf: value if leaf is old else leaf, (case.args, case.kwargs))
    return Case(args, kwargs)


def _with_noise(value, rng: np.random.Generator):
    if is_fractions(value):
        return (value + 1e-3 * rng.normal(size=value.shape)).astype(value.dtype)
    return value
