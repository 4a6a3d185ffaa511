"""A marked class into nbgrader: the rows of its database, in one transaction, then the notebooks it shows.

The database comes first: a notebook is only told apart from the one that was marked by hand as long as it has not been
replaced. When something fails between the two, running again puts the notebooks right.
"""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.gradebook import rows
from autograder.gradebook.database import has_tables, label, parse, transaction
from autograder.gradebook.generation import generate, missing_activities
from autograder.gradebook.names import names, nbgrader_id, shown
from autograder.gradebook.notebooks import CORRECTION, Marked, Source, build, dumps, fingerprint, read_source, scores
from autograder.gradebook.problems import GradebookProblem
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
    waiting: int
    """Copies with a question that a person has still to mark."""


def write_class(
    result: ClassResult, course: Path, url: str | None, sheets: Sheets | None, known: ManualMarks
) -> Written:
    """See :func:`autograder.gradebook.write_class`."""
    address = database_url(course, url)
    sources = {activity.id: read_source(course, activity) for activity in result.activities}
    _ensure(course, address, list(sources))
    done = write_rows(result, course, address, sources, known)
    notebooks = write_notebooks(result, course, sources, sheets)
    waiting = sum(bool(copy.pending) for copy in result.copies)
    return Written(len(result.copies), done.students, done.scores, notebooks, waiting)


def write_rows(
    result: ClassResult, course: Path, address: str, sources: Mapping[str, Source], known: ManualMarks
) -> rows.Counts:
    """The database's part, in one transaction."""
    with transaction(address) as connection:
        return rows.write(
            connection,
            [_student(student) for student in result.students],
            [_submission(course, student, copy, sources[copy.activity], known) for student, copy in _copies(result)],
            place=label(parse(address)),
        )


def write_notebooks(result: ClassResult, course: Path, sources: Mapping[str, Source], sheets: Sheets | None) -> int:
    """The part of ``autograded/``: how many notebooks were made or changed. One copy at a time is in memory."""
    return sum(
        _write_notebook(course, student, copy, sources[copy.activity], sheets) for student, copy in _copies(result)
    )


def _copies(result: ClassResult) -> Iterator[tuple[StudentResult, CopyResult]]:
    return ((student, copy) for student in result.students for copy in student.copies.values())


def _ensure(course: Path, address: str, activities: list[str]) -> None:
    """A database of one's own (``--base``) is empty the first time: nbgrader fills it from ``source/``."""
    missing = missing_activities(address, activities) if has_tables(address) else activities
    if missing:
        generate(course, missing, address)


def _student(student: StudentResult) -> rows.StudentRow:
    listed = student.listed
    first, last = names(listed, student.person.name)
    return rows.StudentRow(
        nbgrader_id(student.id), student.id, first, last, shown(listed.email) if listed else ""
    )  # fmt: skip


def _submission(
    course: Path, student: StudentResult, copy: CopyResult, source: Source, known: ManualMarks
) -> rows.SubmissionRow:
    name = nbgrader_id(student.id)
    values = dict(copy.answers)

    def changed(question: str) -> bool:
        prints = _fingerprints(_notebook_path(course, name, copy.activity))
        return question in prints and question in values and prints[question] != fingerprint(values[question])

    return rows.SubmissionRow(
        name,
        copy.activity,
        scores(source, Marked({result.id: result for result in copy.questions})),
        None if _collected(course, name, copy.activity) else _utc(copy.date),
        changed,
        {
            question.id: known[student.id, copy.activity, question.id]
            for question in copy.questions
            if (student.id, copy.activity, question.id) in known
        },
    )


def _write_notebook(
    course: Path, student: StudentResult, copy: CopyResult, source: Source, sheets: Sheets | None
) -> bool:
    """Write the notebook of one copy unless it is there already; True when it was written."""
    sheet = sheets(copy) if sheets else None
    results = {result.id: result for result in copy.questions}
    values = {
        **copy.answers,
        **({name: sheet.answers[name].value for name in results if name in sheet.answers} if sheet else {}),
    }
    content = dumps(build(source, Marked(results, values, sheet)))
    name = nbgrader_id(student.id)
    path = _notebook_path(course, name, copy.activity)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for kept, bytes_ in _exchange_files(course / "submitted" / name / copy.activity):
            replace_file(path.parent / kept, bytes_)
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


def _exchange_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for name in KEPT:
        path = folder / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _MAX_KEPT:
            yield name, path.read_bytes()


def _collected(course: Path, student: str, activity: str) -> bool:
    """True when nbgrader collected the copy itself: it knows when better than the answers do."""
    return (course / "submitted" / student / activity / KEPT[0]).is_file()


def _utc(date: dt.datetime | None) -> dt.datetime | None:
    """As nbgrader keeps times: UTC, without saying so."""
    try:
        return None if date is None else date.astimezone(dt.UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):  # the student's clock may say anything
        return None
