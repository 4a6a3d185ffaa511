"""The rows of a class in nbgrader's database: what is there, what it must become, written in bulk.

Rows are found by what they are about (student, activity, question), never made twice, and only changed where they
differ: writing the same class again changes nothing. A mark that a person typed in the formgrader is never erased.
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from autograder.errors import GradebookProblem
from autograder.gradebook import tables as t
from autograder.gradebook.database import has_tables, transaction
from autograder.gradebook.settings import database_url
from autograder.marking.manual import ManualMark
from crc_lab.core.wording import NBSP

_TINY = 1e-9
_FEW = 500
"""Up to so many students, rows are asked for by student; beyond, the whole activity is read."""
_GRADE_COLUMNS = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
_MAXIMUM = sa.func.coalesce(t.grade_cell.c.max_score, t.task_cell.c.max_score, 0.0).label("maximum")


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student as nbgrader knows them; ``identifier`` is ours, ``id`` nbgrader's."""

    id: str
    identifier: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


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
class Counts:
    """How many rows were made or changed."""

    students: int = 0
    submissions: int = 0
    scores: int = 0


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


def read_manual_marks(course: Path, url: str | None = None) -> dict[tuple[str, str, str], ManualMark]:
    """The marks given in the formgrader, by (student id, activity id, question id), on open or automatic questions.

    A bonus (« extra credit ») is added, up to the points of the question. The student id is ours, see
    :attr:`autograder.marking.marked.StudentResult.id`. Raises :class:`GradebookProblem`.
    """
    address = database_url(course, url)
    if not has_tables(address):
        return {}
    joined = (
        sa.join(t.grade, t.cell, t.cell.c.id == t.grade.c.cell_id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.submission, t.submission.c.id == t.submitted_notebook.c.assignment_id)
        .join(t.assignment, t.assignment.c.id == t.submission.c.assignment_id)
        .join(t.student, t.student.c.id == t.submission.c.student_id)
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
    connection: sa.Connection, students: Iterable[StudentRow], submissions: Sequence[SubmissionRow], *, place: str
) -> Counts:
    """Add the students that are missing, then write the submissions; ``place`` names the database in errors.

    Raises :class:`GradebookProblem` when an activity or a question is unknown there: nothing is written then, as long
    as the caller lets the transaction fail.
    """
    added = add_students(connection, students)
    if not submissions:
        return Counts(added)
    plan = _Plan(connection, submissions, place)
    for submission in submissions:
        plan.add(submission)
    return Counts(added, *plan.execute())


def add_students(connection: sa.Connection, students: Iterable[StudentRow], *, update: bool = False) -> int:
    """Add the students that are missing; fill the names that are empty, or (``update``) put all names right."""
    present = {row.id: row._asdict() for row in connection.execute(sa.select(t.student))}
    new, changed = [], []
    for one in {one.id: one for one in students}.values():
        ours = one.identifier[:128] if one.identifier != one.id else None
        values = {"first_name": one.first_name, "last_name": one.last_name, "email": one.email, "lms_user_id": ours}
        known = present.get(one.id)
        if known is None:
            new.append({"id": one.id, **values})
            continue
        better = known | {name: value for name, value in values.items() if value and (update or not known[name])}
        if better != known:
            changed.append({"key": better.pop("id"), **better})
    if new:
        connection.execute(sa.insert(t.student), new)
    if changed:
        connection.execute(sa.update(t.student).where(t.student.c.id == sa.bindparam("key")), changed)
    return len(new)


class _Plan:
    """What is in the database about some activities, and the rows to insert and to change."""

    def __init__(self, connection: sa.Connection, submissions: Sequence[SubmissionRow], place: str) -> None:
        self._connection, self._place = connection, place
        self._activities: dict[str, tuple[str, str]] = {}
        """The ids of the assignment and of its notebook, by activity."""
        self._cells: dict[str, list[Any]] = defaultdict(list)
        self._read_activities({one.activity for one in submissions})
        self._submissions: dict[tuple[str, str], Any] = {}
        self._submitted: dict[str, str] = {}
        self._marks: dict[sa.Table, dict[tuple[str, str], Any]] = {t.grade: {}, t.comment: {}}
        """What is there of each cell, by submitted notebook and cell."""
        self._read_submissions({one.student for one in submissions})
        self._inserts: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
        self._updates: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)

    def add(self, one: SubmissionRow) -> None:
        """Plan the rows of one submission."""
        activity, cells = one.activity, self._cells[one.activity]
        asked = {cell.name for cell in cells if cell.type in (t.GRADE, t.TASK)}
        if asked != one.scores.keys():
            differ = ", ".join(sorted(asked ^ one.scores.keys()))
            text = (
                f"l’activité «{NBSP}{activity}{NBSP}» n’y a pas les mêmes questions que le corrigé ({differ}). "
                "Donnez le corrigé de ce cours avec --corriges, ou refaites le cours avec « crc-lab preparer »."
            )
            raise GradebookProblem(self._place, text)
        notebook = self._submission(one)
        for cell in cells:
            score = one.scores.get(cell.name)
            if score is not None and cell.type in (t.GRADE, t.TASK):
                self._grade(one, cell, notebook, score)
            if cell.type in (t.TASK, t.SOLUTION):
                self._comment(one, cell, notebook, score)

    def execute(self) -> tuple[int, int]:
        """Insert and change in bulk; (submissions, scores) that were made or changed."""
        for table in (t.submission, t.submitted_notebook, t.grade, t.comment):
            if rows := self._inserts[table]:
                self._connection.execute(sa.insert(table), rows)
            if rows := self._updates[table]:
                self._connection.execute(sa.update(table).where(table.c.id == sa.bindparam("key")), rows)
        made = [len(self._inserts[table]) + len(self._updates[table]) for table in (t.submission, t.grade)]
        return made[0], made[1]

    def _read_activities(self, activities: set[str]) -> None:
        found = self._connection.execute(
            sa.select(t.assignment.c.name, t.assignment.c.id, t.notebook.c.id)
            .join(t.notebook, t.notebook.c.assignment_id == t.assignment.c.id)
            .where(t.assignment.c.name.in_(activities), t.notebook.c.name == t.assignment.c.name)
        )
        self._activities = {name: (assignment, notebook) for name, assignment, notebook in found}
        for missing in sorted(activities - self._activities.keys()):
            text = f"l’activité «{NBSP}{missing}{NBSP}» n’y est pas. Refaites le cours avec « crc-lab preparer »."
            raise GradebookProblem(self._place, text)
        activity_of = {notebook: name for name, (_, notebook) in self._activities.items()}
        cells = self._connection.execute(
            sa.select(t.cell, _MAXIMUM)
            .outerjoin(t.grade_cell, t.grade_cell.c.id == t.cell.c.id)
            .outerjoin(t.task_cell, t.task_cell.c.id == t.cell.c.id)
            .where(t.cell.c.notebook_id.in_(activity_of))
        )
        for cell in cells:
            self._cells[activity_of[cell.notebook_id]].append(cell)

    def _read_submissions(self, students: set[str]) -> None:
        assignments, notebooks = zip(*self._activities.values(), strict=True)
        wanted: sa.ColumnElement[bool] = t.submission.c.assignment_id.in_(assignments)
        if len(students) <= _FEW:
            wanted &= t.submission.c.student_id.in_(students)
        read = self._connection.execute
        for row in read(sa.select(t.submission).where(wanted)):
            self._submissions[row.student_id, row.assignment_id] = row
        joined = sa.join(t.submitted_notebook, t.submission, t.submitted_notebook.c.assignment_id == t.submission.c.id)
        wanted &= t.submitted_notebook.c.notebook_id.in_(notebooks)
        for row in read(sa.select(t.submitted_notebook).select_from(joined).where(wanted)):
            self._submitted[row.assignment_id] = row.id
        for table, found in self._marks.items():
            source = joined.join(table, table.c.notebook_id == t.submitted_notebook.c.id)
            for row in read(sa.select(table).select_from(source).where(wanted)):
                found[row.notebook_id, row.cell_id] = row

    def _submission(self, one: SubmissionRow) -> str:
        """The id of the submitted notebook, new or not."""
        assignment, notebook = self._activities[one.activity]
        known = self._submissions.get((one.student, assignment))
        if known is None:
            values = {"assignment_id": assignment, "student_id": one.student, "timestamp": one.date}
            submission = self._insert(t.submission, **values)
        else:
            submission = known.id
            if one.date is not None and known.timestamp != one.date:
                self._updates[t.submission].append({"key": submission, "timestamp": one.date})
        if submission in self._submitted:
            return self._submitted[submission]
        return self._insert(t.submitted_notebook, assignment_id=submission, notebook_id=notebook, flagged=False)

    def _grade(self, one: SubmissionRow, cell: Any, notebook: str, score: Score) -> None:
        before = self._before(t.grade, notebook, cell, _GRADE_COLUMNS)
        after = dict(before)
        typed = counted(before["manual_score"], before["auto_score"], before["extra_credit"], cell.maximum)
        if score.manual is None:
            after["auto_score"] = score.auto
        read = one.known[cell.name].points if cell.name in one.known else None
        if score.manual is not None and not any(_same(old, score.manual) for old in (typed, read)):
            after |= {"manual_score": score.manual, "extra_credit": None, "needs_manual_grade": False}
        elif typed is None and score.manual is None:
            after["needs_manual_grade"] = score.waiting
        else:
            after["needs_manual_grade"] = bool(before["needs_manual_grade"]) or one.changed(cell.name)
        self._put(t.grade, notebook, cell, before, after)

    def _comment(self, one: SubmissionRow, cell: Any, notebook: str, score: Score | None) -> None:
        before = self._before(t.comment, notebook, cell, ("auto_comment", "manual_comment"))
        after = {**before, "auto_comment": score.remark if score else None}
        read = one.known[cell.name].comment if cell.name in one.known else ""
        if score is not None and score.comment and score.comment != read:
            after["manual_comment"] = score.comment
        self._put(t.comment, notebook, cell, before, after)

    def _before(self, table: sa.Table, notebook: str, cell: Any, columns: Sequence[str]) -> dict[str, Any]:
        known = self._marks[table].get((notebook, cell.id))
        return {name: getattr(known, name, None) for name in columns}

    def _put(
        self, table: sa.Table, notebook: str, cell: Any, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        known = self._marks[table].get((notebook, cell.id))
        if known is None:
            self._insert(table, cell_id=cell.id, notebook_id=notebook, **after)
        elif before != after:
            self._updates[table].append({"key": known.id, **after})

    def _insert(self, table: sa.Table, **values: Any) -> str:
        name = uuid.uuid4().hex
        self._inserts[table].append({"id": name, **values})
        return name


def _same(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) <= _TINY
