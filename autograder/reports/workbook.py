"""``notes.xlsx``: the marks, those to copy elsewhere, the points of each criterion, and what deserves a look.

Numbers are numbers, as people see them everywhere: those of a row add up (:mod:`crc_lab.core.feedback`); resultats.json
has the unrounded points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.identity import Listed, alphabetical
from autograder.marking import ClassResult, StudentResult
from autograder.reports import figures
from autograder.reports.attention import Kind, ShortFiles, attention
from autograder.reports.book import book_bytes, harmless, printable, row_height
from autograder.reports.figures import has_traces, working
from crc_lab.core.feedback import LOOKS, NOTHING, SkillShown, number_text
from crc_lab.core.model import Activity, Verdict
from crc_lab.core.text import french, listing

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_TEXT, _POINTS = {"num_format": "@", "valign": "top"}, {"num_format": "0.00"}
_WAITING = {"italic": True, "font_color": "#8A5A00"}
_LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7EFFA"},
    "text": _TEXT,
    "said": {**_TEXT, "indent": 1},
    "long": {**_TEXT, "text_wrap": True},
    "points": _POINTS,
    "total": {**_POINTS, "bold": True},
    "waiting": {**_POINTS, **_WAITING},
    "blank": {**_POINTS, "italic": True, "font_color": "#6B6B6B"},
    "to read": {"num_format": "@", **_WAITING},
    "rank": {"num_format": "0"},
    "absent": {"align": "right"},
}

type_of_columns = list[tuple[str, float]]
_WHO: type_of_columns = [("Nom", 30.0), ("Identifiant", 16.0)]
ABSENT = "Abs"
"""In the cell of an activity from which nothing came, though others handed it in."""
_NOT_MARKED = "remis, pas noté : voir « À regarder »"
_KNOW: type_of_columns = [("À savoir", 38.0)]


def workbook_bytes(result: ClassResult) -> bytes:
    """The whole file; raises :class:`OSError` when there is no room for its temporary files."""
    return book_bytes("Notes", lambda book: _Book(book, result).fill())


@dataclass(frozen=True, slots=True)
class _Line:
    """One student of the sheet of marks; ``student`` is None for one of the class list who handed nothing in."""

    name: str
    identifier: str
    listed: Listed | None
    student: StudentResult | None
    said: str


class _Book:
    """The workbook in the making, each sheet row after row."""

    def __init__(self, book: Any, result: ClassResult) -> None:
        self.book, self.result = book, result
        self.looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        lines = [_Line(one.name, one.identifier, one, None, "sans copie") for one in result.absent]
        lines += [_Line(one.name, one.identifier, one, None, _NOT_MARKED) for one in result.waiting]
        for one in result.students:
            comment = figures.said(result, one, one.copies.values())
            lines.append(_Line(one.person.name, one.person.identifier, one.listed, one, comment))
        self.lines = sorted(lines, key=lambda line: (*alphabetical(line.name, line.listed), line.identifier))
        listed = [((line.listed.rank, line.listed.line), line) for line in self.lines if line.listed]
        self.in_class_order = [line for _, line in sorted(listed, key=lambda pair: pair[0])]
        marks = [(_sur(f"Activité {one.number}", one.points), 14.0) for one in result.activities]
        self.mark_columns = [*marks, ("Moyenne des activités rendues (sur 20)", 16.0)]

    def fill(self) -> None:
        self.marks()
        if self.result.roster_given:
            self.to_copy()
        for activity in self.result.activities:
            self.activity(activity)
        if skills := figures.skills_of(self.result, self.result.copies):
            self.skills(skills)
        if has_traces(self.result.copies):
            self.work()
        self.to_look_at()
        if changed := figures.remarks(self.result, integrity=True):
            self.changed(changed)

    def sheet(self, name: str, columns: type_of_columns, rows: int, frozen: int = 0) -> Any:
        """A sheet with its titles, their widths, its filters; ``frozen``: the columns that stay in sight."""
        sheet = self.book.add_worksheet(name)
        for number, (_, width) in enumerate(columns):
            sheet.set_column(number, number, width)
        sheet.set_row(0, row_height((title, width * 0.85) for title, width in columns))  # bold is wider
        printable(sheet, frozen)
        for number, (title, _) in enumerate(columns):
            sheet.write_string(0, number, harmless(title), self.looks["head"])
        if rows:
            sheet.autofilter(0, 0, rows, len(columns) - 1)
        return sheet

    def texts(self, sheet: Any, row: int, *texts: str) -> None:
        for column, text in enumerate(texts):
            sheet.write_string(row, column, harmless(text), self.looks["text"])

    def marks(self) -> None:
        """Everybody, by last name."""
        ranks = {id(line): rank for rank, line in enumerate(self.in_class_order, start=1)}
        grouped = any(line.listed and line.listed.group for line in self.lines)
        commented, ranked = any(line.said for line in self.lines), self.result.roster_given
        columns = _WHO + [("Groupe", 12.0)] * grouped + [("Rang dans la liste", 9.0)] * ranked
        first = len(columns)
        columns = columns + self.mark_columns + _KNOW * commented
        sheet = self.sheet("Notes", columns, len(self.lines), 2)
        for row, line in enumerate(self.lines, start=1):
            group = [line.listed.group if line.listed else ""] * grouped
            self.texts(sheet, row, line.name, line.identifier, *group)
            if ranked and id(line) in ranks:
                sheet.write_number(row, first - 1, ranks[id(line)], self.looks["rank"])
            self.marks_of(sheet, row, first, line)
            if commented:
                sheet.write_string(row, len(columns) - 1, line.said, self.looks["said"])

    def to_copy(self) -> None:
        """The final marks of the class list, in its order: a column is copied into Pronote or any other grid of marks.

        Pronote documents no file of marks that a teacher could import. An empty cell keeps the others in their place.
        """
        alike = Counter(line.name for line in self.in_class_order)
        columns = _WHO[:1] + self.mark_columns + _KNOW
        sheet = self.sheet("À recopier", columns, len(self.in_class_order), 1)
        for row, line in enumerate(self.in_class_order, start=1):
            self.texts(sheet, row, f"{line.name} ({line.identifier})" if alike[line.name] > 1 else line.name)
            self.marks_of(sheet, row, 1, line, final_only=True)
            sheet.write_string(row, len(columns) - 1, line.said, self.looks["said"])
        for number, text in enumerate(self.below(), start=len(self.in_class_order) + 2):
            sheet.write_string(number, 0, harmless(text), self.looks["text"])

    def below(self) -> list[str]:
        """Why cells are empty: what came and is not marked, what is marked and is nobody's."""
        waiting = [one.name for one in self.result.waiting]
        asked = [f"{one.person.name} ({self.marks_told(one)})" for one in self.result.students if one.asked]
        told = []
        if waiting:
            what = "quelque chose est venu, qui n’est pas noté ou ne dit pas de qui"
            told.append(f"Cases vides : {what}, pour {listing(waiting, 40)}.")
        if asked:
            told.append(f"Copies dont on ne sait pas à qui elles sont (identites.csv) : {listing(asked, 40)}.")
        return [french(text) for text in told]

    def marks_told(self, student: StudentResult) -> str:
        """« activité 6 : 12 »."""
        numbers = {one.id: one.number for one in self.result.activities}
        return listing(
            [f"activité {numbers[one.activity]} : {number_text(float(one.mark))}" for one in student.copies.values()]
        )

    def marks_of(self, sheet: Any, row: int, first: int, line: _Line, *, final_only: bool = False) -> None:
        """The marks of one row and their mean; those that are not final yet are in italics, or left out."""
        if line.listed is not None:
            for column, one in enumerate(self.result.activities, start=first):
                came = line.student is not None and one.id in line.student.copies
                if not came and self.result.is_absent(line.listed, one.id):
                    sheet.write_string(row, column, ABSENT, self.looks["absent"])
        if line.student is None:
            return
        copies = line.student.copies
        cells = [(copy.mark, [copy]) if (copy := copies.get(one.id)) else None for one in self.result.activities]
        for column, cell in enumerate([*cells, (figures.mean_mark(line.student), [*copies.values()])], start=first):
            waits = cell is not None and any(copy.provisional for copy in cell[1])
            if cell is not None and not (waits and final_only):
                sheet.write_number(row, column, float(cell[0]), self.looks["waiting" if waits else "points"])

    def activity(self, activity: Activity) -> None:
        """Each question, then its criteria: nothing in these where a person marked the question as a whole."""
        columns = [*_WHO, (_sur("Note", activity.points), 10.0)]
        copies = figures.copies_of(self.result, activity)
        parts: list[figures.Part] = []
        for question in activity.marked:
            columns.append((_sur(question.id, question.points), 12.0))
            details = [one for one in figures.parts_of(question, [copy for _, copy in copies]) if not one.whole]
            for part in details:
                title = f"{question.id} · {part.label}"
                columns.append((title if part.hint else _sur(title, part.maximum), 18.0))
            parts += [figures.Part(question), *details]
        name = f"Activité {activity.number}"
        if name.casefold() in {sheet.get_name().casefold() for sheet in self.book.worksheets()}:
            name = _FORBIDDEN.sub(" ", activity.id)[:31]  # another one has this number
        sheet = self.sheet(name, columns, len(copies), 3)
        for row, (student, copy) in enumerate(copies, start=1):
            self.texts(sheet, row, student.person.name, student.person.identifier)
            sheet.write_number(row, 2, float(copy.mark), self.looks["waiting" if copy.provisional else "points"])
            for column, part in enumerate(parts, start=3):
                value, points = part.of(copy), part.points(copy)
                verdict = value.verdict if value else None
                if points is not None and (points or verdict is not Verdict.A_RELIRE):
                    usual = "total" if part.whole else "points"
                    look = "blank" if verdict is Verdict.NON_REPONDU else usual
                    sheet.write_number(row, column, float(points), self.looks[look])
                elif points is not None:
                    sheet.write_string(row, column, LOOKS[Verdict.A_RELIRE].teacher.lower(), self.looks["to read"])

    def skills(self, of_class: Sequence[SkillShown]) -> None:
        """The points of each skill and what they are out of, by student, then of the whole class."""
        waits = any(one.waiting for one in of_class)
        named = [(text, 18.0) for one in of_class for text in (one.name, f"{one.name}, sur")]
        columns = _WHO + named + [("Points à relire, non comptés", 14.0)] * waits
        students = self.result.students
        sheet = self.sheet("Compétences", columns, len(students), 2)
        rows = [
            (one.person.name, one.person.identifier, figures.skills_of(self.result, one.copies.values()))
            for one in students
        ]
        for row, (name, identifier, skills) in enumerate([*rows, ("Classe", "", of_class)], start=1):
            self.texts(sheet, row, name, identifier)
            earned = {one.id: one for one in skills}
            for column, skill in enumerate(of_class):
                if (one := earned.get(skill.id)) is not None and one.maximum:
                    sheet.write_number(row, 2 + 2 * column, float(one.points), self.looks["total"])
                    sheet.write_number(row, 3 + 2 * column, float(one.maximum), self.looks["points"])
            if waiting := sum((one.waiting for one in skills), NOTHING):
                sheet.write_number(row, len(columns) - 1, float(waiting), self.looks["waiting"])

    def work(self) -> None:
        """How each answer was given, one row each, to be filtered."""
        widths = {
            "Élève": 30.0, "Activité": 12.0, "Question": 10.0, "Essais": 8.0, "Indices": 8.0,
            "D’où vient la réponse": 12.0, "Minutes depuis la réponse précédente": 14.0, "Donnée le": 17.0,
        }  # fmt: skip
        names = figures.shown_names(self.result.students)
        rows = [
            (name, f"Activité {activity.number}", one)
            for activity in self.result.activities
            for student, name in zip(self.result.students, names, strict=True)
            if activity.id in student.copies
            for one in working(activity, student.copies[activity.id]).answers
            if one is not None
        ]
        sheet = self.sheet("Travail", [*widths.items()], len(rows), 1)
        for row, (name, activity_name, one) in enumerate(rows, start=1):
            self.texts(sheet, row, name, activity_name, one.question)
            sheet.write_number(row, 3, one.tries, self.looks["rank"])
            sheet.write_number(row, 4, one.hints, self.looks["rank"])
            sheet.write_string(row, 5, one.source, self.looks["text"])
            if one.minutes is not None:
                sheet.write_number(row, 6, one.minutes, self.looks["rank"])
            if one.date is not None:
                sheet.write_string(row, 7, f"{one.date:%d/%m/%Y %H:%M:%S}", self.looks["text"])

    def to_look_at(self) -> None:
        """What needs a decision, then what is good to know; the details of what is told in one line are folded."""
        widths = {
            "Quoi": 30.0, "Élève": 26.0, "Activité": 12.0, "Ce qu’il faut savoir": 90.0, "Fichier": 40.0, "Dans": 26.0,
            "Code": 12.0,
        }  # fmt: skip
        rows = [(group.title, kind) for group in attention(self.result) for kind in group.kinds]
        number = sum(len(kind.lines) + bool(kind.text) for _, kind in rows)
        sheet = self.sheet("À regarder", [*widths.items()], number)
        sheet.set_column(len(widths) - 1, len(widths) - 1, 12, None, {"hidden": True})  # for programs
        sheet.outline_settings(True, False, True, False)
        row = 0
        for title, kind in rows:
            for texts, inside in _of_kind(title, kind):
                row += 1
                self.wrapped(sheet, row, texts, [*widths.values()], {"level": 1, "hidden": True} if inside else {})

    def changed(self, found: Sequence[figures.Remark]) -> None:
        widths = {"Élève": 26.0, "Activité": 16.0, "Ce qui a changé": 70.0, "Fichier": 50.0, "Code": 12.0}
        files = ShortFiles.of(self.result)
        numbers = {one.id: f"Activité {one.number}" for one in self.result.activities}
        sheet = self.sheet("Carnets modifiés", [*widths.items()], len(found))
        sheet.set_column(len(widths) - 1, len(widths) - 1, 12, None, {"hidden": True})
        for row, one in enumerate(found, start=1):
            said = (one.incident.text, files(one.file)[0], one.incident.code)
            self.wrapped(sheet, row, (one.name, numbers[one.copy.activity], *said), [*widths.values()], {})

    def wrapped(
        self, sheet: Any, row: int, texts: Sequence[str], widths: Sequence[float], options: Mapping[str, Any]
    ) -> None:
        """A row of texts, high enough to be read whole."""
        wide = [width > 20 for width in widths]
        pairs = zip(texts, widths, strict=True)
        sheet.set_row(row, row_height(pair for pair, wraps in zip(pairs, wide, strict=True) if wraps), None, options)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, harmless(text), self.looks["long" if wide[column] else "text"])


def _of_kind(title: str, kind: Kind) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The rows of what is alike, and whether each is folded under the one that sums them up."""
    if kind.text:
        yield (title, "", "", f"{kind.text} {kind.same}".strip(), "", "", kind.code), False
    for line in kind.lines:
        yield (title, line.who, line.activity, line.text, line.file, line.place, line.code), bool(kind.text)


def _sur(title: str, points: float) -> str:
    return f"{title} (sur {number_text(points)})"
