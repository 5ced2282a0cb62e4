"""Run one submission: bytes of a notebook in, the executed notebook and an explicit status out."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from autograder.sandbox import kernel, provisioner, servers
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission import masks, outputs, reading
from autograder.submission.cells import is_graded
from autograder.submission.examined_runner import ExaminedRunner
from autograder.submission.job import Result, Status
from autograder.submission.runner import Runner

if TYPE_CHECKING:
    from autograder.submission.job import Job


def run(job: Job) -> Result:
    """Run a job.

    Returns:
        autograder.submission.job.Result: always, whatever the submission does.

    Raises:
        SandboxError: the sandbox cannot be put up; the submission is not to blame.
        Malformed: the bytes are no notebook (the nbgrader step checks that before).
    """
    started = time.monotonic()
    for retries_left in reversed(range(1 + job.retries)):
        notebook = reading.read_notebook(job.notebook, job.limits)
        try:
            runner, peak = _run(notebook, job)
            # A process that was killed, and not by one of our limits, may have been killed by
            # somebody else; one that kills itself does it again.
            if not (runner.killed and retries_left):
                break
        except (SandboxError, RuntimeError, TimeoutError) as problem:
            # The fork server may have been killed: a dead one is started again with the next use.
            if not retries_left:
                raise SandboxError(f"the kernel could not be run: {problem}") from problem
            servers.give_up(job.packages, job.card)
    problems = outputs.settle(notebook)
    if problems:
        # With an examiner no student's code had a hand in it.
        examined = isinstance(runner, ExaminedRunner)
        status = Status.CHECK_FAILED if examined else Status.TAMPERED
        runner.note(status, "; ".join(problems)[:500])
    seconds = time.monotonic() - started
    return Result(
        reading.plain(notebook), runner.status, runner.detail, seconds, peak, dict(job.secrets)
    )


def _run(notebook, job):
    if not job.sandbox:
        runner = Runner(job.limits, config=Config())
        with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
            _write_files(folder, job.files)
            manager = AsyncKernelManager(kernel_name="python3")
            runner.variables = {**os.environ, **job.variables, **job.secrets}
            _drive(runner.run_notebook(notebook, manager, folder))
        return runner, None
    # Reading the gradebook's copy, RestoreCells has made sure which cells are graded.
    if job.examiner and any(is_graded(cell) for cell in notebook.cells):
        runner = ExaminedRunner(
            job.limits,
            candidate=lambda end: _candidate(job, end),
            examiner=lambda ends: _examiner(job, ends),
            answers=job.answers,
            config=Config(),
        )
        _drive(runner.run_notebook(notebook))
        servers.server(job.packages, job.card).libraries |= runner.libraries
        return runner, runner.peak_memory
    manager = provisioner.manager(
        **_common(job),
        variables={**job.variables, **job.secrets},
        files=job.files,
        refused=list(job.refused),
        masked=masks.masked_files(job.packages, job.refused),
    )
    runner = Runner(job.limits, config=Config())
    _drive(runner.run_notebook(notebook, manager, None))
    return runner, manager.peak_memory


def _common(job):
    """What the managers of a job's processes have in common."""
    found = servers.server(job.packages, job.card)
    libraries = sorted(found.libraries | kernel.named_in(job.notebook))
    return {
        "server": found,
        "limits": job.limits,
        "bounded": job.bounded,
        "libraries": libraries,
    }


def _candidate(job, end):
    """A manager of the process with the student's code."""
    return provisioner.manager(
        **_common(job),
        variables=dict(job.variables),
        files=job.files,
        program="autograder.processes.candidate:main",
        refused=list(job.refused),
        masked=masks.masked_files(job.packages, job.refused, job.silent),
        channels=[end],
    )


def _examiner(job, ends):
    """A manager of the process that holds the checks; no byte of the submission is in it."""
    return provisioner.manager(
        **_common(job),
        variables={**job.variables, **job.secrets},
        files={name: job.files[name] for name in job.own_files if name in job.files},
        program="autograder.processes.examiner:main",
        channels=ends,
    )


def _write_files(folder, files):
    for name, content in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _drive(work):
    """Run a coroutine to its end, whether an event loop runs in this thread or not."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
    else:  # the formgrader's button: the Jupyter server's loop runs in this thread
        with ThreadPoolExecutor(max_workers=1) as other:
            other.submit(asyncio.run, work).result()


if sys.platform == "win32":  # pragma: no cover - the event loop that ZeroMQ needs there
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
