"""The rows of a class in nbgrader's database: what is there, what it must become, written in bulk; and their removal.

Rows are found by what they are about (student, activity, question), never made twice, and only changed where they
differ: writing the same class again changes nothing. A mark that a person typed in the formgrader is never erased.

nbgrader puts a student's id in paths, in glob patterns and in web addresses; its pages show names without escaping
them: both are made safe here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.gradebook import database as t
from autograder.gradebook.database import has_tables, label, parse, sqlite_file, transaction
from autograder.gradebook.settings import database_url, problem
from autograder.identity import Listed
from autograder.marking.manual import Key, ManualMark
from crc_lab.core.text import clean_line, fold

MAX_COLUMN = 128
"""Characters that nbgrader's database keeps of an id or a name."""
_TINY = 1e-9
_MAXIMUM = sa.func.coalesce(t.grade_cell.c.max_score, t.task_cell.c.max_score, 0.0).label("maximum")
_SAFE = re.compile(r"\w(?:[\w.@+-]{0,98}\w)?")
_MADE = re.compile(r".*-[0-9a-f]{12}", re.DOTALL)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SHOWN = str.maketrans({"<": "‹", ">": "›", "&": "+", '"': "”", "{": "(", "}": ")"})


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student as nbgrader knows them; ``identifier`` is ours, ``id`` nbgrader's."""

    id: str
    identifier: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @classmethod
    def of(cls, identifier: str, listed: Listed | None, name: str) -> StudentRow:
        """A student of ours, named as in the class list; else « Inès Garnier » is cut after its first word."""
        if listed is not None:
            last = shown(listed.last_name or listed.name)
            return cls(nbgrader_id(identifier), identifier, shown(listed.first_name), last, shown(listed.email))
        first, _, last = shown(name).partition(" ")
        return cls(nbgrader_id(identifier), identifier, *((first, last) if last else ("", first)))

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Score:
    """What one question earned. ``auto``: the automatic points, None when a person gives them all.

    ``manual``: the points given by hand, with ``comment``; the automatic ones are then unknown, and left as they are.
    ``waiting``: a person must look at it. ``remark``: a few fixed words of ours, shown where no comment was written.
    """

    auto: float | None
    manual: float | None = None
    comment: str = ""
    waiting: bool = False
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One copy: whose, of which activity, when, and its scores by question id.

    ``changed`` tells whether the answer to a question is no longer the one that was there when it was marked by hand.
    """

    student: str
    activity: str
    scores: Mapping[str, Score]
    date: dt.datetime | None = None
    changed: Callable[[str], bool] = lambda _: False
    known: Mapping[str, ManualMark] = field(default_factory=dict)
    """The marks read in this database before the copies were marked, by question id: they are not news."""


@dataclass(frozen=True, slots=True)
class Personal:
    """The students of a gradebook (``place``), how many copies it holds of them, when the last one was handed in."""

    place: str
    students: tuple[StudentRow, ...] = ()
    copies: int = 0
    last: dt.date | None = None


def nbgrader_id(identifier: str) -> str:
    """The student's id in nbgrader: ``identifier`` itself when it is a safe folder name, else a name made from it.

    The same one always gives the same name, and two different ones never give the same. Those of a class list are kept.
    """
    made = _MADE.fullmatch(identifier) or _RESERVED.fullmatch(identifier)
    if _SAFE.fullmatch(identifier) and unicodedata.is_normalized("NFC", identifier) and not made:
        return identifier
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    slug = re.sub(r"[^a-z0-9]+", "-", fold(identifier)[:40]).strip("-") or "eleve"
    return f"{slug}-{digest}"


def shown(name: str) -> str:
    """A name as nbgrader's pages can show it: one line, nothing that a browser would take for a tag."""
    return clean_line(name, MAX_COLUMN).translate(_SHOWN)


def counted(manual: Any, auto: Any, extra: Any, maximum: float) -> float | None:
    """The mark that a person's doing has made of a question: theirs, or the automatic one with a bonus; 0 to maximum.

    The three come from the database, which holds what a page sent. None when nobody touched the question, or when what
    was typed is no number.
    """
    typed, bonus = _number(manual), _number(extra)
    if typed is None and not bonus:
        return None
    total = (typed if typed is not None else _number(auto) or 0.0) + (bonus or 0.0)
    return min(maximum, max(0.0, total))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def read_manual_marks(course: Path, url: str | None = None) -> dict[Key, ManualMark]:
    """The marks given in the formgrader, by (student id, activity id, question id), on open or automatic questions.

    A bonus (« extra credit ») is added, up to the points of the question. The student id is ours, see
    :attr:`autograder.marking.StudentResult.id`. Raises :class:`GradebookProblem`.
    """
    address = database_url(course, url)
    if not has_tables(address):
        return {}
    joined = (
        t.grade.join(t.cell)
        .join(t.submitted_notebook)
        .join(t.submission)
        .join(t.assignment)
        .join(t.student)
        .outerjoin(t.grade_cell, t.grade_cell.c.id == t.cell.c.id)
        .outerjoin(t.task_cell, t.task_cell.c.id == t.cell.c.id)
        .outerjoin(t.comment, (t.comment.c.cell_id == t.cell.c.id) & (t.comment.c.notebook_id == t.grade.c.notebook_id))
    )
    query = (
        sa.select(
            t.student.c.id.label("student"), t.student.c.lms_user_id, t.assignment.c.name.label("activity"),
            t.cell.c.name.label("question"), t.grade, t.comment.c.manual_comment, _MAXIMUM,
        )
        .select_from(joined)
        .where(sa.or_(t.grade.c.manual_score.is_not(None), t.grade.c.extra_credit.is_not(None)))
    )  # fmt: skip
    marks = {}
    with transaction(address, write=False) as connection:
        for row in connection.execute(query):
            points = counted(row.manual_score, row.auto_score, row.extra_credit, row.maximum)
            if points is not None:
                key = (row.lms_user_id or row.student, row.activity, row.question)
                marks[key] = ManualMark(points, row.manual_comment or "")
    return marks


def write(
    connection: sa.Connection, students: Iterable[StudentRow], submissions: Sequence[SubmissionRow]
) -> tuple[int, int]:
    """Add the students that are missing, then write the submissions; how many students and scores were made or changed.

    Raises :class:`GradebookProblem` when an activity or a question is unknown there: nothing is written then, as long
    as the caller lets the transaction fail.
    """
    added = add_students(connection, students)
    if not submissions:
        return added, 0
    activities = _activities(connection, {one.activity for one in submissions})
    rows = _rows(connection, {one.assignment for one in activities.values()}, {one.student for one in submissions})
    for one in submissions:
        activity = activities[one.activity]
        if differ := activity.questions ^ one.scores.keys():
            names, place = ", ".join(sorted(differ)), label(connection.engine.url)
            raise problem(place, "other-questions", activity=one.activity, names=names)
        _put(rows, activity, one)
    written = {table: them.write(connection) for table, them in rows.items()}
    return added, written[t.grade]


def add_students(connection: sa.Connection, students: Iterable[StudentRow], *, update: bool = False) -> int:
    """Add the students that are missing; fill the names that are empty, or (``update``) put all names right."""
    rows = _Rows(t.student, ("id",), connection.execute(sa.select(t.student)))
    for one in {one.id: one for one in students}.values():
        ours = one.identifier[:MAX_COLUMN] if one.identifier != one.id else None
        values = {"first_name": one.first_name, "last_name": one.last_name, "email": one.email, "lms_user_id": ours}
        if known := rows.get(one.id):
            values = {name: new if new and (update or not known[name]) else known[name] for name, new in values.items()}
        rows.put((one.id,), **values)
    rows.write(connection)
    return len(rows.inserts)


class _Rows:
    """The rows of one table, by what they are about (the columns ``by``): made once, changed where they differ."""

    def __init__(self, table: sa.Table, by: tuple[str, ...], known: Iterable[sa.Row[Any]]) -> None:
        self._table, self._by = table, by
        self._known = {tuple(getattr(row, name) for name in by): row._asdict() for row in known}
        self.inserts: list[dict[str, Any]] = []
        self._updates: list[dict[str, Any]] = []

    def get(self, *key: str) -> Mapping[str, Any]:
        """The row as it is in the database, empty when there is none."""
        return self._known.get(key, {})

    def put(self, key: tuple[str, ...], **values: Any) -> str:
        """Plan what the row must hold; its id."""
        known = self._known.get(key)
        if known is None:
            self.inserts.append({"id": uuid.uuid4().hex, **dict(zip(self._by, key, strict=True)), **values})
            return str(self.inserts[-1]["id"])
        if known != known | values:
            self._updates.append({"key": known["id"], **values})
        return str(known["id"])

    def write(self, connection: sa.Connection) -> int:
        """Insert and change in bulk; how many rows."""
        if self.inserts:
            connection.execute(sa.insert(self._table), self.inserts)
        if self._updates:
            connection.execute(sa.update(self._table).where(self._table.c.id == sa.bindparam("key")), self._updates)
        return len(self.inserts) + len(self._updates)


@dataclass(frozen=True)
class _Activity:
    """What nbgrader knows of an activity: the ids of its assignment and of its notebook, its cells."""

    assignment: str
    notebook: str
    cells: list[Any] = field(default_factory=list)

    @property
    def questions(self) -> set[str]:
        return {cell.name for cell in self.cells if cell.type in (t.GRADE, t.TASK)}


def _activities(connection: sa.Connection, names: set[str]) -> dict[str, _Activity]:
    found = connection.execute(
        sa.select(t.assignment.c.name, t.assignment.c.id, t.notebook.c.id)
        .select_from(t.assignment.join(t.notebook))
        .where(t.assignment.c.name.in_(names), t.notebook.c.name == t.assignment.c.name)
    )
    activities = {name: _Activity(assignment, notebook) for name, assignment, notebook in found}
    for missing in sorted(names - activities.keys()):
        raise problem(label(connection.engine.url), "no-activity", activity=missing)
    of_notebook = {one.notebook: one for one in activities.values()}
    cells = connection.execute(
        sa.select(t.cell, _MAXIMUM)
        .outerjoin(t.grade_cell, t.grade_cell.c.id == t.cell.c.id)
        .outerjoin(t.task_cell, t.task_cell.c.id == t.cell.c.id)
        .where(t.cell.c.notebook_id.in_(of_notebook))
    )
    for cell in cells:
        of_notebook[cell.notebook_id].cells.append(cell)
    return activities


def _rows(connection: sa.Connection, assignments: set[str], students: set[str]) -> dict[sa.Table, _Rows]:
    """What is there of these assignments, in the order in which it is written."""
    wanted = t.submission.c.assignment_id.in_(assignments) & t.submission.c.student_id.in_(students)
    notebooks = t.submission.join(t.submitted_notebook)
    sources: dict[sa.Table, tuple[sa.FromClause, str, str]] = {
        t.submission: (t.submission, "student_id", "assignment_id"),
        t.submitted_notebook: (notebooks, "assignment_id", "notebook_id"),
        t.grade: (notebooks.join(t.grade), "notebook_id", "cell_id"),
        t.comment: (notebooks.join(t.comment), "notebook_id", "cell_id"),
    }
    return {
        table: _Rows(table, tuple(by), connection.execute(sa.select(table).select_from(source).where(wanted)))
        for table, (source, *by) in sources.items()
    }


def _put(rows: Mapping[sa.Table, _Rows], activity: _Activity, one: SubmissionRow) -> None:
    """Plan the rows of one submission."""
    copy = (one.student, activity.assignment)
    date = one.date or rows[t.submission].get(*copy).get("timestamp")
    shown = (rows[t.submission].put(copy, timestamp=date), activity.notebook)
    flagged = rows[t.submitted_notebook].get(*shown).get("flagged", False)
    notebook = rows[t.submitted_notebook].put(shown, flagged=flagged)
    for cell in activity.cells:
        place, score = (notebook, cell.id), one.scores.get(cell.name)
        if score is not None and cell.type in (t.GRADE, t.TASK):
            rows[t.grade].put(place, **_grade(rows[t.grade].get(*place), one, cell, score))
        if cell.type in (t.TASK, t.SOLUTION):
            written = rows[t.comment].get(*place).get("manual_comment")
            read = one.known[cell.name].comment if cell.name in one.known else ""
            if score is not None and score.comment and score.comment != read:
                written = score.comment
            remark = score.remark if score else None
            rows[t.comment].put(place, auto_comment=remark, manual_comment=written)


def _grade(before: Mapping[str, Any], one: SubmissionRow, cell: Any, score: Score) -> dict[str, Any]:
    """What the row of a mark must hold: what a person typed there stays, unless a later mark by hand replaces it."""
    after = {name: before.get(name) for name in ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")}
    typed = counted(after["manual_score"], after["auto_score"], after["extra_credit"], cell.maximum)
    read = one.known[cell.name].points if cell.name in one.known else None
    if score.manual is None:
        after["auto_score"] = score.auto
    if score.manual is not None and not any(_same(old, score.manual) for old in (typed, read)):
        return after | {"manual_score": score.manual, "extra_credit": None, "needs_manual_grade": False}
    if typed is None and score.manual is None:
        return after | {"needs_manual_grade": score.waiting}
    return after | {"needs_manual_grade": bool(after["needs_manual_grade"]) or one.changed(cell.name)}


def _same(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) <= _TINY


def personal_data(course: Path, url: str | None = None, only: Collection[str] | None = None) -> Personal:
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
        StudentRow(row.id, row.lms_user_id or row.id, row.first_name or "", row.last_name or "", row.email or "")
        for row in rows
    )
    return Personal(place, tuple(students), copies, last.date() if isinstance(last, dt.datetime) else None)


def purge_data(course: Path, url: str | None = None, only: Collection[str] | None = None) -> None:
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
        for table, which in (
            (t.comment, t.comment.c.notebook_id.in_(notebooks)),
            (t.grade, t.grade.c.notebook_id.in_(notebooks)),
            (t.submitted_notebook, t.submitted_notebook.c.assignment_id.in_(submissions)),
            (t.submission, _of(t.submission.c.student_id, only)),
            (t.student, _of(t.student.c.id, only)),
        ):
            connection.execute(sa.delete(table).where(which))
    if file is not None:
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute("VACUUM")
        except sqlite3.Error as error:
            raise problem(label(parse(address)), "not-compacted", error=error) from error


def _of(column: sa.Column[str], only: Collection[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if only is None else column.in_(only)
