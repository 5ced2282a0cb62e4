"""nbgrader's steps around a run, and the settings of a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader import preprocessors as stock
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Integer, List, Unicode

from autograder import pages
from autograder.sandbox.limits import Limits
from autograder.submission.job import Job

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from traitlets.config import Config


class Execute(NbGraderPreprocessor):
    """The settings of a run in the sandbox, in place of nbgrader's Execute and under its name.

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
    unbounded_memory = Bool(
        False, help="grade even where no control group bounds the memory of a submission"
    ).tag(config=True)
    gpu = Bool(
        False, help="show students' code an NVIDIA card; SECURITY.md says what that opens"
    ).tag(config=True)
    card = Integer(0, help="number of the card to show, as in /dev/nvidia0").tag(config=True)
    preflight = Bool(
        True, help="try an assignment before the first submission is graded with it"
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

    def job(self) -> Job:
        """A job with these settings, without a notebook."""
        limits = Limits(
            cell_seconds=self.timeout,
            total_seconds=self.total_seconds,
            memory=self.memory,
            disk=self.disk,
            processes=self.processes,
        )
        return Job(
            b"",
            variables={"NBGRADER_EXECUTION": "autograde", **self.variables},
            limits=limits,
            packages=tuple(self.packages),
            card=self.card if self.gpu else None,
            refused=tuple(self.refused),
            silent=tuple(self.silent),
            sandbox=self.sandbox,
            bounded=self.sandbox and not self.unbounded_memory,
            examiner=self.examiner,
            retries=self.execute_retries,
        )

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Notebooks are run by `autograder.submission`, with others at the same time."""
        return nb, resources


AUTOGRADE = [
    Execute,
    stock.IgnorePattern,
    stock.LimitOutput,
    stock.SaveAutoGrades,
    stock.AssignLatePenalties,
]


def find_alembic() -> None:
    """nbgrader starts alembic by its name alone: put this environment's programs on the PATH."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])


def configure(c: Config) -> None:
    """Have nbgrader take these steps and show these pages."""
    find_alembic()
    c.Autograde.autograde_preprocessors = AUTOGRADE
    c.ExportApp.plugin_class = "autograder.gradebook.export.CsvExport"
    pages.configure(c)
