"""``classe.html``: how the class did, criterion by criterion, and which mistakes to take up again with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.reports import figures, html, remarks
from crc_lab.core.feedback import LOOKS, number_text
from crc_lab.core.model import Activity, Verdict
from crc_lab.core.wording import count, listing, sort_key

MISTAKES = 15
"""Mistakes shown for one activity: the most frequent ones."""
NAMES = 40
_BAR, _HEIGHT, _BASE = 46, 110, 134


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
    group: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the heat map: ``share`` is the class's, 0 to 1; no ``maximum`` nor share for a hint."""

    label: str
    maximum: float | None
    share: float | None


@dataclass(frozen=True)
class Section:
    """One activity of the page."""

    activity: Activity
    summary: figures.Summary
    bars: list[figures.Bar]
    rows: list[Row]
    questions: list[tuple[str, str, int]]
    """(id, title, number of columns) of each marked question."""
    columns: list[Column]
    mistakes: list[figures.Mistake]
    more_mistakes: int

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
        looks=LOOKS,
    )


def _section(result: ClassResult, activity: Activity, names: dict[int, str], page_of: dict[int, str]) -> Section:
    pairs = figures.copies_of(result, activity)
    copies = [copy for _, copy in pairs]
    mistakes = figures.mistakes([(names[id(student)], copy) for student, copy in pairs])
    parts = [figures.parts_of(question, copies) for question in activity.marked]
    rows = [
        Row(
            names[id(student)], page_of[id(student)], copy.mark,
            tuple(cell for columns in parts for cell in _cells(columns, copy)),
            student.listed.group if student.listed else "", _said(result, student, copy),
        )
        for student, copy in pairs
    ]  # fmt: skip
    columns = [
        Column(part.label, *((None, None) if part.hint else (part.maximum, figures.mean_share(copies, part))))
        for found in parts for part in found
    ]  # fmt: skip
    return Section(
        activity, figures.summary(copies), figures.histogram(copies, round(activity.points)), rows,
        [(found[0].question.id, found[0].question.title, len(found)) for found in parts], columns,
        mistakes[:MISTAKES], max(0, len(mistakes) - MISTAKES),
    )  # fmt: skip


def _said(result: ClassResult, student: StudentResult, copy: CopyResult) -> str:
    outside = "hors liste" if result.roster_given and student.listed is None else ""
    return " ; ".join(text for text in (outside, figures.provisional([copy])) if text)


def _cells(parts: list[figures.Part], copy: CopyResult) -> list[Cell]:
    """The cells of one question: one for each criterion, a single one where a person marked the whole."""
    whole = figures.Part(parts[0].question)
    if parts[0].points(copy) is None and whole.points(copy) is not None:
        return [replace(_cell(whole, copy), span=len(parts))]
    return [_cell(part, copy) for part in parts]


def _cell(part: figures.Part, copy: CopyResult) -> Cell:
    value, points = part.of(copy), part.points(copy)
    if part.hint:
        return Cell(html.cost(-points) if points else "", "", "vide")
    if value is None or points is None or value.verdict is Verdict.NON_REPONDU:
        return Cell("", LOOKS[Verdict.NON_REPONDU].sign, "vide")
    if value.verdict is Verdict.A_RELIRE:
        return Cell("", LOOKS[value.verdict].sign, "vide")
    share = value.points / value.max_points if value.max_points else 0.0
    level = {Verdict.JUSTE: "juste", Verdict.FAUX: "faux", Verdict.ERREUR: "faux"}.get(
        value.verdict, "bien" if share >= 0.5 else "peu"
    )
    return Cell(number_text(points), LOOKS[value.verdict].sign, level)


def _rows_text(rows: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(row for row, _ in rows)
