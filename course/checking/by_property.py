"""A task whose answer is judged by what it is able to do, not by what it is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence

from course.checking.cases import Case, case
from course.checking.explaining import Explanation
from course.checking.judging import Verdict, plain
from course.checking.mistakes import Misunderstanding
from course.checking.task import Task
from course.checking.trial import Trial


class PropertyTask(Task):
    """One function without arguments, and questions about what it gives; a case is a question.

    Args:
        name: the function's name.
        questions: what each case asks, as "its receptive field", and from the result as plain data
            what is wrong with it: one sentence, or "" where nothing is. A result that cannot be
            read raises ValueError with the sentence.
        hidden: the questions of the hidden cases; None: the visible ones again.
        lecture, section: as for a `Task`.
        misunderstandings: their oracles say of a result whether it is theirs. The first one counts.
    """

    by_property = True  # a changed answer is another answer: it may be as good

    def __init__(
        self,
        name: str,
        questions: dict[str, Callable],
        *,
        lecture: str,
        section: str,
        hidden: dict[str, Callable] | None = None,
        misunderstandings: Sequence[Misunderstanding] = (),
    ):
        super().__init__(
            name,
            lambda asked: None,
            cases=self._visible,
            lecture=lecture,
            section=section,
            misunderstandings=misunderstandings,
        )
        self.visible, self.hidden = questions, questions if hidden is None else hidden

    def _visible(self, draw):
        yield from (case(asked) for asked in self.visible)

    def all_cases(self, seed: int | None = None) -> list:
        """A case for each question: nothing is drawn."""
        return [case(asked) for asked in (self.visible if seed is None else self.hidden)]

    def describe(self, case: Case) -> str:
        """What a case asks for."""
        return f"{self.name}(), {case.args[0]}"

    def judged(self, trial: Trial, asked_for: Case) -> Verdict:
        """What is wrong with the function's result, by one question."""
        done = trial.call(case())
        if done.out_of_time or done.error:
            return trial.verdict(case(), done)
        result = plain(done.result)
        (asked,) = asked_for.args
        judge = self.visible.get(asked) or self.hidden[asked]
        try:
            with _one_thread():
                says = judge(result)
        except ValueError as problem:
            return Verdict("type", str(problem), printed=done.printed)
        kind = "values" if says else "passed"
        return Verdict(kind, says, result=result, printed=done.printed)

    def explained(self, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> Explanation:
        """The first misunderstanding that says of the first wrong result that it is its own."""
        failed = next((verdict for verdict in verdicts if verdict.kind == "values"), None)
        for misunderstanding in self.misunderstandings if failed else ():
            # An oracle may trip over what it is not made for: then it is not the one.
            with contextlib.suppress(Exception):
                if misunderstanding.oracle(failed.result):
                    return Explanation(misunderstanding)
        return Explanation()


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """A net that learns badly ends elsewhere when its sums are parted among more threads.

    Grading has one thread, JupyterLab as many as there are cores: both are to say the same.
    """
    if (torch := sys.modules.get("torch")) is None:
        yield
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
