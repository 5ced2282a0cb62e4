"""Finds what gives a student's numbers: the right answer with one step changed, or with two.

A step changes an argument before the right formula is applied, or the result after it. The shortest
change that gives every result is named, and only if no equally short one gives them too: two that
cannot be told apart say nothing. Whole numbers are explained by what they are too much or too
little: a small signed combination of the arguments and their products.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from course.checking.judging import plain, same
from course.checking.mistakes import Misunderstanding
from course.checking.properties import both, is_size

# Calls of the oracle in one search. No limit of time: a report must be the same on every machine.
MOST_CALLS = 2500


@dataclasses.dataclass(frozen=True)
class Step:
    """A change of the arguments (a dict) or of the result, in words."""

    name: str
    says: str
    change: Callable
    of_result: bool = False


@dataclasses.dataclass(frozen=True)
class Evidence:
    """One call: its arguments by name in float64, the result as plain data, what is the same."""

    arguments: dict
    result: object
    tolerance: float


def search(
    oracle: Callable,
    evidence: Sequence[Evidence],
    defaults: dict,
    section: str,
    fresh: Sequence[dict] = (),
) -> Misunderstanding | None:
    """The one shortest change of the right answer that gives every result, or None.

    Args:
        oracle: the right answer, from the arguments by name.
        evidence: every call that gave a result, right or wrong.
        defaults: {name: default} of the arguments that have one.
        section: of the lecture, for the answer.
        fresh: arguments of other cases. Changes that give the same there too are one and the same.
    """
    # The small cases that failed are tried first: most changes are ruled out by them.
    evidence = sorted(
        evidence,
        key=lambda e: (
            same(e.result, _applied(oracle, (), e.arguments), e.tolerance),
            _size(e.arguments),
        ),
    )
    steps = list(_steps(evidence, defaults))
    before = [step for step in steps if not step.of_result]
    after = [step for step in steps if step.of_result]
    chains = [[(step,) for step in steps]]
    chains.append(
        [
            *itertools.product(before, after),
            *itertools.combinations(before, 2),
            *itertools.combinations(after, 2),
        ]
    )
    computed: dict = {}
    for length in chains:
        found = []
        for chain in length:
            if len(computed) > MOST_CALLS:
                return None
            if _explains(oracle, chain, evidence, computed):
                found.append(chain)
        if found:
            alike = all(_agree(oracle, found[0], other, fresh) for other in found[1:])
            return _named(oracle, found, section) if alike else None
    return None


def _agree(oracle, chain, other, fresh: Sequence[dict]) -> bool:
    """Do two chains give the same on all fresh cases? Without any, nobody knows."""
    pairs = [[_applied(oracle, c, arguments) for c in (chain, other)] for arguments in fresh]
    pairs = [(a, b) for a, b in pairs if not (a is None and b is None)]
    return bool(pairs) and all(
        a is not None and b is not None and same(a, b, 1e-9) for a, b in pairs
    )


def _named(oracle: Callable, found: list[tuple], section: str) -> Misunderstanding:
    chain = found[0]
    names = [" and ".join(step.name for step in steps) for steps in found]
    return Misunderstanding(
        f"the right formula with {names[0]}"
        + f" (or, the same, {' '.join(names[1:2])})" * bool(names[1:]),
        " ".join(dict.fromkeys(step.says for step in chain)),
        section,
        lambda **arguments: _applied(oracle, chain, arguments),
    )


def _explains(oracle, chain, evidence, computed) -> bool:
    """Does a chain of steps give all results?"""
    for index, one in enumerate(evidence):
        inputs = tuple(step for step in chain if not step.of_result)
        key = index, tuple(step.name for step in inputs)
        if key not in computed:
            computed[key] = _applied(oracle, inputs, one.arguments)
        got = computed[key]
        for step in chain[len(inputs) :]:
            got = _tried(step.change, got, one.arguments)
        if got is None or not same(one.result, got, one.tolerance):
            return False
    return True


def _applied(oracle, chain, arguments):
    for step in chain:
        if not step.of_result:
            arguments = _tried(step.change, dict(arguments))
            if arguments is None:
                return None
    result = _tried(lambda a: plain(oracle(**a)), arguments)
    for step in chain:
        if step.of_result:
            result = _tried(step.change, result, arguments)
    return result


def _tried(function, *arguments):
    if arguments[0] is None:
        return None
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except Exception:
        return None


def _size(arguments: dict) -> int:
    return sum(v.size if isinstance(v, np.ndarray) else 1 for v in arguments.values())


# The steps


def _steps(evidence: Sequence[Evidence], defaults: dict) -> Iterator[Step]:
    names = list(evidence[0].arguments)
    values = {name: [e.arguments[name] for e in evidence] for name in names}
    sizes = [
        name
        for name in names
        if all(v is None or is_size(v) for v in values[name])
        and any(v is not None for v in values[name])
    ]
    for name in names:
        if name in defaults and any(not _identical(v, defaults[name]) for v in values[name]):
            without = "left out" if defaults[name] is None else f"ignored, as if {defaults[name]!r}"
            yield Step(
                f"{name} {without}",
                f"Use the argument {name}.",
                lambda a, n=name: {**a, n: defaults[n]},
            )
        if name in sizes:
            yield from _of_size(name, values[name], [other for other in sizes if other != name])
        arrays = [v for v in values[name] if isinstance(v, np.ndarray)]
        if arrays:
            yield from _of_array(name, max(a.ndim for a in arrays))
        options = {v for v in values[name] if isinstance(v, (bool, str))}
        for option in sorted(options, key=str) if len(options) > 1 else []:
            yield Step(
                f"{name} taken for {option!r} always",
                f"The argument {name} says what is wanted.",
                lambda a, n=name, o=option: {**a, n: o},
            )
    if "padding" in sizes and "x" in names:
        yield from _of_padding()
    yield from _of_result(evidence)


def _identical(one, other) -> bool:
    return type(one) is type(other) and not isinstance(one, np.ndarray) and one == other


def _of_size(name: str, values: list, others: list[str]) -> Iterator[Step]:
    def step(words, formula):
        def change(a):
            return a if a[name] is None else {**a, name: formula(a[name])}

        return Step(f"{name} {words}", f"Look at where {name} is used.", change)

    if any(type(v) is tuple for v in values):
        yield step("with its two axes exchanged", lambda v: both(v)[::-1])
        yield step("taken from its first number for both axes", lambda v: both(v)[:1] * 2)
        yield step("taken from its second number for both axes", lambda v: both(v)[1:] * 2)
    for most in (1, 2):
        yield step(f"never larger than {most}", lambda v, m=most: _clamped(v, m))
    for change in (1, -1):
        yield step(
            "larger by one" if change > 0 else "smaller by one",
            lambda v, c=change: tuple(n + c for n in v) if type(v) is tuple else v + c,
        )
    for other in others:
        yield Step(
            f"{other} in place of {name}",
            f"{name} and {other} are two things.",
            lambda a, o=other: {**a, name: a[o]},
        )
    # 0 and 1 say "not used" where there is no default.
    for number, words in ((1, "taken for 1"), (0, "taken for 0")):
        yield step(words, lambda v, n=number: n)


def _clamped(value, most: int):
    return tuple(min(n, most) for n in value) if type(value) is tuple else min(value, most)


def _of_array(name: str, rank: int) -> Iterator[Step]:
    def step(words, says, formula):
        def change(a):
            return {**a, name: formula(a[name])} if isinstance(a[name], np.ndarray) else a

        return Step(f"{name} {words}", says, change)

    for axis in range(rank):
        where = f"along axis {axis}" if rank > 1 else "from end to end"
        says = f"Look at the order in which {name} is read."
        yield step(f"flipped {where}", says, lambda v, x=axis: np.flip(v, x))
    for i, j in itertools.combinations(range(rank), 2):
        says = f"Which axis of {name} is which? Compare with its shape in the text."
        yield step(f"with axes {i} and {j} exchanged", says, lambda v, i=i, j=j: v.swapaxes(i, j))
    yield step("without its signs", f"{name} may be negative.", abs)
    yield step(
        "without its negative values", f"{name} may be negative.", lambda v: np.maximum(v, 0)
    )
    yield step("cut to whole numbers", f"Keep the fractions of {name}.", np.trunc)
    yield step("replaced by ones", f"{name} has values of its own.", np.ones_like)
    yield step("with its sign turned", f"Look at the sign of {name}.", np.negative)
    for axis in range(rank):
        for words, part in (
            ("only the first", slice(0, 1)),
            ("only the last", slice(-1, None)),
        ):
            yield step(
                f"of which {words} along axis {axis} counts",
                f"All of {name} takes part.",
                lambda v, x=axis, p=part: _kept(v, x, p),
            )
    if rank > 1:
        yield step(
            "averaged over axis 0",
            f"Each part of {name} counts by itself.",
            lambda v: np.broadcast_to(v.mean(0, keepdims=True), v.shape),
        )


def _kept(array, axis, part):
    """Zeros everywhere but in a part of one axis."""
    kept = np.zeros_like(array)
    index = (slice(None),) * axis + (part,)
    kept[index] = array[index]
    return kept


def _of_padding() -> Iterator[Step]:
    def padded(before, after, **options):
        def change(a):
            sides = [(before * n, after * n) for n in both(a["padding"])]
            lead = [(0, 0)] * (a["x"].ndim - len(sides))
            return {**a, "x": np.pad(a["x"], [*lead, *sides], **options), "padding": 0}

        return change

    says = "`padding` rows and columns of zeros stand on every side."
    for words, change in [
        ("padding above and left alone", padded(1, 0)),
        ("padding below and right alone", padded(0, 1)),
        ("padding that mirrors the picture", padded(1, 1, mode="reflect")),
        ("padding that repeats the border", padded(1, 1, mode="edge")),
        ("padding that goes on from the other side", padded(1, 1, mode="wrap")),
        ("padding of ones", padded(1, 1, constant_values=1)),
    ]:
        yield Step(words, says, change)


def _of_result(evidence: Sequence[Evidence]) -> Iterator[Step]:
    results = [e.result for e in evidence]
    if all(isinstance(r, np.ndarray) and r.dtype.kind == "f" for r in results):
        yield from _of_array_result(evidence)
    elif all(type(r) is int for r in results):
        yield from _of_count(evidence)
    elif all(isinstance(r, tuple) for r in results):
        yield Step("its results in another order", "Mind the order.", lambda r, a: r[::-1], True)
        for place in range(min(map(len, results))):
            for change, words in ((1, "too much"), (-1, "too little")):
                yield Step(
                    f"1 {words} in result {place + 1}",
                    "Count what stands at both ends.",
                    lambda r, a, p=place, c=change: _moved(r, p, c),
                    True,
                )


def _moved(results: tuple, place: int, change: int) -> tuple:
    if type(results[place]) is not int:
        raise TypeError
    return (*results[:place], results[place] + change, *results[place + 1 :])


def _of_array_result(evidence: Sequence[Evidence]) -> Iterator[Step]:
    def step(words, says, formula):
        return Step(f"the result {words}", says, formula, True)

    rank = max(e.result.ndim for e in evidence)
    yield step("with its sign turned", "Look at the sign.", lambda r, a: -r)
    yield step("doubled", "Something is added twice.", lambda r, a: 2 * r)
    yield step("halved", "Nothing is halved.", lambda r, a: r / 2)
    yield step("rectified", "No rectifier is asked for here.", lambda r, a: np.maximum(r, 0))
    yield step("cut to whole numbers", "Keep the fractions.", lambda r, a: np.trunc(r))
    for i, j in itertools.combinations(range(rank), 2):
        yield step(
            f"with axes {i} and {j} exchanged",
            "Compare the order of its axes with the text.",
            lambda r, a, i=i, j=j: r.swapaxes(i, j),
        )
    for axis in range(rank):
        where = f"along axis {axis}"
        yield step(
            f"flipped {where}",
            "Look at the order of the result.",
            lambda r, a, x=axis: np.flip(r, x),
        )
        yield step(
            f"without its last part {where}",
            "There is one place more.",
            lambda r, a, x=axis: np.delete(r, -1, x),
        )
        yield step(
            f"without its first part {where}",
            "There is one place more.",
            lambda r, a, x=axis: np.delete(r, 0, x),
        )
        yield step(
            f"moved by one place {where}",
            "Look at where the first place is.",
            lambda r, a, x=axis: np.roll(r, 1, x),
        )
    for name, value in evidence[0].arguments.items():
        if isinstance(value, np.ndarray):
            for axis in range(value.ndim):
                yield step(
                    f"divided by the length of axis {axis} of {name}",
                    "Sum, and do not divide.",
                    lambda r, a, n=name, x=axis: r / a[n].shape[x],
                )
                yield step(
                    f"multiplied by the length of axis {axis} of {name}",
                    "Nothing is multiplied by it.",
                    lambda r, a, n=name, x=axis: r * a[n].shape[x],
                )
        elif value is not None and is_size(value) and not isinstance(value, bool):
            yield step(
                f"divided by {name}",
                "Sum, and do not divide.",
                lambda r, a, n=name: r / np.prod(both(a[n])),
            )
            yield step(
                f"multiplied by {name}",
                f"Nothing is multiplied by {name}.",
                lambda r, a, n=name: r * np.prod(both(a[n])),
            )


def _of_count(evidence: Sequence[Evidence]) -> Iterator[Step]:
    """The right number and a small signed combination of named quantities."""
    quantities = {"1": lambda a: 1}
    names = [
        name
        for name in evidence[0].arguments
        if all(type(e.arguments[name]) is int for e in evidence)
    ]
    for name in names:
        quantities[name] = lambda a, n=name: a[n]
    for one, other in itertools.combinations_with_replacement(names, 2):
        quantities[f"{one} * {other}"] = lambda a, i=one, j=other: a[i] * a[j]
    for factor, (name, quantity) in itertools.product((1, -1, 2, -2), quantities.items()):
        words = "too much" if factor > 0 else "too little"
        times = f"{abs(factor)} * " if abs(factor) > 1 else ""
        yield Step(
            f"{times}{name} {words}",
            f"Look at whether {name} is counted.",
            lambda r, a, f=factor, q=quantity: r + f * q(a),
            True,
        )
    for name in names:
        yield Step(
            f"a factor {name} too much",
            f"Is {name} counted for each?",
            lambda r, a, n=name: r * a[n],
            True,
        )
        yield Step(
            f"a factor {name} left out",
            f"Is {name} counted once for all?",
            lambda r, a, n=name: r // a[n] if r % a[n] == 0 else None,
            True,
        )
