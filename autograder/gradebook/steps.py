"""The engine as steps of `nbgrader autograde`: what nbgrader_config.py names.

    c.Autograde.exporter_class = "autograder.gradebook.steps.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = autograder.gradebook.steps.SANITIZE
    c.Autograde.autograde_preprocessors = autograder.gradebook.steps.AUTOGRADE

`configure(c)` does all three. nbgrader's command, the formgrader's button and `python -m autograder
grade` then run the same steps.
"""

import html
import json
import os
import secrets
import sys
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader import preprocessors as stock
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Integer, List, Unicode

from autograder.sandbox.limits import Limits
from autograder.submission import engine, outputs
from autograder.submission.job import EXPLANATIONS, Job, Malformed, Status, worst

# Of the notebook's metadata: {"status": ..., "detail": ..., "seconds": ..., "drawn_with": {}}.
KEY = "autograder"
LARGEST_FILES = 256 * 1024**2


def status_of(notebook):
    """The status and detail that the steps left in a notebook."""
    left = notebook.metadata.get(KEY, {})
    return Status(left.get("status", Status.GRADED)), left.get("detail", "")


def note(notebook, status, detail):
    """Leave a status in a notebook; a worse one that is there already stays."""
    old, old_detail = status_of(notebook)
    if worst(old, status) is old and old is not Status.GRADED:
        status, detail = old, "; ".join(filter(None, [old_detail, detail]))
    elif old_detail:
        detail = "; ".join(filter(None, [detail, old_detail]))
    notebook.metadata[KEY] = {"status": str(status), "detail": detail}


class SubmissionExporter(NotebookExporter):
    """Reads whatever lies in `submitted/`; what is no notebook becomes one that earns nothing.

    So a broken file costs its author the points and nobody else the grading.
    """

    optimistic_validation = True  # once at the end, not after every step

    def from_filename(self, filename, resources=None, **keywords):
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **keywords)
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        self._remove_copies_of_links(path.parent, resources)
        try:
            if path.is_symlink():
                raise Malformed("the file is a symbolic link")
            if not path.is_file():
                raise Malformed(f"there is no file {path.name}")
            if path.stat().st_size > Limits().notebook:
                raise Malformed(f"the file has {path.stat().st_size:,} bytes")
            notebook = engine.read_notebook(path.read_bytes(), Limits().notebook)
            # Of what the file says about itself nothing is needed (widgets, a title, our status).
            notebook.metadata = nbformat.from_dict({})
        except Malformed as problem:
            notebook = nbformat.v4.new_notebook()
            note(notebook, Status.MALFORMED, str(problem))
        return self.from_notebook_node(notebook, resources=resources, **keywords)

    def _remove_copies_of_links(self, folder, resources):
        """nbgrader has copied what links in the submission point to: anything on this machine."""
        names = resources["nbgrader"]
        copies = Path(self.parent._format_dest(names["assignment"], names["student"]))
        for place, folders, files in os.walk(folder):
            for name in folders + files:
                original = Path(place, name)
                copy = copies / original.relative_to(folder)
                if original.is_symlink() and copy.is_file():
                    copy.unlink()


class RestoreCells(NbGraderPreprocessor):
    """Give the cells that grading depends on back what the gradebook knows about them.

    In place of DeduplicateIds, OverwriteKernelspec, OverwriteCells and CheckCellMetadata: of
    several cells with one id the last counts, what nbgrader's metadata says comes from the
    gradebook alone, and cells that are missing are put back. A submission cannot make the later
    steps fail, whatever it holds. First of all the old automatic scores are taken back, so that
    none is left standing should grading fail.
    """

    notice = Unicode("# This cell was missing from the submission; it was put back.\n").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            self._take_back_scores(gradebook, names)
            source = gradebook.find_notebook(names["notebook"], names["assignment"])
            known = self._known(source)
            if source.kernelspec:
                nb.metadata["kernelspec"] = json.loads(source.kernelspec)
        changes = self._restore(nb, known) + self._add_missing(nb, known)
        if changes and status_of(nb)[0] is not Status.MALFORMED:
            note(nb, Status.TAMPERED, "; ".join(changes))
        return nb, resources

    @staticmethod
    def _take_back_scores(gradebook, names):
        submission = gradebook.find_submission_notebook(
            names["notebook"], names["assignment"], names["student"]
        )
        for grade in submission.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()

    @staticmethod
    def _known(source):
        """{grade_id: (cell type, source, nbgrader's metadata)} of the cells in the gradebook."""
        points = {cell.name: cell.max_score for cell in (*source.grade_cells, *source.task_cells)}
        grades = {cell.name for cell in source.grade_cells}
        solutions = {cell.name for cell in source.solution_cells}
        tasks = {cell.name for cell in source.task_cells}
        known = {}
        for cell in source.source_cells:
            metadata = {
                "grade": cell.name in grades,
                "solution": cell.name in solutions,
                "task": cell.name in tasks,
                "locked": bool(cell.locked),
                "grade_id": cell.name,
                "cell_type": cell.cell_type,
                "checksum": cell.checksum,
                "schema_version": 3,
            }
            if cell.name in points:
                metadata["points"] = points[cell.name]
            known[cell.name] = (cell.cell_type, cell.source, metadata)
        return known

    def _released(self, cell, source):
        """A locked cell's source as students got it: without the hidden tests."""
        copy = nbformat.from_dict({**cell, "source": source})
        stock.ClearHiddenTests(parent=self.parent)._remove_hidden_test_region(copy)
        return copy.source.strip()

    def _restore(self, nb, known):
        changes, seen = [], set()
        for cell in reversed(nb.cells):
            left = cell.metadata.pop("nbgrader", None)
            if not isinstance(left, dict) or left.get("grade_id") not in known:
                continue
            name = left["grade_id"]
            kind, source, metadata = known[name]
            if name in seen:
                changes.append(f"{name} is there more than once")
                continue
            seen.add(name)
            if cell.cell_type != kind:
                changes.append(f"{name} was a {kind} cell")
                for key in ("outputs", "execution_count", "attachments"):
                    cell.pop(key, None)
                cell.cell_type = kind
                if kind == "code":
                    cell.outputs, cell.execution_count = [], None
            asked = ("grade", "solution", "locked", "points")
            if any(left.get(key) != metadata.get(key) for key in asked if key in left):
                changes.append(f"the settings of {name} were changed")
            if metadata["locked"]:
                if cell.source.strip() not in (source.strip(), self._released(cell, source)):
                    changes.append(f"{name} was edited")
                cell.source = source
            if metadata["locked"]:  # a tag can keep a cell from being run
                cell.metadata.pop("tags", None)
            cell.metadata["nbgrader"] = dict(metadata)
        return changes[::-1]

    def _add_missing(self, nb, known):
        places = {
            cell.metadata.nbgrader["grade_id"]: cell
            for cell in nb.cells
            if "nbgrader" in cell.metadata
        }
        changes, before = [], None
        for name, (kind, source, metadata) in known.items():
            if name not in places:
                make = getattr(nbformat.v4, f"new_{kind}_cell")
                if not metadata["locked"] and kind == "code":
                    source = self.notice + source
                cell = make(source, metadata={"nbgrader": dict(metadata)})
                if nb.nbformat_minor < 5:
                    cell.pop("id", None)
                index = 0 if before is None else nb.cells.index(before) + 1
                nb.cells.insert(index, cell)
                places[name] = cell
                changes.append(f"{name} was missing")
            before = places[name]
        return changes


class Execute(NbGraderPreprocessor):
    """Runs the notebook in the sandbox, in place of nbgrader's Execute and under its name.

    So `c.Execute.timeout` means what it always meant.
    """

    timeout = Integer(Limits.cell_seconds, help="seconds for one cell").tag(config=True)
    execute_retries = Integer(
        Job.retries, help="times to run a notebook again when the sandbox failed"
    ).tag(config=True)
    total_seconds = Integer(Limits.total_seconds, help="seconds for a notebook").tag(config=True)
    memory = Integer(Limits.memory, help="bytes beyond the libraries").tag(config=True)
    disk = Integer(Limits.disk, help="bytes a submission may write").tag(config=True)
    processes = Integer(Limits.processes, help="processes and threads").tag(config=True)
    sandbox = Bool(True, help="False runs students' code with all your rights").tag(config=True)
    packages = List(Unicode(), ["course"], help="packages that notebooks import").tag(config=True)
    refused = List(
        Unicode(), list(Job.refused), help="patterns of modules that cannot be imported"
    ).tag(config=True)
    variables = Dict(help="environment variables of the kernel").tag(config=True)
    examiner = Bool(True, help="run graded cells in a process without student's code").tag(
        config=True
    )
    silent = List(
        Unicode(),
        list(Job.silent),
        help="patterns of modules that do nothing beside student's code",
    ).tag(config=True)
    seed_variable = Unicode(
        "COURSE_CHECK_SEED", help="environment variable of the examiner with a seed for each run"
    ).tag(config=True)

    def job(self, notebook, folder):
        """The job that runs a notebook which lies, sanitised, in a folder with its files."""
        limits = Limits(
            cell_seconds=self.timeout,
            total_seconds=self.total_seconds,
            memory=self.memory,
            disk=self.disk,
            processes=self.processes,
        )
        files = files_beside(folder)
        variables = {"NBGRADER_EXECUTION": "autograde", **self.variables}
        seed, drawn = variables.pop(self.seed_variable, None), secrets.token_hex(8)
        return Job(
            nbformat.writes(notebook).encode("utf-8", errors="replace"),
            files=files,
            variables=variables,
            secrets={self.seed_variable: seed or drawn} if self.seed_variable else {},
            own_files=self._own_files(files),
            limits=limits,
            packages=tuple(self.packages),
            refused=tuple(self.refused),
            silent=tuple(self.silent),
            sandbox=self.sandbox,
            examiner=self.examiner,
            retries=self.execute_retries,
        )

    def _own_files(self, files):
        """Names of the files that lie beside the assignment's source with the same content."""
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if coursedir is None:
            return ()
        source = Path(
            coursedir.format_path(coursedir.source_directory, ".", coursedir.assignment_id)
        )
        return tuple(
            name
            for name, content in files.items()
            if (source / name).is_file() and (source / name).read_bytes() == content
        )

    def preprocess(self, nb, resources):
        if status_of(nb)[0] is Status.MALFORMED:
            return not_run(nb), resources
        result = resources.get("autograder_result")
        if result is None:
            result = engine.run(self.job(nb, resources["metadata"]["path"]))
        return taken(nb, result), resources


class SaveAutoGrades(stock.SaveAutoGrades):
    """nbgrader's own, with the marks of a notebook in one transaction: all of them or none.

    nbgrader's commits once or twice for each cell, which takes longer than running the notebook.
    """

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.student_id, self.db_url = names["student"], names["db_url"]
        with Gradebook(self.db_url) as self.gradebook:
            session = self.gradebook.db
            commit, session.commit = session.commit, session.flush
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            commit()
        return nb, resources


def not_run(nb):
    """A notebook that could not be run: every graded cell has an error."""
    detail = status_of(nb)[1]
    for cell in nb.cells:
        if engine.is_graded(cell):
            cell.outputs = [outputs.error("NotRun", detail)]
    return with_note(nb)


def taken(nb, result):
    """The executed notebook of a result, with what was known about the submission before."""
    status, detail = status_of(nb)
    executed = nbformat.reads(result.notebook.decode("utf-8"), as_version=4)
    executed.metadata[KEY] = {"status": str(status), "detail": detail}
    note(executed, result.status, result.detail)
    executed.metadata[KEY]["seconds"] = round(result.seconds, 3)
    executed.metadata[KEY]["drawn_with"] = dict(result.secrets)
    return with_note(executed)


def with_note(nb):
    """Put the status on top, where the instructor and the student see it."""
    status, detail = status_of(nb)
    text = f"**Grading: {status}.** {EXPLANATIONS[status]}"
    for name, value in nb.metadata[KEY].get("drawn_with", {}).items():
        text += f" Hidden cases were drawn with `{name}={value}`."
    if detail:  # holds words of the student's code: shown as code, where nothing is interpreted
        safe = html.escape(" ".join(detail.split())).replace("`", "'")
        text += f"\n\n<code>{safe}</code>"
    cell = nbformat.v4.new_markdown_cell(text)
    cell["id"] = "grading-status"
    if nb.nbformat_minor < 5:
        cell.pop("id")
    nb.cells.insert(0, cell)
    return nb


def files_beside(folder):
    """{relative path: bytes} of what a notebook may read: everything beside it but notebooks."""
    found, total = {}, 0
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file():
                continue
            total += path.stat().st_size
            if total > LARGEST_FILES:
                raise ValueError(f"{folder} holds more than {LARGEST_FILES:,} bytes of files")
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


SANITIZE = [stock.ClearOutput, RestoreCells]
AUTOGRADE = [
    Execute,
    stock.IgnorePattern,
    stock.LimitOutput,
    SaveAutoGrades,
    stock.AssignLatePenalties,
]


def find_alembic():
    """nbgrader starts alembic by its name alone: put this environment's programs on the PATH."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])


def configure(c):
    """Have `nbgrader autograde` use these steps; `c` is the object of nbgrader_config.py."""
    find_alembic()
    c.Autograde.exporter_class = SubmissionExporter
    c.Autograde.sanitize_preprocessors = SANITIZE
    c.Autograde.autograde_preprocessors = AUTOGRADE
