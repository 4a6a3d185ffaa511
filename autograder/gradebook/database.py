"""nbgrader's database: its tables, one transaction, and errors that a teacher can read.

The tables are declared here, because nbgrader takes three seconds to import; only the columns that are used: the others
keep their default. nbgrader itself makes them, see :mod:`autograder.gradebook.course`. Source: ``nbgrader/api.py``.

SQLite unless the course says otherwise; any database that SQLAlchemy knows. On SQLite a writer waits for the others
(the formgrader may be open), and takes the lock at once, so that it never has to give up half way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from autograder.errors import GradebookProblem
from autograder.gradebook.settings import problem

WAIT = 30.0
"""Seconds to wait for whoever is writing in an SQLite database."""

_TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of a transaction that lost against another one: serialization failure, deadlock, lock not available."""
_TYPES: dict[str, Any] = {
    "timestamp": sa.DateTime, "flagged": sa.Boolean, "needs_manual_grade": sa.Boolean, "max_score": sa.Float,
    "auto_score": sa.Float, "manual_score": sa.Float, "extra_credit": sa.Float,
}  # fmt: skip
"""Of the columns that hold no text."""
_tables = sa.MetaData()


def _table(name: str, *columns: str, **references: sa.Table) -> sa.Table:
    own = [sa.Column(one, _TYPES.get(one, sa.String)) for one in ("id", *columns)]
    return sa.Table(
        name, _tables, *own, *(sa.Column(one, sa.ForeignKey(other.c.id)) for one, other in references.items())
    )


student = _table("student", "first_name", "last_name", "email", "lms_user_id")
"""``lms_user_id``: our own identifier, where nbgrader's is made from it."""
assignment = _table("assignment", "name")
notebook = _table("notebook", "name", assignment_id=assignment)
cell = _table("base_cell", "name", "type", notebook_id=notebook)
grade_cell = _table("grade_cells", "max_score")
task_cell = _table("task_cells", "max_score")
submission = _table("submitted_assignment", "timestamp", assignment_id=assignment, student_id=student)
submitted_notebook = _table("submitted_notebook", "flagged", assignment_id=submission, notebook_id=notebook)
_OF_CELL = {"cell_id": cell, "notebook_id": submitted_notebook}
grade = _table("grade", "auto_score", "manual_score", "extra_credit", "needs_manual_grade", **_OF_CELL)
comment = _table("comment", "auto_comment", "manual_comment", **_OF_CELL)

GRADE, TASK, SOLUTION = "GradeCell", "TaskCell", "SolutionCell"
"""The types of cells."""


def parse(url: str) -> URL:
    """The address of a database; raises :class:`GradebookProblem`."""
    try:
        return make_url(url)
    except exc.ArgumentError:
        raise problem(url.partition(":")[0] or "base", "address") from None


def label(url: URL) -> str:
    """How to name the database to people: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").name
    return url.render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, None for any other."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


@contextmanager
def transaction(address: str, *, write: bool = True) -> Iterator[sa.Connection]:
    """One transaction: all that is done in it, or nothing at all.

    Raises :class:`GradebookProblem` when the database cannot be reached, is busy for more than WAIT seconds, or is not
    one of nbgrader's.
    """
    url = parse(address)
    sqlite = url.get_backend_name() == "sqlite"
    # sqlite3 would begin by itself, and only at the first write
    options: dict[str, Any] = {"connect_args": {"timeout": WAIT, "isolation_level": None}} if sqlite else {}
    try:
        engine = sa.create_engine(url, poolclass=NullPool, **options)
    except (ModuleNotFoundError, exc.NoSuchModuleError) as error:
        name = getattr(error, "name", None) or url.drivername
        raise problem(label(url), "driver", name=name) from error
    try:
        with engine.begin() as connection:
            if sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            yield connection
    except exc.SQLAlchemyError as error:
        raise _explained(label(url), error) from error
    finally:
        engine.dispose()


def has_tables(address: str) -> bool:
    """True when nbgrader's tables are there; raises as :func:`transaction` when the database cannot be reached."""
    url = parse(address)
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        if not file.parent.is_dir():
            raise problem(label(url), "no-folder", folder=file.parent)
        return False
    with transaction(address, write=False) as connection:
        return sa.inspect(connection).has_table("submitted_assignment")


def _explained(place: str, error: exc.SQLAlchemyError) -> GradebookProblem:
    cause = getattr(error, "orig", None)
    busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    if isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF in busy:
        return problem(place, "busy")
    lost = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)  # psycopg, psycopg2
    if isinstance(error, exc.IntegrityError) or lost in _TRY_AGAIN:
        return problem(place, "meanwhile")
    said = " ".join(str(cause or error).split())[:200]
    lacking = isinstance(error, exc.ProgrammingError) or "no such table" in said or "no such column" in said
    return problem(place, "not-ours" if lacking else "unusable", said=said)
