"""Run one submission: bytes of a notebook in, the executed notebook and an explicit status out."""

import asyncio
import atexit
import json
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient.client import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from autograder import outputs, provisioner
from autograder.depth import too_deep
from autograder.sandbox import ForkServer, SandboxError, package_files
from autograder.status import Malformed, Result, Status, worst

RESERVE = 64 * 1024  # an error or a result of this size is kept even after a flood
_adopted = {}  # {packages: AdoptedServer}
STAND_IN = "raise ImportError({message!r})\n"


def read_notebook(content, limit):
    """Parse the bytes of a submission.

    Returns:
        The notebook in nbformat 4, without outputs.

    Raises:
        Malformed: it is too large, or no notebook.
    """
    if len(content) > limit:
        raise Malformed(f"the file has {len(content):,} bytes, at most {limit:,} are read")
    if too_deep(content):
        raise Malformed("the file is nested too deeply")
    try:
        data = json.loads(content.decode("utf-8"))
        if not isinstance(data, dict) or "nbformat" not in data:
            raise Malformed("the file is JSON, but no notebook")
        notebook = nbformat.reads(json.dumps(data), as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        _, notebook = nbformat.validator.normalize(notebook)
        nbformat.validate(notebook)
    except Malformed:
        raise
    except UnicodeDecodeError as error:
        raise Malformed(f"the file is not in UTF-8: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"the file is no JSON: {error.msg} in line {error.lineno}") from error
    except Exception as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise Malformed(f"the file is no valid notebook: {reason[0][:200]}") from error
    return notebook


class Runner(Execute):
    """nbgrader's own Execute, with limits on a whole notebook and an account of what happened."""

    def __init__(self, limits, **keywords):
        super().__init__(**keywords)
        self.limits = limits
        self.variables = {}  # of a kernel without sandbox; a fork gets its own with the request
        self.iopub_timeout = limits.grace_seconds
        self.status, self.detail = Status.GRADED, ""
        self.stopped = self.flooded = self.interrupted = False
        self.deadline = time.monotonic() + limits.total_seconds
        self.kept = self.received = self.kept_of_cell = self.lost_of_cell = 0

    async def run_notebook(self, notebook, manager, folder):
        """Run every cell in a new kernel, and end the kernel.

        What Execute.preprocess does, in one event loop: this may be a thread, where the loop that
        jupyter_client would take belongs to another.
        """
        NotebookClient.__init__(self, notebook, manager)
        self.reset_execution_trackers()
        self.resources = {"metadata": {"path": folder} if folder else {}}
        try:
            await self.async_start_new_kernel(env=self.variables)
            await self.async_start_new_kernel_client()
            info = await self.async_wait_for_reply(self.kc.kernel_info())
            notebook.metadata["language_info"] = info["content"]["language_info"]
            for index, cell in enumerate(notebook.cells):
                await self.run_cell(cell, index)
        finally:
            await _end(manager, self)

    def note(self, status, detail):
        """Remember a status; the worst one stays."""
        if self.status is Status.GRADED or worst(status, self.status) is not self.status:
            self.status, self.detail = status, detail

    async def run_cell(self, cell, index):
        """Run a cell within the limits; whatever happens is put down as status and outputs."""
        if cell.cell_type != "code" or not cell.source.strip():
            return
        self.kept_of_cell = self.lost_of_cell = 0
        self.interrupted = False
        left = self.deadline - time.monotonic()
        if left <= 0 and not self.stopped:
            self._stop(Status.TIMED_OUT, f"the notebook ran {self.limits.total_seconds} s")
        if self.stopped:
            cell.outputs = [outputs.error("NotRun", self.detail)]
            return
        self.timeout = max(1, int(min(self.limits.cell_seconds, left)))
        try:
            await self.async_execute_cell(cell, index)
        except DeadKernelError:
            self._dead(index)
        except CellTimeoutError:
            self._stop(Status.TIMED_OUT, f"cell {index + 1} did not end when interrupted")
        except Exception as problem:  # only a message that the kernel should not send gets here
            reason = f"cell {index + 1} broke the protocol: {type(problem).__name__}: {problem}"
            self._stop(Status.TAMPERED, reason[:200])
        if self.interrupted:
            text = f"cell {index + 1} ran longer than {self.timeout} s"
            self.note(Status.TIMED_OUT, text)
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
        place, code = f"in cell {index + 1}", None
        worker = self.km.provisioner
        if worker is not None:
            code = getattr(worker, "returncode", None)
        group = getattr(worker, "group", None)
        if getattr(worker, "lost", False):
            raise SandboxError(f"the fork server was lost {place}")
        if self.flooded:
            text = f"more than {self.limits.output_flood:,} bytes of output {place}"
            self._stop(Status.DIED, text)
        elif group is not None and group.out_of_memory():
            self._stop(Status.OUT_OF_MEMORY, f"the kernel was ended for memory {place}")
        elif code == -signal.SIGXCPU:
            self._stop(Status.TIMED_OUT, f"processor time used up {place}")
        elif code is not None and code < 0:
            self._stop(Status.DIED, f"the kernel ended by signal {-code} {place}")
        else:
            self._stop(Status.DIED, f"the kernel ended with code {code} {place}")

    async def _async_handle_timeout(self, timeout, cell=None):
        self.interrupted = True
        return await super()._async_handle_timeout(timeout, cell)

    def process_message(self, msg, cell, cell_index):
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


def _about_memory(output):
    # The last is what torch says.
    return "MemoryError" in output.ename or "can't allocate memory" in output.evalue


@cache
def _server(packages, process):
    made = ForkServer(packages)
    atexit.register(made.close)
    return made


def server(packages=("course",)):
    """The fork server to use for these packages: one that was adopted, or this process's own."""
    return _adopted.get(tuple(packages)) or _server(tuple(packages), os.getpid())


def adopt(packages, handle):
    """Use another process's fork server from now on (until it fails; then one of our own)."""
    if handle.starter != os.getpid():
        _adopted[tuple(packages)] = handle


def masked_files(packages, refused):
    """Files of refused modules, and the text a submission finds in their place."""
    found = {}
    for package in packages:
        for folder in package_files(package):
            for path in Path(folder).rglob("*.py*"):
                parts = [package, *path.relative_to(folder).parts]
                stem = parts.pop().split(".")[0]
                parts = [part for part in parts if part != "__pycache__"]
                name = ".".join([*parts, stem])
                if any(Path(name).match(pattern) for pattern in refused):
                    message = provisioner.REFUSAL.format(name=name)
                    compiled = path.suffix == ".pyc"
                    found[str(path)] = "" if compiled else STAND_IN.format(message=message)
    return found


def run(job):
    """Run a job.

    Returns:
        autograder.status.Result: always, whatever the submission does.

    Raises:
        SandboxError: the sandbox cannot be put up; the submission is not to blame.
        Malformed: the bytes are no notebook (the nbgrader step checks that before).
    """
    started = time.monotonic()
    for attempt in (1, 2):
        notebook = read_notebook(job.notebook, job.limits.notebook)
        try:
            runner, peak = _run(notebook, job)
            break
        except (SandboxError, RuntimeError, TimeoutError) as problem:
            # The fork server may have been killed: a dead one is started again with the next use.
            if attempt == 2:
                raise SandboxError(f"the kernel could not be run: {problem}") from problem
            _adopted.pop(tuple(job.packages), None)
    problems = outputs.settle(notebook)
    if problems:
        runner.note(Status.TAMPERED, "; ".join(problems)[:500])
    text = nbformat.writes(notebook).encode("utf-8", errors="replace")
    seconds = time.monotonic() - started
    return Result(text, runner.status, runner.detail, seconds, peak)


def _run(notebook, job):
    runner = Runner(job.limits, config=Config())
    if not job.sandbox:
        with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
            _write_files(folder, job.files)
            manager = AsyncKernelManager(kernel_name="python3")
            runner.variables = {**os.environ, **job.variables}
            _drive(runner, notebook, manager, folder)
        return runner, None
    manager = provisioner.manager(
        server=server(job.packages),
        limits=job.limits,
        variables=dict(job.variables),
        files=job.files,
        refused=list(job.refused),
        masked=masked_files(job.packages, job.refused),
    )
    _drive(runner, notebook, manager, None)
    return runner, manager.peak_memory


def _write_files(folder, files):
    for name, content in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _drive(runner, notebook, manager, folder):
    def run():
        asyncio.run(runner.run_notebook(notebook, manager, folder))

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        run()
    else:  # the formgrader's button: the Jupyter server's loop runs in this thread
        with ThreadPoolExecutor(max_workers=1) as other:
            other.submit(run).result()


async def _end(manager, runner):
    worker = manager.provisioner
    group = getattr(worker, "group", None)
    try:
        if manager.has_kernel:
            await manager.provisioner.kill()
            await asyncio.wait_for(manager.provisioner.wait(), 10)
    finally:
        manager.peak_memory = group.peak_memory() if group is not None else None
        if runner.kc is not None:
            runner.kc.stop_channels()
            runner.kc = None
        await manager._async_cleanup_resources()


def is_graded(cell):
    """Whether marks depend on what this cell puts out."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


if sys.platform == "win32":  # pragma: no cover - the event loop that ZeroMQ needs there
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
