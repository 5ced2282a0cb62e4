"""The changes of a right result that a search tries: of arrays, numbers and counts."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from course.checking.argument_steps import Evidence, Step, axis_lengths, exchanged, lengths
from course.checking.properties import both, is_size


def on_result(evidence: Sequence[Evidence], right: Sequence) -> Iterator[Step]:
    """The changes of a result that may give those of the calls.

    Args:
        evidence: the calls.
        right: of each the right result, or None.
    """
    results = [e.result for e in evidence]
    if all(isinstance(r, np.ndarray) and r.dtype.kind == "f" for r in results):
        yield from _of_array_result(evidence)
    elif all(type(r) is float for r in results):
        yield from _of_number_result(evidence[0].arguments)
    elif all(type(r) is int for r in results):
        yield from _of_count(evidence, right)
    elif all(isinstance(r, tuple) for r in results):
        yield Step(
            "its results in another order", "Mind the order.", lambda r, a: r[::-1], "result"
        )
        for i, j in itertools.combinations(range(min(map(len, results))), 2):
            yield Step(
                f"results {i + 1} and {j + 1} exchanged",
                "Mind the order.",
                lambda r, a, i=i, j=j: exchanged(r, i, j),
                "result",
            )
        for place in range(min(map(len, results))):
            yield from _of_part(evidence, right, place, f"result {place + 1}")
        yield from _of_all_parts(evidence)
    elif all(isinstance(r, dict) for r in results):
        for key in sorted(set.intersection(*map(set, results)), key=str):
            yield from _of_part(evidence, right, key, f"result[{key!r}]")


def _of_part(evidence: Sequence[Evidence], right: Sequence, place, called: str) -> Iterator[Step]:
    """The steps of one part of a tuple, or of a dict."""
    parts = [e.result[place] for e in evidence]
    if any(type(part) is int for part in parts):
        for change, words in ((1, "too much"), (-1, "too little")):
            yield Step(
                f"1 {words} in {called}",
                "Count what stands at both ends.",
                lambda r, a, c=change: _with_part(r, place, _whole(r[place]) + c),
                "result",
            )
    single = [dataclasses.replace(e, result=p) for e, p in zip(evidence, parts, strict=True)]
    for step in on_result(single, [_part(r, place) for r in right]):
        named = step.name.replace("the result", called)
        yield dataclasses.replace(
            step,
            name=named if called in named else f"{named}, in {called}",
            change=lambda r, a, f=step.change: _with_part(r, place, f(r[place], a)),
        )


def _part(result, place):
    try:
        return result[place]
    except (TypeError, LookupError):
        return None


def _whole(number) -> int:
    if type(number) is not int:
        raise TypeError
    return number


def _with_part(results: tuple | dict, place, part) -> tuple | dict:
    if isinstance(results, dict):
        return {**results, place: part}
    return (*results[:place], part, *results[place + 1 :])


def _of_all_parts(evidence: Sequence[Evidence]) -> Iterator[Step]:
    """The steps of one array, for all parts of a tuple of arrays."""
    parts = [part for e in evidence for part in e.result]
    if parts and all(isinstance(part, np.ndarray) and part.dtype.kind == "f" for part in parts):
        single = [dataclasses.replace(e, result=part) for e in evidence for part in e.result]
        for step in _of_array_result(single):
            yield dataclasses.replace(
                step,
                name=step.name.replace("the result", "all results"),
                change=lambda r, a, f=step.change: tuple(f(part, a) for part in r),
            )


# What may happen to a result, an array or a number: how it is called, what to look at, the change.
SCALED = [
    ("with its sign turned", "Look at the sign.", lambda r, a: -r),
    ("doubled", "Something is added twice.", lambda r, a: 2 * r),
    ("halved", "Nothing is halved.", lambda r, a: r / 2),
]


def _of_array_result(evidence: Sequence[Evidence]) -> Iterator[Step]:
    def step(words, says, formula):
        return Step(f"the result {words}", says, formula, "result")

    rank = max(e.result.ndim for e in evidence)
    shapes = [e.result.shape for e in evidence]
    if any(len(shape) > 1 for shape in shapes):
        by_number = {e.result.size: e.result.shape for e in evidence}
        yield step(
            "in another shape",
            "Its numbers are right, and in order: compare its shape with the text.",
            lambda r, a: r.reshape(by_number[r.size]),
        )
        for order in itertools.permutations(range(rank)):
            if order != tuple(range(rank)):
                yield step(
                    f"whose axes {order} were read as if they were in order",
                    "reshape does not exchange axes: its numbers stay in their order.",
                    lambda r, a, o=order: r.transpose(o).reshape(r.shape),
                )
    for change in SCALED:
        yield step(*change)
    yield step("without its signs", "A result may be negative.", lambda r, a: np.abs(r))
    yield step("rectified", "No rectifier is asked for here.", lambda r, a: np.maximum(r, 0))
    yield step("cut to whole numbers", "Keep the fractions.", lambda r, a: np.trunc(r))
    for i, j in itertools.combinations(range(rank), 2):
        yield step(
            f"with axes {i} and {j} exchanged",
            "Compare the order of its axes with the text.",
            lambda r, a, i=i, j=j: r.swapaxes(i, j),
        )
    for axis in range(rank):
        yield from _along(axis)
    yield from _of_another_size(evidence[0].arguments, rank)
    yield from _of_factors(evidence[0].arguments)


def _along(axis: int) -> Iterator[Step]:
    """What may happen to an array along one axis."""

    def step(words, says, formula):
        return Step(f"the result {words} along axis {axis}", says, formula, "result")

    yield step("flipped", "Look at the order of the result.", lambda r, a: np.flip(r, axis))
    for words, places in [
        ("without its last part", -1),
        ("without its first part", 0),
        ("without its first and its last part", [0, -1]),
    ]:
        yield step(
            words,
            "Its ends belong to it: count the places.",
            lambda r, a, p=places: np.delete(r, p, axis),
        )
    for by, words in ((1, "on"), (-1, "back")):
        says = "Look at where the first place is."
        yield step(f"moved {words} by one place", says, lambda r, a, b=by: np.roll(r, b, axis))
        yield step(
            f"moved {words} by one place, with zeros where it was,",
            says,
            lambda r, a, b=by: _shifted(r, b, axis),
        )
    for sides, words in (((1, 0), "before"), ((0, 1), "behind"), ((1, 1), "before and behind")):
        yield step(
            f"with a part of zeros {words} it",
            "It is too long: count the places.",
            lambda r, a, s=sides: np.pad(r, [s if i == axis else (0, 0) for i in range(r.ndim)]),
        )


def _shifted(array: np.ndarray, by: int, axis: int) -> np.ndarray:
    """Moved along an axis; what leaves it at one end is lost, and zeros come in at the other."""
    moved = np.roll(array, by, axis)
    np.moveaxis(moved, axis, 0)[0 if by > 0 else -1] = 0
    return moved


def _of_another_size(arguments: dict, rank: int) -> Iterator[Step]:
    """The result as large as an argument: cut, or with zeros behind it; along one axis or two."""
    arrays = {n: v.ndim for n, v in arguments.items() if isinstance(v, np.ndarray) and v.ndim}
    for (name, ndim), axes in itertools.product(arrays.items(), (1, 2)):
        if axes <= min(ndim, rank):
            for centred in (False, True):
                where = "the last axis" if axes == 1 else "the last two axes"
                yield Step(
                    f"the result cut or filled with zeros to the size of {name} along {where}"
                    + ", its middle kept" * centred,
                    "How large is the result? Compare its shape with the text.",
                    lambda r, a, n=name, x=axes, c=centred: _sized(r, a[n].shape[-x:], c),
                    "result",
                )


def _sized(array: np.ndarray, shape: tuple[int, ...], centred: bool) -> np.ndarray:
    for axis, size in zip(range(-len(shape), 0), shape, strict=True):
        less = array.shape[axis] - size
        first = less // 2 if centred and less > 0 else 0
        array = np.moveaxis(np.moveaxis(array, axis, 0)[first : first + size], 0, axis)
        if less < 0:
            before = -less // 2 if centred else 0
            sides = [(0, 0)] * array.ndim
            sides[axis] = (before, -less - before)
            array = np.pad(array, sides)
    return array


def _of_number_result(arguments: dict) -> Iterator[Step]:
    for words, says, formula in [
        *SCALED,
        ("squared", "A root is left to be taken.", lambda r, a: r * r),
        ("under a root", "No root is to be taken.", lambda r, a: math.sqrt(r)),
        ("upside down", "What is divided by what?", lambda r, a: 1 / r),
        ("taken away from 1", "Is it this share, or the rest?", lambda r, a: 1 - r),
        ("times 100", "Asked for is a share, not per cent.", lambda r, a: 100 * r),
        ("with logarithms to base 2", "np.log is the natural one.", lambda r, a: r / math.log(2)),
        ("with logarithms to base 10", "np.log is the natural one.", lambda r, a: r / math.log(10)),
    ]:
        yield Step(f"the result {words}", says, formula, "result")
    yield from _of_factors(arguments)


def _of_factors(arguments: dict) -> Iterator[Step]:
    """The result divided and multiplied by each number and each length that came in."""
    numbers = {}
    for name, value in arguments.items():
        if isinstance(value, np.ndarray):
            for words, count in lengths(name, value.ndim):
                numbers[words] = lambda a, n=name, c=count: c(a[n])
        elif isinstance(value, (list, tuple)) and not is_size(value):
            numbers[f"the length of {name}"] = lambda a, n=name: len(a[n])
        elif type(value) is float or (value is not None and is_size(value)):
            numbers[name] = lambda a, n=name: np.prod(both(a[n]))
    for words, number in numbers.items():
        yield Step(
            f"the result divided by {words}",
            f"Is {words} divided by once too often?",
            lambda r, a, q=number: r / q(a),
            "result",
        )
        yield Step(
            f"the result multiplied by {words}",
            f"Is a division by {words} left out?",
            lambda r, a, q=number: r * q(a),
            "result",
        )


# Counts


def _of_count(evidence: Sequence[Evidence], right: Sequence) -> Iterator[Step]:
    """The right number and a small signed combination of named quantities."""
    yield Step(
        "the result computed in 32 bits",
        "An int32 ends at 2**31 - 1; Python's own integers do not.",
        lambda r, a: (r + 2**31) % 2**32 - 2**31,
        "result",
    )
    quantities = _quantities(evidence[0].arguments)
    for name, quantity in quantities.items():
        if name == "1":
            continue
        yield Step(
            f"a factor {name} too much",
            f"Is {name} counted for each?",
            lambda r, a, q=quantity: r * q(a),
            "result",
        )
        yield Step(
            f"a factor {name} left out",
            f"Is {name} counted once for all?",
            lambda r, a, q=quantity: r // q(a) if r % q(a) == 0 else None,
            "result",
        )
    if all(type(r) is int for r in right):
        missing = tuple(e.result - r for e, r in zip(evidence, right, strict=True))
        yield from _of_what_is_missing(missing, quantities, [e.arguments for e in evidence])


def _of_what_is_missing(
    missing: tuple[int, ...], quantities: dict[str, Callable], cases: Sequence[dict]
) -> Iterator[Step]:
    """What is too much in each case, among the multiples of one quantity, then of two."""
    multiples = {}
    for (name, quantity), factor in itertools.product(quantities.items(), (1, -1, 2, -2)):
        values = tuple(factor * _counted(quantity, arguments) for arguments in cases)
        if any(values):
            multiples.setdefault(values, []).append(((name, factor), quantity))
    for multiple in multiples.get(missing, ()):
        yield _too_much(multiple)
    if missing not in multiples and sum(map(bool, missing)) > 2:
        for values, these in multiples.items():
            rest = tuple(m - v for m, v in zip(missing, values, strict=True))
            for first, second in itertools.product(these, multiples.get(rest, ())):
                if first[0][0] < second[0][0]:
                    yield _too_much(first, second)


def _counted(quantity: Callable, arguments: dict) -> int:
    """A quantity of a case; 0 where the case has none of it, as bias=None."""
    try:
        return quantity(arguments)
    except TypeError:
        return 0


def _quantities(arguments: dict) -> dict[str, Callable]:
    """{name: from the arguments a number}: sizes and lengths, products of two and of three."""
    single = {}
    for name, value in arguments.items():
        if type(value) is int:
            single[name] = lambda a, n=name: both(a[n])[0]
        elif value is not None and is_size(value):
            single[f"{name}[0]"] = lambda a, n=name: both(a[n])[0]
            single[f"{name}[1]"] = lambda a, n=name: both(a[n])[1]
        elif isinstance(value, (list, tuple, dict)):
            single[f"the length of {name}"] = lambda a, n=name: len(a[n])
        elif isinstance(value, np.ndarray):
            for words, count in axis_lengths(name, value.ndim):
                single[words] = lambda a, n=name, c=count: c(a[n])
    quantities = {"1": lambda a: 1}
    for count in (1, 2, 3):
        for names in itertools.combinations_with_replacement(single, count):
            quantities[" * ".join(names)] = lambda a, n=names: math.prod(single[i](a) for i in n)
    return quantities


def _too_much(*parts) -> Step:
    """A step that adds multiples of quantities: of ((name, factor), quantity)."""
    words = []
    for (name, factor), _ in parts:
        times = f"{abs(factor)} * " if abs(factor) > 1 else ""
        words.append(f"{times}{name} too {'much' if factor > 0 else 'little'}")
    return Step(
        " and ".join(words),
        f"Look at whether {' and '.join(name for (name, _), _ in parts)} counts.",
        lambda r, a: r + sum(factor * quantity(a) for (_, factor), quantity in parts),
        "result",
    )
