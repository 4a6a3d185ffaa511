"""``notes.xlsx``: the marks, those to copy elsewhere, the points of each criterion, and what deserves a look.

Numbers are numbers, as people see them everywhere: those of a row add up (:mod:`crc_lab.core.feedback`); resultats.json
has the unrounded points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.identity.roster import Listed
from autograder.marking.marked import ClassResult, StudentResult
from autograder.reports.book import book_bytes, harmless, row_height
from autograder.reports.figures import (
    Part,
    Remark,
    copies_of,
    integrity,
    mean_mark,
    parts_of,
    said,
    to_look_at,
)  # fmt: skip
from crc_lab.core.feedback import LOOKS, number_text
from crc_lab.core.model import Activity, Verdict
from crc_lab.core.wording import sort_key

_WRAPPED = (2, 4)
"""Columns of the sheets of remarks whose texts go on several lines."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def workbook_bytes(result: ClassResult) -> bytes:
    """The whole file; raises :class:`OSError` when there is no room for its temporary files."""

    def fill(book: Any) -> None:
        looks = _Looks(book)
        _marks(book, looks, result)
        if result.roster_given:
            _to_copy(book, looks, result)
        for activity in result.activities:
            _activity(book, looks, result, activity)
        _to_look_at(book, looks, result)
        _integrity(book, looks, result)

    return book_bytes("Notes", fill)


class _Looks:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        text, points = {"num_format": "@", "valign": "top"}, {"num_format": "0.00"}
        waiting = {"italic": True, "font_color": "#8A5A00"}
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7EFFA"}
        )
        self.text = book.add_format(text)
        self.said = book.add_format({**text, "indent": 1})
        self.long = book.add_format({**text, "text_wrap": True})
        self.points = book.add_format(points)
        self.total = book.add_format({**points, "bold": True})
        self.waiting = book.add_format({**points, **waiting})
        self.blank = book.add_format({**points, "italic": True, "font_color": "#6B6B6B"})
        self.to_read = book.add_format({"num_format": "@", **waiting})
        self.rank = book.add_format({"num_format": "0"})


def _sheet(
    book: Any, looks: _Looks, name: str, columns: Sequence[tuple[str, float]], rows: int, frozen: int = 0
) -> Any:
    """A sheet with its titles, their widths, its filters; ``frozen``: the columns that stay in sight."""
    sheet = book.add_worksheet(name)
    for number, (_, width) in enumerate(columns):
        sheet.set_column(number, number, width)
    sheet.set_row(0, row_height((title, width * 0.85) for title, width in columns))  # bold is wider
    sheet.freeze_panes(1, frozen)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, (title, _) in enumerate(columns):
        sheet.write_string(0, number, harmless(title), looks.head)
    if rows:
        sheet.autofilter(0, 0, rows, len(columns) - 1)
    return sheet


def _person(sheet: Any, looks: _Looks, row: int, name: str, identifier: str) -> None:
    sheet.write_string(row, 0, harmless(name), looks.text)
    sheet.write_string(row, 1, harmless(identifier), looks.text)


@dataclass(frozen=True, slots=True)
class _Line:
    """One student of the sheet of marks; ``student`` is None for one of the class list who handed nothing in."""

    name: str
    identifier: str
    listed: Listed | None
    student: StudentResult | None
    said: str


def _lines(result: ClassResult) -> list[_Line]:
    """Everybody, in alphabetical order."""
    found = [_Line(one.name, one.identifier, one, None, "sans copie") for one in result.absent]
    for one in result.students:
        comment = said(result, one, one.copies.values())
        found.append(_Line(one.person.name, one.person.identifier, one.listed, one, comment))
    return sorted(found, key=lambda line: (sort_key(line.name), line.identifier))


def _marks(book: Any, looks: _Looks, result: ClassResult) -> None:
    lines = _lines(result)
    ranks = {id(one): rank for rank, one in enumerate(_in_class_order(lines), start=1)}
    grouped = any(line.listed and line.listed.group for line in lines)
    commented = any(line.said for line in lines)
    columns = [("Nom", 30.0), ("Identifiant", 16.0)]
    columns += [("Groupe", 12.0)] * grouped + [("Rang dans la liste", 9.0)] * result.roster_given
    first = len(columns)
    columns += _mark_columns(result) + [("À savoir", 38.0)] * commented
    sheet = _sheet(book, looks, "Notes", columns, len(lines), 2)
    for row, line in enumerate(lines, start=1):
        _person(sheet, looks, row, line.name, line.identifier)
        if grouped:
            sheet.write_string(row, 2, harmless(line.listed.group if line.listed else ""), looks.text)
        if result.roster_given and id(line) in ranks:
            sheet.write_number(row, first - 1, ranks[id(line)], looks.rank)
        _marks_of(sheet, looks, row, first, line, result)
        if commented:
            sheet.write_string(row, len(columns) - 1, line.said, looks.said)


def _to_copy(book: Any, looks: _Looks, result: ClassResult) -> None:
    """The final marks of the class list, in its order: a column is copied into Pronote or any other grid of marks.

    Pronote documents no file of marks that a teacher could import. An empty cell keeps the others in their place.
    """
    lines = _in_class_order(_lines(result))
    alike = Counter(line.name for line in lines)
    columns = [("Nom", 30.0), *_mark_columns(result), ("À savoir", 38.0)]
    sheet = _sheet(book, looks, "À recopier", columns, len(lines), 1)
    for row, line in enumerate(lines, start=1):
        name = f"{line.name} ({line.identifier})" if alike[line.name] > 1 else line.name
        sheet.write_string(row, 0, harmless(name), looks.text)
        _marks_of(sheet, looks, row, 1, line, result, final_only=True)
        sheet.write_string(row, len(columns) - 1, line.said, looks.said)


def _mark_columns(result: ClassResult) -> list[tuple[str, float]]:
    marks = [(_sur(f"Activité {activity.number}", activity.points), 14.0) for activity in result.activities]
    return [*marks, ("Moyenne des activités rendues (sur 20)", 16.0)]


def _marks_of(
    sheet: Any, looks: _Looks, row: int, first: int, line: _Line, result: ClassResult, *, final_only: bool = False
) -> None:
    """The marks of one row and their mean; those that are not final yet are in italics, or left out."""
    if line.student is None:
        return
    copies = line.student.copies
    cells = [(copy.mark, [copy]) if (copy := copies.get(one.id)) else None for one in result.activities]
    for column, cell in enumerate([*cells, (mean_mark(line.student), [*copies.values()])], start=first):
        waits = cell is not None and any(copy.pending for copy in cell[1])
        if cell is not None and not (waits and final_only):
            sheet.write_number(row, column, float(cell[0]), looks.waiting if waits else looks.points)


def _in_class_order(lines: Iterable[_Line]) -> list[_Line]:
    """Those of the class list, in its order."""
    return sorted((line for line in lines if line.listed), key=lambda line: line.listed.line if line.listed else 0)


def _activity(book: Any, looks: _Looks, result: ClassResult, activity: Activity) -> None:
    """Each question, then its criteria: nothing in these where a person marked the question as a whole."""
    columns = [("Nom", 30.0), ("Identifiant", 16.0), (_sur("Note", activity.points), 10.0)]
    copies = copies_of(result, activity)
    parts: list[Part] = []
    for question in activity.marked:
        columns.append((_sur(question.id, question.points), 12.0))
        details = [part for part in parts_of(question, [copy for _, copy in copies]) if not part.whole]
        titles = (f"{question.id} · {part.label}" for part in details)
        columns += [(t if part.hint else _sur(t, part.maximum), 18.0) for t, part in zip(titles, details, strict=True)]
        parts += [Part(question), *details]
    sheet = _sheet(book, looks, _sheet_name(book, activity), columns, len(copies), 3)
    for row, (student, copy) in enumerate(copies, start=1):
        _person(sheet, looks, row, student.person.name, student.person.identifier)
        sheet.write_number(row, 2, float(copy.mark), looks.waiting if copy.pending else looks.points)
        for column, part in enumerate(parts, start=3):
            value, points = part.of(copy), part.points(copy)
            verdict = value.verdict if value else None
            if points is not None and (points or verdict is not Verdict.A_RELIRE):
                usual = looks.total if part.whole else looks.points
                look = looks.blank if verdict is Verdict.NON_REPONDU else usual
                sheet.write_number(row, column, float(points), look)
            elif points is not None:
                sheet.write_string(row, column, LOOKS[Verdict.A_RELIRE].teacher.lower(), looks.to_read)


def _to_look_at(book: Any, looks: _Looks, result: ClassResult) -> None:
    lines = [("", "", rejection.file, rejection.code, rejection.text) for rejection in result.rejections]
    _remarks(book, looks, "À regarder", [*lines, *map(_remark, to_look_at(result))])


def _integrity(book: Any, looks: _Looks, result: ClassResult) -> None:
    """What was changed in the notebooks, when something was."""
    if found := integrity(result):
        _remarks(book, looks, "Carnets modifiés", list(map(_remark, found)))


def _remark(remark: Remark) -> tuple[str, ...]:
    return remark.name, remark.copy.activity, remark.file, remark.incident.code, remark.incident.text


def _remarks(book: Any, looks: _Looks, name: str, lines: Sequence[tuple[str, ...]]) -> None:
    columns = [("Élève", 26.0), ("Activité", 16.0), ("Fichier", 50.0), ("Code", 22.0), ("Ce qu’il faut savoir", 90.0)]
    sheet = _sheet(book, looks, name, columns, len(lines))
    for row, line in enumerate(lines, start=1):
        sheet.set_row(row, row_height((line[column], columns[column][1]) for column in _WRAPPED))
        for column, text in enumerate(line):
            sheet.write_string(row, column, harmless(text), looks.long if column in _WRAPPED else looks.text)


def _sheet_name(book: Any, activity: Activity) -> str:
    name = f"Activité {activity.number}"
    used = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return name if name.casefold() not in used else _FORBIDDEN.sub(" ", activity.id)[:31]


def _sur(title: str, points: float) -> str:
    return f"{title} (sur {number_text(points)})"
