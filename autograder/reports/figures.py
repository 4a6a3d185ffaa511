"""The figures of a class that the reports show: marks, shares, mistakes. Plain values, no HTML."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.marking.nbgrader_cells import REVIEW
from crc_lab.core.feedback import exact, rounded
from crc_lab.core.model import Activity, Criterion, CriterionResult, Message, Question, QuestionResult, Verdict
from crc_lab.core.wording import count, french, sort_key

NOT_MISTAKES = re.compile(
    r"NON_REPONDU|A-LA-CORRECTION|A-RELIRE|NOTE-MANUELLE|ERREUR-INTERNE|.*-(?:BILAN|EXPERT|VIDES?|RESTE(?:-.*)?)"
)
"""Codes that sum up an answer, say what is left to do or what a person said, and so name no known mistake."""
HINT = "Indice de niveau 2"
BIN = 2
"""Width of the classes of the histogram, in points out of 20."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The marks of one activity, as people see them, in four numbers; ``provisional``: how many may still rise."""

    copies: int
    mean: Decimal
    median: Decimal
    lowest: Decimal
    highest: Decimal
    provisional: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One class of the histogram: marks from ``start`` (included) to ``end`` (excluded, included for the last)."""

    start: int
    end: int
    count: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """One message code in one activity: a text as the students read it, who got it, the rows most concerned."""

    code: str
    text: str
    question: str
    students: tuple[str, ...]
    share: float
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What has a column of its own: a criterion, a whole question (``criterion`` is None) that a person marks, or what
    the hint of a question cost (``hint``)."""

    question: Question
    criterion: Criterion | None = None
    hint: bool = False

    @property
    def label(self) -> str:
        if self.hint:
            return HINT
        return self.question.title if self.criterion is None else self.criterion.label or self.criterion.id

    @property
    def maximum(self) -> float:
        return self.question.points if self.criterion is None else self.criterion.points

    def of(self, copy: CopyResult) -> QuestionResult | CriterionResult | None:
        """Its result in one copy; None for a hint, and for a copy marked with other questions."""
        question = next((one for one in copy.questions if one.id == self.question.id), None)
        if question is None or self.hint:
            return None
        if self.criterion is None:
            return question
        return next((one for one in question.criteria if one.id == self.criterion.id), None)

    def points(self, copy: CopyResult) -> Decimal | None:
        """What people see of it (less than 0 for a hint); None where a person marked the question as a whole."""
        shown = copy.shown.get(self.question.id)
        if shown is None or self.hint:
            return -shown.hint if shown and shown.hint else None
        if self.criterion is None:
            return shown.points
        position = self.question.criteria.index(self.criterion)
        return shown.criteria[position] if shown.criteria else None


def provisional(copies: Iterable[CopyResult]) -> str:
    """« provisoire : 1 réponse à relire »; nothing when every mark is final."""
    pending = sum(len(copy.pending) for copy in copies)
    return french(f"provisoire : {count(pending, 'réponse')} à relire") if pending else ""


def shown_names(students: Sequence[StudentResult]) -> list[str]:
    """The name of each student; homonyms are told apart by their identifier, or by a number."""
    alike = Counter(student.person.name for student in students)
    seen: Counter[str] = Counter()
    names = []
    for student in students:
        name = student.person.name
        seen[name] += 1
        mark = student.person.identifier or str(seen[name])
        names.append(f"{name} ({mark})" if alike[name] > 1 else name)
    return names


def copies_of(result: ClassResult, activity: Activity) -> list[tuple[StudentResult, CopyResult]]:
    """The copies of one activity with their students, in alphabetical order."""
    return [(student, student.copies[activity.id]) for student in result.students if activity.id in student.copies]


def parts_of(question: Question, copies: Iterable[CopyResult]) -> list[Part]:
    """What has a column in the reports, in order; what its hint cost, where it did cost something to somebody.

    A question that a person marks is marked as a whole: its criteria only say what to look for.
    """
    whole = all(criterion.check == REVIEW for criterion in question.criteria)
    parts = [Part(question)] if whole else [Part(question, criterion) for criterion in question.criteria]
    paid = any(copy.shown[question.id].hint for copy in copies if question.id in copy.shown)
    return [*parts, Part(question, hint=True)] if paid else parts


def summary(copies: Sequence[CopyResult]) -> Summary:
    """Of at least one copy."""
    marks, maximum = [copy.mark for copy in copies], copies[0].max_points
    return Summary(
        len(marks), rounded(statistics.mean(marks), maximum), rounded(statistics.median(marks), maximum), min(marks),
        max(marks), sum(bool(copy.pending) for copy in copies),
    )  # fmt: skip


def histogram(copies: Sequence[CopyResult], maximum: int = 20) -> list[Bar]:
    """How many marks fall in each class of two points."""
    last = maximum // BIN - 1
    found = Counter(min(last, int(copy.mark // BIN)) for copy in copies)
    return [Bar(BIN * number, BIN * (number + 1), found[number]) for number in range(last + 1)]


def mean_share(copies: Sequence[CopyResult], part: Part) -> float:
    """The class's share (0 to 1) of the points of one column; answers that wait for a person are left out."""
    found = [value for copy in copies if (value := part.of(copy)) is not None]
    known = [value for value in found if value.verdict is not Verdict.A_RELIRE]
    available = sum(value.max_points for value in known)
    return sum(value.points for value in known) / available if available else 0.0


def mean_mark(student: StudentResult) -> Decimal:
    """The mean out of 20 of the marks of what one student handed in, equal weights, to a hundredth."""
    return rounded(statistics.mean(20 * copy.mark / exact(copy.max_points) for copy in student.copies.values()), 20)


def mistakes(copies: Sequence[tuple[str, CopyResult]]) -> list[Mistake]:
    """The messages of one activity, given with the name of each student; the most frequent first.

    Messages of a criterion that earned all its points are remarks, not mistakes: they are left out.
    """
    texts: dict[tuple[str, str], Counter[str]] = {}
    who: dict[tuple[str, str], dict[int, str]] = {}
    rows: dict[tuple[str, str], Counter[str]] = {}
    for number, (name, copy) in enumerate(copies):
        for question_id, message in _wrong_messages(copy):
            place = (question_id, message.code)
            texts.setdefault(place, Counter())[message.text] += 1
            who.setdefault(place, {})[number] = name
            rows.setdefault(place, Counter()).update(message.rows)
    found = [
        Mistake(
            code, _usual(texts[question_id, code]), question_id, tuple(who[question_id, code].values()),
            len(who[question_id, code]) / len(copies), tuple(_ranked(rows[question_id, code])[:5]),
        )
        for question_id, code in texts
    ]  # fmt: skip
    return sorted(found, key=lambda mistake: (-len(mistake.students), mistake.question, mistake.code))


def _wrong_messages(copy: CopyResult) -> list[tuple[str, Message]]:
    return [
        (question.id, message)
        for question in copy.questions
        for criterion in question.criteria
        if criterion.verdict is not Verdict.JUSTE
        for message in criterion.messages
        if not NOT_MISTAKES.fullmatch(message.code)
    ]


def _usual(texts: Counter[str]) -> str:
    return min(texts, key=lambda text: (-texts[text], len(text), text))


def _ranked(rows: Counter[str]) -> list[tuple[str, int]]:
    return sorted(rows.items(), key=lambda item: (-item[1], len(item[0]), sort_key(item[0])))
