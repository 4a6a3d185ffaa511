"""``classe.html``: how the class did, criterion by criterion, and which mistakes to take up again with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from autograder.marking import ClassResult, CopyResult
from autograder.reports import figures, html
from autograder.wording import count, listing
from crc_lab.feedback import SIGNS
from crc_lab.model import Activity, CriterionResult, Verdict

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
    """One student of the heat map."""

    name: str
    page: str
    mark: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One criterion of the heat map: ``share`` is the class's, 0 to 1."""

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
        """(id, title, number of criteria) of each marked question."""
        return [(question.id, question.title, len(question.criteria)) for question in self.activity.marked]

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
    sections = []
    for activity in result.activities:
        pairs = figures.copies_of(result, activity)
        copies = [copy for _, copy in pairs]
        mistakes = figures.mistakes([(names[id(student)], copy) for student, copy in pairs])
        rows = [
            Row(names[id(student)], page_of[id(student)], copy.points, tuple(_cells(copy))) for student, copy in pairs
        ]
        columns = [
            Column(
                criterion.label or criterion.id, criterion.points, figures.mean_share(copies, question.id, criterion.id)
            )
            for question, criterion in figures.criteria_of(activity)
        ]
        sections.append(
            Section(
                activity, figures.summary(copies), figures.histogram(copies, round(activity.points)), rows, columns,
                mistakes[:MISTAKES], max(0, len(mistakes) - MISTAKES),
            )
        )  # fmt: skip
    incidents = [(copy, incident) for copy in result.copies for incident in copy.incidents]
    return html.render(
        "classe.html",
        result=result,
        sections=sections,
        incidents=incidents,
        who=lambda names: listing(list(names), NAMES),
        rows_text=_rows_text,
    )


def _cells(copy: CopyResult) -> list[Cell]:
    return [_cell(criterion) for question in copy.questions for criterion in question.criteria]


def _cell(criterion: CriterionResult) -> Cell:
    if criterion.verdict is Verdict.NON_REPONDU:
        return Cell("", SIGNS[criterion.verdict], "vide")
    share = criterion.points / criterion.max_points if criterion.max_points else 0.0
    level = {Verdict.JUSTE: "juste", Verdict.FAUX: "faux", Verdict.ERREUR: "faux", Verdict.A_RELIRE: "vide"}.get(
        criterion.verdict, "bien" if share >= 0.5 else "peu"
    )
    return Cell(html.fine_points(criterion.points), SIGNS[criterion.verdict], level)


def _rows_text(rows: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(row for row, _ in rows)
