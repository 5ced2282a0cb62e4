"""A student's function under a check: its calls, and what is wrong with what comes of them."""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import functools
import io
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from checked_call import Call, Description, by_place, call, lives_elsewhere, mapped, perform
from course.checking import clock
from course.checking.cases import Case, Draw, numbers_in
from course.checking.clock import Clock
from course.checking.gradients import beside, wrong_gradient
from course.checking.judging import (
    Verdict,
    compare_values,
    first_of_wrong_numbers,
    judge,
    kind_of,
    plain,
    same,
)
from course.checking.properties import names_of
from course.device import device

if TYPE_CHECKING:
    from course.checking.task import Task

_EXCEPTIONS = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
_KEEPS = "; {}: your function keeps something between calls"


@dataclasses.dataclass(frozen=True)
class Trial:
    """A function that is tried by a task's cases, in the time of a clock."""

    task: Task
    function: Any
    clock: Clock

    def judged(self, case: Case) -> Verdict:
        """What comes of a case: one call, and its result beside what is right."""
        function, task = self.function, self.task
        if not (callable(function) or task.prepare or lives_elsewhere(function)):
            return Verdict("type", f"{task.name} is no function: got {kind_of(function)}")
        done = self.call(case)
        verdict = self.verdict(case, done)
        verdict.printed = done.printed
        return verdict

    def probed(
        self, case: Case, verdict: Verdict, *, again: bool, views: bool, speed: bool
    ) -> Verdict:
        """What comes of a case that has passed, by more calls.

        Args:
            case: it.
            verdict: that it has passed.
            again: is it called again, for what is kept between calls?
            views: and with arrays that are parts of larger ones?
            speed: are the steps counted that the work takes in Python?
        """
        printed = verdict.printed
        # A module may keep things from call to call; what a function was made of is used up.
        if not case.error and again and self.can_be_asked_again:
            verdict = self._memory_judged(case, verdict)
        if verdict.kind == "passed" and self.task.differentiable and not case.error:
            verdict = self._gradients_judged(case, verdict)
        if verdict.kind == "passed" and self.task.vectorised and speed:
            verdict = self._measured(verdict)
        if verdict.kind == "passed" and views:
            verdict = self._views_judged(case, verdict)
        verdict.printed = printed
        return verdict

    @property
    def can_be_asked_again(self) -> bool:
        """Is what is called the student's own function still?"""
        return self.task.prepare is None or self.task.torch

    def call(self, case: Case, probes: Sequence[str] = ()) -> Call:
        """Call the function with the arguments of a case."""
        args, kwargs = self._to_device(case.args), self._to_device(case.kwargs)
        probes = ["aliases", *probes, *["torch"] * bool(self.task.forbidden)]
        if self.task.prepare is None:
            return self.clock.spent(call(self.function, args, kwargs, self.clock.limit, probes))
        # Two calls, each with its time limit: what the student's object makes may live in another
        # process, and only the second call has a result to look at.
        prepare = functools.partial(self.task.prepare, self.function)
        prepared = self.clock.spent(perform(prepare, (), kwargs, self.clock.limit))
        if prepared.error or prepared.out_of_time:
            return prepared
        done = self.clock.spent(call(prepared.result, args, {}, self.clock.limit, probes))
        done.kwargs = prepared.kwargs
        return done

    def _to_device(self, value):
        return mapped(_tensor, value) if self.task.torch else value

    def verdict(self, case: Case, done: Call) -> Verdict:
        """What is wrong with a call first."""
        if done.out_of_time:
            says = (
                f"no result after {clock.CALL_SECONDS:g} seconds: the call was ended. "
                "Is a loop endless?"
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
        if layer := next((name for name in self.task.forbidden if name in called), None):
            says = f"the library's own layer was called ({layer}): "
            return Verdict("library", says + "build the result from tensor operations instead")
        expected, required = self.task.expected(case), self.task.required(case)
        verdict = judge(done.result, expected, required)
        if verdict.kind in ("passed", "shape", "finite"):
            verdict.result = plain(done.result)
        if verdict.kind != "passed":
            return verdict
        touched = self._arguments_judged(case, done)
        if touched.kind != "passed":
            return touched
        result, compared = verdict.result, compare_values(verdict.result, expected, required)
        compared.result = result
        return compared

    def _arguments_judged(self, case: Case, done: Call) -> Verdict:
        """Fail a case whose arguments were changed, or lie in the result."""
        arguments = names_of(case, self.task.signature)
        before = by_place(case.args, case.kwargs)
        after = by_place(done.args, done.kwargs)
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
        return Verdict("passed")

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

    def _memory_judged(self, case: Case, verdict: Verdict) -> Verdict:
        """Fail a case where more calls change its result, or give another one."""
        done = self.call(case, ["memory"])
        says = {
            "result": "a later call changes the result of an earlier one: your function writes "
            "into an array that it keeps; make a new one in each call",
            "call": "the same case gives another result after another case: your function keeps "
            "something between calls",
        }.get(done.readings.get("memory"))
        return Verdict("memory", says, result=verdict.result) if says else verdict

    def _views_judged(self, case: Case, verdict: Verdict) -> Verdict:
        """Fail a case whose result is another where the arrays are views of larger ones."""
        if self.task.torch or not (any(numbers_in(case)) and self.can_be_asked_again):
            return verdict
        done = self.call(case, ["views"])
        if not done.error and done.readings.get("views", True):
            return verdict
        says = "the same numbers in an array that is a view of a larger one "
        says += f"raise {done.error.names[0]}" if done.error else "give another result"
        says += ": do not rely on how an array lies in memory"
        return Verdict("view", says, result=verdict.result, printed=verdict.printed)

    def _gradients_judged(self, case: Case, verdict: Verdict) -> Verdict:
        """Fail a case where the gradient of any argument is missing or has other values."""
        moved, draw = beside(case)
        done = self.call(moved, ["gradients"])
        if done.error or done.out_of_time:
            return self.verdict(moved, done)
        gradients = done.readings.get("gradients")
        gradients = gradients if type(gradients) is dict else {}
        says = wrong_gradient(self.task, case, moved, gradients, draw)
        return Verdict("gradient", says, result=verdict.result) if says else verdict

    def _measured(self, verdict: Verdict) -> Verdict:
        """Fail a case where the work in Python grows with the number of output pixels.

        A loop over rows alone or columns alone, or over the kernel, does not: what grows by the
        product of height and width is left when the growth by each of them is taken away.
        """
        small, large = 4, 12
        steps = {}
        for height, width in itertools.product((small, large), repeat=2):
            case = self.task.vectorised(Draw(1), height, width)
            done = self.call(case, ["steps"])
            if done.error or done.out_of_time:
                return self.verdict(case, done)
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


def suspect_memory(trial: Trial, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> None:
    """Where the first wrong result is another when asked again, that is what is wrong."""
    first = first_of_wrong_numbers(verdicts)
    if first is None or not trial.can_be_asked_again:
        return
    verdict, case = verdicts[first], cases[first]
    done = trial.call(case)
    again = None if done.error or done.out_of_time else plain(done.result)
    if again is not None and not same(again, verdict.result, 0.0):
        verdict.kind = "memory"
        verdict.says += _KEEPS.format("the same case gives another result when asked again")
        return
    for earlier, other in enumerate(verdicts[:first]):
        if _repeats(verdict.result, other.result) and not _repeats(
            trial.task.expected(case), trial.task.expected(cases[earlier])
        ):
            verdict.kind = "memory"
            verdict.says += _KEEPS.format(f"it is the result of case {earlier + 1} once more")
            return


def _repeats(result, earlier) -> bool:
    """Are two results the same array, and one whose numbers differ?"""
    return (
        isinstance(result, np.ndarray)
        and result.dtype.kind == "f"
        and len(np.unique(result)) > 1
        and same(result, earlier, 0.0)
    )


def settle(cases: Sequence[Case], verdicts: list[Verdict]) -> None:
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
    results = [v.kind for case, v in zip(cases, verdicts, strict=True) if not case.error]
    if results and "passed" not in results and kinds != {"not attempted"}:
        for verdict in verdicts:
            if verdict.kind == "passed":
                verdict.kind = "not counted"
                verdict.says = "the error counts as soon as a case with a result passes"


def used_device() -> torch.device:
    """The device of the student's tensors."""
    # It says once which device it is: that is for the notebook, not for a check's output.
    with contextlib.redirect_stdout(io.StringIO()):
        return device()


def _tensor(value):
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy()).to(used_device())
    return value
