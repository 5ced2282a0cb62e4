"""The properties of a case, in words: what must vary, and what failing cases share."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from course.checking.cases import Case

MUST_RAISE = "an error must be raised"
BY_CHANCE = (MUST_RAISE, " even", " odd", " has ", "square", " than wide", " than high")


def arguments(signature: inspect.Signature, case: Case) -> dict:
    """The arguments of a case by name, defaults included."""
    # What `Signature.bind` does takes a tenth of a check's time.
    given = dict(zip(signature.parameters, case.args, strict=False)) | case.kwargs
    parameters = signature.parameters.items()
    return {name: given.get(name, parameter.default) for name, parameter in parameters}


def names_of(case: Case, signature: inspect.Signature) -> dict:
    """The name of each argument of a case, by its place: an index, or a keyword."""
    return {
        **dict(enumerate(list(signature.parameters)[: len(case.args)])),
        **{name: name for name in case.kwargs},
    }


def is_size(value: Any) -> bool:
    """Is it an integer, or a pair of them?"""
    pair = type(value) is tuple and 0 < len(value) <= 2
    return all(type(part) is int for part in (value if pair else (value,)))


def both(value: Any) -> tuple:
    """A size along both axes: one integer stands for both."""
    return value if type(value) is tuple else (value, value)


def properties(signature: inspect.Signature, case: Case) -> dict[str, bool]:
    """The properties of a case, by name: of each argument, and of pairs of them."""
    found, values = {}, arguments(signature, case)
    given = {*list(signature.parameters)[: len(case.args)], *case.kwargs}
    sizes = {n: v for n, v in values.items() if v is not None and is_size(v)}
    for name, parameter in signature.parameters.items():
        value = values[name]
        if parameter.default is not parameter.empty:
            found[f"{name} is left out"] = name not in given
        if name in sizes:
            parts = both(value)
            found |= {
                f"{name} is 1": 1 in parts,
                f"{name} is more than 1": max(parts) > 1,
                f"{name} is even": any(n % 2 == 0 for n in parts),
                f"{name} is odd": any(n % 2 for n in parts),
                f"{name} is more than 2": max(parts) > 2,
            }
        elif isinstance(value, np.ndarray):
            found |= {
                **{
                    f"{name} is of length 1 along axis {i}": n == 1
                    for i, n in enumerate(value.shape)
                },
                f"{name} has an exact zero": bool((value == 0).any()),
                f"{name} has equal values": len(np.unique(value)) < value.size,
            }
            if value.dtype.kind == "f":
                found |= {
                    f"{name} has negative values": bool((value < 0).any()),
                    f"{name} has positive values": bool((value > 0).any()),
                    f"{name} is float32": value.dtype == "float32",
                }
            if value.ndim >= 2:
                H, W = value.shape[-2:]
                found |= {
                    f"{name} is square": H == W,
                    f"{name} is higher than wide": H > W,
                    f"{name} is wider than high": H < W,
                }
        elif isinstance(value, (bool, str)) or value is None:
            found[f"{name} is {value!r}"] = True
    for first, second in itertools.combinations(sizes, 2):
        pairs = list(zip(both(sizes[first]), both(sizes[second]), strict=True))
        found |= {
            f"{first} = {second}": any(a == b for a, b in pairs),
            f"{first} < {second}": any(a < b for a, b in pairs),
            f"{first} > {second}": any(a > b for a, b in pairs),
        }
    if case.error:
        found[MUST_RAISE] = True
    return found


def shared(signature: inspect.Signature, failed: Sequence[Case], passed: Sequence[Case]) -> str:
    """What all failed cases have and no passed one has, in one sentence; empty if nothing."""
    if not any(case.error for case in failed):  # what is refused says nothing of what is computed
        passed = [case for case in passed if not case.error]
    if not failed or not passed:
        return ""
    failing = [properties(signature, case) for case in failed]
    passing = [properties(signature, case) for case in passed]
    names = dict.fromkeys(name for found in (*failing, *passing) for name in found)
    split = {}  # how many of the passing cases a property sets apart from all that fail
    for name, wanted in itertools.product(names, (True, False)):
        if all(found.get(name, False) is wanted for found in failing):
            split[name, wanted] = sum(found.get(name, False) is not wanted for found in passing)
    for (name, wanted), count in split.items():
        if count == len(passing):
            fail, others = ("fail", "pass") if wanted else ("pass", "fail")
            return f"The cases where {name} {fail}, and all others {others}."
    # What sets apart some of them may do so by chance: sizes and options alone are told.
    likely = [found for found in split.items() if not any(w in found[0][0] for w in BY_CHANCE)]
    (name, wanted), count = max(likely, key=lambda found: found[1], default=(("", True), 0))
    if count > 1 and 2 * count >= len(passing):
        return f"No case fails {'unless' if wanted else 'where'} {name}."
    return ""
