"""The gradebook's own mark for each submission that was graded: a hash of what was handed in.

A table beside nbgrader's, written in the same transaction as the marks. So a gradebook that was
restored from a backup knows what it has not graded. Another table holds which assignments were
tried before a class was graded with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sql

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

TABLE = sql.Table(
    "autograder_submission",
    sql.MetaData(),
    sql.Column("assignment", sql.String(128), primary_key=True),
    sql.Column("student", sql.String(128), primary_key=True),
    sql.Column("tried", sql.String(64), nullable=False),
    sql.Column("marked", sql.String(64), nullable=False),
    sql.Column("status", sql.String(32), nullable=False),
    sql.Column("detail", sql.Text, nullable=False),
    sql.Column("seconds", sql.Float, nullable=False),
)
TRIED = sql.Table(
    "autograder_preflight",
    TABLE.metadata,
    sql.Column("assignment", sql.String(128), primary_key=True),
    sql.Column("digest", sql.String(64), nullable=False),
)


@dataclass(frozen=True)
class Record:
    """What became of the newest submission of a student.

    Attributes:
        tried: hash of the newest submission that grading has dealt with.
        marked: hash of the submission that the marks are of; another one, where the newest could
            not be graded.
    """

    tried: str
    marked: str
    status: str
    detail: str
    seconds: float


def create(engine: Engine) -> None:
    """Make the tables where there are none."""
    TABLE.metadata.create_all(engine)


def find(session: Session, assignment: str, student: str) -> Record | None:
    """The record of a student's submission."""
    columns = [TABLE.c[name] for name in Record.__dataclass_fields__]
    found = session.execute(sql.select(*columns).where(*_of(assignment, student))).first()
    return Record(*found) if found else None


def save(session: Session, assignment: str, student: str, record: Record) -> None:
    """Put a record in place of an older one."""
    session.execute(TABLE.delete().where(*_of(assignment, student)))
    session.execute(TABLE.insert().values(assignment=assignment, student=student, **vars(record)))


def _of(assignment, student):
    return TABLE.c.assignment == assignment, TABLE.c.student == student


def tried(session: Session, assignment: str) -> str | None:
    """The hash of the assignment as it was when its preflight passed."""
    found = session.execute(sql.select(TRIED.c.digest).where(TRIED.c.assignment == assignment))
    return found.scalar()


def save_tried(session: Session, assignment: str, digest: str) -> None:
    """Note that an assignment's preflight passed."""
    session.execute(TRIED.delete().where(TRIED.c.assignment == assignment))
    session.execute(TRIED.insert().values(assignment=assignment, digest=digest))
    session.commit()
