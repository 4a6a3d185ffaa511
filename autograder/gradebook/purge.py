"""The personal data of a gradebook: what there is, and its removal. Assignments stay for another class."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from autograder.errors import GradebookProblem
from autograder.gradebook import tables as t
from autograder.gradebook.database import has_tables, label, parse, sqlite_file, transaction
from autograder.gradebook.settings import database_url


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student as nbgrader knows them; ``identifier`` is ours."""

    id: str
    identifier: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Personal:
    """The students of a gradebook (``place``), how many copies it holds of them, when the last one was handed in."""

    place: str
    students: tuple[Pupil, ...] = ()
    copies: int = 0
    last: dt.date | None = None


def personal(course: Path, url: str | None = None, only: Collection[str] | None = None) -> Personal:
    """The students of the gradebook (all, or those whose nbgrader ids are in ``only``) and how many copies it holds.

    Raises :class:`GradebookProblem`.
    """
    address = database_url(course, url)
    place = label(parse(address))
    if not has_tables(address):
        return Personal(place)
    with transaction(address, write=False) as connection:
        rows = connection.execute(sa.select(t.student).where(_of(t.student.c.id, only)).order_by(t.student.c.id)).all()
        held = sa.select(sa.func.count(), sa.func.max(t.submission.c.timestamp))
        copies, last = connection.execute(held.where(_of(t.submission.c.student_id, only))).one()
    students = (
        Pupil(
            row.id, row.lms_user_id or row.id, f"{row.first_name or ''} {row.last_name or ''}".strip(), row.email or ""
        )
        for row in rows
    )
    return Personal(place, tuple(students), copies, last.date() if isinstance(last, dt.datetime) else None)


def purge(course: Path, url: str | None = None, only: Collection[str] | None = None) -> None:
    """Erase the students (all, or ``only`` some), their copies and their marks; assignments and questions stay.

    In an SQLite database, what is erased is overwritten. Raises :class:`GradebookProblem`: nothing is erased then, or
    the database is only left bigger than it could be.
    """
    address = database_url(course, url)
    if not has_tables(address):
        return
    file = sqlite_file(parse(address))
    submissions = sa.select(t.submission.c.id).where(_of(t.submission.c.student_id, only))
    notebooks = sa.select(t.submitted_notebook.c.id).where(t.submitted_notebook.c.assignment_id.in_(submissions))
    with transaction(address) as connection:
        if file is not None:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        # in an order that no reference between them forbids
        connection.execute(sa.delete(t.comment).where(t.comment.c.notebook_id.in_(notebooks)))
        connection.execute(sa.delete(t.grade).where(t.grade.c.notebook_id.in_(notebooks)))
        connection.execute(sa.delete(t.submitted_notebook).where(t.submitted_notebook.c.assignment_id.in_(submissions)))
        connection.execute(sa.delete(t.submission).where(_of(t.submission.c.student_id, only)))
        connection.execute(sa.delete(t.student).where(_of(t.student.c.id, only)))
    if file is not None:
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute("VACUUM")
        except sqlite3.Error as error:
            text = f"les données sont effacées, mais la base n’a pas pu être compactée ({error}). Relancez la commande."
            raise GradebookProblem(label(parse(address)), text) from error


def _of(column: sa.Column[str], only: Collection[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if only is None else column.in_(only)
