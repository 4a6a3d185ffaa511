"""``reponses-ouvertes.xlsx``: the answers that a person marks, one row each, with the rubric and yellow cells for the
points. It goes out with every run and comes back with ``--notes-manuelles``.

How a caller keeps everything that the teacher typed: read the file first (:mod:`autograder.open_answers.reading`), mark
the class with these marks, then write the file again. ``MarkedSheet.typed`` names the marks that the file did not hold
when crc-lab wrote it: they are the teacher's last word, where the others may be older than those of the formgrader.
:func:`write_open_answers` loses nothing either way: what is in the file and not in the result is kept.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.errors import OpenAnswerProblems
from autograder.marking import ClassResult
from autograder.open_answers.reading import (
    COLUMNS,
    COMMENT,
    POINTS,
    SHEET,
    Key,
    Row,
    Typed,
    rows,
    shortened,
    typed_cells,
)
from autograder.reports import put_aside
from autograder.reports.book import (
    FORM,
    TO_FILL,
    bared,
    book_bytes,
    form_sheet,
    harmless,
    help_sheet,
    row_height,
    type_of_looks,
)
from crc_lab.core.feedback import number_text
from crc_lab.core.sheet import write_atomically

__all__ = ["FILE", "OpenAnswerProblems", "erase_open_answers", "write_open_answers"]

FILE = "reponses-ouvertes.xlsx"
"""Its name in the output folder."""


MAX_ROWS = 4_000
"""Answers in one sheet: the reader of spreadsheets refuses more than 5 000 rows."""
HELP = (
    "Une ligne par réponse à noter. Vous remplissez seulement les cellules jaunes.",
    "Points : un nombre entre 0 et le total de la colonne « Sur » (4,5 par exemple). Une cellule vide veut dire « pas "
    "encore noté » : la note de l’élève reste provisoire.",
    "Commentaire : facultatif. Il est montré à l’élève dans sa page de retour.",
    "Enregistrez ce classeur, fermez-le, puis relancez la correction : elle le relit s’il est resté dans le dossier de "
    "résultats. Ailleurs, donnez-le avec --notes-manuelles.",
    "Vous pouvez filtrer (flèches des titres), élargir les colonnes et noter en plusieurs fois. La colonne A, masquée, "
    "relie chaque ligne à sa copie : ne la supprimez pas.",
    "Mots repérés : des mots de la grille trouvés dans la réponse, et le critère qu’ils annoncent. Ils aident à lire ; "
    "ils ne donnent aucun point.",
    "Les points sont ceux de la question entière ; la grille aide à les répartir. Quand l’ordinateur a déjà noté une "
    "partie de la question, ses points sont rappelés : comptez-les dans le total.",
)


def write_open_answers(result: ClassResult, path: Path) -> list[Path]:
    """Write the open answers of a class in ``path``, in one step. The files written: none when there is no answer.

    Marks that the result already has are filled in. What the teacher typed in an existing file and the result does not
    have is carried over; where that cannot be, the old file is kept under another name, the second file given back.
    Raises :class:`OSError`.
    """
    found = list(rows(result))
    if not found:
        return []
    earlier = _earlier(path)
    known, typed = {row.key: row for row in found}, earlier or {}
    lost = earlier is None or any(_is_lost(one, known.get(key)) for key, one in typed.items())
    content = book_bytes("Réponses à noter", lambda book: _fill(book, found, typed))
    aside = [put_aside(path)] if lost else []
    write_atomically(path, content)
    return [path, *aside]


def erase_open_answers(path: Path, students: Collection[str]) -> None:
    """Take the rows of these students (our ids) out of a file; the file itself when nobody else is in it.

    What was typed for the others stays. Raises :class:`OSError`, and OpenAnswerProblems for a file that cannot be read.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        text = "ce classeur ne peut pas être lu. Supprimez-le, ou supprimez vous-même les lignes de l’élève."
        raise OpenAnswerProblems(path.name, (text,)) from None
    left = 0
    for sheet in book:
        for line in range(sheet.max_row, 1, -1):
            owner, _, rest = bared(str(sheet.cell(line, 1).value or "")).partition("|")
            left += bool(rest) and owner not in students
            if rest and owner in students:
                sheet.delete_rows(line)
    if not left:
        path.unlink()
        return
    content = io.BytesIO()
    book.save(content)
    write_atomically(path, content.getvalue())


def _earlier(path: Path) -> Mapping[Key, Typed] | None:
    """What the teacher typed in the existing file; None for a file that cannot be read."""
    if not path.exists():
        return {}
    try:
        return typed_cells(path)
    except OpenAnswerProblems:
        return None


def _is_lost(typed: Typed, row: Row | None) -> bool:
    """True when writing the new file would lose what the teacher typed in the old one."""
    if row is None or row.mark is None or not typed.new:
        return row is None
    return typed.mark(row.maximum) != row.mark.points or typed.comment != row.mark.comment


def _fill(book: Any, found: Sequence[Row], earlier: Mapping[Key, Typed]) -> None:
    looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
    for number, start in enumerate(range(0, len(found), MAX_ROWS), start=1):  # hardly any class needs two sheets
        part = found[start : start + MAX_ROWS]
        sheet = book.add_worksheet(SHEET if number == 1 else f"{SHEET} {number}")
        form_sheet(sheet, looks, COLUMNS, len(part), frozen=2)
        for line, row in enumerate(part, start=1):
            _write_row(sheet, looks, line, row, earlier.get(row.key, Typed()))
        _validate(sheet, part)
    help_sheet(book, looks, "Noter les réponses rédigées", HELP)


_LOOKS = {**FORM, "points": {**TO_FILL, "num_format": "General", "bold": True, "align": "center"}}


def _write_row(sheet: Any, looks: type_of_looks, line: int, row: Row, typed: Typed) -> None:
    mark_of_row = "|".join([*row.key, *row.prints])
    points = row.mark.points if row.mark else typed.mark(row.maximum)
    comment = harmless(shortened(row.mark.comment if row.mark else typed.comment))
    texts = [harmless(text) for text in (mark_of_row, row.name, row.activity, row.question, row.answer, row.rubric)]
    widths = list(COLUMNS.values())
    shown = [*zip(texts[1:], widths[1:], strict=False), (comment, widths[COMMENT])]
    sheet.set_row(line, row_height(shown))
    for column, text in enumerate(texts):
        sheet.write_string(line, column, text, looks["text"])
    sheet.write_number(line, len(texts), row.maximum, looks["number"])
    if isinstance(points, float):
        sheet.write_number(line, POINTS, points, looks["points"])
    else:  # not a number: left as it was typed, for the teacher to see
        sheet.write(line, POINTS, harmless(points) or None, looks["points"])
    sheet.write(line, COMMENT, comment or None, looks["fill"])


def _validate(sheet: Any, part: Sequence[Row]) -> None:
    """Excel refuses points outside 0..maximum; one rule for each run of rows with the same maximum."""
    line = 1
    for maximum, run in groupby(part, key=lambda row: row.maximum):
        last = line + len(list(run)) - 1
        sheet.data_validation(
            line, POINTS, last, POINTS,
            {
                "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": maximum, "ignore_blank": True,
                "error_title": "Points",
                "error_message": f"Écrivez un nombre entre 0 et {number_text(maximum)}, ou laissez la cellule vide.",
            },
        )  # fmt: skip
        line = last + 1
