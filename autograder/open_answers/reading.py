"""The rows of the sheet of open answers, in the order of activities, questions and names; and reading it back, whatever
the spreadsheet program and its user did to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import OpenAnswerProblems
from autograder.intake import INTERNAL
from autograder.intake.person_names import words
from autograder.marking import ClassResult, CopyResult
from autograder.marking.manual import REVIEW, ManualMark, ManualMarks, given_mark, marked_by_hand, partly_by_hand
from autograder.reports.book import bared
from autograder.reports.figures import HINT, copies_of, shown_names
from crc_lab.core.answers import parse_number
from crc_lab.core.cells import RawCell, Trouble, find_head
from crc_lab.core.cells import read as read_cell
from crc_lab.core.feedback import exact, number_text, shown
from crc_lab.core.model import MANUAL, Json, Question, QuestionResult, Verdict
from crc_lab.core.shown import Limits, as_text, shown_answer
from crc_lab.core.text import clean, clean_line, count, french

if TYPE_CHECKING:
    from crc_lab.excel.files import Book

Key = tuple[str, str, str]
"""(student id, activity id, question id), as in :data:`autograder.marking.manual.ManualMarks`."""

KEY, NAME, QUESTION, MAXIMUM, POINTS_TITLE, COMMENT_TITLE = (
    "Repère", "Élève", "Question", "Sur", "Points", "Commentaire",
)  # fmt: skip
COLUMNS: dict[str, float] = {
    KEY: 0, NAME: 20, "Activité": 11, QUESTION: 18, "Réponse": 72, "Ce qui est attendu": 36, MAXIMUM: 6,
    POINTS_TITLE: 9, COMMENT_TITLE: 36,
}  # fmt: skip
"""Titles and widths; a column without width is hidden."""
POINTS, COMMENT = list(COLUMNS).index(POINTS_TITLE), list(COLUMNS).index(COMMENT_TITLE)
SHEET = "Réponses"
LONGEST_COMMENT = 4_000
LONGEST_ANSWER = 8_000
"""Characters of an answer that are shown; the whole answer stays in the copy."""
_IN_THE_COPY = "(réponse à lire dans le carnet de l’élève)"
_LIMITS = Limits(text=10 * LONGEST_ANSWER, cell=10 * LONGEST_ANSWER, rows=200)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of one student. ``print`` tells one answer from another, ``mark`` is None when there is none yet."""

    key: Key
    name: str
    activity: str
    question: str
    answer: str
    rubric: str
    maximum: float
    print: str
    mark: ManualMark | None

    @property
    def prints(self) -> tuple[str, str, str]:
        """What tells, in a file that comes back, whether the row still speaks of the same thing."""
        return self.print, print_of_name(self.name), print_of_mark(self.mark)


@dataclass(frozen=True, slots=True)
class Typed:
    """The two cells of a row that a person fills, as text; ``new``: not what crc-lab wrote there."""

    points: str = ""
    comment: str = ""
    new: bool = False

    def mark(self, maximum: float) -> float | str:
        """The points typed when they are a number that may be given, else the text itself."""
        points = points_of(self.points, maximum)
        return points if points is not None and 0 <= points <= maximum else self.points


def points_of(text: str, maximum: float) -> float | None:
    """« 4,5 », « 4.5 pts » or « 4,5 / 12 » (where the question is out of 12) as a number; None for anything else.

    A percent is none: nobody can tell of what.
    """
    bare = text.strip().casefold()
    for unit in ("points", "point", "pts", "pt"):
        bare = bare.removesuffix(unit).strip()
    if "/" in bare:
        bare, _, out_of = bare.partition("/")
        given = parse_number(out_of.strip())
        if given is None or abs(float(given) - maximum) > 1e-6:
            return None
    number = None if bare.endswith("%") else parse_number(bare.strip())
    return None if number is None else float(number)


def shortened(comment: str) -> str:
    """A comment that a cell can hold."""
    return clean(comment)[:LONGEST_COMMENT]


def rows(result: ClassResult) -> Iterator[Row]:
    """Every answer to mark: open ones, those whose automatic marking failed, those already marked by hand."""
    names = dict(zip((student.id for student in result.students), shown_names(result.students), strict=True))
    for activity in result.activities:
        for question in activity.marked:
            for student, copy in copies_of(result, activity):
                marked = next((one for one in copy.questions if one.id == question.id), None)
                if marked is None or not _is_for_a_person(question, marked):
                    continue
                answer, title = copy.answers.get(question.id), french(f"{question.id} · {question.title}")
                yield Row(
                    (student.id, activity.id, question.id), names[student.id], f"Activité {activity.number}",
                    title, _answer_text(answer, copy, question), _rubric(question, marked), float(question.points),
                    print_of(answer), given_mark(marked),
                )  # fmt: skip


def print_of(*values: Json) -> str:
    """A short print of plain values; it starts with a letter, so that no spreadsheet takes it for a number."""
    content = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return "p" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:15]


def print_of_name(name: str) -> str:
    """The print of a name, whatever its case, its accents and the order of its words."""
    return print_of(*words(name))


def print_of_mark(mark: ManualMark | None) -> str:
    """The print of what the points and comment cells hold."""
    return print_of(None) if mark is None else print_of(f"{mark.points:.6f}", mark.comment)


def _is_for_a_person(question: Question, marked: QuestionResult) -> bool:
    codes = {message.code for message in marked.messages}
    if MANUAL in codes or INTERNAL in codes:
        return True
    return marked_by_hand(question) and marked.verdict is not Verdict.NON_REPONDU


def _rubric(question: Question, marked: QuestionResult) -> str:
    """« Idées (8 points) », then each thing to look for and its words that are there; the program's own points."""
    points = shown(marked)
    partly = partly_by_hand(question) and bool(points.criteria)
    given = dict(zip((one.id for one in marked.criteria), points.criteria, strict=True)) if partly else {}
    seen = {one.id: one.teacher for one in marked.criteria if one.verdict is not Verdict.NON_REPONDU}
    lines = []
    for criterion in question.criteria:
        head = f"{criterion.label or criterion.id} ({_points(exact(criterion.points))})"
        if criterion.check != REVIEW and (automatic := given.get(criterion.id)) is not None:
            head += f" : {_points(automatic)} par la correction automatique, à compter dans le total"
        lines.append(head)
        for number, item in enumerate(criterion.params.get("grille") or (), start=1):
            lines.append(f"  {number}. {item['texte']} ({_points(exact(item['points']))})")
        lines += [f"  {said.text}" for said in seen.get(criterion.id, ())]
    if partly and points.hint:
        lines.append(f"{HINT} : {_points(points.hint)} à retirer du total")
    return french("\n".join(lines))


def _points(points: Decimal) -> str:
    return f"{number_text(points)} point{'s' if points >= 2 else ''}"


def _answer_text(answer: Json, copy: CopyResult, question: Question) -> str:
    if question.id not in copy.answers:
        return _IN_THE_COPY
    text = clean(as_text(shown_answer(question, answer), _LIMITS)).strip()
    if len(text) <= LONGEST_ANSWER:
        return text
    rest = count(len(text) - LONGEST_ANSWER, "caractère")
    return f"{text[:LONGEST_ANSWER]}\n[…] (encore {rest}, à lire dans le carnet)"


# --- reading the sheet ------------------------------------------------------------------------------------------------


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
    lines = list(_lines(OpenAnswerProblems.opened(path)))
    if not lines:
        text = (
            "ce classeur n’est pas une feuille de réponses à noter de crc-lab, ou sa colonne A (masquée) a été "
            "supprimée. Reprenez le fichier reponses-ouvertes.xlsx du dossier de résultats."
        )
        raise OpenAnswerProblems(path.name, (text,))
    reading = _Reading({row.key: row for row in rows(result)})
    for line in lines:
        reading.add(line)
    if reading.problems:
        raise OpenAnswerProblems(path.name, tuple(map(french, reading.problems)))
    return MarkedSheet(reading.marks, frozenset(reading.typed), tuple(map(french, reading.remarks)))


def typed_cells(path: Path) -> Mapping[Key, Typed]:
    """What is in the yellow cells of a file, checked in no way, where there is something; raises OpenAnswerProblems."""
    found = {}
    for line in _lines(OpenAnswerProblems.opened(path)):
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
    wanted = KEY, NAME, QUESTION, MAXIMUM, POINTS_TITLE, COMMENT_TITLE
    titles = {title: (title,) for title in wanted}
    for grid in book.grids:
        head = find_head(grid.lines, titles, needed=(KEY, POINTS_TITLE))
        where = "" if grid.name in (SHEET, "CSV") else f"feuille « {grid.name} », "
        for number, cells in grid.by_row.items() if head else ():
            if head and number > head.row:
                yield _line(f"{where}ligne {number}", {title: cells.get(at) for title, at in head.first.items()})


def _line(number: str, cells: Mapping[str, RawCell | None]) -> _Line:
    def text(title: str) -> str:
        return read_cell(cells.get(title))[0]

    student, activity, question, *prints = parts if len(parts := text(KEY).split("|")) == 6 else [""] * 6
    points, trouble = read_cell(cells.get(POINTS_TITLE))
    if trouble is Trouble.PERCENT:  # half of what is not said
        points = f"{points.replace('.', ',')} %"
    comment, comment_trouble = read_cell(cells.get(COMMENT_TITLE))
    return _Line(
        number,
        (student, activity, question) if len(parts) == 6 else None,
        tuple(prints),
        clean_line(bared(text(NAME)), 300),
        clean_line(bared(text(QUESTION)).split(" · ")[0], 40),
        float(parse_number(text(MAXIMUM)) or 0),
        points,
        trouble,
        bared(shortened(comment.strip())),
        comment_trouble,
    )
