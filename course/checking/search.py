"""Finds what gives a student's numbers: the right answer with one thing changed, or two.

A step changes an argument before the right answer is computed, or the result after it; a variant
changes one place of the task's formula. Whole numbers are explained, too, by what they are too much
or too little: a small signed combination of the arguments and their products. Where no step gives
the results, pairs of steps are tried: arguments exchanged and the result transposed.

A change is named only where it gives every result, right or wrong, and where no other change as
short does that is not the same on other cases, too: two that cannot be told apart say nothing.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import pickle
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from checked_call import leaves, mapped
from course.checking.argument_steps import Evidence, Step, on_arguments
from course.checking.judging import plain, same
from course.checking.mistakes import Misunderstanding
from course.checking.result_steps import on_result
from course.checking.variants import Variant, variants, variants_of

# Of CPU. Most searches take a tenth of it; one that does not end in time says nothing.
MOST_SECONDS = 2.0
# Pairs end after so many trials, a third of a second, and not by a clock: what is said of an answer
# is the same on each machine. The clock ends those whose right answer is slow.
MOST_TRIALS = 5000
MOST_SECONDS_OF_PAIRS = 1.0
# So many distinct numbers must be explained by a pair: fewer may be met by chance.
FEWEST_NUMBERS = 5
# Steps that explain one of so many failing cases are tried with every other step.
LEADING = 3


@dataclasses.dataclass(frozen=True, eq=False)
class VariantStep(Step):
    """Another formula."""

    variant: Variant | None = None


@dataclasses.dataclass(frozen=True)
class Known:
    """A call beside what is right."""

    evidence: Evidence
    right: object

    @property
    def wrong(self) -> bool:
        return not same(self.evidence.result, self.right, self.evidence.tolerance)

    @property
    def size(self) -> int:
        values = self.evidence.arguments.values()
        return sum(v.size if isinstance(v, np.ndarray) else 1 for v in values)

    @functools.cached_property
    def _last(self) -> tuple[float, float]:
        """The last number of the result, and how far off another's may be; rules out most."""
        wanted = self.evidence.result
        largest = float(np.max(np.abs(wanted), where=np.isfinite(wanted), initial=1.0))
        return float(wanted.flat[-1]), 2 * self.evidence.tolerance * largest

    def is_given_by(self, result: object) -> bool:
        wanted = self.evidence.result
        if isinstance(result, np.ndarray) and isinstance(wanted, np.ndarray):
            if result.shape != wanted.shape:
                return False
            if wanted.dtype.kind == "f" == result.dtype.kind and wanted.size:
                last, most = self._last
                if abs(float(result.flat[-1]) - last) > most:
                    return False
        return result is not None and same(wanted, result, self.evidence.tolerance)


def search(
    oracle: Callable,
    evidence: Sequence[Evidence],
    defaults: dict,
    section: str,
    fresh: Callable[[], Sequence[dict]] = list,
    formula: Callable | None = None,
) -> Misunderstanding | None:
    """The one change of the right answer, or the two, that give every result; or None.

    Args:
        oracle: the right answer, from the arguments by name.
        evidence: every call that gave a result, right or wrong.
        defaults: {name: default} of the arguments that have one.
        section: of the lecture, for the answer.
        fresh: gives the arguments of other cases. Changes that give the same there too are one.
        formula: the right answer again, written to be read. It also computes what the oracle
            refuses, a padding larger than the window for one.
    """

    def right(arguments):
        result = _tried(lambda a: plain(oracle(**a)), arguments)
        if result is None and formula is not None:
            result = _tried(lambda a: plain(formula(**a)), arguments)
        return result

    # The small cases that failed are tried first: most changes are ruled out by them.
    cases = [Known(e, right(e.arguments)) for e in evidence]
    cases.sort(key=lambda case: (not case.wrong, case.size))
    looked_for = _Search(right, cases, defaults, formula)
    found = looked_for.single()
    if found is None:  # out of time
        return None
    if not found:
        if related := _related([(c.evidence, c.right) for c in cases], section):
            return related
        found = looked_for.pairs()
    if not found:
        return None
    elsewhere = fresh() if len(found) > 1 else []
    if not all(_agree(right, found[0], rival, elsewhere) for rival in found[1:]):
        return None
    steps = found[0]
    return Misunderstanding(
        f"the right formula with {', and with '.join(step.name for step in steps)}",
        " ".join(dict.fromkeys(step.says for step in steps)),
        section,
        lambda **arguments: _applied(right, steps, arguments),
    )


class _Search:
    """The steps that may explain the results of one task, and which do."""

    def __init__(self, right: Callable, cases: Sequence[Known], defaults: dict, formula):
        self.right, self.cases, self.formula = right, cases, formula
        evidence = [case.evidence for case in cases]
        self.on_arguments = [*on_arguments(evidence, defaults)]
        self.on_result = [*on_result(evidence, [case.right for case in cases])]
        self.variants: list[VariantStep] = []
        # What each step gives on the smallest failing case.
        self.first: dict[Step, object] = {}

    def single(self) -> list[tuple[Step]] | None:
        """The steps that give every result, each alone; None where the time has ended."""
        end = time.process_time() + MOST_SECONDS
        found = []
        for step in itertools.chain(self.on_arguments, self.on_result, self._of_formula()):
            if time.process_time() > end:
                return None
            self.first[step] = self._apply((step,), self.cases[0])
            if self.cases[0].is_given_by(self.first[step]) and self._fits((step,), self.cases[1:]):
                found.append((step,))
        shortest = min((step.length for (step,) in found), default=1)
        return [steps for steps in found if steps[0].length == shortest]

    def _of_formula(self) -> Iterator[Step]:
        for variant in variants(self.formula) if self.formula else ():
            self.variants.append(_step_of(variant))
            yield self.variants[-1]

    def _apply(self, steps: Sequence[Step], case: Known):
        return _applied(self.right, steps, case.evidence.arguments, case.right)

    def _fits(self, steps: Sequence[Step], cases: Sequence[Known]) -> bool:
        return all(case.is_given_by(self._apply(steps, case)) for case in cases)

    def pairs(self) -> list[tuple[Step, Step]]:
        """The pairs of steps that give every result, of those that are tried."""
        failing = [case for case in self.cases if case.wrong]
        if len(_numbers([case.evidence.result for case in failing])) < FEWEST_NUMBERS:
            return []
        end = time.process_time() + MOST_SECONDS_OF_PAIRS
        found = {}
        trials = itertools.chain(
            self._then_on_result(),
            self._with_partial(failing[:LEADING]),
            self._both_on_arguments(),
            self._of_formula_and_arguments(),
        )
        for steps in itertools.islice(trials, MOST_TRIALS):
            if steps and frozenset(steps) not in found and self._fits(steps, self.cases):
                found[frozenset(steps)] = steps
            if time.process_time() > end:
                break
        return [*found.values()]

    # Each gives the pairs that fit one case, and None for each trial that fails.

    def _then_on_result(self) -> Iterator[tuple[Step, Step] | None]:
        """Any step, and then one of the result."""
        (lead, *_), groups = self.cases, _alike(self.first)
        shapes, wanted = {}, _shape(lead.evidence.result)  # what a step makes of a shape
        for result, steps in groups:
            yield None
            for change in self.on_result:
                key = _shape(result), change
                if shapes.get(key, wanted) != wanted:
                    continue
                changed = _tried(change.change, result, lead.evidence.arguments)
                if _shape(result) is not None:
                    shapes[key] = _shape(changed)
                if lead.is_given_by(changed):
                    yield from ((step, change) for step in steps)

    def _with_partial(self, cases: Sequence[Known]) -> Iterator[tuple[Step, Step] | None]:
        """A step that explains one case where the other changes nothing."""
        partial = [step for step, result in self.first.items() if cases[0].is_given_by(result)]
        for case in cases[1:]:
            for step in self.first:
                yield None
                if step not in partial and case.is_given_by(self._apply((step,), case)):
                    partial.append(step)
        for step in partial:
            rest = [c for c in self.cases if not c.is_given_by(self._apply((step,), c))]
            for steps in self._beside(step):
                yield steps if self._fits(steps, rest[:1]) else None

    def _beside(self, step: Step) -> Iterator[tuple[Step, Step]]:
        """A step with every other one, in the orders that are two."""
        for second in self.first:
            if second is not step and "formula" not in (step.of, second.of):
                yield step, second
                if step.of == second.of:
                    yield second, step
            elif {step.of, second.of} in ({"formula", "arguments"}, {"formula", "result"}):
                yield step, second
        if isinstance(step, VariantStep):
            yield from ((step, _step_of(variant)) for variant in variants_of(step.variant))

    def _both_on_arguments(self) -> Iterator[tuple[Step, Step] | None]:
        (lead, *_), results = self.cases, {}
        for changed, steps in self._classes():
            for second in self.on_arguments:
                yield None
                twice = _tried(second.change, dict(changed))
                if twice is None:
                    continue
                key = pickle.dumps(twice)
                if key not in results:
                    results[key] = lead.is_given_by(self.right(twice))
                if results[key]:
                    yield from ((step, second) for step in steps if step is not second)

    def _of_formula_and_arguments(self) -> Iterator[tuple[Step, Step] | None]:
        (lead, *_), classes = self.cases, [*self._classes()]
        for variant in self.variants:
            for changed, steps in classes:
                yield None
                if lead.is_given_by(_formula(variant)(changed)):
                    yield from ((step, variant) for step in steps)

    def _classes(self) -> Iterator[tuple[dict, list[Step]]]:
        """The arguments that steps make of those of the first case, with the steps of each."""
        arguments = self.cases[0].evidence.arguments
        changed = {step: _tried(step.change, dict(arguments)) for step in self.on_arguments}
        yield from _alike(changed)


def _alike(results: dict[Step, object]) -> list[tuple[object, list[Step]]]:
    """Results that are not None, each once, with the steps that have it."""
    groups = {}
    for step, result in results.items():
        if result is not None:
            groups.setdefault(pickle.dumps(result), (result, []))[1].append(step)
    return [*groups.values()]


def _numbers(results: Sequence) -> set[float]:
    """The distinct numbers in results."""
    parts = [part for part in leaves(results) if isinstance(part, (int, float, np.ndarray))]
    return {round(float(number), 9) for part in parts for number in np.ravel(part)}


def _shape(result) -> tuple | None:
    return result.shape if isinstance(result, np.ndarray) else None


def _formula(step: Step) -> Callable:
    """What another formula gives, from the arguments as a dict.

    It gets arrays of its own: a change may let it write into what came in.
    """
    return lambda arguments: _tried(lambda a: plain(step.change(**mapped(_owned, a))), arguments)


def _owned(value):
    return value.copy() if isinstance(value, np.ndarray) else value


def _step_of(variant: Variant) -> VariantStep:
    now = "nothing" if variant.now == "pass" else f"`{variant.now}`"
    return VariantStep(
        f"{now} in place of `{variant.was}`{variant.where}",
        "Look at that place of the formula.",
        variant.function,
        "formula",
        variant=variant,
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


def _agree(right, steps, rival, fresh: Sequence[dict]) -> bool:
    """Do two explanations give the same on all fresh cases? Without any, nobody knows."""
    pairs = [[_applied(right, s, arguments) for s in (steps, rival)] for arguments in fresh]
    pairs = [(a, b) for a, b in pairs if not (a is None and b is None)]
    return bool(pairs) and all(
        a is not None and b is not None and same(a, b, 1e-9) for a, b in pairs
    )


def _applied(right, steps: Sequence[Step], arguments: dict, known=None):
    """What steps give, in their order; `known` is what is right, where that is known."""
    changed, compute = arguments, right
    for step in steps:
        if step.of == "formula":
            compute, known = _formula(step), None
        elif step.of == "arguments":
            changed, known = _tried(step.change, dict(changed)), None
            if changed is None:
                return None
    result = known
    if result is None:
        result = compute(changed)
    for step in steps:
        if step.of == "result" and result is not None:
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
