"""How the grading of a submission ended, and what is handed to and from the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from autograder.sandbox.limits import Limits


class Status(StrEnum):
    """How a submission ended. The later in this list, the worse; the worst one is shown."""

    GRADED = "graded"
    CHECK_FAILED = "check failed"
    TAMPERED = "tampered"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    DIED = "died"
    MALFORMED = "malformed"


EXPLANATIONS = {
    Status.GRADED: "Every cell ran.",
    Status.CHECK_FAILED: "A check gave no valid mark. That is an error of the check, not yours.",
    Status.TAMPERED: "Cells that belong to the grading had been changed; their originals were run.",
    Status.TIMED_OUT: "A cell ran longer than it may. Cells that did not run earn no points.",
    Status.OUT_OF_MEMORY: "The notebook asked for more memory than it may have.",
    Status.DIED: "The kernel ended before the notebook did. Cells that did not run earn no points.",
    Status.MALFORMED: "The file could not be read as a notebook, so nothing was run.",
}


def worst(*statuses: Status) -> Status:
    """The status to show when several apply."""
    return max(statuses, key=list(Status).index)


class Malformed(ValueError):
    """The bytes of a submission are no notebook; the message says why."""


@dataclass(frozen=True)
class Job:
    """One notebook to run: plain bytes, so that it can be sent to another machine."""

    notebook: bytes
    files: dict = field(default_factory=dict)  # {relative path: bytes} beside the notebook
    variables: dict = field(default_factory=dict)  # environment variables of the kernel
    limits: Limits = field(default_factory=Limits)
    secrets: dict = field(default_factory=dict)  # environment variables of the examiner alone
    answers: tuple = ()  # sources of the cells for answers, as students got them
    own_files: tuple = ()  # of `files`, those that are the instructor's, not the student's
    packages: tuple = ("course",)  # importable packages outside the Python environment
    card: int | None = None  # number of the NVIDIA card that the sandbox shows
    # modules that cannot be imported
    refused: tuple = ("course.*.reference", "course.*.gpu", "course.*.measure")
    silent: tuple = ("course.*.checks",)  # modules that do nothing where the student's code runs
    sandbox: bool = True
    bounded: bool = False  # refuse to run where no control group bounds its memory
    examiner: bool = True  # graded cells run in a process without student's code
    retries: int = 1  # times to run it again when the sandbox failed: no fault of the submission


@dataclass(frozen=True)
class Result:
    """What became of a job. `detail` is one sentence; `notebook` holds the outputs."""

    notebook: bytes
    status: Status
    detail: str = ""
    seconds: float = 0.0
    peak_memory: int | None = None  # bytes, where it is counted
    secrets: dict = field(default_factory=dict)  # of the job: no secrets any more
