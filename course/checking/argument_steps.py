"""The changes of arguments, before the right answer is computed, that a search tries."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from course.checking.properties import both, is_size


@dataclasses.dataclass(frozen=True, eq=False)
class Step:
    """A change in words: of the arguments (a dict), of the result, or another formula."""

    name: str
    says: str
    change: Callable
    of: str = "arguments"
    length: int = 1  # of changes that it is made of: the shortest explanation is said


@dataclasses.dataclass(frozen=True, eq=False)
class Evidence:
    """One call: its arguments by name in float64, the result as plain data, what is the same."""

    arguments: dict
    result: object
    tolerance: float


def on_arguments(evidence: Sequence[Evidence], defaults: dict) -> Iterator[Step]:
    """The changes of arguments that some of the calls have.

    Args:
        evidence: the calls.
        defaults: {name: default} of the arguments that have one.
    """
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
            entries = [entry for v in values[name] for entry in v]
            if all(isinstance(entry, tuple) for entry in entries):
                yield from _of_entries(name, min(map(len, entries)))
    for first, second in itertools.combinations(names, 2):
        if all(map(_alike, values[first], values[second])):
            yield Step(
                f"{first} and {second} exchanged",
                f"{first} and {second} are two things.",
                lambda a, i=first, j=second: {**a, i: a[j], j: a[i]},
            )
            if isinstance(example := values[first][0], np.ndarray):
                yield from _of_both(first, second, example.ndim, example.dtype.kind)
    if "padding" in sizes and "x" in names:
        yield from _of_padding()


def _alike(value, instead) -> bool:
    """Might one argument stand in the other's place?"""
    if isinstance(value, np.ndarray):
        return isinstance(instead, np.ndarray) and value.shape == instead.shape and value.size > 0
    return type(value) in (int, tuple, float) and type(value) is type(instead)


def _of_both(first: str, second: str, rank: int, kind: str) -> Iterator[Step]:
    """The same change of two arguments of one shape."""
    steps = zip(_of_array(first, rank, kind), _of_array(second, rank, kind), strict=True)
    for of_first, of_second in steps:
        yield Step(
            f"{of_first.name}, and so {second}",
            f"{of_first.says} The same holds of {second}.",
            lambda a, f=of_first.change, s=of_second.change: s(f(a)),
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


def _of_entries(name: str, count: int) -> Iterator[Step]:
    """Two numbers of each entry of a list of tuples, taken for one another."""
    for i, j in itertools.combinations(range(count), 2):
        yield Step(
            f"places {i + 1} and {j + 1} of each entry of {name} exchanged",
            f"What do the numbers of an entry of {name} say, in order?",
            lambda a, i=i, j=j: {**a, name: [exchanged(entry, i, j) for entry in a[name]]},
        )


def exchanged(parts: tuple, first: int, second: int) -> tuple:
    """A tuple with two of its parts in each other's place."""
    order = list(range(len(parts)))
    order[first], order[second] = second, first
    return tuple(parts[place] for place in order)


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Arrays (N, C, ...) of any sizes as one with all their numbers, channel by channel."""
    channels = arrays[0].shape[1]
    rows = [x.swapaxes(0, 1).reshape(channels, -1) for x in arrays]
    return np.concatenate(rows, 1).T.reshape(-1, channels, *[1] * (arrays[0].ndim - 2))


def _identical(value, default) -> bool:
    return type(value) is type(default) and not isinstance(value, np.ndarray) and value == default


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
    if rank > 1:
        says = f"Look at the order in which {name} is read."
        turned = step("turned by 180 degrees", says, lambda v: v[..., ::-1, ::-1].copy())
        yield dataclasses.replace(turned, length=2)
    if kind == "f":
        for words, count in lengths(name, rank):
            says = f"Is a mean over {name} taken where a sum is asked for?"
            yield step(f"divided by {words}", says, lambda v, c=count: v / c(v))
    for words, says, formula in {"b": OF_TRUTHS, "i": OF_WHOLE}.get(kind, OF_NUMBERS):
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


def axis_lengths(name: str, rank: int) -> Iterator[tuple[str, Callable[[np.ndarray], int]]]:
    """How many entries an array has along each axis."""
    for axis in range(rank):
        yield f"the length of axis {axis} of {name}", lambda v, x=axis: v.shape[x]


def lengths(name: str, rank: int) -> Iterator[tuple[str, Callable[[np.ndarray], int]]]:
    """How many entries an array has: along each axis, along some, and in all."""
    yield from axis_lengths(name, rank)
    if rank > 2:
        yield f"the places of {name} along its last two axes", lambda v: math.prod(v.shape[-2:])
        yield f"the size of one of {name}", lambda v: v[0].size
    if rank > 1:
        yield f"the size of {name}", lambda v: v.size


# What may happen to an array argument as a whole.
OF_NUMBERS = [
    ("without its signs", "{} may be negative.", abs),
    ("without its negative values", "{} may be negative.", lambda v: np.maximum(v, 0)),
    ("cut to whole numbers", "Keep the fractions of {}.", np.trunc),
    ("replaced by ones", "{} has values of its own.", np.ones_like),
    ("with its sign turned", "Look at the sign of {}.", np.negative),
]
OF_WHOLE = [
    *OF_NUMBERS,
    ("larger by one", "Do the numbers of {} begin with 0?", lambda v: v + 1),
    ("smaller by one", "Do the numbers of {} begin with 0?", lambda v: v - 1),
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
