"""``classe.html``: how the class did, criterion by criterion, and which mistakes to take up again with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.reports import figures, html, remarks
from crc_lab.core.feedback import SIGNS
from crc_lab.core.model import Activity, CriterionResult, QuestionResult, Verdict
from crc_lab.core.wording import count, listing, sort_key

MISTAKES = 15
"""Mistakes shown for one activity: the most frequent ones."""
NAMES = 40
_BAR, _HEIGHT, _BASE = 46, 110, 134


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the heat map: never told by its colour alone."""

    text: str
    sign: str
    level: str


@dataclass(frozen=True, slots=True)
class Row:
    """One student of the heat map. ``said``: what is to be known of the mark or of the student, in a few words."""

    name: str
    page: str
    mark: float
    cells: tuple[Cell, ...]
    group: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the heat map: ``share`` is the class's, 0 to 1."""

    label: str
    maximum: float
    share: float


@dataclass(frozen=True)
class Section:
    """One activity of the page."""

    activity: Activity
    summary: figures.Summary
    bars: list[figures.Bar]
    rows: list[Row]
    columns: list[Column]
    mistakes: list[figures.Mistake]
    more_mistakes: int

    @cached_property
    def questions(self) -> list[tuple[str, str, int]]:
        """(id, title, number of columns) of each marked question."""
        return [
            (question.id, question.title, len(figures.parts_of_question(question))) for question in self.activity.marked
        ]

    @cached_property
    def groups(self) -> bool:
        """True when the class list tells groups apart."""
        return len({row.group for row in self.rows if row.group}) > 0

    @cached_property
    def drawing(self) -> list[dict[str, float | int | str]]:
        """The bars of the histogram, placed in a 480 × 170 drawing."""
        tallest = max((bar.count for bar in self.bars), default=0) or 1
        return [
            {
                "x": 10 + number * _BAR,
                "y": round(_BASE - _HEIGHT * bar.count / tallest, 1),
                "width": _BAR - 6,
                "height": round(_HEIGHT * bar.count / tallest, 1),
                "count": bar.count,
                "start": bar.start,
            }
            for number, bar in enumerate(self.bars)
        ]

    @cached_property
    def described(self) -> str:
        """The histogram in words, for those who do not see it."""
        parts = [f"de {bar.start} à {bar.end} : {count(bar.count, 'copie')}" for bar in self.bars if bar.count]
        return "Répartition des notes. " + " ; ".join(parts) + "."


def class_page(result: ClassResult, pages: list[str]) -> bytes:
    """The page; ``pages``: the file name of each student's own page, in the order of ``result.students``."""
    page_of = {id(student): page for student, page in zip(result.students, pages, strict=True)}
    names = {
        id(student): name for student, name in zip(result.students, figures.shown_names(result.students), strict=True)
    }
    return html.render(
        "classe.html",
        result=result,
        sections=[_section(result, activity, names, page_of) for activity in result.activities],
        incidents=remarks.to_look_at(result),
        integrity=remarks.integrity(result),
        absent=sorted(result.absent, key=lambda listed: sort_key(listed.name)),
        outside=[names[id(student)] for student in result.students if result.roster_given and student.listed is None],
        who=lambda names: listing(list(names), NAMES),
        rows_text=_rows_text,
    )


def _section(result: ClassResult, activity: Activity, names: dict[int, str], page_of: dict[int, str]) -> Section:
    pairs = figures.copies_of(result, activity)
    copies = [copy for _, copy in pairs]
    mistakes = figures.mistakes([(names[id(student)], copy) for student, copy in pairs])
    parts = figures.parts_of(activity)
    rows = [
        Row(
            names[id(student)], page_of[id(student)], copy.points, tuple(_cell(part.of(copy)) for part in parts),
            student.listed.group if student.listed else "", _said(result, student, copy),
        )
        for student, copy in pairs
    ]  # fmt: skip
    columns = [Column(part.label, part.maximum, figures.mean_share(copies, part)) for part in parts]
    return Section(
        activity, figures.summary(copies), figures.histogram(copies, round(activity.points)), rows, columns,
        mistakes[:MISTAKES], max(0, len(mistakes) - MISTAKES),
    )  # fmt: skip


def _said(result: ClassResult, student: StudentResult, copy: CopyResult) -> str:
    outside = "hors liste" if result.roster_given and student.listed is None else ""
    return " ; ".join(text for text in (outside, figures.provisional([copy])) if text)


def _cell(value: QuestionResult | CriterionResult | None) -> Cell:
    if value is None or value.verdict is Verdict.NON_REPONDU:
        return Cell("", SIGNS[Verdict.NON_REPONDU], "vide")
    if value.verdict is Verdict.A_RELIRE:
        return Cell("", SIGNS[value.verdict], "vide")
    share = value.points / value.max_points if value.max_points else 0.0
    level = {Verdict.JUSTE: "juste", Verdict.FAUX: "faux", Verdict.ERREUR: "faux"}.get(
        value.verdict, "bien" if share >= 0.5 else "peu"
    )
    return Cell(html.fine_points(value.points), SIGNS[value.verdict], level)


def _rows_text(rows: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(row for row, _ in rows)
