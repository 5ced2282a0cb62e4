"""Runs a submission in two processes: the student's code in one, the checks in the other.

Graded cells run in the examiner alone, and their outputs are the examiner's alone. Locked cells
that are not graded (imports, helpers) are the instructor's and run in both. All other cells run in
the candidate. The two talk to each other directly; this class starts them, says which cell is next,
and starts the candidate again when it was lost in a check.
"""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING

import nbformat

from autograder.processes import channel
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission.cells import is_graded, is_locked
from autograder.submission.job import Status
from autograder.submission.runner import KILLS, Runner, end
from checked_call import wall_seconds

if TYPE_CHECKING:
    from nbformat import NotebookNode

RESTARTS = 8  # of the candidate, in one submission
# Of the wall clock, until it is known how a process ended: one that has hung up is about to end, of
# which a busy machine tells late; one that sends nonsense may go on.
ENDING_SECONDS, DYING_SECONDS = 20.0, 1.0
# What the examiner says of a cell in which nothing is to be done.
NOTHING = {
    "messages": [],
    "lost": None,
    "late": False,
    "count": None,
    "borrowed": [],
    "waits": False,
    "libraries": [],
}


class ExaminedRunner(Runner):
    """Runs the cells of a notebook where they belong.

    Args:
        candidate: from a socket, makes the manager of a candidate.
        examiner: from two sockets, makes the manager of the examiner.
        answers: sources of the cells for answers, as students got them.
    """

    def __init__(self, limits, candidate, examiner, answers=(), **keywords):
        super().__init__(limits, **keywords)
        self.answers = list(answers)
        self.make_candidate, self.make_examiner = candidate, examiner
        self.examiner = self.control = self.candidate_sockets = None
        self.restarts, self.peak_memory, self.libraries = 0, None, set()
        self.done, self.candidate_lost = [], False

    async def run_notebook(self, notebook: NotebookNode) -> None:
        """Run every cell, each in its process, and end both."""
        control, examiners_control = channel.pair()
        self.candidate_sockets, examiners_candidate_sockets = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET
        )
        self.control = channel.Channel(control)
        self.nb = notebook
        try:
            self.examiner = self.make_examiner([examiners_control, examiners_candidate_sockets])
            started = await asyncio.gather(
                self._start_examiner(), self._start_candidate(), return_exceptions=True
            )
            for problem in started:
                if isinstance(problem, BaseException):
                    raise problem
            examiners_control.close()
            examiners_candidate_sockets.close()
            locked = [cell for cell in notebook.cells if is_locked(cell)]
            locked = [(cell.source, is_graded(cell)) for cell in locked]
            self.control.send({"cells": locked, "answers": self.answers}, 10)
            for index, cell in enumerate(notebook.cells):
                await self.run_cell(cell, index)
        finally:
            for place in (
                control,
                self.candidate_sockets,
                examiners_control,
                examiners_candidate_sockets,
            ):
                place.close()
            await self._end_candidate()
            if self.examiner is not None:
                await end(self.examiner)

    async def _start_examiner(self):
        await self.examiner.start_kernel()

    async def _start_candidate(self):
        examiners_end, candidates_end = channel.pair()
        try:
            await self.start(self.nb, self.make_candidate(candidates_end), "")
            socket.send_fds(self.candidate_sockets, [b"1"], [examiners_end.fileno()])
            await self.connect()
        finally:
            examiners_end.close()
            candidates_end.close()

    async def _end_candidate(self):
        if self.km is not None:
            await end(self.km, self)
            peaks = [self.peak_memory, self.km.peak_memory]
            self.peak_memory = max((peak for peak in peaks if peak is not None), default=None)
            self.km = None

    async def run_cell(self, cell: NotebookNode, index: int) -> None:
        """Run a cell in its process, or in both."""
        if self.candidate_lost and not self.stopped and cell.cell_type == "code":
            await self._start_again(index)
        if is_graded(cell):
            return await self._examine(cell, index)
        if is_locked(cell) and not self.stopped:
            _, answer = await asyncio.gather(
                super().run_cell(cell, index), self._ask(cell.source, alone=True)
            )
            if answer is not None and answer["waits"] and not self.stopped:
                answer = await self._ask(cell.source)
            await self._look_at_locked(index, answer or NOTHING)
        else:
            await super().run_cell(cell, index)
        if cell.cell_type == "code":
            self.done.append((cell, index))

    async def _examine(self, cell, index):
        """Run a graded cell in the examiner."""
        if not self._may_run(cell):
            return
        answer = await self._ask(cell.source, graded=True)
        if answer is None:
            status = Status.TIMED_OUT if self.interrupted else Status.DIED
            self._stop(status, f"the examiner ended in cell {index + 1}")
            answer = NOTHING
        cell.execution_count = answer["count"]
        for kind, content in answer["messages"]:
            self.put_out(kind, content, cell, index)
        if answer["late"]:
            self.note(Status.TIMED_OUT, f"cell {index + 1}: a call took too long")
        if answer["lost"]:
            await self._lost(index, *answer["lost"])
        self._after(cell, index)

    async def _look_at_locked(self, index, answer):
        """A locked cell that uses nothing of the student's has to run."""
        if answer["lost"]:
            await self._lost(index, *answer["lost"])
        for kind, content in answer["messages"]:
            if kind == "error" and not answer["borrowed"]:
                why = f"{content['ename']}: {content['evalue']}"
                self.note(Status.CHECK_FAILED, f"the locked cell {index + 1} failed: {why}"[:200])

    async def _ask(self, source, alone=False, graded=False):
        """What the examiner says to a cell; None when it is gone."""
        if not source.strip():
            return NOTHING
        try:
            request = {
                "source": source,
                "alone": alone,
                "graded": graded,
                "seconds": float(self.timeout),
                "processor_seconds": float(self.limits.cell_seconds),
            }
            self.control.send(request, 10)
            # The examiner watches it too. Of the wall clock, as the machine may be busy.
            grace = wall_seconds(self.limits.grace_seconds)
            async with self._processor_limit(self.examiner, trusted=True):
                return await self._answer(self.timeout + grace)
        except channel.OutOfTime:
            self.interrupted = True
            await self.examiner.interrupt_kernel()
        except channel.Broken:
            return await self._examiner_lost()
        try:
            return await self._answer(grace)
        except channel.Broken:
            return await self._examiner_lost()

    async def _answer(self, seconds):
        answer = await asyncio.to_thread(self.control.receive, seconds)
        self.libraries |= set(answer["libraries"])
        return answer

    async def _examiner_lost(self):
        worker = self.examiner.provisioner
        await _until_dead(worker, ENDING_SECONDS)
        if worker.lost:
            raise SandboxError("the fork server was lost in a check")
        if worker.returncode is not None and not worker.group.out_of_memory():
            self.killed = -worker.returncode in KILLS
        worker.kill_now()

    async def _lost(self, index, why, text):
        """The candidate was lost in a check: say why, and have it started again."""
        self.candidate_lost = True
        worker = self.km.provisioner
        patience = {"time": 0.0, "ended": ENDING_SECONDS}.get(why, DYING_SECONDS)
        if patience and await _until_dead(worker, patience) is not None:
            status, text = self._cause(f"in the check of cell {index + 1}")
        else:
            status = Status.TIMED_OUT if why == "time" else Status.TAMPERED
            text = f"in the check of cell {index + 1} {text}"
        self.note(status, text)

    async def _start_again(self, index):
        """Start a new candidate and run in it what ran before; the first outputs stay."""
        self.candidate_lost = False
        self.restarts += 1
        if self.restarts > RESTARTS:
            return self._stop(self.status, self.detail)
        await self._end_candidate()
        await self._start_candidate()
        for cell, place in self.done:
            copy = nbformat.from_dict(cell)
            copy.outputs = []
            await Runner.run_cell(self, copy, place)


async def _until_dead(worker, seconds):
    """The return code of a process that is about to end; None when it does not."""
    give_up = time.monotonic() + seconds
    while await worker.poll() is None and time.monotonic() < give_up:
        await asyncio.sleep(0.01)
    return worker.returncode
