"""Run one submission: bytes of a notebook in, the executed notebook and an explicit status out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from autograder.sandbox import kernel, provisioner
from autograder.sandbox.bubblewrap import SandboxError, package_files, shared
from autograder.sandbox.json_depth import too_deep
from autograder.sandbox.limits import Limits
from autograder.submission import outputs
from autograder.submission.cells import is_graded
from autograder.submission.examined_runner import ExaminedRunner
from autograder.submission.job import Malformed, Result, Status
from autograder.submission.runner import Runner

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.sandbox.bubblewrap import ForkServer
    from autograder.submission.job import Job

_adopted = {}  # {packages: AdoptedServer}
STAND_IN = "raise ImportError({message!r})\n"
SILENT = '''"""The checks themselves run in another process when work is graded."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *arguments, **keywords: None
'''


def read_notebook(content: bytes, limits: Limits) -> NotebookNode:
    """Parse the bytes of a submission.

    Returns:
        The notebook in nbformat 4, without outputs.

    Raises:
        Malformed: it is too large, or no notebook.
    """
    if len(content) > limits.notebook:
        raise Malformed(
            f"the file has {len(content):,} bytes, at most {limits.notebook:,} are read"
        )
    if too_deep(content):
        raise Malformed("the file is nested too deeply")
    if content.count(b"[") + content.count(b"{") > limits.brackets:
        raise Malformed(f"the file has more than {limits.brackets:,} brackets")
    try:
        data = json.loads(content.decode("utf-8-sig"))  # some editors put a mark before the text
        if not isinstance(data, dict) or "nbformat" not in data:
            raise Malformed("the file is JSON, but no notebook")
        _forget_outputs(data, limits)
        # Half of an emoji is a character to JSON, and to nothing else.
        text = json.dumps(data, ensure_ascii=False).encode("utf-8", errors="replace").decode()
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)
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


def plain(notebook: NotebookNode) -> bytes:
    """A notebook for the next step of a run, which judges it itself: `nbformat.writes` is slow."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-8", errors="replace")


def _forget_outputs(data, limits):
    """Empty the outputs, of which nothing is needed, before anybody looks at them."""
    sheets = data.get("worksheets")  # of nbformat 3
    lists = [data.get("cells")]
    lists += [s.get("cells") for s in sheets if isinstance(s, dict)] if type(sheets) is list else []
    for cells in lists:
        if type(cells) is not list:
            continue
        if len(cells) > limits.cells:
            raise Malformed(
                f"the notebook has {len(cells):,} cells, at most {limits.cells:,} are read"
            )
        for cell in cells:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                cell["outputs"] = []
                if "execution_count" in cell:
                    cell["execution_count"] = None


def server(packages: Sequence[str] = ("course",)) -> ForkServer:
    """The fork server to use for these packages: one that was adopted, or this process's own."""
    return _adopted.get(tuple(packages)) or shared(packages)


def adopt(packages: Sequence[str], handle: ForkServer) -> None:
    """Use another process's fork server from now on (until it fails; then one of our own)."""
    if handle.starter != os.getpid():
        _adopted[tuple(packages)] = handle


def masked_files(
    packages: Sequence[str], refused: Sequence[str], silent: Sequence[str] = ()
) -> dict[str, str | None]:
    """Files of refused and of silent modules, and the text a submission finds in their place.

    Of the folder where Python keeps what it compiled of them, nothing is seen (None): a file that
    is written there while submissions run would be no masked one.
    """
    found = {}
    for package in packages:
        for top in package_files(package):
            for folder, inner, files in os.walk(top):
                if "__pycache__" in inner:
                    inner.remove("__pycache__")
                for file in files:
                    if ".py" not in file:
                        continue
                    parts = Path(folder).relative_to(top).parts
                    name = ".".join([package, *parts, file.partition(".")[0]])
                    text = None
                    if any(fnmatchcase(name, pattern) for pattern in refused):
                        text = STAND_IN.format(message=provisioner.REFUSAL.format(name=name))
                    elif any(fnmatchcase(name, pattern) for pattern in silent):
                        text = SILENT
                    if text is not None:
                        found[os.path.join(folder, file)] = "" if file.endswith(".pyc") else text
                        compiled = os.path.join(folder, "__pycache__")
                        with contextlib.suppress(OSError):  # then nobody writes there
                            os.makedirs(compiled, exist_ok=True)
                            found[compiled] = None
    return found


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
        notebook = read_notebook(job.notebook, job.limits)
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
            _adopted.pop(tuple(job.packages), None)
    problems = outputs.settle(notebook)
    if problems:
        # With an examiner no student's code had a hand in it.
        examined = isinstance(runner, ExaminedRunner)
        status = Status.CHECK_FAILED if examined else Status.TAMPERED
        runner.note(status, "; ".join(problems)[:500])
    seconds = time.monotonic() - started
    return Result(plain(notebook), runner.status, runner.detail, seconds, peak, dict(job.secrets))


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
        server(job.packages).libraries |= runner.libraries
        return runner, runner.peak_memory
    manager = provisioner.manager(
        **_common(job),
        variables={**job.variables, **job.secrets},
        files=job.files,
        refused=list(job.refused),
        masked=masked_files(job.packages, job.refused),
    )
    runner = Runner(job.limits, config=Config())
    _drive(runner.run_notebook(notebook, manager, None))
    return runner, manager.peak_memory


def _common(job):
    """What the managers of a job's processes have in common."""
    found = server(job.packages)
    libraries = sorted(found.libraries | kernel.named_in(job.notebook))
    return {"server": found, "limits": job.limits, "libraries": libraries}


def _candidate(job, end):
    """A manager of the process with the student's code."""
    return provisioner.manager(
        **_common(job),
        variables=dict(job.variables),
        files=job.files,
        program="autograder.processes.candidate:main",
        refused=list(job.refused),
        masked=masked_files(job.packages, job.refused, job.silent),
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
