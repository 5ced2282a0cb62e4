"""Completes a task's cases: one with an exact zero, one in float32."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable

import numpy as np

from checked_call import leaves, mapped
from course.checking.cases import Case
from course.checking.properties import arguments, names_of


def completed(cases: list[Case], signature: inspect.Signature) -> list[Case]:
    """The cases, one of them with an exact zero and one in float32, where there were none.

    The zero is one of each array of fractions; float32 are all in the last case but one that
    has a result. The first case stays as it is, to be checked on paper.
    """
    rest = [i for i, case in enumerate(cases) if not case.error and i]
    arrays = [a for i in rest for a in _fractions(cases[i])]
    for number, name in enumerate(signature.parameters if arrays else ()):
        given = {i: [*leaves([arguments(signature, cases[i])[name]])] for i in rest}
        given = {i: [a for a in values if is_fractions(a)] for i, values in given.items()}
        large = [i for i, values in given.items() if any(a.size > 1 for a in values)]
        every = [a for values in given.values() for a in values]
        # What is never negative, as a variance, may have to be positive.
        if large and all(a.all() for a in every) and any((a < 0).any() for a in every):
            # Not all in one case: a zero of one argument hides what another is.
            chosen = large[-1 - number % len(large)]
            cases[chosen] = _changed(cases[chosen], signature, _with_zero, name)
    if len(rest) > 1 and arrays and all(array.dtype == "float64" for array in arrays):
        cases[rest[-2]] = _changed(cases[rest[-2]], signature, _single)
    return cases


def _changed(
    case: Case, signature: inspect.Signature, change: Callable, name: str | None = None
) -> Case:
    """A case whose arrays of fractions, all or those of one argument, are changed."""
    names = names_of(case, signature)

    def changed(place, value):
        return mapped(change, value) if name in (None, names[place]) else value

    return dataclasses.replace(
        case,
        args=tuple(changed(place, value) for place, value in enumerate(case.args)),
        kwargs={place: changed(place, value) for place, value in case.kwargs.items()},
    )


def is_fractions(value: object) -> bool:
    """Is it an array of floats?"""
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _fractions(case: Case) -> list[np.ndarray]:
    return [a for a in leaves([*case.args, *case.kwargs.values()]) if is_fractions(a)]


def _with_zero(value):
    if not is_fractions(value) or value.size < 2:
        return value
    value = value.copy()
    value.flat[value.size // 2] = 0
    return value


def _single(value):
    return value.astype("float32") if is_fractions(value) else value
