"""Drives one kernel through the cells of a submission, and keeps account of what happens."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from typing import TYPE_CHECKING

import nbformat

from autograder.internals.of_nbclient import (
    CellTimeoutError,
    DeadKernelError,
    KernelDriver,
    release,
)
from autograder.sandbox import processor_time
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission import outputs
from autograder.submission.intake import printable
from autograder.submission.job import Status, worst
from checked_call import wall_seconds

if TYPE_CHECKING:
    from jupyter_client import KernelManager
    from nbformat import NotebookNode

KILLS = (signal.SIGKILL, signal.SIGTERM)  # may come from somebody else on the machine
END_SECONDS = 120
RESERVE = 64 * 1024  # an error or a result of this size is kept even after a flood


class Runner(KernelDriver):
    """Drives a kernel, with limits on a whole notebook and an account of what happened."""

    def __init__(self, limits, **keywords):
        super().__init__(**keywords)
        self.limits = limits
        self.variables = {}  # of a kernel without sandbox; a fork gets its own with the request
        self.status, self.detail = Status.GRADED, ""
        self.stopped = self.flooded = self.interrupted = False
        self.overdue = self.killed = False
        self.deadline = time.monotonic() + wall_seconds(limits.total_seconds)
        self.kept = self.received = self.kept_of_cell = self.lost_of_cell = 0

    async def run_notebook(
        self, notebook: NotebookNode, manager: KernelManager, folder: str
    ) -> None:
        """Run every cell in a new kernel, and end the kernel."""
        try:
            await self.start(notebook, manager, folder, env=self.variables)
            await self.connect()
            for index, cell in enumerate(notebook.cells):
                await self.run_cell(cell, index)
        finally:
            await end(manager, self)

    def note(self, status: Status, detail: str) -> None:
        """Remember a status; the worst one stays."""
        detail = printable(detail, 500)
        if self.status is Status.GRADED or worst(status, self.status) is not self.status:
            self.status, self.detail = status, detail

    async def run_cell(self, cell: NotebookNode, index: int) -> None:
        """Run a cell within the limits; whatever happens is put down as status and outputs."""
        if not self._may_run(cell):
            return
        try:
            async with self._processor_limit(self.km):
                await self.async_execute_cell(cell, index)
        except DeadKernelError:
            self._dead(index)
        except CellTimeoutError:
            self._stop(Status.TIMED_OUT, f"cell {index + 1} did not end when interrupted")
        except Exception as problem:  # only a message that the kernel should not send gets here
            reason = f"cell {index + 1} broke the protocol: {type(problem).__name__}: {problem}"
            self._stop(Status.TAMPERED, reason[:200])
        self._after(cell, index)

    def _may_run(self, cell):
        """Get ready for a cell; says whether it is to be run."""
        if cell.cell_type != "code" or not cell.source.strip():
            return False
        self.kept_of_cell = self.lost_of_cell = 0
        self.interrupted = False
        remaining = self.deadline - time.monotonic()
        if remaining <= 0 and not self.stopped:
            self._stop(Status.TIMED_OUT, f"the notebook had {self.limits.total_seconds} s")
        if self.stopped:
            cell.outputs = [outputs.error("NotRun", self.detail)]
            return False
        # Of the wall clock: the limit that matters is one of processor time.
        self.timeout = max(1, int(min(wall_seconds(self.limits.cell_seconds), remaining)))
        self.iopub_timeout = int(wall_seconds(self.limits.grace_seconds))
        return True

    @contextlib.asynccontextmanager
    async def _processor_limit(self, manager, trusted=False):
        """Interrupt a kernel that computes for too long, and end it where that does not help.

        What counts is what the code used, not what the machine was busy with.
        """
        watch = asyncio.create_task(self._watch(manager, trusted))
        try:
            yield
        finally:
            watch.cancel()

    async def _watch(self, manager, trusted):
        worker, began = manager.provisioner, None
        for limit in (self.limits.cell_seconds, self.limits.grace_seconds):
            began = _processor_seconds(worker)
            while (now := _processor_seconds(worker)) is not None and now - began <= limit:
                await asyncio.sleep(0.2)
            if now is None:  # it cannot be read: the wall clock is the limit
                return
            if not self.interrupted:
                self.interrupted = True
                await manager.interrupt_kernel()
            if trusted:  # it ends by itself
                return
        self.overdue = True
        if hasattr(worker, "kill_now"):
            worker.kill_now()

    def _after(self, cell, index):
        """Put down in a cell's outputs what became of it."""
        if self.interrupted:
            text = f"cell {index + 1} ran longer than {self.limits.cell_seconds} s"
            self.note(Status.TIMED_OUT, text)
            if not any(output.get("ename") == "CellTimeoutError" for output in cell.outputs):
                cell.outputs.append(outputs.error("CellTimeoutError", text))
        if self.stopped and not outputs.has_error(cell):
            cell.outputs.append(outputs.error("Stopped", self.detail))
        for output in cell.outputs:
            if output.output_type == "error" and _about_memory(output):
                self.note(Status.OUT_OF_MEMORY, f"cell {index + 1}: {output.evalue[:100]}")
        if self.lost_of_cell:
            text = f"\n... {self.lost_of_cell:,} bytes of output cut here ...\n"
            cell.outputs.append(nbformat.v4.new_output("stream", name="stdout", text=text))

    def _stop(self, status, detail):
        self.stopped = True
        self.note(status, detail)
        if hasattr(self.km.provisioner, "kill_now"):
            self.km.provisioner.kill_now()

    def _dead(self, index):
        self._stop(*self._cause(f"in cell {index + 1}"))

    def _cause(self, place):
        """Why the kernel is dead: a status and a sentence."""
        worker = self.km.provisioner
        code, group = getattr(worker, "returncode", None), getattr(worker, "group", None)
        if self.overdue:
            return Status.TIMED_OUT, f"the code did not end when interrupted {place}"
        if self.flooded:
            return Status.DIED, f"more than {self.limits.output_flood:,} bytes of output {place}"
        # Before a lost server: what is short of memory may have ended the warden first.
        if group is not None and group.out_of_memory():
            return Status.OUT_OF_MEMORY, f"the kernel was ended for memory {place}"
        if getattr(worker, "lost", False):
            raise SandboxError(f"the fork server was lost {place}")
        if code == -signal.SIGXCPU:
            return Status.TIMED_OUT, f"processor time used up {place}"
        if code is not None and code < 0:
            self.killed = -code in KILLS
            return Status.DIED, f"the kernel ended by signal {-code} {place}"
        return Status.DIED, f"the kernel ended with code {code} {place}"

    def on_timeout(self) -> None:
        self.interrupted = True
        self.iopub_timeout = self.limits.grace_seconds  # it had its time

    def process_message(
        self, msg: dict, cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take a message of the kernel into the notebook, as far as there is room for it."""
        kind, content = msg["msg_type"], msg["content"]
        if kind in ("status", "execute_input", "clear_output"):
            return super().process_message(msg, cell, cell_index)
        if kind.startswith("comm_"):
            return None  # widgets: nobody is there to move them, and an Output widget takes outputs
        if not outputs.well_formed(kind, content):
            self.note(Status.TAMPERED, f"cell {cell_index + 1} sent a broken {kind[:40]}")
            return None
        length = outputs.size(content)
        self.received += length
        if self.received > self.limits.output_flood and not self.flooded:
            self.flooded = True
            self._stop(Status.DIED, f"more than {self.limits.output_flood:,} bytes of output")
        room = min(
            self.limits.output_cell - self.kept_of_cell, self.limits.output_total - self.kept
        )
        if length > room:
            if kind == "stream" and room > 0:
                content["text"] = content["text"][:room]
            elif kind in ("error", "execute_result") and self._count(cell, kind) < 2:
                _shorten(content)
            else:
                self.lost_of_cell += length
                return None
            kept = outputs.size(content)
            self.lost_of_cell += length - kept
            length = kept
        self.kept += length
        self.kept_of_cell += length
        return super().process_message(msg, cell, cell_index)

    @staticmethod
    def _count(cell, kind):
        return sum(output.output_type == kind for output in cell.outputs)


def _shorten(content):
    """Cut an error or a result that came after a flood, keeping what decides about marks."""
    if "traceback" in content:
        content["traceback"] = [str(line)[:1000] for line in content["traceback"][-10:]]
        content["evalue"] = str(content["evalue"])[:1000]
        content["ename"] = str(content["ename"])[:100]
    elif outputs.size(content.get("data", {})) > RESERVE:
        text = str(content["data"].get("text/plain", ""))[:1000]
        content["data"] = {"text/plain": text}


def _processor_seconds(worker):
    if hasattr(worker, "processor_seconds"):
        return worker.processor_seconds()
    return processor_time.main_thread_seconds(getattr(worker, "pid", None))


def _about_memory(output):
    words = ("can't allocate memory", "CUDA out of memory")  # torch's
    return "MemoryError" in output.ename or any(said in output.evalue for said in words)


async def end(manager: KernelManager, runner: KernelDriver | None = None) -> None:
    """End a manager's kernel and all that belongs to it."""
    worker = manager.provisioner
    group = getattr(worker, "group", None)
    try:
        if manager.has_kernel:
            await manager.provisioner.kill()
            # Of the wall clock: a machine that is busy with a fork bomb takes long to end it.
            await asyncio.wait_for(manager.provisioner.wait(), END_SECONDS)
    finally:
        manager.peak_memory = group.peak_memory() if group is not None else None
        if runner is not None and runner.kc is not None:
            runner.kc.stop_channels()
            runner.kc = None
        await release(manager)
