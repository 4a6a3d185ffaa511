"""``notes.xlsx``: the marks, the points of each criterion, and what deserves a look.

Numbers are numbers, rounded for people: a mark to 0.1, a question to 0.25, a criterion to 0.01; resultats.json has the
exact points.
"""

from __future__ import annotations

import re
from typing import Any

from autograder.marking import ClassResult, CopyResult
from autograder.reports.book import book_bytes
from autograder.reports.book import harmless as harmless
from autograder.reports.figures import copies_of, criteria_of, mean_mark
from crc_lab.feedback import CRITERION_STEP, MARK_STEP, QUESTION_STEP, number_text, rounded
from crc_lab.model import Activity, CriterionResult, QuestionResult, Verdict

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def workbook_bytes(result: ClassResult) -> bytes:
    """The whole file; raises :class:`OSError` when there is no room for its temporary files."""

    def fill(book: Any) -> None:
        looks = _Looks(book)
        _marks(book, looks, result)
        for activity in result.activities:
            _activity(book, looks, result, activity)
        _remarks(book, looks, result)

    return book_bytes("Notes", fill)


class _Looks:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7EFFA"}
        )
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.long = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.mark = book.add_format({"num_format": "0.0"})
        self.total = book.add_format({"num_format": "0.00", "bold": True})
        self.points = book.add_format({"num_format": "0.00"})
        self.blank = book.add_format({"num_format": "0.00", "italic": True, "font_color": "#6B6B6B"})


def _sheet(book: Any, looks: _Looks, name: str, columns: list[tuple[str, float]], frozen: int) -> Any:
    sheet = book.add_worksheet(name)
    for number, (_, width) in enumerate(columns):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(1, frozen)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, (title, _) in enumerate(columns):
        sheet.write_string(0, number, harmless(title), looks.head)
    return sheet


def _person(sheet: Any, looks: _Looks, row: int, name: str, identifier: str) -> None:
    sheet.write_string(row, 0, harmless(name), looks.text)
    sheet.write_string(row, 1, harmless(identifier), looks.text)


def _marks(book: Any, looks: _Looks, result: ClassResult) -> None:
    columns = [("Nom", 30.0), ("Identifiant", 16.0)]
    columns += [(f"Activité {activity.number} (sur {activity.points:g})", 14.0) for activity in result.activities]
    sheet = _sheet(book, looks, "Notes", [*columns, ("Moyenne des activités rendues (sur 20)", 16.0)], 2)
    for row, student in enumerate(result.students, start=1):
        _person(sheet, looks, row, student.person.name, student.person.identifier)
        for column, activity in enumerate(result.activities, start=2):
            if activity.id in student.copies:
                sheet.write_number(row, column, _mark(student.copies[activity.id].points), looks.mark)
        sheet.write_number(row, 2 + len(result.activities), _mark(mean_mark(student)), looks.mark)
    if result.students:
        sheet.autofilter(0, 0, len(result.students), 2 + len(result.activities))


def _activity(book: Any, looks: _Looks, result: ClassResult, activity: Activity) -> None:
    columns = [("Nom", 30.0), ("Identifiant", 16.0), (f"Note (sur {activity.points:g})", 10.0)]
    for question in activity.marked:
        columns.append((f"{question.id} (sur {_written(question.points)})", 12.0))
        for criterion in question.criteria:
            title = f"{question.id} · {criterion.label or criterion.id} (sur {_written(criterion.points)})"
            columns.append((title, 18.0))
    sheet = _sheet(book, looks, _sheet_name(book, activity), columns, 3)
    copies = copies_of(result, activity)
    for row, (student, copy) in enumerate(copies, start=1):
        _person(sheet, looks, row, student.person.name, student.person.identifier)
        sheet.write_number(row, 2, _mark(copy.points), looks.mark)
        for column, (value, is_total) in enumerate(_points(activity, copy), start=3):
            usual = looks.total if is_total else looks.points
            look = looks.blank if value.verdict is Verdict.NON_REPONDU else usual
            sheet.write_number(
                row, column, float(rounded(value.points, QUESTION_STEP if is_total else CRITERION_STEP)), look
            )
    if copies:
        sheet.autofilter(0, 0, len(copies), len(columns) - 1)


def _points(activity: Activity, copy: CopyResult) -> list[tuple[QuestionResult | CriterionResult, bool]]:
    found: list[tuple[QuestionResult | CriterionResult, bool]] = []
    for question in copy.questions:
        found.append((question, True))
        found.extend((criterion, False) for criterion in question.criteria)
    if len(found) != len(activity.marked) + len(
        criteria_of(activity)
    ):  # pragma: no cover - the grader keeps them in step
        raise ValueError(f"{copy.file}: {len(found)} results")
    return found


def _remarks(book: Any, looks: _Looks, result: ClassResult) -> None:
    columns = [("Élève", 26.0), ("Activité", 16.0), ("Fichier", 50.0), ("Code", 22.0), ("Ce qu’il faut savoir", 90.0)]
    sheet = _sheet(book, looks, "À regarder", columns, 0)
    lines = [("", "", rejection.file, rejection.code, rejection.text) for rejection in result.rejections]
    lines += [
        (copy.person.name, copy.activity, copy.file, incident.code, incident.text)
        for copy in result.copies
        for incident in copy.incidents
    ]
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            sheet.write_string(row, column, harmless(text), looks.long if column in (2, 4) else looks.text)
    if lines:
        sheet.autofilter(0, 0, len(lines), len(columns) - 1)


def _sheet_name(book: Any, activity: Activity) -> str:
    name = _FORBIDDEN.sub(" ", f"Activité {activity.number}")
    used = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return name if name.casefold() not in used else _FORBIDDEN.sub(" ", activity.id)[:31]


def _mark(points: float) -> float:
    return float(rounded(points, MARK_STEP))


def _written(points: float) -> str:
    return number_text(rounded(points, CRITERION_STEP))
