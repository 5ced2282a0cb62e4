"""Grades a whole class: orders go out to several at once, one writer saves what comes back."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy
from nbgrader.apps import AutogradeApp
from tqdm import tqdm

from autograder import doctor
from autograder.gradebook import steps
from autograder.gradebook.writer import NOT_GRADED, GradingError, Row, Writer
from autograder.sandbox import nvidia, servers
from autograder.sandbox.bubblewrap import SandboxError
from autograder.submission.child import Children
from autograder.submission.intake import printable

if TYPE_CHECKING:
    from traitlets.config import Config

AHEAD = 2  # submissions read for each one that runs
_standing = set()  # the walls that were tried: of which fork server
HINT = "`python -m autograder doctor` shows all of them"


def writer(
    folder: str | os.PathLike = ".",
    force: bool = False,
    sandbox: bool = True,
    config: Config | None = None,
) -> Writer:
    """The writer of the course whose nbgrader_config.py lies in a folder.

    Args:
        force: grade again what is graded already.
        sandbox: False runs students' code with all your rights.
        config: a traitlets configuration that goes before the folder's.

    Raises:
        GradingError: there is no such folder.
    """
    steps.find_alembic()
    try:
        os.chdir(folder)
    except OSError as problem:
        raise GradingError(f"the course's folder {folder}: {problem.strerror}") from None
    app = AutogradeApp()
    if config is not None:
        app.update_config(config)
    app.initialize([])
    if config is not None:  # again, over what the folder's file says
        app.update_config(config)
    configured = app.config.Autograde.get("autograde_preprocessors", [])
    if not (isinstance(configured, list) and steps.Execute in configured):
        steps.configure(app.config)  # else the file did, and may have added steps of its own
    if not sandbox:
        app.config.Execute.sandbox = False
    found = Writer(coursedir=app.coursedir, parent=app)
    found.force = force
    os.chdir(app.coursedir.root)
    return found


def grade(
    writer: Writer,
    assignment: str,
    students: Iterable[str] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: bool = True,
    insecure: bool = False,
) -> list[Row]:
    """Grade what is not graded yet.

    Args:
        students: names; everybody who handed in when None.
        workers: submissions that run at once on this machine; one for each core when None. One
            where they are shown a card.
        scheduler: address of a Dask scheduler, to run them on other machines.
        insecure: accept a scheduler's address without TLS.

    Returns:
        A Row for each student asked for.

    Raises:
        GradingError: nothing can be graded, the assignment does not pass its preflight, or the
            disk or the gradebook fails. What was saved before stays saved.
    """
    with told_in_a_sentence(), closing(writer):
        writer.open(assignment)
        _refuse_without_card(writer, scheduler)
        everybody = writer.students()
        unknown = sorted(set(students or []) - set(everybody))
        if unknown:
            raise GradingError(f"nothing was handed in by {', '.join(map(printable, unknown))}")
        asked = list(students or everybody)
        with writer.exclusive():
            rows = dict.fromkeys(asked)
            waiting = [name for name in asked if writer.force or not _is_graded(writer, name)]
            if waiting:
                if writer.settings.preflight:
                    from autograder.classroom import preflight

                    preflight.passed(writer, workers, scheduler, insecure)
                count = min(workers or os.cpu_count(), len(waiting))
                if writer.job.card is not None:
                    count = 1  # submissions on one card at once could read and starve each other
                with ExitStack() as stack:
                    if scheduler:
                        from autograder.classroom import dask_cluster

                        run, check_again, count = stack.enter_context(
                            dask_cluster.connected(scheduler, writer, insecure)
                        )
                    else:
                        run, check_again = stack.enter_context(_here(writer))
                    _grade(writer, run, check_again, count, waiting, rows, progress)
        return [rows[name] or writer.row(name) for name in asked]


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Faults of the gradebook and of the disk as a GradingError that says what to do."""
    try:
        yield
    except sqlalchemy.exc.OperationalError as problem:
        readonly = "readonly" in str(problem.orig)
        what = "make it and its folder writable" if readonly else "close what else uses it"
        raise GradingError(
            f"the gradebook cannot be used ({problem.orig}); {what} and run this again: it goes on "
            "where it stopped"
        ) from problem
    except sqlalchemy.exc.DatabaseError as problem:
        raise GradingError(
            f"the gradebook is damaged ({problem.orig}); put your backup in its place and run "
            "this again"
        ) from problem
    except OSError as problem:
        place = printable(os.fsdecode(problem.filename or "the disk"), 300)
        if problem.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            what = "make room"
        elif problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            what = "make it writable"
        else:
            raise
        raise GradingError(
            f"{problem.strerror}: {place}; {what} and run this again: it goes on where it stopped"
        ) from problem


def _is_graded(writer, name):
    try:
        return writer.is_graded(name, writer.take_in(name).digest)
    except (OSError, ValueError):
        return False  # grading it will say why


def _refuse_without_card(writer, scheduler):
    card = writer.job.card
    if card is None:
        return
    if scheduler:
        raise GradingError(
            "a card of this machine is shown to submissions that run here: leave out --scheduler, "
            "or --gpu (c.Execute.gpu)"
        )
    why = nvidia.missing(card)
    if why:
        raise GradingError(f"--gpu (c.Execute.gpu) asks for a card, and {why}")


@contextmanager
def _here(writer):
    """What carries out an order on this machine, and what refuses where a wall has fallen.

    Nothing listens: the children are reached by pipes, the fork server by a socket in a folder
    that is the grader's alone.
    """
    packages, card, handles = writer.job.packages, writer.job.card, {}
    if writer.job.sandbox:
        for server in servers.started_here():  # not this course's
            if (server.packages, server.card) != (packages, card):
                server.close()
        try:
            handles = {packages: servers.started(packages, card)}
        except SandboxError as problem:
            raise GradingError(f"the sandbox cannot be put up: {problem}. {HINT}.") from problem
        check_walls(packages, writer.settings.unbounded_memory, "here", False, card)
    with closing(Children(handles)) as children:
        yield children.run, lambda: check_walls(packages, True, "here", True, card)


def check_walls(
    packages: Sequence[str],
    unbounded_memory: bool = False,
    where: str = "here",
    again: bool = False,
    card: int | None = None,
) -> None:
    """Refuse to grade where a wall is missing, or the card that is to be shown.

    Args:
        where: in words, for the message.
        again: try also what was tried before.
        card: number of the NVIDIA card.

    Raises:
        GradingError: it names the wall.
    """
    if again:
        _standing.clear()
    server = servers.server(packages, card)
    tried = (tuple(packages), unbounded_memory, id(server.process))
    if tried in _standing:
        return
    reasons = doctor.why_not(packages, unbounded_memory, card)
    if not reasons:
        _standing.add(tried)
    else:
        raise GradingError(f"the sandbox does not stand {where}: {'; '.join(reasons)}. {HINT}.")


def _grade(writer, run, check_again, count, waiting, rows, progress):
    """Keep `count` orders running; save each outcome as it comes."""
    names, running = iter(waiting), {}
    with (
        ThreadPoolExecutor(count, thread_name_prefix="submission") as pool,
        tqdm(total=len(waiting), unit="submission", disable=not progress) as bar,
    ):

        def fill():
            while len(running) < AHEAD * count and (name := next(names, None)) is not None:
                try:
                    order = writer.order(name)
                except Exception as problem:
                    rows[name] = writer.failed(name, str(problem) or type(problem).__name__)
                    bar.update()
                else:
                    running[pool.submit(run, order)] = order

        try:
            fill()
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    order = running.pop(future)
                    rows[order.student] = _saved(writer, order, future, check_again)
                    bar.update()
                fill()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _saved(writer, order, future, check_again):
    try:
        outcome = future.result()
    except SandboxError as problem:
        # A fault of the machine is told once; what one submission did to its sandbox is a row.
        check_again()
        return writer.failed(order.student, f"the sandbox failed: {problem}")
    except Exception as problem:
        return writer.failed(order.student, str(problem) or type(problem).__name__)
    try:
        return writer.finish(order, outcome)
    except sqlalchemy.exc.DatabaseError:
        raise  # the gradebook: everybody's
    except OSError as problem:
        if writer.is_everybodys(problem):
            raise
        return writer.failed(order.student, f"its files cannot be written: {problem}")
    except Exception as problem:
        return writer.failed(order.student, f"{type(problem).__name__}: {problem}")


__all__ = ["NOT_GRADED", "GradingError", "Row", "check_walls", "grade", "writer"]
