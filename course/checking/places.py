"""Says where results are wrong and how, when nothing says why: in words that every case forces.

A place is said where all wrong numbers of all cases lie in it, and would hardly do so by chance:
"Numbers are wrong only in the last row." So is what they have in common: "Each wrong number is 0."
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from course.checking.judging import close, same
from course.checking.properties import both

# How likely it may be by chance that so many wrong numbers lie in a place.
BY_CHANCE = 1e-2
# Fewer numbers than these may all be too large by chance.
MANY = 7


@dataclasses.dataclass(frozen=True)
class Pair:
    """What came of a case beside what is right, as plain data, and its arguments by name."""

    got: object
    right: object
    tolerance: float
    arguments: dict

    @property
    def wrong(self) -> bool:
        return not same(self.got, self.right, self.tolerance)

    @property
    def compared(self) -> tuple:
        return self.got, self.right, self.tolerance


def where(pairs: Sequence[Pair], names: Sequence[str] = ()) -> str:
    """Where all wrong numbers of all cases are, and what they have in common; empty if nothing.

    Args:
        pairs: every case that gave a result, right or wrong.
        names: what the items of a tuple are called.
    """
    if not any(p.wrong for p in pairs):
        return ""
    if _all(pairs, tuple) or _all(pairs, dict):
        return " ".join(_of_parts(pairs, names))
    if _all(pairs, np.ndarray):
        pairs = [_as_floats(p) for p in pairs]
        if misshaped := [p for p in pairs if p.got.shape != p.right.shape]:
            return " ".join(_first(_of_shapes(misshaped)))
        says = _first(_of_places(pairs)) + _first(_of_values(pairs))
        if not says and _everywhere([p for p in pairs if p.wrong]):
            says = [
                "Where a case fails, nearly all its numbers are wrong: it is not the border alone."
            ]
        return " ".join(says)
    numbers = _all(pairs, (int, float)) and not _all(pairs, bool)
    return " ".join(_first(_of_numbers(pairs) if numbers else _of_words(pairs)))


def _first(found: Iterator[str]) -> list[str]:
    return list(itertools.islice(found, 1))


def _all(pairs: Sequence[Pair], kinds) -> bool:
    return all(isinstance(value, kinds) for p in pairs for value in (p.got, p.right))


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# The parts of a tuple, a list or a dict


def _of_parts(pairs: Sequence[Pair], names: Sequence[str]) -> list[str]:
    """Which parts are wrong, and what is wrong with the first one of which something is known."""
    if _all(pairs, dict):
        pairs = [p for p in pairs if p.got.keys() == p.right.keys()]
        named = [{repr(key): _part(p, key) for key in p.right} for p in pairs]
    else:
        more = {len(p.got) - len(p.right) for p in pairs} - {0}
        if more:
            says = f"Where their number is wrong, there are {abs(min(more))} "
            says += f"{'more' if min(more) > 0 else 'fewer'} than expected."
            return [says] if len(more) == 1 else []
        if _numeric(pairs) and len({len(p.right) for p in pairs}) > 1:
            return [where([_as_array(p) for p in pairs if p.right])]
        named = [
            {
                names[i] if i < len(names) else f"result[{i}]": _part(p, i)
                for i in range(len(p.right))
            }
            for p in pairs
        ]
    if len({tuple(by_name) for by_name in named}) != 1:  # lists of any length, of parts alike
        return [where([part for by_name in named for part in by_name.values()])]
    wrong = [name for name in named[0] if any(by_name[name].wrong for by_name in named)]
    says = []
    if len(wrong) < len(named[0]):
        are = f"Only {wrong[0]} is" if len(wrong) == 1 else f"{_listed(wrong)} are"
        says = [f"{are} wrong; the rest is right in every case."]
    times = {name: sum(by_name[name].wrong for by_name in named) for name in wrong}
    most = [name for name in wrong if times[name] == max(times.values())]
    if len(most) == 1 < len(wrong):  # the others may be wrong for it is
        says += [f"Begin with {most[0]}: it is wrong in more cases than the rest."]
    for name in sorted(most, key=lambda name: not isinstance(named[0][name].right, str)):
        if said := where([by_name[name] for by_name in named]):
            return [*says, said if len(wrong) == 1 else f"Of {name}: {said}"]
    return says


def _part(pair: Pair, key) -> Pair:
    return dataclasses.replace(pair, got=pair.got[key], right=pair.right[key])


def _numeric(pairs: Sequence[Pair]) -> bool:
    return all(type(v) in (int, float) for p in pairs for v in (*p.got, *p.right))


def _as_array(pair: Pair) -> Pair:
    return dataclasses.replace(pair, got=np.array(pair.got), right=np.array(pair.right))


def _as_floats(pair: Pair) -> Pair:
    return dataclasses.replace(pair, got=pair.got.astype(float), right=pair.right.astype(float))


# Shapes


def _of_shapes(pairs: Sequence[Pair]) -> Iterator[str]:
    """What is wrong with the shapes of all."""
    shapes = [(p.got.shape, p.right.shape) for p in pairs]
    ranks = {(len(got), len(right)) for got, right in shapes}
    if all(math.prod(got) == math.prod(right) for got, right in shapes) and all(
        same(p.got.ravel(), p.right.ravel(), p.tolerance) for p in pairs
    ):
        yield "Its numbers are right and in order: only the shape is another."
    if all(len(got) == len(right) for got, right in shapes):
        if len(ranks) == 1:
            yield from _of_lengths(pairs, shapes)
        if all(sorted(got) == sorted(right) for got, right in shapes):
            yield "Its axes have the right lengths in another order."
    elif len(ranks) == 1:
        ((got, right),) = ranks
        kind = "many" if got > right else "few"
        yield f"Of axes it has {got} in place of {right}: {abs(got - right)} too {kind}."
    if all(math.prod(got) == math.prod(right) for got, right in shapes):
        yield "It has the right number of numbers in another shape."
    for name, value in pairs[0].arguments.items():
        if isinstance(value, np.ndarray) and all(
            p.got.shape == np.shape(p.arguments[name]) for p in pairs
        ):
            yield f"It has the shape of {name}."


def _of_lengths(pairs: Sequence[Pair], shapes: Sequence[tuple]) -> Iterator[str]:
    """Which axes are too long or too short, by how much, and where the numbers agree."""
    wrong = sorted({a for g, r in shapes for a in range(len(r)) if g[a] != r[a]})
    if len(wrong) > 2 or len(wrong) == len(shapes[0][1]) > 2:
        return
    by = {g[a] - r[a] for g, r in shapes for a in wrong if g[a] != r[a]}
    named = _listed([f"axis {a}" for a in wrong])
    says = f"Of its shape, only {named} {'is' if len(wrong) == 1 else 'are'} wrong"
    if len(by) == 1:
        (by,) = by
        says += f", by {abs(by)} too {'long' if by > 0 else 'short'}"
    elif all(n > 0 for n in by) or all(n < 0 for n in by):
        says += f", always too {'long' if max(by) > 0 else 'short'}"
    for start, words in ((True, "from its start"), (False, "from its end")):
        if all(_overlap(p, start) for p in pairs):
            says += f"; {words} on, its numbers are right as far as they go"
            break
    yield says + "."


def _overlap(pair: Pair, start: bool) -> bool:
    """Do the numbers agree that both have, laid together at the start or at the end?"""
    common = [min(pair_of) for pair_of in zip(pair.got.shape, pair.right.shape, strict=True)]
    if not all(common):
        return False
    cut = tuple(slice(n) if start else slice(-n, None) for n in common)
    return same(pair.got[cut], pair.right[cut], pair.tolerance)


# Places


def _everywhere(pairs: Sequence[Pair]) -> bool:
    """Is nearly every number wrong, of enough of them?"""
    size = sum(p.right.size for p in pairs)
    return size >= MANY and sum((~close(*p.compared)).sum() for p in pairs) > 0.9 * size


def _kind(axis: int, rank: int) -> str:
    """What one part of an axis is called."""
    if rank == 1:
        return "entry"
    if rank in (2, 4) and axis >= rank - 2:
        return "row" if axis == rank - 2 else "column"
    return f"entry of axis {axis}"


def _of_places(pairs: Sequence[Pair]) -> Iterator[str]:
    """The place that all wrong numbers of all cases lie in, the least likely one by chance."""
    found = []
    masks = [~close(*p.compared) for p in pairs]
    if all(mask.all() for mask in masks if mask.any()):
        return
    candidates = [dict(_regions(p)) for p in pairs]
    for name in candidates[0]:
        if not all(name in regions for regions in candidates):
            continue
        regions = [c[name] for c in candidates]
        for words, inside in ((name, regions), (f"all but {name}", [~r for r in regions])):
            chance, exact = 0.0, True
            for mask, region in zip(masks, inside, strict=True):
                if (mask & ~region).any():
                    break
                exact &= bool((mask == region).all())
                chance += _log_chance(mask.size, int(region.sum()), int(mask.sum()))
            else:
                if chance <= math.log(BY_CHANCE):
                    found.append((not exact, round(chance, 6), len(words), words))
    for not_exact, _, _, words in sorted(found)[:1]:
        if words.startswith("all but "):
            rest = words.removeprefix("all but ")
            yield f"All numbers {rest} are right{'.' if not_exact else ', and no others.'}"
        elif not_exact:
            yield f"Numbers are wrong only {words}."
        else:
            yield f"All numbers {words} are wrong, and no others."


def _log_chance(size: int, inside: int, wrong: int) -> float:
    """The logarithm of the chance that so many wrong places, thrown at random, all lie inside."""

    def ways(n: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(wrong + 1) - math.lgamma(n - wrong + 1)

    return ways(inside) - ways(size) if wrong else 0.0


def _regions(pair: Pair) -> Iterator[tuple[str, np.ndarray]]:
    """Named parts of a result: of its axes, of what is right there, of the arguments."""
    right, rank = pair.right, pair.right.ndim
    places = np.indices(right.shape)
    first = [places[a] == 0 for a in range(rank)]
    last = [places[a] == right.shape[a] - 1 for a in range(rank)]
    for a in range(rank):
        kind = _kind(a, rank)
        yield f"in the first {kind}", first[a]
        yield f"in the last {kind}", last[a]
        yield f"in the first and the last {kind}", first[a] | last[a]
        yield f"in each second {kind}", places[a] % 2 == 1
        for k in range(1, right.shape[a] - 1) if right.shape[a] < 9 else ():
            yield f"in {kind} {k}" if rank < 3 else f"at {k} of axis {a}", places[a] == k
    if rank in (2, 4):
        rows, columns = rank - 2, rank - 1
        yield "at the border", first[rows] | last[rows] | first[columns] | last[columns]
        yield "in the first row and column", first[rows] | first[columns]
        yield "in the last row and column", last[rows] | last[columns]
    yield "where the right one is 0", right == 0
    yield "where the right one is positive", right > 0
    for name, value in pair.arguments.items():
        if not isinstance(value, np.ndarray):
            continue
        spread = _over(value, right.shape)
        if spread is None:
            continue
        if value.dtype.kind == "b":
            yield f"where {name} is True", spread
        else:
            yield f"where {name} is 0", spread == 0
            yield f"where {name} is positive", spread > 0
    reached = _reaching_padding(pair)
    if reached is not None:
        yield "where the window reaches into the padding", reached


def _over(value: np.ndarray, shape: tuple) -> np.ndarray | None:
    """An argument at the places of the result, if it has its shape, or lacks one axis of it."""
    if value.shape == shape:
        return value
    if value.ndim == 1 and len(shape) > 1 and value.shape == shape[:1]:
        return np.broadcast_to(value.reshape(-1, *[1] * (len(shape) - 1)), shape)
    if len(shape) > 1 and value.ndim > 1 and value.shape == shape[:1] + shape[2:]:
        return np.broadcast_to(value[:, None], shape)
    return None


def _reaching_padding(pair: Pair) -> np.ndarray | None:
    """Where the window of an output of a layer reaches beyond its input x."""
    a, shape = pair.arguments, pair.right.shape
    x, window = a.get("x"), a.get("kernel_size")
    if window is None and isinstance(a.get("weight"), np.ndarray):
        window = a["weight"].shape[-2:]
    if not isinstance(x, np.ndarray) or "padding" not in a or window is None:
        return None
    if x.ndim != 4 or len(shape) != 4 or "grad_output" in a:
        return None
    window, padding, dilation = both(window), both(a["padding"]), both(a.get("dilation", 1))
    stride = both(a.get("stride") or window)
    reached = np.zeros(shape, bool)
    for axis in (0, 1):
        start = np.arange(shape[2 + axis]) * stride[axis] - padding[axis]
        end = start + dilation[axis] * (window[axis] - 1)
        beyond = (start < 0) | (end >= x.shape[2 + axis])
        reached |= beyond.reshape(-1, 1) if axis == 0 else beyond
    return reached


# What wrong numbers have in common


def _of_values(pairs: Sequence[Pair]) -> Iterator[str]:
    """What all wrong numbers of arrays have in common, the strongest first."""
    wrong = [p for p in pairs if p.wrong]
    masks = [~close(*p.compared) for p in wrong]
    got = np.concatenate([p.got[m] for p, m in zip(wrong, masks, strict=True)])
    right = np.concatenate([p.right[m] for p, m in zip(wrong, masks, strict=True)])
    count = len(got)
    if not np.isfinite(got).all():
        if not np.isfinite(got).any():
            yield "None of the wrong numbers is finite."
        return
    if (got == 0).all():
        yield "Each wrong number is 0: nothing was written there, or it was lost."
    if count > 2 and (got == got[0]).all():
        yield f"Each wrong number is {got[0]:.4g}."
    if _near(abs(got), abs(right), wrong):
        yield "Only signs are wrong."
    if (got < 0).all() and all((p.right >= 0).all() for p in pairs):
        yield "Each wrong number is negative, and no right one is."
    ranks = {p.right.ndim for p in wrong}
    if len(ranks) == 1:
        (rank,) = ranks
        yield from _of_moves(wrong, rank)
        yield from _of_differences(wrong, rank)
        yield from _of_sums(wrong, rank)
    if count >= MANY:
        if _near(got, np.round(right), wrong) or _near(got, np.trunc(right), wrong):
            yield "Each is the right number without its fraction."
        if (abs(got - right) <= 1e-2 * abs(right)).all():
            yield "All are right to two digits: look at what is small, and at the precision."
        for words, holds in [
            ("too large", got > right),
            ("too small", got < right),
            ("too large in its absolute value", abs(got) > abs(right)),
            ("too small in its absolute value", abs(got) < abs(right)),
        ]:
            if holds.all():
                yield f"Each wrong number is {words}."


def _near(got: np.ndarray, expected: np.ndarray, pairs: Sequence[Pair]) -> bool:
    return same(got, expected, max(p.tolerance for p in pairs))


def _of_moves(pairs: Sequence[Pair], rank: int) -> Iterator[str]:
    """Is each part of an axis the one before it, or are all alike?"""
    for axis in range(rank):
        parts = [
            (np.moveaxis(p.got, axis, 0), np.moveaxis(p.right, axis, 0), p.tolerance) for p in pairs
        ]
        long = [(g, r, t) for g, r, t in parts if len(r) > 1]
        if not long or max(r[1:].size for _, r, _ in long) < 2:
            continue
        what = f"Each {_kind(axis, rank)}"
        if all(same(g[1:], r[:-1], t) for g, r, t in long):
            yield f"{what} but the first is the one that belongs before it."
        if all(same(g[:-1], r[1:], t) for g, r, t in long):
            yield f"{what} but the last is the one that belongs after it."
        if all(same(g, r[::-1], t) for g, r, t in parts):
            yield f"{what} stands at the other end."
        if all(same(np.sort(g, 0), np.sort(r, 0), t) for g, r, t in parts):
            yield f"{what} has the right numbers, at other places of that axis."
        if all(same(g, np.repeat(g[:1], len(g), 0), t) for g, _, t in parts) and not all(
            same(r, np.repeat(r[:1], len(r), 0), t) for _, r, t in parts
        ):
            yield f"{what} is the same as all others, and should not be."


def _of_differences(pairs: Sequence[Pair], rank: int) -> Iterator[str]:
    """Is the difference, or the quotient, one number for each case, or along some axis?"""
    differences = [p.got - p.right for p in pairs]
    with np.errstate(all="ignore"):
        quotients = [np.where(p.right == 0, np.nan, p.got / p.right) for p in pairs]
    names = [n for n, v in pairs[0].arguments.items() if isinstance(v, np.ndarray) and v.ndim]
    for name, times in itertools.product(names, (1, -1)):
        given = [_beside(p.arguments.get(name), p.right.shape) for p in pairs]
        if all(
            g is not None and same(d, times * g, p.tolerance)
            for d, g, p in zip(differences, given, pairs, strict=True)
        ):
            words = "is added once too often" if times > 0 else "is left out, or taken away"
            yield f"The difference is {name}: it {words}."
    for axes in [(), *((a,) for a in range(rank))] if rank > 1 else [()]:
        others = tuple(a for a in range(rank) if a not in axes)
        numbers = [math.prod(p.right.shape[a] for a in others) for p in pairs]
        if max(numbers) < 3:
            continue
        of = f"each {_kind(axes[0], rank)}" if axes else "each case"
        if all(_constant(d, others, p) for d, p in zip(differences, pairs, strict=True)):
            yield f"Result and right number differ by one and the same number in {of}."
        if all(
            not np.isnan(q).all()
            and _constant(q, others, p)
            and not (p.right == 0)[p.got != 0].any()
            for q, p in zip(quotients, pairs, strict=True)
        ):
            yield f"Result and right number have one and the same quotient in {of}."


def _beside(value, shape: tuple) -> np.ndarray | None:
    """An argument at all places of a result: of its shape, or a number for each channel."""
    if not isinstance(value, np.ndarray):
        return None
    if value.shape == shape:
        return value
    if value.ndim == 1 and len(shape) > 1 and len(value) == shape[1]:
        return np.broadcast_to(value.reshape(-1, *[1] * (len(shape) - 2)), shape)
    return None


def _constant(array: np.ndarray, axes: tuple, pair: Pair) -> bool:
    """Is it one number along axes, as far as it is a number?"""
    with np.errstate(all="ignore"):
        low = np.nanmin(array, axes, keepdims=True, initial=np.inf)
        high = np.nanmax(array, axes, keepdims=True, initial=-np.inf)
    largest = max(1.0, np.abs(pair.right).max(), np.abs(pair.got).max())
    return bool((high - low <= 10 * pair.tolerance * largest).all())


def _of_sums(pairs: Sequence[Pair], rank: int) -> Iterator[str]:
    """Are the sums right, where the numbers are not?"""
    if sum(p.right.size for p in pairs) < MANY:
        return
    for count in range(1, rank + 1):
        axes = tuple(range(rank - count, rank))
        if max(math.prod(p.right.shape[a] for a in axes) for p in pairs) < 3:
            continue
        # As through a softmax, where gradients sum to zero, and steps change no sum: most wrong
        # ones have that, too.
        if all(_sums_of_old(p, axes) for p in pairs):
            continue
        if all(same(p.got.sum(axes), p.right.sum(axes), 10 * p.tolerance) for p in pairs):
            if count == rank:
                along = "of all numbers"
            else:
                kind = "axis" if count == 1 else "axes"
                along = f"along {kind} {_listed([str(a) for a in axes])}"
            yield f"The sum {along} is right, its parts are not."


def _sums_of_old(pair: Pair, axes: tuple) -> bool:
    """Are the right sums zero, or those of an argument of the same shape?"""
    given = [v for v in pair.arguments.values() if np.shape(v) == pair.right.shape]
    sums = pair.right.sum(axes)
    return any(same(sums, v.sum(axes), pair.tolerance) for v in (0 * pair.right, *given))


# Single numbers, and words


def _of_numbers(pairs: Sequence[Pair]) -> Iterator[str]:
    wrong = [p for p in pairs if p.wrong]
    got = np.array([p.got for p in wrong], float)
    right = np.array([p.right for p in wrong], float)
    every = [p.got for p in pairs]
    if not np.isfinite(got).all():
        return
    if len(every) > 2 and len(set(every)) == 1 and len({p.right for p in pairs}) > 1:
        yield f"It is {every[0]:.6g} in every case: does it depend on the arguments?"
    if len(wrong) > 1:
        if _near(abs(got), abs(right), wrong):
            yield "Only its sign is wrong."
        difference = got - right
        if _near(difference, np.full(len(got), difference[0]), wrong):
            kind = "large" if difference[0] > 0 else "small"
            yield f"Where it is wrong, it is too {kind} by {abs(difference[0]):.6g} in each case."
        if right.all():
            quotient = got / right
            if _near(quotient, np.full(len(got), quotient[0]), wrong):
                yield f"Where it is wrong, it is {quotient[0]:.4g} times the right number."
    for name in wrong[0].arguments:
        if all(type(p.arguments[name]) in (int, float) and p.arguments[name] for p in wrong):
            given = np.array([p.arguments[name] for p in wrong], float)
            if len(wrong) > 1 and _near(got - right, given, wrong):
                yield f"Where it is wrong, it is too large by {name}."
            if len(wrong) > 1 and _near(right - got, given, wrong):
                yield f"Where it is wrong, it is too small by {name}."
    whole = all(type(p.right) is int for p in wrong)
    if len(wrong) > 2 and whole and (abs(got - right) == 1).all():
        yield "Where it is wrong, it is so by 1: look at how it is rounded, and at both ends."
    if len(wrong) > 2 and (abs(got - right) <= 1e-2 * abs(right)).all():
        yield "It is right to two digits: look at what is small."
    if len(wrong) > 2 and ((got > right).all() or (got < right).all()):
        yield f"Where it is wrong, it is too {'large' if got[0] > right[0] else 'small'}."


def _of_words(pairs: Sequence[Pair]) -> Iterator[str]:
    wrong = [p for p in pairs if p.wrong]
    try:
        got, right = {p.got for p in wrong}, {p.right for p in wrong}
    except TypeError:  # of different kinds
        return
    if len(wrong) > 1 and len(got) == 1:
        of = f" where {next(iter(right))!r} is right" if len(right) == 1 else ""
        yield f"Each wrong one is {next(iter(got))!r}{of}."
