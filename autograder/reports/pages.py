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
class Section:
    """One activity of the page. ``parts``: the columns of each question."""

    activity: Activity
    copies: list[CopyResult]
    bars: list[figures.Bar]
    rows: list[Row]
    parts: list[list[figures.Part]]
    mistakes: list[figures.Mistake]

    @property
    def groups(self) -> bool:
        """True when the class list tells groups apart."""
        return any(row.group for row in self.rows)

    @property
    def described(self) -> str:
        """The histogram in words, for those who do not see it."""
        parts = [f"de {bar.start} à {bar.end} : {count(bar.count, 'copie')}" for bar in self.bars if bar.count]
        return "Répartition des notes. " + " ; ".join(parts) + "."


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
        summary=figures.summary,
        share=figures.mean_share,
        looks=LOOKS,
        most=MISTAKES,
    )


def _section(result: ClassResult, activity: Activity, people: Sequence[tuple[StudentResult, str, str]]) -> Section:
    found = [(*one, one[0].copies[activity.id]) for one in people if activity.id in one[0].copies]
    copies = [copy for *_, copy in found]
    parts = [figures.parts_of(question, copies) for question in activity.marked]
    rows = [
        Row(
            name, page, copy.mark, tuple(cell for question in parts for cell in _cells(question, copy)),
            student.listed.group if student.listed else "", figures.said(result, student, [copy]),
        )
        for student, name, page, copy in found
    ]  # fmt: skip
    bars, mistakes = figures.histogram(copies, round(activity.points)), [(name, copy) for _, name, _, copy in found]
    return Section(activity, copies, bars, rows, parts, figures.mistakes(mistakes))


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
