"""nbgrader: its course folder, its gradebook, its notebooks. The only place that imports nbgrader and SQLAlchemy.

Both are heavy: they are loaded by the functions, not by this package. nbgrader itself only runs in processes of its
own; its database is read and written here directly, in bulk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.gradebook.names import nbgrader_id
from autograder.gradebook.problems import GradebookProblem
from autograder.identity.roster import Listed
from autograder.marking.manual import ManualMark, ManualMarks

if TYPE_CHECKING:
    from autograder.gradebook.purge import Personal
    from autograder.gradebook.writing import Written
    from autograder.marking.marked import ClassResult, CopyResult
    from crc_lab.core.sheet import AnswerSheet

__all__ = [
    "GradebookProblem", "create_course", "nbgrader_id", "personal_data", "purge_data", "read_manual_marks",
    "write_class",
]  # fmt: skip


def create_course(
    course: Path,
    *,
    students: Sequence[Listed],
    activities: Mapping[str, Path],
    keys: Path,
    prepared: Path | None = None,
    course_id: str = "ndrc",
    url: str | None = None,
) -> None:
    """Make an nbgrader course in the folder ``course`` (or bring an existing one up to date).

    ``activities``: by activity id, the self-contained folder that students receive (the notebook, exercices.toml,
    datasets/). ``keys``: the folder of the keys; ``prepared``: that of preparation.json and classe.csv, when there is
    one. Both are remembered relative to the course, so that all may be moved together. ``url``: a SQLAlchemy URL, for
    another database than gradebook.db. An nbgrader_config.py that is already there is kept. Takes seconds: nbgrader
    makes ``release/`` itself.

    Raises :class:`GradebookProblem`.
    """
    from autograder.gradebook.course import create_course as create

    create(course, students, activities, keys, prepared, course_id, url)


def write_class(
    result: ClassResult,
    course: Path,
    url: str | None = None,
    *,
    sheets: Callable[[CopyResult], AnswerSheet | None] | None = None,
    known: ManualMarks | None = None,
) -> Written:
    """Write the marks of a class in nbgrader's database, in one transaction, then the notebooks of ``autograded/``.

    ``url``: as for :func:`create_course`; by default what the course's configuration says. ``sheets`` gives the answer
    sheet of a copy: without it, only open answers are shown. ``known``: what :func:`read_manual_marks` gave before the
    copies were marked, so that a mark typed in the formgrader since then is not overwritten by the older one.

    Writing the same class again changes nothing. A mark typed in the formgrader is never erased; one that ``result``
    brings (code NOTE-MANUELLE) and the database does not have is written as if it had been typed there. Raises
    :class:`GradebookProblem`: the database is then as it was, or (a notebook that cannot be written) complete.
    """
    from autograder.gradebook.writing import write_class as write

    return write(result, course, url, sheets, known or {})


def read_manual_marks(course: Path, url: str | None = None) -> dict[tuple[str, str, str], ManualMark]:
    """The marks given in the formgrader, by (student id, activity id, question id), on open or automatic questions.

    A bonus (« extra credit ») is added, up to the points of the question. The student id is ours, see
    :attr:`autograder.marking.marked.StudentResult.id`. Raises :class:`GradebookProblem`.
    """
    from autograder.gradebook.manual_marks import read_manual_marks as read

    return read(course, url)


def personal_data(course: Path, url: str | None = None, only: Collection[str] | None = None) -> Personal:
    """The students of the gradebook (all, or those whose nbgrader ids are in ``only``) and how many copies it holds.

    Raises :class:`GradebookProblem`.
    """
    from autograder.gradebook.purge import personal

    return personal(course, url, only)


def purge_data(course: Path, url: str | None = None, only: Collection[str] | None = None) -> None:
    """Erase the students (all, or ``only`` some), their copies and their marks; assignments and questions stay.

    In an SQLite database, what is erased is overwritten. Raises :class:`GradebookProblem`: nothing is erased then, or
    the database is only left bigger than it could be.
    """
    from autograder.gradebook.purge import purge

    purge(course, url, only)
