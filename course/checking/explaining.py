"""Says why a check failed: the misunderstanding, or where and when results are wrong."""

from __future__ import annotations

import contextlib
import dataclasses
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.checking import places
from course.checking.cases import Case, Draw
from course.checking.judging import Verdict, first_of_wrong_numbers
from course.checking.mistakes import Misunderstanding
from course.checking.properties import shared
from course.checking.search import Evidence, search

if TYPE_CHECKING:
    from course.checking.task import Task


@dataclasses.dataclass(frozen=True)
class Explanation:
    """The mistake that explains the results; else where numbers are wrong, what cases share."""

    diagnosis: Misunderstanding | None = None
    where: str = ""
    shared: str = ""


def explanation(task: Task, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> Explanation:
    """What is said of the cases that failed."""
    where = ""
    if first_of_wrong_numbers(verdicts) is not None:
        if found := _diagnosis(task, cases, verdicts):
            return Explanation(found)
        where = _place(task, cases, verdicts)
    return Explanation(None, where, _in_common(task, cases, verdicts))


def _diagnosis(
    task: Task, cases: Sequence[Case], verdicts: Sequence[Verdict]
) -> Misunderstanding | None:
    """The one misunderstanding that gives all the results, if there is one."""
    evidence = [
        (case, verdict.result)
        for case, verdict in sorted(
            zip(cases, verdicts, strict=True), key=lambda pair: pair[1].kind == "passed"
        )  # those that failed come first: most mistakes are ruled out by one
        if verdict.result is not None
    ]
    if not evidence:
        return None
    fitting = [m for m in task.misunderstandings if task.explains(m, evidence)]
    if fitting:
        return fitting[0] if len(fitting) == 1 else None
    return _searched(task, evidence)


def _place(task: Task, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> str:
    """Where all wrong numbers are."""
    pairs = [
        places.Pair(
            verdict.result,
            task.expected(case),
            task.required(case).tolerance,
            task.arguments(case),
        )
        for case, verdict in zip(cases, verdicts, strict=True)
        if verdict.result is not None
    ]
    with contextlib.suppress(Exception):  # a result may be anything, and a check goes on
        return places.where(pairs, task.names)
    return ""


def _in_common(task: Task, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> str:
    """In one sentence, what the failing cases share; of those that were tried."""
    judged = [
        (case, verdict.kind)
        for case, verdict in zip(cases, verdicts, strict=True)
        if verdict.kind not in ("not run", "not attempted", "not counted")
    ]
    return shared(
        task.signature,
        [case for case, kind in judged if kind != "passed"],
        [case for case, kind in judged if kind == "passed"],
    )


def _searched(task: Task, evidence: Sequence[tuple]) -> Misunderstanding | None:
    found = [
        Evidence(task.widened_arguments(case), result, task.required(case).tolerance)
        for case, result in evidence
    ]
    defaults = {
        name: parameter.default
        for name, parameter in task.signature.parameters.items()
        if parameter.default is not parameter.empty
    }

    def fresh():
        return [
            task.widened_arguments(case)
            for seed in (1, 2)
            for case in task.cases(Draw(seed))
            if not case.error
        ]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return search(task.oracle, found, defaults, task.section, fresh, task.formula)
