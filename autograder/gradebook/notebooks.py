"""The notebook that nbgrader shows for one copy (the teacher's own cells, the student's answers, our results); and a
marked class into nbgrader.

Nothing of the student's notebook is in it but the answers, as escaped text, and never huge: no cell, no output, no
metadata.

Of a class, the rows of the database come first, in one transaction: a notebook is only told apart from the one that was
marked by hand as long as it has not been replaced. When something fails between the two, running again puts the
notebooks right.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.gradebook import rows
from autograder.gradebook.course import generate, missing_activities
from autograder.gradebook.database import transaction
from autograder.gradebook.rows import Score
from autograder.gradebook.settings import database_url, problem
from autograder.intake import INTERNAL
from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.marking.manual import CARD_SUFFIX, ManualMarks, given_mark, marked_by_hand
from autograder.reports.figures import HINT
from autograder.reports.pages import render
from crc_lab.core import feedback
from crc_lab.core.answers import is_blank
from crc_lab.core.model import TO_CHECK, Activity, Json, Question, QuestionResult, Verdict
from crc_lab.core.sheet import Answer, AnswerSheet, write_atomically
from crc_lab.core.shown import as_html, shown_answer
from crc_lab.core.text import NBSP, clean, clean_line, reason

CORRECTION = "crc_lab_correction"
"""Key of the notebook's metadata: the scores that go to the database, and a print of each answer that was marked."""

VERSION = 1
MAX_CHARACTERS = 500_000
"""What one answer may hold to be kept in a notebook, written as JSON: a table of 100 columns and 400 rows fits."""
NOTHING = "<p>Sans réponse.</p>"
TOO_BIG = f"<p>Réponse démesurée{NBSP}: elle n’est pas montrée ici. Ouvrez la copie d’origine.</p>"
_TOO_BIG = object()
"""In the place of an answer that is not kept."""
_CONTROL = re.compile(r"\\(?:\\|u00(?:0[0-8bcef]|1[0-9a-f])|[bf])")
"""In a JSON text: a control character (line breaks and tabs are none), or a backslash of the text itself."""

_COLOURS = {"juste": "#1b7a4b", "partiel": "#8a5a00", "faux": "#b3261e", "neutre": "#52617a"}


@dataclass(frozen=True)
class Source:
    """The teacher's pristine notebook of one activity."""

    activity: Activity
    notebook: Mapping[str, Any]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The marked questions, by the grade id of the cell where answer and result are shown."""
        return {
            question.id + CARD_SUFFIX if marked_by_hand(question) else question.id: question
            for question in self.activity.marked
        }


@dataclass(frozen=True)
class Marked:
    """One copy, as far as a notebook needs it: results and answers by question id; ``reason``: why it is unreadable.

    Without ``sheet``, the answers that ``values`` does not hold are unknown, and nothing is said of them.
    """

    results: Mapping[str, QuestionResult]
    values: Mapping[str, Json] = field(default_factory=dict)
    sheet: AnswerSheet | None = None
    reason: str = ""

    @cached_property
    def answers(self) -> Mapping[str, Json]:
        """The answers as they are kept and shown (:func:`bounded`)."""
        return {name: bounded(value) for name, value in self.values.items()}

    @classmethod
    def of(cls, copy: CopyResult, sheet: AnswerSheet | None) -> Marked:
        """A marked copy, with the answer sheet that it came from, if it is at hand."""
        results = {result.id: result for result in copy.questions}
        given = {name: sheet.answers[name].value for name in results if name in sheet.answers} if sheet else {}
        return cls(results, {**copy.answers, **given}, sheet)


def read_source(course: Path, activity: Activity) -> Source:
    """The notebook in ``source/`` of the course; raises :class:`GradebookProblem`."""
    name = f"{activity.id}/{activity.id}.ipynb"
    try:
        notebook = json.loads((course / "source" / name).read_text(encoding="utf-8"))
        source = Source(activity, notebook)
        present = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]}
        missing = sorted(source.questions.keys() - present)
    except OSError as error:
        raise problem(course.name, "source-unread", file=name, why=reason(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise problem(course.name, "source-other", file=name) from None
    if missing:
        raise problem(course.name, "source-without", file=name, names=", ".join(missing))
    return source


def scores(source: Source, marked: Marked) -> dict[str, Score]:
    """What goes to the database, by question id."""
    return {
        question.id: _score(marked.results.get(question.id), by_hand=marked_by_hand(question))
        for question in source.activity.marked
    }


def fingerprint(value: Json) -> str:
    """The same text for the same answer (SHA-256); an answer too big to be kept has one of its own."""
    return _print(bounded(value))


def build(source: Source, marked: Marked) -> dict[str, Any]:
    """The notebook (nbformat 4.5) of one copy; the same copy gives the same notebook."""
    cells = [_cell(cell, source, marked) for cell in source.notebook["cells"]]
    metadata = dict(source.notebook["metadata"])
    metadata["crc_lab"] = _sheet(metadata.get("crc_lab") or {}, source.activity, marked)
    metadata[CORRECTION] = {
        "version": VERSION,
        "notes": {name: asdict(score) for name, score in scores(source, marked).items()},
        "empreintes": {name: _print(value) for name, value in sorted(marked.answers.items())},
    }
    return {**source.notebook, "cells": cells, "metadata": metadata}


def dumps(notebook: Mapping[str, Any]) -> bytes:
    """The bytes of a notebook, on one line: Python indents ten times slower, and nobody reads these files."""
    return (json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n").encode()


def bounded(value: Json) -> Json:
    """The same value, its texts cleaned of what no file can hold; what stands for it when no person can have typed it.

    By way of its JSON text: a table of a thousand cells takes a fraction of a millisecond.
    """
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > MAX_CHARACTERS:
        return _TOO_BIG
    return json.loads(_CONTROL.sub(lambda found: found[0] if found[0] == "\\\\" else "", clean(text)))


def _print(value: Json) -> str:
    content = "?" if value is _TOO_BIG else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _score(result: QuestionResult | None, *, by_hand: bool) -> Score:
    if result is None:  # an unreadable copy
        return Score(None, waiting=True, remark="Copie illisible : à noter à la main.")
    if given := given_mark(result):
        return Score(None, manual=given.points, comment=given.comment)
    broken = any(message.code == INTERNAL for message in result.messages)
    waiting, points = broken or result.verdict is Verdict.A_RELIRE, float(feedback.shown(result).points)
    if not by_hand or not waiting:
        remark = "Sans réponse." if by_hand and result.verdict is Verdict.NON_REPONDU else None
        return Score(points, waiting=waiting, remark=remark)
    return Score(points or None, waiting=True)


def _cell(cell: Mapping[str, Any], source: Source, marked: Marked) -> dict[str, Any]:
    known = cell["metadata"].get("nbgrader", {})
    question = source.questions.get(known.get("grade_id")) if cell["cell_type"] == "code" else None
    if question is None:
        return dict(cell)
    result = marked.results.get(question.id)
    page = _page(question, result, marked)
    data: dict[str, Any] = {"text/html": page.splitlines(keepends=True)}
    if known.get("grade"):
        # nbgrader itself would read the same mark in this cell
        points = 0.0 if result is None else float(feedback.shown(result).points)
        output = {"output_type": "execute_result", "execution_count": None}
        data["text/plain"] = repr(points)
    else:
        output = {"output_type": "display_data"}
        data["text/plain"] = f"{question.id}{NBSP}: réponse de l’élève"
    return {**cell, "outputs": [{**output, "data": data, "metadata": {}}]}


def _page(question: Question, result: QuestionResult | None, marked: Marked) -> str:
    verdict = Verdict.ERREUR if result is None else result.verdict
    by_hand = marked_by_hand(question)
    points = None if result is None else feedback.shown(result)
    several = points is not None and points.in_lines and verdict is not Verdict.NON_REPONDU
    known = question.id in marked.answers or marked.sheet is not None or verdict is Verdict.NON_REPONDU
    answer = answer_html(question, marked.answers.get(question.id)) if known else ""
    rendered = render(
        "nbgrader.html",
        question=question,
        result=result,
        reason=marked.reason if result is None else "",
        answer=Markup(answer),  # escaped where it is made
        by_hand=by_hand,
        seen={one.id: one.teacher for one in result.criteria} if result else {},
        several=several,
        messages=() if result is None or by_hand else feedback.remarks(result, aside=(TO_CHECK,)),
        doubts=() if result is None or by_hand else _doubts(result),
        shown=points,
        looks=feedback.LOOKS,
        hint=HINT,
        colour=_COLOURS["neutre" if by_hand else feedback.LOOKS[verdict].colour],
    )
    return rendered.decode()


def _doubts(result: QuestionResult) -> list[tuple[str, str]]:
    """What makes the points of each criterion a proposal only."""
    return [
        (criterion.label or criterion.id, said.text)
        for criterion in result.criteria
        for said in criterion.teacher
        if said.code == TO_CHECK
    ]


def answer_html(question: Question, value: Json) -> str:
    """The answer to ``question`` (:func:`bounded`), as HTML in which every word of the student is escaped.

    MathJax leaves it alone (its « ignore » classes): « $ » is a sign of money here.
    """
    if value is _TOO_BIG:
        return TOO_BIG
    if is_blank(value, question.given_columns):
        return NOTHING
    return f'<div class="tex2jax_ignore mathjax_ignore">{as_html(shown_answer(question, value))}</div>'


def _sheet(pristine: Mapping[str, Any], activity: Activity, marked: Marked) -> dict[str, Any]:
    """The answer sheet: the teacher's own, with the student's name and the answers of this activity's questions."""
    sheet = marked.sheet or AnswerSheet(activity.id)
    kept: dict[str, Any] = {}
    for name in (question.id for question in activity.questions):
        if name not in marked.answers and name not in sheet.answers:
            continue
        given = sheet.answers.get(name, Answer(None))
        value = marked.answers[name] if name in marked.answers else bounded(given.value)
        if value is not _TOO_BIG:
            source, date = clean_line(given.source), clean_line(given.date)
            kept[name] = Answer(value, source, given.tries, given.hints, date).to_json()
    who = sheet.student and {"nom": clean_line(sheet.student.name), "identifiant": clean_line(sheet.student.identifier)}
    return {**pristine, "eleve": who, "reponses": kept}


# --- the whole class --------------------------------------------------------------------------------------------------


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
