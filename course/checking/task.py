"""A task: one function that a student writes, what it must compute, and how to tell."""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import functools
import hashlib
import inspect
import io
import itertools
import os
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

from checked_call import (
    Call,
    Description,
    call,
    hide_frames_of,
    leaves,
    lives_elsewhere,
    mapped,
    perform,
    wall_seconds,
)
from course.checking.cases import Case, Draw
from course.checking.judging import (
    WRONG_NUMBERS,
    Requirements,
    Verdict,
    compare_values,
    judge,
    kind_of,
    plain,
    same,
)
from course.checking.mistakes import Misunderstanding
from course.checking.places import Pair, where
from course.checking.properties import arguments, shared
from course.checking.report import CheckFailed, Report, Tried, show
from course.checking.search import Evidence, search
from course.device import device

hide_frames_of("course")
_EXCEPTIONS = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}

# Of CPU. A call that waits is ended after some more of the wall clock, and is the check's last:
# nbgrader ends a whole cell after 30 s if not told otherwise.
CALL_SECONDS = 5.0
CHECK_SECONDS = 20.0


_KEEPS = "; {}: your function keeps something between calls"


class Task:
    """One function that a student writes: what it must compute, and how to tell.

    Args:
        name: the function's name.
        expected: the oracle: NumPy arguments by name, floats in float64; the right result.
        cases: generator function of the cases, from a `Draw`: of one fixed seed for the visible
            ones, of the hidden seed for the hidden ones.
        lecture: file name of the lecture without ".ipynb".
        section: title of the lecture's section that the task rests on.
        misunderstandings: the known wrong answers.
        formula: the right result again, in lines written to be read, with `expected`'s arguments.
            What is wrong in a result is looked for in its changes.
        torch: the function takes and gives tensors on the student's device; oracles stay NumPy.
        forbidden: names of torch operations that may not be called, such as "convolution"; the
            first that is found is told.
        vectorised: from (draw, height, width) a case with an output of that many pixels; the case
            fails where a Python loop runs over them.
        differentiable: the gradient of each argument must flow through the torch result.
        names: what the items of a tuple result are called.
        prepare: from (student's object, **keyword arguments of a case) the function that is called
            with the positional ones; for a class, an instance. None: the object itself is called.
    """

    by_property = False

    def __init__(
        self,
        name: str,
        expected: Callable,
        *,
        cases: Callable,
        lecture: str,
        section: str,
        misunderstandings: Sequence[Misunderstanding] = (),
        formula: Callable | None = None,
        torch: bool = False,
        forbidden: Sequence[str] = (),
        vectorised: Callable | None = None,
        differentiable: bool = False,
        names: Sequence[str] = (),
        prepare: Callable | None = None,
    ):
        self.name = self.__name__ = name
        self.oracle, self.cases = expected, cases
        self.lecture, self.section, self.formula = lecture, section, formula
        self.misunderstandings = tuple(misunderstandings)
        self.torch, self.forbidden = torch, tuple(forbidden)
        self.vectorised, self.differentiable = vectorised, differentiable
        self.names, self.prepare = tuple(names), prepare
        self.signature = inspect.signature(expected)

    def __call__(self, function, points: float = 1, hidden: int | None = None) -> float:
        """Check `function`, show the report, and give the points earned.

        Args:
            function: what the student wrote.
            points: what all cases together are worth; 0 where nobody has to do the task.
            hidden: the seed of the hidden cases; None tries the visible ones.

        Returns:
            A plain number from 0 to `points`, in proportion to the cases passed.

        Raises:
            AssertionError: a case failed, it is worth points, and nbgrader validates
                (NBGRADER_VALIDATING=1), which shows tracebacks alone. The traceback is the report.
        """
        report = self.examine(function, points, hidden)
        if os.environ.get("NBGRADER_VALIDATING") == "1" and points and not report.passed:
            raise CheckFailed(report)
        show(report)
        return report.earned

    def examine(self, function: Any, points: float = 1, hidden: int | None = None) -> Report:
        """The report of a check, not shown."""
        seed = None if hidden is None else _seed(hidden)
        tried = self.all_cases(seed)
        verdicts: list[Verdict] = []
        clock = _Clock()
        largest = sorted(range(len(tried)), key=lambda i: _numbers_in(tried[i]))[-2:]
        for index, case in enumerate(tried):
            if any(v.kind == "out of time" for v in verdicts) or clock.limit <= 0:
                verdicts.append(Verdict("not run", "not tried after the time limit"))
            else:
                verdict = self._try(
                    function, case, clock, last=index == len(tried) - 1, again=index in (1, 2)
                )
                if verdict.kind == "passed" and index in largest:
                    verdict = self._views_judged(function, case, clock, verdict)
                verdicts.append(verdict)
        _settle(tried, verdicts)
        self._memory_suspected(function, tried, verdicts, clock)
        diagnosis = self._diagnose(tried, verdicts)
        return Report(
            self.name,
            [self._shown(case, verdict) for case, verdict in zip(tried, verdicts, strict=True)],
            points=points,
            seed=seed,
            lecture=self.lecture,
            section=diagnosis.section if diagnosis else self.section,
            diagnosis=diagnosis,
            where="" if diagnosis else self._where(tried, verdicts),
            shared="" if diagnosis else self._shared(tried, verdicts),
        )

    def all_cases(self, seed: int | None = None) -> list[Case]:
        """The visible cases, or the hidden ones of a seed; the case of the speed comes last."""
        draw = Draw(0 if seed is None else seed)
        tried = self._completed(list(self.cases(draw)))
        if self.vectorised:
            tried.append(self.vectorised(draw, 4, 4))
        return tried

    def _completed(self, cases: list[Case]) -> list[Case]:
        """The cases, one of them with an exact zero and one in float32, where there were none.

        The zero is one of each array of fractions; float32 are all in the last case but one that
        has a result. The first case stays as it is, to be checked on paper.
        """
        if self.prepare:  # what is called is not the function that the arguments are named by
            return cases
        rest = [i for i, case in enumerate(cases) if not case.error and i]
        arrays = [a for i in rest for a in _fractions(cases[i])]
        for number, name in enumerate(self.signature.parameters if arrays else ()):
            given = {i: [*leaves([self.arguments(cases[i])[name]])] for i in rest}
            given = {i: [a for a in values if _is_fractions(a)] for i, values in given.items()}
            large = [i for i, values in given.items() if any(a.size > 1 for a in values)]
            every = [a for values in given.values() for a in values]
            # What is never negative, as a variance, may have to be positive.
            if large and all(a.all() for a in every) and any((a < 0).any() for a in every):
                # Not all in one case: a zero of one argument hides what another is.
                chosen = large[-1 - number % len(large)]
                cases[chosen] = self._changed(cases[chosen], _with_zero, name)
        if len(rest) > 1 and arrays and all(array.dtype == "float64" for array in arrays):
            cases[rest[-2]] = self._changed(cases[rest[-2]], _single)
        return cases

    def _changed(self, case: Case, change: Callable, name: str | None = None) -> Case:
        """A case whose arrays of fractions, all or those of one argument, are changed."""
        names = self._names(case)

        def changed(place, value):
            return mapped(change, value) if name in (None, names[place]) else value

        return dataclasses.replace(
            case,
            args=tuple(changed(place, value) for place, value in enumerate(case.args)),
            kwargs={place: changed(place, value) for place, value in case.kwargs.items()},
        )

    def expected(self, case: Case, oracle: Callable | None = None) -> Any:
        """What an oracle says of a case, as plain data; None where it has no result."""
        arguments = self._widened_arguments(case)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if oracle is None:
                return plain(self.oracle(**arguments))
            try:
                return plain(oracle(**arguments))
            except Exception:
                return None

    def arguments(self, case: Case) -> dict:
        """The arguments of a case by name, defaults included."""
        return arguments(self.signature, case)

    def _widened_arguments(self, case: Case) -> dict:
        return {name: mapped(_widened, value) for name, value in self.arguments(case).items()}

    def _try(self, function, case: Case, clock: _Clock, last: bool, again: bool) -> Verdict:
        kind = kind_of(function)
        if not (callable(function) or self.prepare or lives_elsewhere(function)):
            return Verdict("type", f"{self.name} is no function: got {kind}")
        measured = self.vectorised is not None and last
        done = self._call(function, case, clock)
        verdict = self._verdict(case, done)
        # A module may keep things from call to call; what a function was made of is used up.
        if verdict.kind == "passed" and not case.error and again and self._can_be_asked_again:
            verdict = self._memory_judged(function, case, clock, verdict)
        if verdict.kind == "passed" and self.differentiable and not case.error:
            verdict = self._gradients_judged(function, case, clock, verdict)
        if verdict.kind == "passed" and measured:
            verdict = self._measured(function, clock, verdict)
        verdict.printed = done.printed
        return verdict

    @property
    def _can_be_asked_again(self) -> bool:
        return self.prepare is None or self.torch

    def _call(self, function, case: Case, clock: _Clock, probes=()) -> Call:
        args, kwargs = self._to_device(case.args), self._to_device(case.kwargs)
        probes = ["aliases", *probes, *["torch"] * bool(self.forbidden)]
        if self.prepare is None:
            return clock.spent(call(function, args, kwargs, clock.limit, probes))
        # Two calls, each with its time limit: what the student's object makes may live in another
        # process, and only the second call has a result to look at.
        prepare = functools.partial(self.prepare, function)
        prepared = clock.spent(perform(prepare, (), kwargs, clock.limit))
        if prepared.error or prepared.out_of_time:
            return prepared
        done = clock.spent(call(prepared.result, args, {}, clock.limit, probes))
        done.kwargs = prepared.kwargs
        return done

    def _to_device(self, value):
        return mapped(_tensor, value) if self.torch else value

    def _verdict(self, case: Case, done: Call) -> Verdict:
        if done.out_of_time:
            says = (
                f"no result after {CALL_SECONDS:g} seconds: the call was ended. Is a loop endless?"
            )
            return Verdict("out of time", says)
        if done.error:
            return self._verdict_of_error(case, done.error)
        if case.error:
            says = f"no error: got {kind_of(done.result)}, expected {case.error.__name__}"
            if isinstance(done.result, BaseException) or kind_of(done.result) in _EXCEPTIONS:
                says = f"the exception was returned: raise {case.error.__name__}(...) in its place"
            return Verdict("no error", says)
        called = done.readings.get("torch", ())
        # One name: an operation is made of others, and which are seen is torch's to choose.
        if layer := next((name for name in self.forbidden if name in called), None):
            says = f"the library's own layer was called ({layer}): "
            return Verdict("library", says + "build the result from tensor operations instead")
        expected, required = self.expected(case), self._required(case)
        verdict = judge(done.result, expected, required)
        if verdict.kind in ("passed", "shape", "finite"):
            verdict.result = plain(done.result)
        if verdict.kind != "passed":
            return verdict
        arguments = self._names(case)
        before = {**dict(enumerate(case.args)), **case.kwargs}
        after = {**dict(enumerate(done.args)), **done.kwargs}
        for place, name in arguments.items():
            if not same(plain(after.get(place)), plain(before[place]), 0.0):
                return Verdict(
                    "modified",
                    f"the input was modified: {name} is not what it was before the call; "
                    "work on a copy",
                )
        if aliases := done.readings.get("aliases"):
            name = arguments.get(aliases[0], aliases[0])
            return Verdict(
                "alias",
                f"the result shares its memory with {name}: changing one would change the other; "
                "return a copy",
            )
        result, compared = verdict.result, compare_values(verdict.result, expected, required)
        compared.result = result
        return compared

    def _verdict_of_error(self, case: Case, error: Description) -> Verdict:
        names = error.names
        if names[0] == "NotImplementedError" and not error.message.strip():
            return Verdict("not attempted", "not attempted yet", detail=error.text)
        if case.error and case.error.__name__ in names:
            return Verdict("passed")
        first = next(iter(error.message.strip().splitlines()), "")
        says = f"raised {names[0]}" + f": {first}" * bool(first)
        if case.error:
            says += f"; expected {case.error.__name__}"
        return Verdict("raised", says, detail=error.text)

    def _memory_judged(self, function, case: Case, clock: _Clock, verdict: Verdict) -> Verdict:
        """Fail a case where more calls change its result, or give another one."""
        done = self._call(function, case, clock, ["memory"])
        says = {
            "result": "a later call changes the result of an earlier one: your function writes "
            "into an array that it keeps; make a new one in each call",
            "call": "the same case gives another result after another case: your function keeps "
            "something between calls",
        }.get(done.readings.get("memory"))
        return Verdict("memory", says, result=verdict.result) if says else verdict

    def _views_judged(self, function, case: Case, clock: _Clock, verdict: Verdict) -> Verdict:
        """Fail a case whose result is another where the arrays are views of larger ones."""
        if self.torch or not (any(_numbers_in(case)) and self._can_be_asked_again):
            return verdict
        done = self._call(function, case, clock, ["views"])
        if not done.error and done.readings.get("views", True):
            return verdict
        says = "the same numbers in an array that is a part of a larger one "
        says += f"raise {done.error.names[0]}" if done.error else "give another result"
        says += ": do not rely on how an array lies in memory"
        return Verdict("view", says, result=verdict.result, printed=verdict.printed)

    def _memory_suspected(self, function, tried, verdicts, clock: _Clock) -> None:
        """Where the first wrong result is another when asked again, that is what is wrong."""
        first = next((i for i, v in enumerate(verdicts) if v.kind != "passed"), None)
        if first is None or verdicts[first].kind not in WRONG_NUMBERS:
            return
        if not self._can_be_asked_again:
            return
        verdict, case = verdicts[first], tried[first]
        done = self._call(function, case, clock)
        again = None if done.error or done.out_of_time else plain(done.result)
        if again is not None and not same(again, verdict.result, 0.0):
            verdict.kind = "memory"
            verdict.says += _KEEPS.format("the same case gives another result when asked again")
            return
        for earlier, other in enumerate(verdicts[:first]):
            if _repeats(verdict.result, other.result) and not _repeats(
                self.expected(case), self.expected(tried[earlier])
            ):
                verdict.kind = "memory"
                verdict.says += _KEEPS.format(f"it is the result of case {earlier + 1} once more")
                return

    def _gradients_judged(self, function, case: Case, clock: _Clock, verdict: Verdict) -> Verdict:
        """Fail a case where the gradient of any argument is missing or has other values.

        It is taken beside the case, where no two numbers are equal and none is on a kink, and
        compared along two directions with the difference quotient of the expected result.
        """
        draw = np.random.default_rng(0)
        noisy = functools.partial(_with_noise, rng=draw)
        beside = dataclasses.replace(
            case, args=mapped(noisy, case.args), kwargs=mapped(noisy, case.kwargs)
        )
        done = self._call(function, beside, clock, ["gradients"])
        if done.error or done.out_of_time:
            return self._verdict(beside, done)
        gradients = done.readings.get("gradients")
        gradients = gradients if type(gradients) is dict else {}
        arguments = {**dict(enumerate(beside.args)), **beside.kwargs}
        tolerance = max(1e-5, self._required(case).tolerance * 10)
        for place, name in self._names(case).items():
            value = arguments[place]
            if not (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
                continue
            gradient = plain(gradients.get(place))
            if not isinstance(gradient, np.ndarray) or gradient.shape != value.shape:
                says = f"no gradient flows back to {name}: it is cut off"
                return self._gradient_failed(says, verdict)
            for _ in range(2):
                direction = draw.normal(size=value.shape)
                slope = self._slope(beside, place, direction)
                got = float((gradient * direction).sum())
                if not abs(got - slope) <= tolerance * max(1.0, abs(slope), np.abs(gradient).sum()):
                    says = f"the gradient of {name} is wrong: a part of the way back is cut off"
                    return self._gradient_failed(says, verdict)
        cut_off = gradients.get("parameters")
        if type(cut_off) is list and cut_off and type(cut_off[0]) is str:
            says = f"no gradient flows back to the parameter {cut_off[0][:80]}: it is cut off"
            return self._gradient_failed(says, verdict)
        return verdict

    @staticmethod
    def _gradient_failed(says: str, verdict: Verdict) -> Verdict:
        says += " (by .numpy(), .item(), .data, .detach(), torch.tensor(...) or no_grad)"
        return Verdict("gradient", says, result=verdict.result)

    def _slope(self, case: Case, place, direction: np.ndarray, step: float = 1e-6) -> float:
        """The derivative of the expected result, `weighted`, along a direction of one argument."""
        sums = []
        for sign in (1, -1):
            args, kwargs = list(case.args), dict(case.kwargs)
            moved = args if isinstance(place, int) else kwargs
            moved[place] = moved[place].astype("float64") + sign * step * direction
            result = self.expected(Case(tuple(args), kwargs))
            weights = np.cos(np.arange(1, result.size + 1)).reshape(result.shape)
            sums.append((result * weights).sum())
        return (sums[0] - sums[1]) / (2 * step)

    def _measured(self, function, clock, verdict: Verdict) -> Verdict:
        """Fail a case where the work in Python grows with the number of output pixels.

        A loop over rows alone or columns alone, or over the kernel, does not: what grows by the
        product of height and width is left when the growth by each of them is taken away.
        """
        small, large = 4, 12
        steps = {}
        for height, width in itertools.product((small, large), repeat=2):
            case = self.vectorised(Draw(1), height, width)
            done = self._call(function, case, clock, ["steps"])
            if done.error or done.out_of_time:
                return self._verdict(case, done)
            steps[height, width] = done.readings["steps"]
        grown = steps[large, large] - steps[small, large] - steps[large, small]
        grown += steps[small, small]
        pixels = (large - small) ** 2
        if grown < pixels:
            return verdict
        return Verdict(
            "loop",
            "a Python loop runs over the output pixels: "
            f"{small} x {small} outputs take {steps[small, small]:,} steps of Python, "
            f"{large} x {large} take {steps[large, large]:,}, about {round(grown / pixels):,} more "
            "for each pixel; let one array operation compute them all",
            result=verdict.result,
        )

    def _required(self, case: Case) -> Requirements:
        arrays = list(leaves([*case.args, *case.kwargs.values()]))
        dtypes = [a.dtype for a in arrays if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
        dtype = str(np.result_type(*dtypes)) if dtypes else "float64"
        return Requirements(self.torch, dtype, _device() if self.torch else None, self.names)

    def _names(self, case: Case) -> dict:
        """The name of each argument, by its place: an index, or a keyword."""
        return {
            **dict(enumerate(list(self.signature.parameters)[: len(case.args)])),
            **{name: name for name in case.kwargs},
        }

    def _shown(self, case: Case, verdict: Verdict) -> Tried:
        values = {**dict(enumerate(case.args)), **case.kwargs}
        arguments = {name: values[place] for place, name in self._names(case).items()}
        return Tried(self.describe(case), arguments, verdict)

    def describe(self, case: Case) -> str:
        """A case as a call with the shapes of its arrays: "conv2d(x (2, 3, 7, 5), stride=2)"."""
        values = {**dict(enumerate(case.args)), **case.kwargs}
        said = [_argument(name, values[place]) for place, name in self._names(case).items()]
        return f"{self.name}({', '.join(said)})"

    def _diagnose(self, tried, verdicts) -> Misunderstanding | None:
        """The one misunderstanding that gives all the results, if there is one."""
        failed = next((v for v in verdicts if v.kind != "passed"), None)
        if failed is None or failed.kind not in WRONG_NUMBERS:
            return None
        evidence = [
            (case, verdict.result)
            for case, verdict in sorted(
                zip(tried, verdicts, strict=True), key=lambda pair: pair[1].kind == "passed"
            )  # those that failed come first: most mistakes are ruled out by one
            if verdict.result is not None
        ]
        if not evidence:
            return None
        fitting = [m for m in self.misunderstandings if self.explains(m, evidence)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
        return self._searched(evidence)

    def _where(self, tried, verdicts) -> str:
        """Where all wrong numbers are, if the first failing case has such."""
        failed = next((v for v in verdicts if v.kind != "passed"), None)
        if failed is None or failed.kind not in WRONG_NUMBERS:
            return ""
        pairs = [
            Pair(
                verdict.result,
                self.expected(case),
                self._required(case).tolerance,
                self.arguments(case),
            )
            for case, verdict in zip(tried, verdicts, strict=True)
            if verdict.result is not None
        ]
        with contextlib.suppress(Exception):  # a result may be anything, and a check goes on
            return where(pairs, self.names)
        return ""

    def _shared(self, tried, verdicts) -> str:
        """In one sentence, what the failing cases share; of those that were tried."""
        judged = [
            (case, verdict.kind)
            for case, verdict in zip(tried, verdicts, strict=True)
            if verdict.kind not in ("not run", "not attempted", "not counted")
        ]
        return shared(
            self.signature,
            [case for case, kind in judged if kind != "passed"],
            [case for case, kind in judged if kind == "passed"],
        )

    def _searched(self, evidence) -> Misunderstanding | None:
        found = [
            Evidence(self._widened_arguments(case), result, self._required(case).tolerance)
            for case, result in evidence
        ]
        defaults = {
            name: parameter.default
            for name, parameter in self.signature.parameters.items()
            if parameter.default is not parameter.empty
        }

        def fresh():
            return [
                self._widened_arguments(case)
                for seed in (1, 2)
                for case in self.cases(Draw(seed))
                if not case.error
            ]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return search(self.oracle, found, defaults, self.section, fresh, self.formula)

    def explains(
        self, misunderstanding: Misunderstanding, evidence: Iterable[tuple[Case, Any]]
    ) -> bool:
        """Does a misunderstanding give every result of the evidence: pairs of case and result?"""
        return all(
            same(
                result, self.expected(case, misunderstanding.oracle), self._required(case).tolerance
            )
            for case, result in evidence
        )


def _repeats(result, earlier) -> bool:
    """Are two results the same array, and one whose numbers differ?"""
    return (
        isinstance(result, np.ndarray)
        and result.dtype.kind == "f"
        and len(np.unique(result)) > 1
        and same(result, earlier, 0.0)
    )


def _settle(tried: Sequence[Case], verdicts: list[Verdict]) -> None:
    """Judge what one case alone does not tell: a stub, and refusals without any result.

    A function that raises NotImplementedError everywhere is not written yet; in some cases alone it
    was raised on purpose. An error that must be raised counts where a case with a result passes,
    since raising it always is no answer.
    """
    kinds = {verdict.kind for verdict in verdicts}
    if kinds != {"not attempted"}:
        for verdict in verdicts:
            if verdict.kind == "not attempted":
                verdict.kind, verdict.says = "raised", "raised NotImplementedError"
    results = [v.kind for case, v in zip(tried, verdicts, strict=True) if not case.error]
    if results and "passed" not in results and kinds != {"not attempted"}:
        for verdict in verdicts:
            if verdict.kind == "passed":
                verdict.kind = "not counted"
                verdict.says = "the error counts as soon as a case with a result passes"


class _Clock:
    """The seconds that a check has left: of CPU, and behind them more of the wall clock.

    A call that waits ends after `wall_seconds` of its limit: near the wall's end the limit falls.
    """

    def __init__(self):
        self.left = CHECK_SECONDS
        self.ends = time.monotonic() + wall_seconds(CHECK_SECONDS)

    @property
    def limit(self) -> float:
        waiting = (self.ends - time.monotonic()) / wall_seconds(1)
        return min(CALL_SECONDS, self.left, waiting)

    def spent(self, done: Call) -> Call:
        self.left -= done.seconds
        return done


def _seed(hidden: int) -> int:
    """The seed of the hidden cases: a grader may draw others by COURSE_CHECK_SEED."""
    extra = os.environ.get("COURSE_CHECK_SEED", "")
    if not extra:
        return hidden
    return int.from_bytes(hashlib.sha256(f"{hidden}:{extra}".encode()).digest()[:4], "big")


def _device() -> torch.device:
    # It says once which device it is: that is for the notebook, not for a check's output.
    with contextlib.redirect_stdout(io.StringIO()):
        return device()


def _is_fractions(value) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _fractions(case: Case) -> list[np.ndarray]:
    return [a for a in leaves([*case.args, *case.kwargs.values()]) if _is_fractions(a)]


def _numbers_in(case: Case) -> tuple[int, int]:
    """How many arrays a case has, and how many numbers they hold; of one without a result, 0."""
    values = [] if case.error else leaves([*case.args, *case.kwargs.values()])
    sizes = [value.size for value in values if isinstance(value, np.ndarray)]
    return len(sizes), sum(sizes)


def _with_zero(value):
    if not _is_fractions(value) or value.size < 2:
        return value
    value = value.copy()
    value.flat[value.size // 2] = 0
    return value


def _single(value):
    return value.astype("float32") if _is_fractions(value) else value


def _with_noise(value, rng: np.random.Generator):
    if _is_fractions(value):
        return (value + 1e-3 * rng.normal(size=value.shape)).astype(value.dtype)
    return value


def _tensor(value):
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy()).to(_device())
    return value


def _widened(value):
    if isinstance(value, np.ndarray):
        return value.astype("float64") if value.dtype.kind == "f" else value.copy()
    return value


def _argument(name: str, value) -> str:
    if isinstance(value, np.ndarray):
        dtype = "" if value.dtype == "float64" else f" {value.dtype}"
        return f"{name} {value.shape}{dtype}"
    if type(value) is dict:
        return f"{name}={{{len(value)} entries}}"
    return f"{name}={_shortened(repr(value))}"


def _shortened(text: str, length: int = 80) -> str:
    return text if len(text) <= length else text[:length] + " ..."
