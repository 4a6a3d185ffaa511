"""The tables of nbgrader's database that are read and written here, without nbgrader (three seconds to import).

Only the columns that are used: the others keep their default. The tables themselves are made by nbgrader, see
:mod:`autograder.gradebook.course`. Source: ``nbgrader/api.py`` 0.9.6.
"""

from __future__ import annotations

import sqlalchemy as sa


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String)


_all = sa.MetaData()

student = sa.Table(
    "student", _all, _key("id"), _key("first_name"), _key("last_name"), _key("email"), _key("lms_user_id")
)  # fmt: skip
"""``lms_user_id``: our own identifier, where nbgrader's is made from it."""

assignment = sa.Table("assignment", _all, _key("id"), _key("name"))

notebook = sa.Table("notebook", _all, _key("id"), _key("name"), _key("assignment_id"))

cell = sa.Table("base_cell", _all, _key("id"), _key("name"), _key("notebook_id"), _key("type"))
"""``type``: one of GRADE, TASK and SOLUTION."""

grade_cell = sa.Table("grade_cells", _all, _key("id"), sa.Column("max_score", sa.Float))
task_cell = sa.Table("task_cells", _all, _key("id"), sa.Column("max_score", sa.Float))

submission = sa.Table(
    "submitted_assignment", _all,
    _key("id"), _key("assignment_id"), _key("student_id"), sa.Column("timestamp", sa.DateTime),
)  # fmt: skip

submitted_notebook = sa.Table(
    "submitted_notebook", _all,
    _key("id"), _key("assignment_id"), _key("notebook_id"), sa.Column("flagged", sa.Boolean),
)  # fmt: skip
"""``assignment_id`` is that of the submission."""

grade = sa.Table(
    "grade", _all,
    _key("id"), _key("cell_id"), _key("notebook_id"),
    sa.Column("auto_score", sa.Float), sa.Column("manual_score", sa.Float), sa.Column("extra_credit", sa.Float),
    sa.Column("needs_manual_grade", sa.Boolean),
)  # fmt: skip
"""``notebook_id`` is that of the submitted notebook, in ``comment`` too."""

comment = sa.Table(
    "comment", _all,
    _key("id"), _key("cell_id"), _key("notebook_id"), _key("auto_comment"), _key("manual_comment"),
)  # fmt: skip

GRADE, TASK, SOLUTION = "GradeCell", "TaskCell", "SolutionCell"
