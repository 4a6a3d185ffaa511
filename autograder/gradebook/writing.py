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
from autograder.gradebook.course import generate, missing_activities
from autograder.gradebook.database import transaction
from autograder.gradebook.notebooks import CORRECTION, Marked, Source, build, dumps, fingerprint, read_source, scores
from autograder.gradebook.settings import database_url, problem
from autograder.marking.manual import ManualMarks
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from crc_lab.core.sheet import AnswerSheet, write_atomically
from crc_lab.core.text import reason

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
    if missing := missing_activities(address, sources):
        generate(course, missing, address)
    new_students, written = write_rows(result, course, address, sources, known or {})
    return Written(len(result.copies), new_students, written, write_notebooks(result, course, sources, sheets))


def write_rows(
    result: ClassResult, course: Path, address: str, sources: Mapping[str, Source], known: ManualMarks
) -> tuple[int, int]:
    """The database's part, in one transaction: how many students are new, how many scores were made or changed."""
    students = (rows.StudentRow.of(one.id, one.listed, one.person.name) for one in result.students)
    copies = [one.row(known) for one in _copies(result, course, sources)]
    with transaction(address) as connection:
        return rows.write(connection, students, copies)


def write_notebooks(result: ClassResult, course: Path, sources: Mapping[str, Source], sheets: Sheets | None) -> int:
    """The part of ``autograded/``: how many notebooks were made or changed. One copy at a time is in memory."""
    return sum(one.write(sheets(one.copy) if sheets else None) for one in _copies(result, course, sources))


@dataclass(frozen=True)
class _Copy:
    """One copy and its place in the course."""

    course: Path
    student: StudentResult
    copy: CopyResult
    source: Source

    @property
    def name(self) -> str:
        return rows.nbgrader_id(self.student.id)

    @property
    def submitted(self) -> Path:
        return self.course / "submitted" / self.name / self.copy.activity

    @property
    def notebook(self) -> Path:
        return self.course / "autograded" / self.name / self.copy.activity / f"{self.copy.activity}.ipynb"

    def row(self, known: ManualMarks) -> rows.SubmissionRow:
        # nbgrader knows better than the answers when it collected the copy itself
        date = None if (self.submitted / KEPT[0]).is_file() else _utc(self.copy.date)
        marks = {one.id: known.get((self.student.id, self.copy.activity, one.id)) for one in self.copy.questions}
        return rows.SubmissionRow(
            self.name, self.copy.activity, scores(self.source, Marked.of(self.copy, None)), date, self._changed,
            {question: mark for question, mark in marks.items() if mark is not None},
        )  # fmt: skip

    def _changed(self, question: str) -> bool:
        """True when the notebook in place shows another answer; it says nothing when it is not one of ours."""
        try:
            found: Any = json.loads(self.notebook.read_text(encoding="utf-8"))["metadata"][CORRECTION]["empreintes"]
            shown = found[question]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return question in self.copy.answers and shown != fingerprint(self.copy.answers[question])

    def write(self, sheet: AnswerSheet | None) -> bool:
        """Write the notebook unless it is there already; True when it was written."""
        content = dumps(build(self.source, Marked.of(self.copy, sheet)))
        path = self.notebook
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            for kept in KEPT:
                given = self.submitted / kept
                if given.is_file() and not given.is_symlink() and given.stat().st_size <= _MAX_KEPT:
                    replace_file(path.parent / kept, given.read_bytes())
            return replace_file(path, content)
        except OSError as error:
            where = path.relative_to(self.course)
            raise problem(self.course.name, "marks-are-there", file=where, why=reason(error)) from None


def _copies(result: ClassResult, course: Path, sources: Mapping[str, Source]) -> Iterator[_Copy]:
    for student in result.students:
        for copy in student.copies.values():
            yield _Copy(course, student, copy, sources[copy.activity])


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
    for last in (False, False, True):  # another program that writes here takes our draft for a leftover
        for draft in path.parent.glob(f".{path.name}.????????"):
            draft.unlink(missing_ok=True)
        try:
            write_atomically(path, content)
            break
        except FileNotFoundError:
            if last:
                raise
    path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)
    return True


def _utc(date: dt.datetime | None) -> dt.datetime | None:
    """As nbgrader keeps times: UTC, without saying so."""
    try:
        return None if date is None else date.astimezone(dt.UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):  # the student's clock may say anything
        return None
