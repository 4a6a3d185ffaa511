"""The personal data of a gradebook: what there is, and its removal. Assignments stay for another class."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from autograder.gradebook import GradebookProblem
from autograder.gradebook import tables as t
from autograder.gradebook.database import has_tables, label, parse, sqlite_file, transaction
from autograder.gradebook.settings import database_url

_PERSONAL = (t.comment, t.grade, t.submitted_notebook, t.submission, t.student)
"""In an order that no reference between them forbids."""


@dataclass(frozen=True, slots=True)
class Personal:
    """How many students and copies a gradebook (``place``) holds, and when the last one was handed in."""

    place: str
    students: int = 0
    copies: int = 0
    last: dt.date | None = None


def personal(course: Path, url: str | None) -> Personal:
    """See :func:`autograder.gradebook.personal_data`."""
    address = database_url(course, url)
    place = label(parse(address))
    if not has_tables(address):
        return Personal(place)
    with transaction(address, write=False) as connection:
        students, copies = (
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (t.student, t.submission)
        )
        last = connection.execute(sa.select(sa.func.max(t.submission.c.timestamp))).scalar_one()
    return Personal(place, students, copies, last.date() if isinstance(last, dt.datetime) else None)


def purge(course: Path, url: str | None) -> None:
    """See :func:`autograder.gradebook.purge_data`."""
    address = database_url(course, url)
    if not has_tables(address):
        return
    file = sqlite_file(parse(address))
    with transaction(address) as connection:
        if file is not None:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        for table in _PERSONAL:
            connection.execute(sa.delete(table))
    if file is not None:
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute("VACUUM")
        except sqlite3.Error as error:
            text = f"les données sont effacées, mais la base n’a pas pu être compactée ({error}). Relancez la commande."
            raise GradebookProblem(label(parse(address)), text) from error
