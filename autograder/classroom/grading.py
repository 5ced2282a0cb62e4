"""Grade a whole class: Dask runs the submissions, one writer saves the marks.

The workers get bytes and give bytes back; they know no gradebook. The writer is nbgrader's own
Autograde, taken apart into a step before and a step after the run. A submission counts as graded
when its folder in `autograded/` exists, and that appears in one rename after its marks are saved:
whatever is killed when, the next run grades what is missing and nothing else.
"""

import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import dask
import nbformat
import sqlalchemy
from distributed import Client, LocalCluster, as_completed
from filelock import FileLock, Timeout
from nbconvert.writers import FilesWriter
from nbgrader import api as nbgrader_api
from nbgrader import utils as nbgrader_utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from tqdm import tqdm

from autograder import doctor
from autograder.gradebook import steps
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission import engine
from autograder.submission.job import Status, worst

STAGING = ".grading"  # in autograded/; nbgrader's patterns do not see it
AHEAD = 3  # submissions prepared for each worker


class GradingError(RuntimeError):
    """Grading cannot go on; the message says why and what is left."""


@dataclass
class Row:
    """What the instructor's table shows of one submission."""

    student: str
    status: str
    detail: str = ""
    score: float | None = None
    maximum: float | None = None
    by_hand: bool = False
    seconds: float = 0.0


@dataclass
class Prepared:
    """A submission after sanitising: for each notebook its text, resources and job."""

    student: str
    texts: dict = field(default_factory=dict)
    resources: dict = field(default_factory=dict)
    jobs: dict = field(default_factory=dict)


class Writer(Autograde):
    """nbgrader's Autograde in two halves, with the run of the notebook between them."""

    _staged = True
    _results = None

    @property
    def _output_directory(self):
        directory = self.coursedir.autograded_directory
        return os.path.join(directory, STAGING) if self._staged else directory

    @property
    def _input_directory(self):
        if self._sanitizing:
            return self.coursedir.submitted_directory
        return self._output_directory

    def open(self, assignment):
        """Get ready to grade an assignment.

        Raises:
            GradingError: the gradebook does not know it.
        """
        self.coursedir.assignment_id = assignment
        self.coursedir.notebook_id = "*"
        self.writer = FilesWriter(parent=self, config=self.config)
        self._new_exporter()
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                notebooks = gradebook.find_assignment(assignment).notebooks
            except MissingEntry:
                raise GradingError(
                    f"the gradebook has no assignment {assignment!r}: "
                    f"run `nbgrader generate_assignment {assignment}` first"
                ) from None
            self.expected = [notebook.name for notebook in notebooks]
        if not self.expected:
            raise GradingError(f"the assignment {assignment!r} has no notebooks in the gradebook")

    def students(self):
        """Everybody who has handed in a folder for the assignment, notebooks in it or not."""
        path = self.coursedir.format_path(
            self.coursedir.submitted_directory, "*", self.coursedir.assignment_id
        )
        before, after = path.split("*", 1)
        found = Path(before).glob("*" + after) if Path(before).is_dir() else []
        return sorted(str(place)[len(before) : len(str(place)) - len(after)] for place in found)

    def wanted(self, student):
        """Whether a submission is to be graded; what an earlier run left of it is removed."""
        self._staged = False
        self._paths(student)
        try:
            return self.init_destination(self.coursedir.assignment_id, student)
        finally:
            self._staged = True

    def _paths(self, student):
        folder = self._format_source(self.coursedir.assignment_id, student)
        self.notebooks = [os.path.join(folder, f"{name}.ipynb") for name in self.expected]

    def prepare(self, student):
        """Sanitise a submission; its old marks are taken back."""
        assignment, prepared = self.coursedir.assignment_id, Prepared(student)
        self._sanitizing = True
        self._paths(student)
        folder = self._format_dest(assignment, student)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.init_assignment(assignment, student)
        self._new_exporter()
        for path in self.notebooks:
            resources = self.init_single_notebook_resources(path)
            text, resources = self.exporter.from_filename(path, resources=resources)
            name = resources["nbgrader"]["notebook"]
            prepared.texts[name], prepared.resources[name] = text, resources
        step = steps.Execute(parent=self.exporter)
        for name, text in prepared.texts.items():
            notebook = nbformat.reads(text, as_version=4)
            if steps.status_of(notebook)[0] is not Status.MALFORMED:
                prepared.jobs[name] = step.job(notebook, folder)
        return prepared

    def _new_exporter(self):
        """An exporter with the preprocessors of the phase; an old one keeps every notebook's."""
        self.exporter = self.exporter_class(parent=self, config=self.config)
        self._init_preprocessors()

    def finish(self, prepared, results):
        """Save a submission's marks and put its folder in place; returns its row."""
        assignment, student = self.coursedir.assignment_id, prepared.student
        row = Row(student, str(Status.GRADED))
        self._sanitizing = False
        try:
            self._new_exporter()
            for name, text in prepared.texts.items():
                resources = prepared.resources[name]
                resources["autograder_result"] = results.get(name)
                with nbgrader_utils.setenv(NBGRADER_EXECUTION="autograde"):
                    text, resources = self.exporter.from_notebook_node(
                        nbformat.reads(text, as_version=4), resources=resources
                    )
                resources.pop("autograder_result", None)
                self.write_single_notebook(text, resources)
                status, detail = steps.status_of(nbformat.reads(text, as_version=4))
                row.status = str(worst(Status(row.status), status))
                row.detail = "; ".join(filter(None, [row.detail, detail]))
                if name in results:
                    row.seconds += results[name].seconds
        finally:
            self._sanitizing = True
        self.set_permissions(assignment, student)
        staged = self._format_dest(assignment, student)
        place = Path(
            self.coursedir.format_path(self.coursedir.autograded_directory, student, assignment)
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            shutil.rmtree(place)
        os.rename(staged, place)
        return self.with_marks(row)

    def with_marks(self, row):
        """Fill in what the gradebook holds."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                found = gradebook.find_submission(self.coursedir.assignment_id, row.student)
            except MissingEntry:
                return row
            row.score, row.maximum = found.score, found.max_score
            row.by_hand = bool(found.needs_manual_grade)
        return row

    def left_row(self, student):
        """The row of a submission that an earlier run has graded."""
        row = Row(student, str(Status.GRADED))
        folder = self.coursedir.format_path(
            self.coursedir.autograded_directory, student, self.coursedir.assignment_id
        )
        for name in self.expected:
            path = Path(folder, f"{name}.ipynb")
            if path.is_file():
                notebook = nbformat.read(path, as_version=4)
                status, detail = steps.status_of(notebook)
                row.status = str(worst(Status(row.status), status))
                row.detail = "; ".join(filter(None, [row.detail, detail]))
            else:
                row.status = "not graded"
        return self.with_marks(row)

    @contextmanager
    def alone(self):
        """Hold the lock that keeps a second writer out, in a staging folder that starts empty."""
        folder = Path(self.coursedir.format_path(self._output_directory, ".", "."))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / "lock", timeout=0):
                for leftover in folder.iterdir():
                    if leftover.is_dir():
                        shutil.rmtree(leftover, ignore_errors=True)
                try:
                    yield
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
        except Timeout:
            raise GradingError("another grading run is at work on this course") from None


def writer(folder=".", force=False, sandbox=True, config=None):
    """The writer of the course whose nbgrader_config.py lies in a folder."""
    steps.find_alembic()
    os.chdir(folder)
    AutogradeApp.clear_instance()
    app = AutogradeApp.instance()
    if config is not None:
        app.update_config(config)
    app.initialize([])
    steps.configure(app.config)
    app.config.Execute.sandbox = sandbox
    made = Writer(coursedir=app.coursedir, parent=app)
    made.force = force
    os.chdir(app.coursedir.root)
    return made


@contextmanager
def one_engine():
    """Let all of nbgrader's steps share one database engine for each address.

    Each of them opens the gradebook anew, some ten for a submission, and a new engine compiles
    every statement again: more time than running the notebook takes.
    """
    make, tables = nbgrader_api.create_engine, nbgrader_api.Base.metadata
    nbgrader_api.create_engine = cache(make)
    tables.create_all = cache(tables.create_all)  # which looks at every table each time
    try:
        yield
    finally:
        nbgrader_api.create_engine = make
        del tables.create_all


@contextmanager
def workers(count=None, scheduler=None):
    """A Dask client: of a cluster on this machine, or of the one at an address."""
    options = {"threads_per_worker": 1, "memory_limit": 0, "dashboard_address": "127.0.0.1:0"}
    # Dask would keep the last thousand messages, with the notebooks in them, and a profile of each
    # worker's every second, for an hour: memory that grows with the class.
    lean = {
        "distributed.admin.low-level-log-length": 10,
        "distributed.worker.profile.enabled": False,
    }
    with dask.config.set(lean), ExitStack() as stack:
        if not scheduler:
            scheduler = stack.enter_context(
                LocalCluster(n_workers=count or os.cpu_count(), **options)
            )
        yield stack.enter_context(Client(scheduler))


def grade(made, assignment, students=None, count=None, scheduler=None, progress=True):
    """Grade what is not graded yet.

    Args:
        made: a Writer.
        assignment: its name.
        students: names; everybody who handed in when None.
        count: workers on this machine; one for each core when None.
        scheduler: address of a Dask scheduler, instead of workers on this machine.

    Returns:
        A Row for each student asked for.

    Raises:
        GradingError: nothing can be graded, or the disk or the gradebook fails. What was saved
            before stays saved.
    """
    try:
        made.open(assignment)
        everybody = made.students()
        unknown = sorted(set(students or []) - set(everybody))
        if unknown:
            raise GradingError(f"nothing was handed in by {', '.join(unknown)}")
        asked = list(students or everybody)
        with made.alone(), one_engine():
            todo = [student for student in asked if made.wanted(student)]
            rows = dict.fromkeys(asked)
            if todo:
                count = min(count or os.cpu_count(), len(todo))
                with ThreadPoolExecutor(1) as starter:
                    # Both take seconds to start: do it at the same time.
                    server = None if scheduler else starter.submit(_start_server, made)
                    with workers(count, scheduler) as client:
                        _share(made, client, server)
                        _check_walls(made, client)
                        _grade(made, client, todo, rows, progress)
        return [rows[student] or made.left_row(student) for student in asked]
    except sqlalchemy.exc.OperationalError as problem:
        raise GradingError(
            f"the gradebook cannot be written ({problem.orig}); close what else uses it and run "
            "this again: it goes on where it stopped"
        ) from problem
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", None), errno.EROFS):
            raise
        raise GradingError(
            f"{problem.strerror}: {problem.filename or 'the disk'}; make room and run this again: "
            "it goes on where it stopped"
        ) from problem


def _start_server(made):
    step = steps.Execute(parent=made.exporter)
    if step.sandbox:
        engine.server(step.packages).start()


def _share(made, client, server):
    """Have the workers of this machine use one fork server, this process's."""
    step = steps.Execute(parent=made.exporter)
    if server is None or not step.sandbox:
        return
    try:
        server.result()
        handle = engine.server(step.packages).handle()
    except SandboxError as problem:
        raise GradingError(f"a wall of the sandbox is missing: {problem}") from problem
    client.run(engine.adopt, tuple(step.packages), handle)


def _check_walls(made, client):
    """Refuse to grade where a wall is missing; this starts a remote worker's fork server too."""
    step = steps.Execute(parent=made.exporter)
    if not step.sandbox:
        return
    asked = {
        address: client.submit(doctor.why_not, tuple(step.packages), workers=[address], pure=False)
        for address in client.nthreads()
    }
    for address, future in asked.items():
        reasons = future.result()
        if reasons:
            raise GradingError(
                f"a wall of the sandbox is missing at {address}: {'; '.join(reasons)}. "
                "`python -m autograder doctor` shows all of them."
            )


def _grade(made, client, todo, rows, progress):
    waiting, running, results = iter(todo), {}, {}
    done = as_completed()
    width = AHEAD * max(1, sum(client.nthreads().values()))

    def fill():
        while len(results) < width:
            student = next(waiting, None)
            if student is None:
                return
            prepared = made.prepare(student)
            results[student] = (prepared, {})
            for name, job in prepared.jobs.items():
                future = client.submit(engine.run, job, pure=False)
                running[future] = (student, name)
                done.add(future)
            if not prepared.jobs:
                finish(student)

    def finish(student):
        prepared, found = results.pop(student)
        problem = next((r for r in found.values() if isinstance(r, Exception)), None)
        if problem is None:
            rows[student] = made.finish(prepared, found)
        else:
            rows[student] = Row(student, "not graded", str(problem) or repr(problem))
        bar.update()

    with tqdm(total=len(todo), unit="submission", disable=not progress) as bar:
        fill()
        while running:
            future = next(done)
            student, name = running.pop(future)
            found = results[student][1]
            try:
                found[name] = future.result()
            except Exception as problem:  # the sandbox failed, or its worker died again and again
                found[name] = problem
            future.release()
            if len(found) == len(results[student][0].jobs):
                finish(student)
            fill()


def table(rows):
    """The rows as text, the ones to look at first."""
    order = {"not graded": -1, **{str(s): -1 - n for n, s in enumerate(Status) if n}}
    rows = sorted(rows, key=lambda row: (order.get(row.status, 0), row.student))
    lines = [("student", "status", "points", "by hand", "seconds", "detail")]
    for row in rows:
        points = "" if row.score is None else f"{row.score:g} of {row.maximum:g}"
        by_hand = "yes" if row.by_hand else ""
        lines.append((row.student, row.status, points, by_hand, f"{row.seconds:.1f}", row.detail))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(
            [*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[5]]
        ).rstrip()
        for line in lines
    )
