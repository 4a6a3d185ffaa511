"""The marks that a person gave in the formgrader, read back from nbgrader's database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from autograder.gradebook import tables as t
from autograder.gradebook.database import has_tables, transaction
from autograder.gradebook.rows import counted
from autograder.gradebook.settings import database_url
from autograder.marking.manual import ManualMark


def read_manual_marks(course: Path, url: str | None) -> dict[tuple[str, str, str], ManualMark]:
    """See :func:`autograder.gradebook.read_manual_marks`."""
    address = database_url(course, url)
    if not has_tables(address):
        return {}
    with transaction(address, write=False) as connection:
        found = connection.execute(_QUERY).all()
    marks = {}
    for row in found:
        points = counted(row.manual_score, row.auto_score, row.extra_credit, row.maximum)
        if points is not None:
            key = (row.lms_user_id or row.student, row.activity, row.question)
            marks[key] = ManualMark(points, row.manual_comment or "")
    return marks


def _query() -> sa.Select[tuple[object, ...]]:
    touched = sa.or_(t.grade.c.manual_score.is_not(None), t.grade.c.extra_credit.is_not(None))
    return (
        sa.select(
            t.student.c.id.label("student"),
            t.student.c.lms_user_id,
            t.assignment.c.name.label("activity"),
            t.cell.c.name.label("question"),
            t.grade.c.auto_score,
            t.grade.c.manual_score,
            t.grade.c.extra_credit,
            t.comment.c.manual_comment,
            sa.func.coalesce(t.grade_cell.c.max_score, t.task_cell.c.max_score, 0.0).label("maximum"),
        )
        .select_from(t.grade)
        .join(t.cell, t.cell.c.id == t.grade.c.cell_id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.submission, t.submission.c.id == t.submitted_notebook.c.assignment_id)
        .join(t.assignment, t.assignment.c.id == t.submission.c.assignment_id)
        .join(t.student, t.student.c.id == t.submission.c.student_id)
        .outerjoin(t.grade_cell, t.grade_cell.c.id == t.cell.c.id)
        .outerjoin(t.task_cell, t.task_cell.c.id == t.cell.c.id)
        .outerjoin(
            t.comment, (t.comment.c.cell_id == t.cell.c.id) & (t.comment.c.notebook_id == t.submitted_notebook.c.id)
        )
        .where(touched)
    )


_QUERY = _query()
