"""Reading the sheet of open answers back, whatever the spreadsheet program and its user did to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.marking.manual import ManualMark, ManualMarks
from autograder.marking.marked import ClassResult
from autograder.open_answers.layout import (
    COMMENT_TITLE,
    KEY,
    LONGEST_COMMENT,
    MAXIMUM,
    NAME,
    POINTS_TITLE,
    QUESTION,
    SHEET,
    Typed,
    points_of,
)
from autograder.open_answers.problems import OpenAnswerProblems
from autograder.open_answers.rows import Key, Row, print_of_mark, print_of_name, rows
from autograder.reports.book import bared
from crc_lab.core.answers import parse_number
from crc_lab.core.cells import RawCell, Trouble
from crc_lab.core.cells import read as read_cell
from crc_lab.core.errors import ImportProblem
from crc_lab.core.feedback import CRITERION_STEP, number_text, rounded
from crc_lab.core.headers import find_head
from crc_lab.core.wording import clean, clean_line, french
from crc_lab.excel.files import open_book
from crc_lab.excel.sheets import Book, Grid

_TINY = 1e-6


@dataclass(frozen=True)
class MarkedSheet:
    """The marks of a file. ``typed``: those that it did not hold when crc-lab wrote it, hence the teacher's last word.

    ``remarks``: French sentences about marks that count but deserve a look (an answer that has changed since).
    """

    marks: ManualMarks
    typed: frozenset[Key] = frozenset()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    """One row of the file. The prints are empty where the row's mark is damaged."""

    sheet: str
    row: int
    key: Key | None
    answer_print: str
    name_print: str
    mark_print: str
    name: str
    question: str
    maximum: float | None
    points: RawCell | None
    comment: str
    comment_trouble: Trouble | None

    @property
    def place(self) -> str:
        """« ligne 7 (Inès Garnier, A9-Q2) »."""
        known = [text for text in (self.name, self.question or (self.key[2] if self.key else "")) if text]
        return self.number + (f" ({', '.join(known)})" if known else "")

    @property
    def number(self) -> str:
        """« ligne 7 », with the sheet where it is not the usual one."""
        return f"ligne {self.row}" if self.sheet in (SHEET, "CSV") else f"feuille « {self.sheet} », ligne {self.row}"


def read(path: Path, result: ClassResult | None) -> MarkedSheet:
    """See :func:`autograder.open_answers.read_marked_sheet`."""
    try:
        book = open_book(path)
    except ImportProblem as problem:
        raise OpenAnswerProblems(path.name, (f"{problem.what} {problem.remedy}",)) from None
    lines = list(_lines(book))
    if not lines:
        text = (
            "ce classeur n’est pas une feuille de réponses à noter de crc-lab, ou sa colonne A (masquée) a été "
            "supprimée. Reprenez le fichier reponses-ouvertes.xlsx du dossier de résultats."
        )
        raise OpenAnswerProblems(path.name, (text,))
    reading = _Reading(result)
    for line in lines:
        reading.add(line)
    if reading.problems:
        raise OpenAnswerProblems(path.name, tuple(french(problem) for problem in reading.problems))
    return MarkedSheet(reading.marks, frozenset(reading.typed), tuple(french(one) for one in reading.remarks))


def typed_cells(path: Path) -> Mapping[Key, Typed]:
    """What is in the yellow cells of a file, checked in no way, where there is something; raises ImportProblem."""
    found = {}
    for line in _lines(open_book(path)):
        text, _ = _points_cell(line.points)
        if line.key and (text or line.comment):
            points = points_of(text, line.maximum or 0.0)
            held = None if points is None else ManualMark(points, line.comment)
            found[line.key] = Typed(bared(text), line.comment, print_of_mark(held) != line.mark_print)
    return found


class _Reading:
    """The marks found so far, and everything there is to say."""

    def __init__(self, result: ClassResult | None) -> None:
        self.marks: dict[Key, ManualMark] = {}
        self.typed: set[Key] = set()
        self.problems: list[str] = []
        self.remarks: list[str] = []
        self._places: dict[Key, str] = {}
        self._rows = None if result is None else {row.key: row for row in rows(result)}

    def add(self, line: _Line) -> None:
        text, trouble = _points_cell(line.points)
        if line.comment_trouble in (Trouble.ERROR, Trouble.UNCOMPUTED):
            self._say(
                line,
                "le tableur a pris le commentaire pour une formule. Réécrivez-le, avec une apostrophe (') devant s’il "
                "commence par =, +, - ou @.",
            )
        if line.comment_trouble is Trouble.LOST:
            self._say(line, "un caractère du commentaire est illisible. Réécrivez-le.")
        if not text and trouble is None:
            return
        if line.key is None:
            self._say(line, "ces points ne sont reliés à aucune copie. Remettez-les dans la ligne de l’élève.")
            return
        if line.name and line.name_print != print_of_name(line.name):
            self._say(
                line,
                "le nom n’est plus celui de la copie de cette ligne (une partie seulement du tableau a été triée ou "
                "collée ?). Reprenez le fichier d’origine.",
            )
            return
        row = self._row(line) if self._rows is not None else None
        if self._rows is not None and row is None:
            self._say(
                line,
                "aucune copie notée ne correspond à cette ligne (élève ou question inconnus). Effacez ces points, ou "
                "redonnez la copie de l’élève.",
            )
            return
        points = self._points(line, text, trouble, row.maximum if row else line.maximum)
        if points is not None:
            self._keep(line, row.key if row else line.key, ManualMark(points, line.comment), row)

    def _row(self, line: _Line) -> Row | None:
        """The answer of the result that the line speaks of; a student may have got another id (a class list)."""
        rows = self._rows or {}
        if line.key in rows:
            return rows[line.key]
        same = [
            row
            for row in rows.values()
            if line.key
            and row.key[1:] == line.key[1:]
            and row.print == line.answer_print
            and print_of_name(row.name) == line.name_print
        ]
        return same[0] if len(same) == 1 else None

    def _points(self, line: _Line, text: str, trouble: Trouble | None, maximum: float | None) -> float | None:
        """The points of a row; None when they are no number between 0 and ``maximum``: the problem is then told."""
        if trouble is Trouble.UNCOMPUTED:
            remedy = "Ouvrez le fichier dans Excel ou LibreOffice et enregistrez-le, ou écrivez le nombre lui-même."
            self._say(line, f"la formule des points n’a pas de résultat enregistré. {remedy}")
        elif trouble is Trouble.ERROR:
            self._say(line, "la formule des points donne une erreur. Écrivez le nombre lui-même.")
        elif trouble in (Trouble.DATE, Trouble.MONTH):
            self._say(line, f"le tableur a changé les points en date ({text}). Tapez-les avec une virgule (4,5).")
        elif text.endswith("%"):
            out_of = "" if maximum is None else f" (sur {_written(maximum)})"
            self._say(line, f"« {clean_line(text, 40)} » est un pourcentage. Écrivez le nombre de points{out_of}.")
        elif (points := points_of(text, maximum or 0.0)) is None:
            shown = clean_line(text, 40)
            self._say(line, f"« {shown} » n’est pas un nombre. Écrivez les points (4,5) ou laissez la cellule vide.")
        elif points < 0 or (maximum is not None and points > maximum + _TINY):
            allowed = "au moins 0" if maximum is None else f"entre 0 et {_written(maximum)}"
            self._say(line, f"{_written(points)} points : il faut un nombre {allowed}.")
        else:
            return points
        return None

    def _keep(self, line: _Line, key: Key, mark: ManualMark, row: Row | None) -> None:
        if self.marks.get(key, mark) != mark:
            self._say(line, f"cette réponse est déjà notée autrement à la {self._places[key]}. Gardez une seule ligne.")
            return
        self.marks[key] = mark
        self._places[key] = line.number
        if print_of_mark(mark) != line.mark_print:
            self.typed.add(key)
        if row is not None and row.print != line.answer_print:
            self.remarks.append(
                f"{_capital(line.place)} : la réponse a changé depuis que ce fichier a été écrit. Relisez-la, la note "
                "donnée est gardée."
            )

    def _say(self, line: _Line, text: str) -> None:
        self.problems.append(f"{line.place} : {text}")


def _lines(book: Book) -> Iterator[_Line]:
    """The rows of every sheet that has our titles; the others are somebody's own notes."""
    titles = {title: (title,) for title in (KEY, NAME, QUESTION, MAXIMUM, POINTS_TITLE, COMMENT_TITLE)}
    for grid in book.grids:
        head = find_head(grid.lines, titles, needed=(KEY, POINTS_TITLE))
        for number, cells in grid.by_row.items() if head else ():
            if head and number > head.row:
                yield _line(grid, number, {title: cells.get(column) for title, column in head.first.items()})


def _line(grid: Grid, row: int, cells: Mapping[str, RawCell | None]) -> _Line:
    def text(title: str) -> str:
        return read_cell(cells.get(title))[0]

    key, prints = _key(text(KEY))
    maximum = parse_number(text(MAXIMUM))
    name, question = clean_line(bared(text(NAME)), 300), clean_line(bared(text(QUESTION)).split(" · ")[0], 40)
    written, trouble = read_cell(cells.get(COMMENT_TITLE))
    return _Line(
        grid.name, row, key, *prints, name, question, None if maximum is None else float(maximum),
        cells.get(POINTS_TITLE), bared(clean(written).strip()[:LONGEST_COMMENT]), trouble,
    )  # fmt: skip


def _points_cell(cell: RawCell | None) -> tuple[str, Trouble | None]:
    """The points as typed; those of a percent cell keep their sign: half of what is not said."""
    text, trouble = read_cell(cell)
    return (f"{text.replace('.', ',')} %", trouble) if trouble is Trouble.PERCENT else (text, trouble)


def _key(text: str) -> tuple[Key | None, tuple[str, str, str]]:
    parts = text.split("|")
    if len(parts) != 6:
        return None, ("", "", "")
    student, activity, question, answer, name, mark = parts
    return (student, activity, question), (answer, name, mark)


def _written(points: float) -> str:
    return number_text(rounded(points, CRITERION_STEP))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
