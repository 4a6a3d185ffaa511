"""``classe.html`` (how the class did, criterion by criterion) and ``retours/<élève>.html`` (what one student is told).

The pages hold verdicts, points and messages only, to read on a screen or on A4 paper. The worked answers are not there:
the same pages serve in assessment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from autograder.marking.manual import ManualMark, given_mark
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.reports import figures
from autograder.reports.html import cost, render
from crc_lab.core import feedback
from crc_lab.core.feedback import LOOKS, number_text
from crc_lab.core.model import MANUAL, Activity, Question, QuestionResult, Verdict
from crc_lab.core.wording import count, listing, sort_key

MISTAKES = 15
"""Mistakes shown for one activity: the most frequent ones."""
NAMES = 40
_BAR, _HEIGHT, _BASE = 46, 110, 134
"""The drawing of the histogram is 480 × 170."""


# --- the class --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the heat map, as wide as ``span`` columns: never told by its colour alone."""

    text: str
    sign: str
    level: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One student of the heat map. ``said``: what is to be known of the mark or of the student, in a few words."""

    name: str
    page: str
    mark: Decimal
    cells: tuple[Cell, ...]
    group: str
    said: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the heat map: ``share`` is the class's, 0 to 1; no ``maximum`` nor share for a hint."""

    label: str
    maximum: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Section:
    """One activity of the page. ``questions``: (id, title, number of columns); ``groups``: are there any?"""

    activity: Activity
    summary: figures.Summary
    drawing: list[dict[str, float]]
    described: str
    rows: list[Row]
    groups: bool
    questions: list[tuple[str, str, int]]
    columns: list[Column]
    mistakes: list[figures.Mistake]
    more_mistakes: int


def class_page(result: ClassResult, pages: Sequence[str]) -> bytes:
    """The page; ``pages``: the file name of each student's own page, in the order of ``result.students``."""
    people = list(zip(result.students, figures.shown_names(result.students), pages, strict=True))
    return render(
        "classe.html",
        result=result,
        sections=[_section(result, activity, people) for activity in result.activities],
        incidents=figures.to_look_at(result),
        integrity=figures.integrity(result),
        absent=sorted(result.absent, key=lambda listed: sort_key(listed.name)),
        outside=[name for student, name, _ in people if result.roster_given and student.listed is None],
        who=lambda names: listing(list(names), NAMES),
        looks=LOOKS,
    )


def _section(result: ClassResult, activity: Activity, people: Sequence[tuple[StudentResult, str, str]]) -> Section:
    found = [(*one, one[0].copies[activity.id]) for one in people if activity.id in one[0].copies]
    copies = [copy for *_, copy in found]
    mistakes = figures.mistakes([(name, copy) for _, name, _, copy in found])
    bars = figures.histogram(copies, round(activity.points))
    parts = [figures.parts_of(question, copies) for question in activity.marked]
    rows = [
        Row(
            name, page, copy.mark, tuple(cell for columns in parts for cell in _cells(columns, copy)),
            student.listed.group if student.listed else "", figures.said(result, student, [copy]),
        )
        for student, name, page, copy in found
    ]  # fmt: skip
    columns = [
        Column(part.label, *((None, None) if part.hint else (part.maximum, figures.mean_share(copies, part))))
        for question in parts for part in question
    ]  # fmt: skip
    return Section(
        activity, figures.summary(copies), _drawing(bars), _described(bars), rows, any(row.group for row in rows),
        [(question[0].question.id, question[0].question.title, len(question)) for question in parts], columns,
        mistakes[:MISTAKES], max(0, len(mistakes) - MISTAKES),
    )  # fmt: skip


def _drawing(bars: Sequence[figures.Bar]) -> list[dict[str, float]]:
    """The bars of the histogram, placed."""
    unit = _HEIGHT / (max((bar.count for bar in bars), default=0) or 1)
    return [
        {
            "x": 10 + number * _BAR, "y": round(_BASE - unit * bar.count, 1), "width": _BAR - 6,
            "height": round(unit * bar.count, 1), "count": bar.count, "start": bar.start,
        }
        for number, bar in enumerate(bars)
    ]  # fmt: skip


def _described(bars: Sequence[figures.Bar]) -> str:
    """The histogram in words, for those who do not see it."""
    parts = [f"de {bar.start} à {bar.end} : {count(bar.count, 'copie')}" for bar in bars if bar.count]
    return "Répartition des notes. " + " ; ".join(parts) + "."


def _cells(parts: Sequence[figures.Part], copy: CopyResult) -> Iterator[Cell]:
    """The cells of one question: one for each criterion, a single one where a person marked the whole."""
    whole = figures.Part(parts[0].question)
    if parts[0].points(copy) is None and whole.points(copy) is not None:
        yield replace(_cell(whole, copy), span=len(parts))
    else:
        yield from (_cell(part, copy) for part in parts)


def _cell(part: figures.Part, copy: CopyResult) -> Cell:
    value, points = part.of(copy), part.points(copy)
    if part.hint:
        return Cell(cost(-points) if points else "", "", "vide")
    if value is None or points is None or value.verdict in (Verdict.NON_REPONDU, Verdict.A_RELIRE):
        return Cell("", LOOKS[value.verdict if value else Verdict.NON_REPONDU].sign, "vide")
    share = value.points / value.max_points if value.max_points else 0.0
    levels = {Verdict.JUSTE: "juste", Verdict.FAUX: "faux", Verdict.ERREUR: "faux"}
    level = levels.get(value.verdict, "bien" if share >= 0.5 else "peu")
    return Cell(number_text(points), LOOKS[value.verdict].sign, level)


# --- one student ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """One question of the page: its wording's title, its result, its messages each once.

    ``given``: the mark that a person gave, to the question as a whole.
    """

    question: Question
    result: QuestionResult
    shown: feedback.Shown
    messages: tuple[str, ...]
    given: ManualMark | None

    @property
    def waits(self) -> bool:
        """Whether all of its points are still to come."""
        return self.result.verdict is Verdict.A_RELIRE and not self.shown.points

    @property
    def several(self) -> bool:
        """True when the criteria have something to say each."""
        verdicts = {criterion.verdict for criterion in self.result.criteria}
        return self.shown.in_lines and verdicts not in ({Verdict.NON_REPONDU}, {Verdict.A_RELIRE})


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of the page."""

    activity: Activity
    copy: CopyResult
    blocks: tuple[Block, ...]
    provisional: str


def student_page(student: StudentResult, result: ClassResult) -> bytes:
    """The page of one student, with all the activities handed in."""
    pairs = [(one, student.copies[one.id]) for one in result.activities if one.id in student.copies]
    return render(
        "retour.html",
        student=student,
        parts=[Part(one, copy, tuple(_blocks(one, copy)), figures.provisional([copy])) for one, copy in pairs],
        mean=figures.mean_mark(student),
        provisional=figures.provisional(student.copies.values()),
        priorities=figures.priorities(pairs),
        looks=LOOKS,
        hint=figures.HINT,
    )


def _blocks(activity: Activity, copy: CopyResult) -> Iterator[Block]:
    for question, result in figures.marked_questions(activity, copy):
        said = feedback.remarks(result, aside=("NON_REPONDU", MANUAL))  # what a person said has a place of its own
        yield Block(question, result, copy.shown[question.id], said, given_mark(result))
