"""Reading the sheet of open answers back, whatever the spreadsheet program and its user did to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import OpenAnswerProblems
from autograder.marking.manual import ManualMark, ManualMarks
from autograder.marking.marked import ClassResult
from autograder.open_answers import rows as layout
from autograder.open_answers.rows import Key, Row, Typed, points_of, print_of_mark, print_of_name, shortened
from autograder.reports.book import bared
from crc_lab.core.answers import parse_number
from crc_lab.core.cells import RawCell, Trouble, find_head
from crc_lab.core.cells import read as read_cell
from crc_lab.core.errors import ImportProblem
from crc_lab.core.feedback import number_text
from crc_lab.core.text import clean_line, french
from crc_lab.excel.files import Book, open_book

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
    """One row of the file: its ``number`` (« ligne 7 », with the sheet where it is not the usual one) and its cells.

    ``prints``: of the answer, the name and the mark, empty where the row's mark is damaged.
    """

    number: str
    key: Key | None
    prints: tuple[str, ...]
    name: str
    question: str
    maximum: float
    points: str
    trouble: Trouble | None
    comment: str
    comment_trouble: Trouble | None

    @property
    def place(self) -> str:
        """« ligne 7 (Inès Garnier, A9-Q2) »."""
        known = [text for text in (self.name, self.question or (self.key[2] if self.key else "")) if text]
        return self.number + (f" ({', '.join(known)})" if known else "")

    def is_new(self, mark: ManualMark | None) -> bool:
        """Whether the row did not hold this mark when crc-lab wrote it."""
        return print_of_mark(mark) != self.prints[2]


def read_marked_sheet(path: Path, result: ClassResult) -> MarkedSheet:
    """The marks in a file of :func:`write_open_answers`; an empty points cell is a mark not given yet.

    Points are checked against the questions of ``result`` and students against its copies. Raises
    :class:`OpenAnswerProblems` with every problem at once.
    """
    try:
        lines = list(_lines(open_book(path)))
    except ImportProblem as problem:
        raise OpenAnswerProblems(path.name, (f"{problem.what} {problem.remedy}",)) from None
    if not lines:
        text = (
            "ce classeur n’est pas une feuille de réponses à noter de crc-lab, ou sa colonne A (masquée) a été "
            "supprimée. Reprenez le fichier reponses-ouvertes.xlsx du dossier de résultats."
        )
        raise OpenAnswerProblems(path.name, (text,))
    reading = _Reading({row.key: row for row in layout.rows(result)})
    for line in lines:
        reading.add(line)
    if reading.problems:
        raise OpenAnswerProblems(path.name, tuple(map(french, reading.problems)))
    return MarkedSheet(reading.marks, frozenset(reading.typed), tuple(map(french, reading.remarks)))


def typed_cells(path: Path) -> Mapping[Key, Typed]:
    """What is in the yellow cells of a file, checked in no way, where there is something; raises ImportProblem."""
    found = {}
    for line in _lines(open_book(path)):
        if line.key and (line.points or line.comment):
            points = points_of(line.points, line.maximum)
            held = None if points is None else ManualMark(points, line.comment)
            found[line.key] = Typed(bared(line.points), line.comment, line.is_new(held))
    return found


class _Reading:
    """The marks found so far, and everything there is to say; ``known``: the answers of the result."""

    def __init__(self, known: Mapping[Key, Row]) -> None:
        self.known = known
        self.marks: dict[Key, ManualMark] = {}
        self.typed: set[Key] = set()
        self.problems: list[str] = []
        self.remarks: list[str] = []
        self.places: dict[Key, str] = {}

    def add(self, line: _Line) -> None:
        self.problems += [f"{line.place} : {fault}" for fault in self._faults(line)]

    def _faults(self, line: _Line) -> Iterator[str]:
        """What is wrong with one row; its mark is kept when nothing is."""
        if line.comment_trouble in (Trouble.ERROR, Trouble.UNCOMPUTED):
            yield (
                "le tableur a pris le commentaire pour une formule. Réécrivez-le, avec une apostrophe (') devant s’il "
                "commence par =, +, - ou @."
            )
        if line.comment_trouble is Trouble.LOST:
            yield "un caractère du commentaire est illisible. Réécrivez-le."
        if not line.points and line.trouble is None:
            return
        row = self._row(line)
        if line.key is None:
            yield "ces points ne sont reliés à aucune copie. Remettez-les dans la ligne de l’élève."
        elif line.name and line.prints[1] != print_of_name(line.name):
            yield (
                "le nom n’est plus celui de la copie de cette ligne (une partie seulement du tableau a été triée ou "
                "collée ?). Reprenez le fichier d’origine."
            )
        elif row is None:
            yield (
                "aucune copie notée ne correspond à cette ligne (élève ou question inconnus). Effacez ces points, ou "
                "redonnez la copie de l’élève."
            )
        elif fault := _wrong_points(line, points := points_of(line.points, row.maximum), row.maximum):
            yield fault
        elif (mark := ManualMark(points or 0.0, line.comment)) != self.marks.get(row.key, mark):
            yield f"cette réponse est déjà notée autrement à la {self.places[row.key]}. Gardez une seule ligne."
        else:
            self._keep(line, row, mark)

    def _row(self, line: _Line) -> Row | None:
        """The answer of the result that the line speaks of; a student may have got another id (a class list)."""
        if line.key is None or line.key in self.known:
            return self.known[line.key] if line.key else None
        told = (line.key[1:], *line.prints[:2])
        same = [row for row in self.known.values() if (row.key[1:], row.print, print_of_name(row.name)) == told]
        return same[0] if len(same) == 1 else None

    def _keep(self, line: _Line, row: Row, mark: ManualMark) -> None:
        self.marks[row.key], self.places[row.key] = mark, line.number
        if line.is_new(mark):
            self.typed.add(row.key)
        if row.print != line.prints[0]:
            self.remarks.append(
                f"{line.place[:1].upper()}{line.place[1:]} : la réponse a changé depuis que ce fichier a été écrit. "
                "Relisez-la, la note donnée est gardée."
            )


def _wrong_points(line: _Line, points: float | None, maximum: float) -> str:
    """Why what was typed is no number between 0 and ``maximum``; empty when it is one."""
    match line.trouble:
        case Trouble.UNCOMPUTED:
            remedy = "Ouvrez le fichier dans Excel ou LibreOffice et enregistrez-le, ou écrivez le nombre lui-même."
            return f"la formule des points n’a pas de résultat enregistré. {remedy}"
        case Trouble.ERROR:
            return "la formule des points donne une erreur. Écrivez le nombre lui-même."
        case Trouble.DATE | Trouble.MONTH:
            return f"le tableur a changé les points en date ({line.points}). Tapez-les avec une virgule (4,5)."
    typed, most = clean_line(line.points, 40), number_text(maximum)
    if line.points.endswith("%"):
        return f"« {typed} » est un pourcentage. Écrivez le nombre de points (sur {most})."
    if points is None:
        return f"« {typed} » n’est pas un nombre. Écrivez les points (4,5) ou laissez la cellule vide."
    if not 0 <= points <= maximum + _TINY:
        return f"{number_text(round(points, 2))} points : il faut un nombre entre 0 et {most}."
    return ""


def _lines(book: Book) -> Iterator[_Line]:
    """The rows of every sheet that has our titles; the others are somebody's own notes."""
    wanted = layout.KEY, layout.NAME, layout.QUESTION, layout.MAXIMUM, layout.POINTS_TITLE, layout.COMMENT_TITLE
    titles = {title: (title,) for title in wanted}
    for grid in book.grids:
        head = find_head(grid.lines, titles, needed=(layout.KEY, layout.POINTS_TITLE))
        where = "" if grid.name in (layout.SHEET, "CSV") else f"feuille « {grid.name} », "
        for number, cells in grid.by_row.items() if head else ():
            if head and number > head.row:
                yield _line(f"{where}ligne {number}", {title: cells.get(at) for title, at in head.first.items()})


def _line(number: str, cells: Mapping[str, RawCell | None]) -> _Line:
    def text(title: str) -> str:
        return read_cell(cells.get(title))[0]

    student, activity, question, *prints = parts if len(parts := text(layout.KEY).split("|")) == 6 else [""] * 6
    points, trouble = read_cell(cells.get(layout.POINTS_TITLE))
    if trouble is Trouble.PERCENT:  # half of what is not said
        points = f"{points.replace('.', ',')} %"
    comment, comment_trouble = read_cell(cells.get(layout.COMMENT_TITLE))
    return _Line(
        number,
        (student, activity, question) if len(parts) == 6 else None,
        tuple(prints),
        clean_line(bared(text(layout.NAME)), 300),
        clean_line(bared(text(layout.QUESTION)).split(" · ")[0], 40),
        float(parse_number(text(layout.MAXIMUM)) or 0),
        points,
        trouble,
        bared(shortened(comment.strip())),
        comment_trouble,
    )
