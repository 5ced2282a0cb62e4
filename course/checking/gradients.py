"""Judges the gradients of a student's function by difference quotients of what is right."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from checked_call import mapped
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
    arguments = {**dict(enumerate(moved.args)), **moved.kwargs}
    tolerance = max(1e-5, task.required(case).tolerance * 10)
    for place, name in names_of(case, task.signature).items():
        value = arguments[place]
        if not is_fractions(value):
            continue
        gradient = plain(gradients.get(place))
        if not isinstance(gradient, np.ndarray) or gradient.shape != value.shape:
            says = f"no gradient flows back to {name}: it is cut off"
            return f"{says} {CUTTING}"
        for _ in range(2):
            direction = draw.normal(size=value.shape)
            slope = _slope(task, moved, place, direction)
            got = float((gradient * direction).sum())
            if not abs(got - slope) <= tolerance * max(1.0, abs(slope), np.abs(gradient).sum()):
                says = f"the gradient of {name} is wrong: a part of the way back is cut off"
                return f"{says} {CUTTING}"
    cut_off = gradients.get("parameters")
    if type(cut_off) is list and cut_off and type(cut_off[0]) is str:
        says = f"no gradient flows back to the parameter {cut_off[0][:80]}: it is cut off"
        return f"{says} {CUTTING}"
    return ""


def _slope(task: Task, case: Case, place, direction: np.ndarray, step: float = 1e-6) -> float:
    """The derivative of the expected result, `weighted`, along a direction of one argument."""
    sums = []
    for sign in (1, -1):
        args, kwargs = list(case.args), dict(case.kwargs)
        moved = args if isinstance(place, int) else kwargs
        moved[place] = moved[place].astype("float64") + sign * step * direction
        result = task.expected(Case(tuple(args), kwargs))
        weights = np.cos(np.arange(1, result.size + 1)).reshape(result.shape)
        sums.append((result * weights).sum())
    return (sums[0] - sums[1]) / (2 * step)


def _with_noise(value, rng: np.random.Generator):
    if is_fractions(value):
        return (value + 1e-3 * rng.normal(size=value.shape)).astype(value.dtype)
    return value
