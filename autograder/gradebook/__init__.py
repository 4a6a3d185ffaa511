"""nbgrader: its course folder, its gradebook, its notebooks. The only place that imports nbgrader and SQLAlchemy.

Both are heavy: what needs them is loaded on first use. nbgrader itself only runs in processes of its own; its database
is read and written here directly, in bulk.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograder.errors import GradebookProblem

if TYPE_CHECKING:
    from autograder.gradebook.course import create_course
    from autograder.gradebook.formgrader import open_formgrader
    from autograder.gradebook.notebooks import write_class
    from autograder.gradebook.rows import nbgrader_id, personal_data, purge_data, read_manual_marks

__all__ = [
    "GradebookProblem", "create_course", "nbgrader_id", "open_formgrader", "personal_data", "purge_data",
    "read_manual_marks", "write_class",
]  # fmt: skip

_PLACES = {
    "create_course": "course",
    "nbgrader_id": "rows",
    "open_formgrader": "formgrader",
    "personal_data": "rows",
    "purge_data": "rows",
    "read_manual_marks": "rows",
    "write_class": "notebooks",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
