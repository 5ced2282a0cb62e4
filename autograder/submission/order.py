"""All of one student: each notebook read, restored, run and settled. Plain data in, plain data out.

This runs in a process that can be ended (`child.py`) or on another machine: it knows no gradebook
and no folder.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

import nbformat

from autograder.submission import cells, engine, outputs, reading
from autograder.submission.job import Job, Malformed, Status, worst
from autograder.submission.note import KEY, note, show, status_of
from autograder.submission.restore import Known, restore


@dataclass(frozen=True)
class Order:
    """What is to be graded of a student.

    Attributes:
        files: {path: content} of everything that was handed in.
        own_files: {path: content} of what lies beside the assignment's source; it replaces theirs.
        known: {name of a notebook: what the gradebook knows of it}.
        job: limits and settings of each notebook's run.
        seed_variable: environment variable of the examiner with a seed drawn for each run.
        remark: what else to tell the instructor.
        digest: of what was handed in.
    """

    student: str
    files: dict[str, bytes]
    own_files: dict[str, bytes]
    known: dict[str, Known]
    job: Job
    seed_variable: str = ""
    remark: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Executed:
    """A notebook after its run, and how that ended."""

    notebook: bytes
    status: Status
    detail: str
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What became of an order: {name of a notebook: Executed}."""

    student: str
    notebooks: dict[str, Executed] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        return worst(Status.GRADED, *(executed.status for executed in self.notebooks.values()))

    @property
    def detail(self) -> str:
        return "; ".join(filter(None, (executed.detail for executed in self.notebooks.values())))

    @property
    def seconds(self) -> float:
        return sum(executed.seconds for executed in self.notebooks.values())


def run(order: Order) -> Outcome:
    """Grade everything a student handed in.

    Raises:
        SandboxError: the machine is to blame, not the submission.
    """
    return Outcome(order.student, {name: _run(order, name) for name in order.known})


def refuse(order: Order, status: Status, why: str) -> Outcome:
    """The outcome of an order that could not be carried out: every graded cell has an error."""
    return Outcome(
        order.student, {name: _refused(order, name, status, why) for name in order.known}
    )


def _run(order, name):
    try:
        notebook = _read(order, name)
        changes = restore(notebook, order.known[name])
    except Malformed as problem:
        return _refused(order, name, Status.MALFORMED, str(problem))
    except (
        RecursionError,
        MemoryError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
    ) as problem:
        why = f"the file is no valid notebook: {type(problem).__name__}: {problem}"
        return _refused(order, name, Status.MALFORMED, why)
    if changes:
        note(notebook, Status.TAMPERED, "; ".join(changes))
    note(notebook, Status.GRADED, order.remark)
    status, detail = status_of(notebook)
    beside = {n: c for n, c in order.files.items() if not n.endswith(".ipynb")} | order.own_files
    drawn = {}
    if order.seed_variable:
        given = order.job.variables.get(order.seed_variable)
        drawn = {order.seed_variable: given or secrets.token_hex(8)}
    result = engine.run(
        replace(
            order.job,
            notebook=reading.plain(notebook),
            files=beside,
            own_files=tuple(order.own_files),
            answers=order.known[name].answers(),
            secrets=drawn,
            variables={
                key: value
                for key, value in order.job.variables.items()
                if key != order.seed_variable
            },
        )
    )
    executed = nbformat.v4.reads(result.notebook.decode("utf-8"))
    executed.metadata[KEY] = {"status": str(status), "detail": detail}
    note(executed, result.status, result.detail)
    executed.metadata[KEY]["seconds"] = round(result.seconds, 3)
    executed.metadata[KEY]["drawn_with"] = dict(result.secrets)
    return _finished(order, executed, result.seconds)


def _read(order, name):
    content = order.files.get(f"{name}.ipynb")
    if content is None:
        others = [other for other in order.files if other.endswith(".ipynb")]
        hint = f"; there is {', '.join(others[:3])}" if others else ""
        raise Malformed(f"there is no file {name}.ipynb{hint}")
    notebook = reading.read_notebook(content, order.job.limits)
    # Of what the file says about itself nothing is needed (widgets, a title, our status).
    notebook.metadata = nbformat.from_dict({})
    return notebook


def _refused(order, name, status, why):
    notebook = nbformat.v4.new_notebook()
    restore(notebook, order.known[name])
    note(notebook, status, why)
    note(notebook, status, order.remark)
    for cell in notebook.cells:
        if cells.is_graded(cell):
            cell.outputs = [outputs.error("NotRun", why)]
    return _finished(order, notebook, 0.0)


def _finished(order, notebook, seconds):
    status, detail = status_of(notebook)
    notebook.metadata[KEY]["digest"] = order.digest
    content = nbformat.writes(show(notebook)).encode("utf-8", errors="replace")
    return Executed(content, status, detail, seconds)
