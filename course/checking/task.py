"""A task: one function that a student writes, what it must compute, and how to tell."""

from __future__ import annotations

import hashlib
import inspect
import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from checked_call import by_place, hide_frames_of, leaves, mapped
from course.checking.cases import Case, Draw, numbers_in
from course.checking.clock import Clock
from course.checking.completing import completed
from course.checking.explaining import Explanation, explanation
from course.checking.judging import Requirements, Verdict, plain, same
from course.checking.mistakes import Misunderstanding
from course.checking.properties import arguments, names_of
from course.checking.report import CheckFailed, Report, Tried, show
from course.checking.trial import Trial, settle, suspect_memory, used_device

hide_frames_of("course")


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
        cases = self.all_cases(seed)
        trial, verdicts = Trial(self, function, Clock()), []
        largest = sorted(range(len(cases)), key=lambda i: numbers_in(cases[i]))[-2:]
        for index, case in enumerate(cases):
            if any(v.kind == "out of time" for v in verdicts) or trial.clock.limit <= 0:
                verdicts.append(Verdict("not run", "not tried after the time limit"))
                continue
            verdict = self.judged(trial, case)
            if verdict.kind == "passed" and not self.by_property:
                verdict = trial.probed(
                    case,
                    verdict,
                    again=index in (1, 2),
                    views=index in largest,
                    speed=index == len(cases) - 1,
                )
            verdicts.append(verdict)
        settle(cases, verdicts)
        if not self.by_property:
            suspect_memory(trial, cases, verdicts)
        explained = self.explained(cases, verdicts)
        return Report(
            self.name,
            [self._shown(case, verdict) for case, verdict in zip(cases, verdicts, strict=True)],
            points=points,
            seed=seed,
            lecture=self.lecture,
            section=explained.diagnosis.section if explained.diagnosis else self.section,
            diagnosis=explained.diagnosis,
            where=explained.where,
            shared=explained.shared,
        )

    def judged(self, trial: Trial, case: Case) -> Verdict:
        """What comes of a case."""
        return trial.judged(case)

    def explained(self, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> Explanation:
        """What is said of the cases that failed."""
        return explanation(self, cases, verdicts)

    def all_cases(self, seed: int | None = None) -> list[Case]:
        """The visible cases, or the hidden ones of a seed; the case of the speed comes last."""
        draw = Draw(0 if seed is None else seed)
        cases = list(self.cases(draw))
        if not self.prepare:  # else what is called is not what the arguments are named by
            cases = completed(cases, self.signature)
        if self.vectorised:
            cases.append(self.vectorised(draw, 4, 4))
        return cases

    def expected(self, case: Case, oracle: Callable | None = None) -> Any:
        """What an oracle says of a case, as plain data; None where it has no result."""
        arguments = self.widened_arguments(case)
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

    def required(self, case: Case) -> Requirements:
        """What a result of a case must be besides its values."""
        arrays = list(leaves([*case.args, *case.kwargs.values()]))
        dtypes = [a.dtype for a in arrays if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
        dtype = str(np.result_type(*dtypes)) if dtypes else "float64"
        return Requirements(self.torch, dtype, used_device() if self.torch else None, self.names)

    def widened_arguments(self, case: Case) -> dict:
        """The arguments of a case as an oracle gets them: fractions in float64, copied."""
        return {name: mapped(_widened, value) for name, value in self.arguments(case).items()}

    def _shown(self, case: Case, verdict: Verdict) -> Tried:
        values = by_place(case.args, case.kwargs)
        arguments = {name: values[place] for place, name in names_of(case, self.signature).items()}
        return Tried(self.describe(case), arguments, verdict)

    def describe(self, case: Case) -> str:
        """A case as a call with the shapes of its arrays: "conv2d(x (2, 3, 7, 5), stride=2)"."""
        values = by_place(case.args, case.kwargs)
        said = [
            _argument(name, values[place]) for place, name in names_of(case, self.signature).items()
        ]
        return f"{self.name}({', '.join(said)})"

    def explains(
        self, misunderstanding: Misunderstanding, evidence: Iterable[tuple[Case, Any]]
    ) -> bool:
        """Does a misunderstanding give every result of the evidence: pairs of case and result?"""
        return all(
            same(
                result, self.expected(case, misunderstanding.oracle), self.required(case).tolerance
            )
            for case, result in evidence
        )


def _seed(hidden: int) -> int:
    """The seed of the hidden cases: a grader may draw others by COURSE_CHECK_SEED."""
    extra = os.environ.get("COURSE_CHECK_SEED", "")
    if not extra:
        return hidden
    return int.from_bytes(hashlib.sha256(f"{hidden}:{extra}".encode()).digest()[:4], "big")


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
