"""nbgrader, where its options end.

Read: `Autograde` and `BaseConverter` (converters/), `SaveAutoGrades` and `AssignLatePenalties`
(preprocessors/), `CourseDirectory.get_existing_timestamp`, `Gradebook.__init__` (api.py), and where
`Autograde` is made (apps/autogradeapp.py, apps/api.py).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp, autogradeapp
from nbgrader.apps import api as python_api
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

if TYPE_CHECKING:
    from nbgrader.api import SubmittedNotebook
    from nbgrader.converters import BaseConverter


def app_of(config: Config) -> AutogradeApp:
    """nbgrader's command as an object, with this configuration and none of a folder's."""
    app = AutogradeApp(config=config)
    app.coursedir = CourseDirectory(parent=app)
    return app


def graded_by(converter: type) -> None:
    """Have `nbgrader autograde` and formgrader's button use this subclass of `Autograde`.

    nbgrader has no option for it.
    """
    autogradeapp.Autograde = python_api.Autograde = converter


def timestamps_read_by(read: Callable) -> None:
    """Have all of nbgrader read a folder's timestamp with this function.

    Its own ends the program on a broken file, with formgrader's server in it.
    """
    CourseDirectory.get_existing_timestamp = lambda self, folder: read(folder)


@contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Let nothing be committed before the end; what fails leaves no trace.

    The methods of `Gradebook` commit whenever they add something.
    """
    session = gradebook.db()
    commit, session.commit = session.commit, session.flush
    try:
        yield session
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit


def source_files(converter: BaseConverter, assignment: str) -> dict[str, bytes]:
    """{path: content} of what lies beside the assignment's source, notebooks left out."""
    coursedir = converter.coursedir
    folder = coursedir.format_path(coursedir.source_directory, ".", assignment)
    excluded = {
        os.path.join(folder, name) for name in converter.exclude_overwriting.get(assignment, [])
    }
    found = utils.find_all_files(folder, [*coursedir.ignore, "*.ipynb"])
    return {
        Path(path).relative_to(folder).as_posix(): Path(path).read_bytes()
        for path in sorted(set(found) - excluded)
    }


def late_penalty(
    converter: BaseConverter,
    student: str,
    notebook: SubmittedNotebook,
    score: float,
    seconds_late: float,
) -> float | None:
    """The penalty by the course's policy of a submitted notebook with this score."""
    step = AssignLatePenalties(parent=converter)
    step.init_plugin()
    penalty = step.plugin_inst.late_submission_penalty(student, score, seconds_late)
    return None if penalty is None else step._check_late_penalty(notebook, penalty)


def set_permissions(converter: BaseConverter, folder: str) -> None:
    """Make a folder's files what `c.Autograde.permissions` says, as nbgrader does."""
    permissions = int(str(converter.permissions), 8)
    for place, _, names in os.walk(folder):
        for name in names:
            os.chmod(os.path.join(place, name), permissions)
        if converter.coursedir.groupshared:
            os.chmod(place, (os.stat(place).st_mode | 0o2770) & 0o2777)


def remove(folder: str | os.PathLike) -> None:
    """Remove a folder whose files may be read-only."""
    for place, _, _ in os.walk(folder):
        os.chmod(place, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
