"""Finds what gives a student's numbers: the right answer with one thing changed.

A step changes an argument before the right answer is computed, or the result after it; a variant
changes one place of the task's formula. Whole numbers are explained, too, by what they are too much
or too little: a small signed combination of the arguments and their products.

A change is named only where it gives every result, right or wrong, and where no other change does
that is not the same on other cases, too: two that cannot be told apart say nothing.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from course.checking.judging import plain, same
from course.checking.mistakes import Misunderstanding
from course.checking.properties import both, is_size
from course.checking.variants import variants

# Of CPU. Most searches take a tenth of it; one that does not end in time says nothing.
MOST_SECONDS = 2.0


@dataclasses.dataclass(frozen=True)
class Step:
    """A change in words: of the arguments (a dict), of the result, or another formula."""

    name: str
    says: str
    change: Callable
    of: str = "arguments"


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
    fresh: Callable[[], Sequence[dict]] = list,
    formula: Callable | None = None,
) -> Misunderstanding | None:
    """The one change of the right answer that gives every result, or None.

    Args:
        oracle: the right answer, from the arguments by name.
        evidence: every call that gave a result, right or wrong.
        defaults: {name: default} of the arguments that have one.
        section: of the lecture, for the answer.
        fresh: gives the arguments of other cases. Changes that give the same there too are one.
        formula: the right answer again, written to be read. It also computes what the oracle
            refuses, a padding larger than the window for one.
    """
    end = time.process_time() + MOST_SECONDS

    def right(arguments):
        result = _tried(lambda a: plain(oracle(**a)), arguments)
        if result is None and formula is not None:
            result = _tried(lambda a: plain(formula(**a)), arguments)
        return result

    # The small cases that failed are tried first: most changes are ruled out by them.
    results = [(e, right(e.arguments)) for e in evidence]
    results.sort(
        key=lambda pair: (same(pair[0].result, pair[1], pair[0].tolerance), _size(pair[0]))
    )
    found = []
    steps = _steps([e for e, _ in results], [known for _, known in results], defaults)
    for step in itertools.chain(steps, _of_formula(formula)):
        if time.process_time() > end:
            return None
        if all(
            _is(e.result, _applied(right, step, e.arguments, known), e.tolerance)
            for e, known in results
        ):
            found.append(step)
    if not found:
        return _related(results, section)
    others = fresh() if len(found) > 1 else []
    if len(found) > 1 and not all(_agree(right, found[0], one, others) for one in found[1:]):
        return None
    return Misunderstanding(
        f"the right formula with {found[0].name}",
        found[0].says,
        section,
        lambda **arguments: _applied(right, found[0], arguments),
    )


def _related(results: Sequence[tuple], section: str) -> Misunderstanding | None:
    """Where no step gives the results: are they the right numbers, moved or scaled?"""
    pairs = [(e.result, known, e.tolerance) for e, known in results if known is not None]
    arrays = all(isinstance(v, np.ndarray) and v.dtype.kind == "f" for p in pairs for v in p[:2])
    if not pairs or not arrays or max(known.size for _, known, _ in pairs) < 3:
        return None
    if all(r.size == k.size and same(np.sort(r, None), np.sort(k, None), t) for r, k, t in pairs):
        return Misunderstanding(
            "the right numbers in other places",
            "Each number is right. Look at the order of axes where they are split, joined "
            "or exchanged.",
            section,
            lambda **arguments: None,
        )
    factors = [_factor(r, k, t) for r, k, t in pairs]
    if len(pairs) > 1 and None not in factors:
        listed = ", ".join(f"{factor:.4g}" for factor in dict.fromkeys(factors))
        return Misunderstanding(
            f"the right numbers times one number in each case ({listed})",
            "What is divided by, or multiplied with, that should not be?",
            section,
            lambda **arguments: None,
        )
    return None


def _factor(result: np.ndarray, right: np.ndarray, tolerance: float) -> float | None:
    """The one number that `right` is multiplied with, of at least two that are not 0."""
    if result.shape != right.shape or not np.isfinite([*result.flat, *right.flat]).all():
        return None
    if same(result, right, tolerance):
        return 1.0
    if np.count_nonzero(right) < 2:
        return None
    factor = float((result * right).sum() / (right * right).sum())
    return round(factor, 9) if factor and same(result, factor * right, tolerance) else None


def _is(result, got, tolerance) -> bool:
    return got is not None and same(result, got, tolerance)


def _agree(right, step, other, fresh: Sequence[dict]) -> bool:
    """Do two steps give the same on all fresh cases? Without any, nobody knows."""
    pairs = [[_applied(right, s, arguments) for s in (step, other)] for arguments in fresh]
    pairs = [(a, b) for a, b in pairs if not (a is None and b is None)]
    return bool(pairs) and all(a is not None and _is(a, b, 1e-9) for a, b in pairs)


def _applied(right, step: Step, arguments: dict, known=None):
    """What a step gives; `known` is what is right, where that is known."""
    if step.of == "formula":
        return _tried(lambda a: plain(step.change(**a)), dict(arguments))
    if step.of == "result":
        known = right(arguments) if known is None else known
        return _tried(step.change, known, arguments)
    changed = _tried(step.change, dict(arguments))
    return None if changed is None else right(changed)


def _tried(function, *arguments):
    if arguments[0] is None:
        return None
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except Exception:
        return None


def _size(evidence: Evidence) -> int:
    values = evidence.arguments.values()
    return sum(v.size if isinstance(v, np.ndarray) else 1 for v in values)


def _of_formula(formula) -> Iterator[Step]:
    for was, now, function in variants(formula) if formula else ():
        yield Step(
            f"`{now}` in place of `{was}`",
            "Look at that place of the formula.",
            function,
            "formula",
        )


# The steps


def _steps(evidence: Sequence[Evidence], right: Sequence, defaults: dict) -> Iterator[Step]:
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
            yield from _of_array(name, max(a.ndim for a in arrays), arrays[0].dtype.kind)
        if all(type(v) is float for v in values[name]):
            yield from _of_number(name)
        options = {v for v in values[name] if isinstance(v, (bool, str))}
        for option in sorted(options, key=str) if len(options) > 1 else []:
            yield Step(
                f"{name} taken for {option!r} always",
                f"The argument {name} says what is wanted.",
                lambda a, n=name, o=option: {**a, n: o},
            )
        if all(isinstance(v, (list, tuple)) and len(v) > 0 for v in values[name]):
            yield from _of_list(name)
    for one, other in itertools.combinations(names, 2):
        if all(map(_alike, values[one], values[other])):
            yield Step(
                f"{one} and {other} exchanged",
                f"{one} and {other} are two things.",
                lambda a, i=one, j=other: {**a, i: a[j], j: a[i]},
            )
            if isinstance(values[one][0], np.ndarray):
                yield from _of_both(one, other, values[one][0].ndim, values[one][0].dtype.kind)
    if "padding" in sizes and "x" in names:
        yield from _of_padding()
    yield from _of_result(evidence, right)


def _alike(one, other) -> bool:
    """Might one stand in the other's place?"""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.shape == other.shape and one.size > 0
    return type(one) in (int, tuple, float) and type(one) is type(other)


def _of_both(one: str, other: str, rank: int, kind: str) -> Iterator[Step]:
    """The same change of two arguments of one shape."""
    pairs = zip(_of_array(one, rank, kind), _of_array(other, rank, kind), strict=True)
    for first, second in pairs:
        yield Step(
            f"{first.name}, and so {other}",
            f"{first.says} The same holds of {other}.",
            lambda a, f=first.change, s=second.change: s(f(a)),
        )


def _of_list(name: str) -> Iterator[Step]:
    for words, part in [
        ("without its first entry", slice(1, None)),
        ("without its last entry", slice(-1)),
        ("of which only the first entry counts", slice(1)),
        ("of which only the last entry counts", slice(-1, None)),
        ("from the last entry to the first", slice(None, None, -1)),
    ]:
        yield Step(
            f"{name} {words}",
            f"All entries of {name} take part, each once and in order.",
            lambda a, p=part: {**a, name: a[name][p]},
        )
    for words, entry in (("first", 0), ("last", -1)):
        yield Step(
            f"{name} whose entries are all the {words} one",
            f"Each entry of {name} counts for itself.",
            lambda a, e=entry: {**a, name: type(a[name])([a[name][e]] * len(a[name]))},
        )
    yield Step(
        f"{name} joined to one",
        f"Each entry of {name} counts for itself.",
        lambda a: {**a, name: [_joined(a[name])]},
    )


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Arrays (N, C, ...) of any sizes as one with all their numbers, channel by channel."""
    channels = arrays[0].shape[1]
    rows = [x.swapaxes(0, 1).reshape(channels, -1) for x in arrays]
    return np.concatenate(rows, 1).T.reshape(-1, channels, *[1] * (arrays[0].ndim - 2))


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
        yield step(f"never larger than {most}", lambda v, m=most: _each(lambda n: min(n, m), v))
    for change in (1, -1):
        yield step(
            "larger by one" if change > 0 else "smaller by one",
            lambda v, c=change: _each(lambda n: max(n + c, 0), v),
        )
    for other in others:
        yield Step(
            f"{other} in place of {name}",
            f"{name} and {other} are two things.",
            lambda a, o=other: a if a[o] is None or a[name] is None else {**a, name: a[o]},
        )
    # 0 and 1 say "not used" where there is no default, 2 and 3 are what examples have.
    for number in range(4):
        yield step(f"taken for {number}", lambda v, n=number: n)


def _of_number(name: str) -> Iterator[Step]:
    for words, formula in [
        ("left out, as if 0", lambda v: 0.0),
        ("left out, as if 1", lambda v: 1.0),
        ("taken for what is left to 1", lambda v: 1 - v),
        ("squared", lambda v: v * v),
    ]:
        yield Step(
            f"{name} {words}",
            f"Look at where {name} is used.",
            lambda a, f=formula: {**a, name: f(a[name])},
        )


def _each(function: Callable, value):
    return tuple(map(function, value)) if type(value) is tuple else function(value)


def _of_array(name: str, rank: int, kind: str) -> Iterator[Step]:
    """The changes of an array argument, whose dtype is of a kind: "b", "i" or "f"."""

    def step(words, says, formula):
        def change(a):
            return {**a, name: formula(a[name])} if isinstance(a[name], np.ndarray) else a

        return Step(f"{name} {words}", says, change)

    for axis in range(rank):
        where = f"along axis {axis}" if rank > 1 else "from end to end"
        says = f"Look at the order in which {name} is read."
        yield step(f"flipped {where}", says, lambda v, x=axis: np.flip(v, x).copy())
    for i, j in itertools.combinations(range(rank), 2):
        says = f"Which axis of {name} is which? Compare with its shape in the text."
        yield step(f"with axes {i} and {j} exchanged", says, lambda v, i=i, j=j: v.swapaxes(i, j))
    for words, says, formula in OF_TRUTHS if kind == "b" else OF_NUMBERS:
        yield step(words, says.format(name), formula)
    # A mean of whole numbers would be cut, one of True and False be True where any is.
    reductions = {
        "b": [("True where any is along", np.any), ("True only where all are along", np.all)],
        "f": [("averaged over", np.mean), ("replaced by the largest along", np.max)],
    }.get(kind, [("replaced by the largest along", np.max)])
    for axis in range(rank):
        for words, part in (("first", slice(0, 1)), ("last", slice(-1, None))):
            yield step(
                f"of which only the {words} along axis {axis} counts",
                f"All of {name} takes part.",
                lambda v, x=axis, p=part: _kept(v, x, p),
            )
            yield step(
                f"whose {words} part along axis {axis} stands for all",
                f"Each part of {name} counts by itself.",
                lambda v, x=axis, p=part: _spread(v, _part(v, x, p)),
            )
        for words, reduced in reductions:
            yield step(
                f"{words} axis {axis}",
                f"Each part of {name} counts by itself.",
                lambda v, x=axis, r=reduced: _spread(v, r(v, x, keepdims=True)),
            )


# What may happen to an array argument as a whole.
OF_NUMBERS = [
    ("without its signs", "{} may be negative.", abs),
    ("without its negative values", "{} may be negative.", lambda v: np.maximum(v, 0)),
    ("cut to whole numbers", "Keep the fractions of {}.", np.trunc),
    ("replaced by ones", "{} has values of its own.", np.ones_like),
    ("with its sign turned", "Look at the sign of {}.", np.negative),
]
OF_TRUTHS = [
    ("taken for its opposite", "Look at what {} says.", np.logical_not),
    ("taken for True everywhere", "{} has values of its own.", np.ones_like),
    ("taken for False everywhere", "{} has values of its own.", np.zeros_like),
]


def _part(array, axis, part):
    return array[(slice(None),) * axis + (part,)]


def _spread(array, part):
    """A part at all places of an array."""
    return np.broadcast_to(part, array.shape).astype(array.dtype)


def _kept(array, axis, part):
    """Zeros everywhere but in a part of one axis."""
    kept = np.zeros_like(array)
    _part(kept, axis, part)[...] = _part(array, axis, part)
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


def _of_result(evidence: Sequence[Evidence], right: Sequence) -> Iterator[Step]:
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
        yield from _of_parts(evidence)
        for place in range(min(map(len, results))):
            for change, words in ((1, "too much"), (-1, "too little")):
                yield Step(
                    f"1 {words} in result {place + 1}",
                    "Count what stands at both ends.",
                    lambda r, a, p=place, c=change: _moved(r, p, c),
                    "result",
                )


def _of_parts(evidence: Sequence[Evidence]) -> Iterator[Step]:
    """The steps of one array, for each place of a tuple of arrays, and for all."""
    counts = {len(e.result) for e in evidence}
    places = range(counts.pop() if len(counts) == 1 else 0)
    parts = [part for e in evidence for part in e.result]
    if not all(isinstance(part, np.ndarray) and part.dtype.kind == "f" for part in parts):
        return
    single = [dataclasses.replace(e, result=part) for e in evidence for part in e.result]
    for step in _of_array_result(single):
        yield dataclasses.replace(
            step,
            name=step.name.replace("the result", "all results"),
            change=lambda r, a, f=step.change: tuple(f(part, a) for part in r),
        )
        for place in places:
            yield dataclasses.replace(
                step,
                name=step.name.replace("the result", f"result {place + 1}"),
                change=lambda r, a, f=step.change, p=place: (
                    *r[:p],
                    f(r[p], a),
                    *r[p + 1 :],
                ),
            )


def _moved(results: tuple, place: int, change: int) -> tuple:
    if type(results[place]) is not int:
        raise TypeError
    return (*results[:place], results[place] + change, *results[place + 1 :])


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
    yield from _of_factors(evidence[0].arguments)


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
            for axis in range(value.ndim):
                words = f"the length of axis {axis} of {name}"
                numbers[words] = lambda a, n=name, x=axis: a[n].shape[x]
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
    # What is too much in each case, looked up among the multiples of one quantity, then of two.
    if any(type(r) is not int for r in right):
        return
    missing = [e.result - r for e, r in zip(evidence, right, strict=True)]
    multiples = {}
    for (name, quantity), factor in itertools.product(quantities.items(), (1, -1, 2, -2)):
        values = tuple(factor * (_tried(quantity, e.arguments) or 0) for e in evidence)
        if any(values):
            multiples.setdefault(values, []).append(((name, factor), quantity))
    for value in multiples.get(tuple(missing), ()):
        yield _too_much(value)
    if tuple(missing) not in multiples and sum(map(bool, missing)) > 2:
        for values, ones in multiples.items():
            rest = tuple(m - v for m, v in zip(missing, values, strict=True))
            for one, other in itertools.product(ones, multiples.get(rest, ())):
                if one[0][0] < other[0][0]:
                    yield _too_much(one, other)


def _quantities(arguments: dict) -> dict[str, Callable]:
    """{name: from the arguments a number}: the sizes among them, products of two and of three."""
    single = {}
    for name, value in arguments.items():
        if type(value) is int:
            single[name] = lambda a, n=name: both(a[n])[0]
        elif is_size(value):
            single[f"{name}[0]"] = lambda a, n=name: both(a[n])[0]
            single[f"{name}[1]"] = lambda a, n=name: both(a[n])[1]
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
