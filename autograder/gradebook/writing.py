"""A marked class into nbgrader: the rows of its database, in one transaction, then the notebooks it shows.

The database comes first: a notebook is only told apart from the one that was marked by hand as long as it has not been
replaced. When something fails between the two, running again puts the notebooks right.
"""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GradebookProblem
from autograder.gradebook import rows
from autograder.gradebook.course import generate, missing_activities
from autograder.gradebook.database import has_tables, transaction
from autograder.gradebook.notebooks import CORRECTION, Marked, Source, build, dumps, fingerprint, read_source, scores
from autograder.gradebook.settings import database_url
from autograder.marking.manual import ManualMarks
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from crc_lab.core.sheet import AnswerSheet, write_atomically
from crc_lab.core.wording import reason

KEPT = ("timestamp.txt", "submission_secret.txt")
"""What nbgrader's exchange puts beside a copy, and asks for when feedback is released."""

_MAX_KEPT = 10_000
Sheets = Callable[[CopyResult], AnswerSheet | None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was done: how many copies and students there are, how many rows and notebooks were made or changed."""

    copies: int
    new_students: int
    scores: int
    notebooks: int


def write_class(
    result: ClassResult,
    course: Path,
    url: str | None = None,
    *,
    sheets: Sheets | None = None,
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
    address = database_url(course, url)
    sources = {activity.id: read_source(course, activity) for activity in result.activities}
    # a database of one's own (--base) is empty the first time: nbgrader fills it from source/
    if missing := missing_activities(address, sources) if has_tables(address) else list(sources):
        generate(course, missing, address)
    new_students, written = write_rows(result, course, address, sources, known or {})
    return Written(len(result.copies), new_students, written, write_notebooks(result, course, sources, sheets))


def write_rows(
    result: ClassResult, course: Path, address: str, sources: Mapping[str, Source], known: ManualMarks
) -> tuple[int, int]:
    """The database's part, in one transaction: how many students are new, how many scores were made or changed."""
    students = (rows.StudentRow.of(one.id, one.listed, one.person.name) for one in result.students)
    copies = [
        _submission(course, student, copy, sources[copy.activity], known)
        for student in result.students
        for copy in student.copies.values()
    ]
    with transaction(address) as connection:
        return rows.write(connection, students, copies)


def write_notebooks(result: ClassResult, course: Path, sources: Mapping[str, Source], sheets: Sheets | None) -> int:
    """The part of ``autograded/``: how many notebooks were made or changed. One copy at a time is in memory."""
    return sum(
        _write_notebook(course, student, copy, sources[copy.activity], sheets(copy) if sheets else None)
        for student in result.students
        for copy in student.copies.values()
    )


def _submission(
    course: Path, student: StudentResult, copy: CopyResult, source: Source, known: ManualMarks
) -> rows.SubmissionRow:
    name = rows.nbgrader_id(student.id)

    def changed(question: str) -> bool:
        prints = _fingerprints(_notebook_path(course, name, copy.activity))
        given = question in prints and question in copy.answers
        return given and prints[question] != fingerprint(copy.answers[question])

    # nbgrader knows better than the answers when it collected the copy itself
    collected = (course / "submitted" / name / copy.activity / KEPT[0]).is_file()
    marks = ((question.id, known.get((student.id, copy.activity, question.id))) for question in copy.questions)
    return rows.SubmissionRow(
        name, copy.activity, scores(source, Marked.of(copy, None)), None if collected else _utc(copy.date), changed,
        {question: mark for question, mark in marks if mark is not None},
    )  # fmt: skip


def _write_notebook(
    course: Path, student: StudentResult, copy: CopyResult, source: Source, sheet: AnswerSheet | None
) -> bool:
    """Write the notebook of one copy unless it is there already; True when it was written."""
    content = dumps(build(source, Marked.of(copy, sheet)))
    name = rows.nbgrader_id(student.id)
    path = _notebook_path(course, name, copy.activity)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for kept in KEPT:
            handed_in = course / "submitted" / name / copy.activity / kept
            if handed_in.is_file() and not handed_in.is_symlink() and handed_in.stat().st_size <= _MAX_KEPT:
                replace_file(path.parent / kept, handed_in.read_bytes())
        return replace_file(path, content)
    except OSError as error:
        text = (
            f"« {path.relative_to(course)} » ne peut pas être écrit ({reason(error)}). Les notes, elles, y sont déjà."
        )
        raise GradebookProblem(course.name, text) from None


def replace_file(path: Path, content: bytes) -> bool:
    """Write the file in one step unless it already holds ``content``; nbgrader leaves its own files read-only.

    What an interrupted run left half-written beside it is removed.
    """
    try:
        if path.read_bytes() == content:
            return False
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    except FileNotFoundError:
        pass
    for draft in path.parent.glob(f".{path.name}.????????"):
        draft.unlink()
    write_atomically(path, content)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)
    return True


def _notebook_path(course: Path, student: str, activity: str) -> Path:
    return course / "autograded" / student / activity / f"{activity}.ipynb"


def _fingerprints(path: Path) -> dict[str, str]:
    """The answers that the notebook in place shows; none when it is not one of ours."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))["metadata"][CORRECTION]["empreintes"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _utc(date: dt.datetime | None) -> dt.datetime | None:
    """As nbgrader keeps times: UTC, without saying so."""
    try:
        return None if date is None else date.astimezone(dt.UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):  # the student's clock may say anything
        return None
