"""The rows of the sheet of open answers: what a person marks, in the order of activities, questions and names; and
what its writer and its reader agree on: its columns, what a typed cell means.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from autograder.intake.handed import INTERNAL
from autograder.intake.person_names import words
from autograder.marking.manual import ManualMark, given_mark
from autograder.marking.marked import ClassResult, CopyResult
from autograder.marking.nbgrader_cells import REVIEW, marked_by_hand, partly_by_hand
from autograder.reports.figures import HINT, copies_of, shown_names
from crc_lab.core.answers import parse_number
from crc_lab.core.feedback import exact, number_text, shown
from crc_lab.core.model import MANUAL, Json, Question, QuestionResult, Verdict
from crc_lab.core.shown import Limits, as_text, shown_answer
from crc_lab.core.text import clean, count, french

Key = tuple[str, str, str]
"""(student id, activity id, question id), as in :data:`autograder.marking.manual.ManualMarks`."""

KEY, NAME, QUESTION, MAXIMUM, POINTS_TITLE, COMMENT_TITLE = (
    "Repère", "Élève", "Question", "Sur", "Points", "Commentaire",
)  # fmt: skip
COLUMNS: dict[str, float] = {
    KEY: 0, NAME: 20, "Activité": 11, QUESTION: 18, "Réponse": 72, "Ce qui est attendu": 36, MAXIMUM: 6,
    POINTS_TITLE: 9, COMMENT_TITLE: 36,
}  # fmt: skip
"""Titles and widths; a column without width is hidden."""
POINTS, COMMENT = list(COLUMNS).index(POINTS_TITLE), list(COLUMNS).index(COMMENT_TITLE)
SHEET = "Réponses"
LONGEST_COMMENT = 4_000
LONGEST_ANSWER = 8_000
"""Characters of an answer that are shown; the whole answer stays in the copy."""
_IN_THE_COPY = "(réponse à lire dans le carnet de l’élève)"
_LIMITS = Limits(text=10 * LONGEST_ANSWER, cell=10 * LONGEST_ANSWER, rows=200)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of one student. ``print`` tells one answer from another, ``mark`` is None when there is none yet."""

    key: Key
    name: str
    activity: str
    question: str
    answer: str
    rubric: str
    maximum: float
    print: str
    mark: ManualMark | None

    @property
    def prints(self) -> tuple[str, str, str]:
        """What tells, in a file that comes back, whether the row still speaks of the same thing."""
        return self.print, print_of_name(self.name), print_of_mark(self.mark)


@dataclass(frozen=True, slots=True)
class Typed:
    """The two cells of a row that a person fills, as text; ``new``: not what crc-lab wrote there."""

    points: str = ""
    comment: str = ""
    new: bool = False

    def mark(self, maximum: float) -> float | str:
        """The points typed when they are a number that may be given, else the text itself."""
        points = points_of(self.points, maximum)
        return points if points is not None and 0 <= points <= maximum else self.points


def points_of(text: str, maximum: float) -> float | None:
    """« 4,5 », « 4.5 pts » or « 4,5 / 12 » (where the question is out of 12) as a number; None for anything else.

    A percent is none: nobody can tell of what.
    """
    bare = text.strip().casefold()
    for unit in ("points", "point", "pts", "pt"):
        bare = bare.removesuffix(unit).strip()
    if "/" in bare:
        bare, _, out_of = bare.partition("/")
        given = parse_number(out_of.strip())
        if given is None or abs(float(given) - maximum) > 1e-6:
            return None
    number = None if bare.endswith("%") else parse_number(bare.strip())
    return None if number is None else float(number)


def shortened(comment: str) -> str:
    """A comment that a cell can hold."""
    return clean(comment)[:LONGEST_COMMENT]


def rows(result: ClassResult) -> Iterator[Row]:
    """Every answer to mark: open ones, those whose automatic marking failed, those already marked by hand."""
    names = dict(zip((student.id for student in result.students), shown_names(result.students), strict=True))
    for activity in result.activities:
        for question in activity.marked:
            for student, copy in copies_of(result, activity):
                marked = next((one for one in copy.questions if one.id == question.id), None)
                if marked is None or not _is_for_a_person(question, marked):
                    continue
                answer, title = copy.answers.get(question.id), french(f"{question.id} · {question.title}")
                yield Row(
                    (student.id, activity.id, question.id), names[student.id], f"Activité {activity.number}",
                    title, _answer_text(answer, copy, question), _rubric(question, marked), float(question.points),
                    print_of(answer), given_mark(marked),
                )  # fmt: skip


def print_of(*values: Json) -> str:
    """A short print of plain values; it starts with a letter, so that no spreadsheet takes it for a number."""
    content = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return "p" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:15]


def print_of_name(name: str) -> str:
    """The print of a name, whatever its case, its accents and the order of its words."""
    return print_of(*words(name))


def print_of_mark(mark: ManualMark | None) -> str:
    """The print of what the points and comment cells hold."""
    return print_of(None) if mark is None else print_of(f"{mark.points:.6f}", mark.comment)


def _is_for_a_person(question: Question, marked: QuestionResult) -> bool:
    codes = {message.code for message in marked.messages}
    if MANUAL in codes or INTERNAL in codes:
        return True
    return marked_by_hand(question) and marked.verdict is not Verdict.NON_REPONDU


def _rubric(question: Question, marked: QuestionResult) -> str:
    """« Idées (8 points) », then each thing to look for and its words that are there; the program's own points."""
    points = shown(marked)
    partly = partly_by_hand(question) and bool(points.criteria)
    given = dict(zip((one.id for one in marked.criteria), points.criteria, strict=True)) if partly else {}
    seen = {one.id: one.teacher for one in marked.criteria if one.verdict is not Verdict.NON_REPONDU}
    lines = []
    for criterion in question.criteria:
        head = f"{criterion.label or criterion.id} ({_points(exact(criterion.points))})"
        if criterion.check != REVIEW and (automatic := given.get(criterion.id)) is not None:
            head += f" : {_points(automatic)} par la correction automatique, à compter dans le total"
        lines.append(head)
        for number, item in enumerate(criterion.params.get("grille") or (), start=1):
            lines.append(f"  {number}. {item['texte']} ({_points(exact(item['points']))})")
        lines += [f"  {said.text}" for said in seen.get(criterion.id, ())]
    if partly and points.hint:
        lines.append(f"{HINT} : {_points(points.hint)} à retirer du total")
    return french("\n".join(lines))


def _points(points: Decimal) -> str:
    return f"{number_text(points)} point{'s' if points >= 2 else ''}"


def _answer_text(answer: Json, copy: CopyResult, question: Question) -> str:
    if question.id not in copy.answers:
        return _IN_THE_COPY
    text = clean(as_text(shown_answer(question, answer), _LIMITS)).strip()
    if len(text) <= LONGEST_ANSWER:
        return text
    rest = count(len(text) - LONGEST_ANSWER, "caractère")
    return f"{text[:LONGEST_ANSWER]}\n[…] (encore {rest}, à lire dans le carnet)"
