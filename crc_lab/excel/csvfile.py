"""A CSV file as Excel, LibreOffice or a text editor writes it: any usual encoding, `;`, `,` or tab."""

from __future__ import annotations

import codecs
import csv
import io

from crc_lab.core.errors import ImportProblem
from crc_lab.excel.grid import Book, Grid, RawCell

MAX_ROWS, MAX_COLUMNS = 5_000, 200
MAX_CELL = 32_767
"""Characters in a cell: Excel's own limit. Not left to ``csv.field_size_limit``, which any library may change."""
_REMEDY = "Enregistrez votre tableau au format « Classeur Excel (.xlsx) », puis recommencez."


def read_csv(data: bytes, name: str) -> Book:
    """The sheet of a CSV file, every cell as text; raises :class:`ImportProblem` when it is not text or too large."""
    text = _decode(data, name)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, body, offset = first.strip()[4], rest, 1
    else:
        delimiter, body, offset = _delimiter(text), text, 0
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
        longest = max((len(cell) for row in rows for cell in row), default=0)
    except csv.Error:
        longest = MAX_CELL + 1
    if longest > MAX_CELL:
        raise ImportProblem(name, "ce fichier CSV est mal formé (guillemets ou cellules trop longues).", _REMEDY)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > MAX_ROWS or max(map(len, filled), default=0) > MAX_COLUMNS:
        raise ImportProblem(
            name,
            f"ce tableau est trop grand (au plus {MAX_ROWS} lignes et {MAX_COLUMNS} colonnes).",
            "Gardez seulement votre tableau, puis recommencez.",
        )
    cells = {
        (line, column): RawCell(cell)
        for line, row in enumerate(rows, start=1 + offset)
        for column, cell in enumerate(row, start=1)
        if cell.strip()
    }
    return Book(name, (Grid("CSV", cells, letters=False),))


def _decode(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # « Texte Unicode » of Excel
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    odd = sum(not (c.isprintable() or c in "\r\n\t\f\v\ufffd\u00a0\u2007\u2009\u200b\u202f\u2060\ufeff") for c in text)
    if "\x00" in text or odd > max(5, len(text) // 100):
        raise ImportProblem(name, "ce fichier n’est ni un classeur Excel ni un fichier CSV.", _REMEDY)
    return text


def _delimiter(text: str) -> str:
    """The separator that cuts the lines into the most cells, the same number in each; `;` when nothing tells."""
    sample = text[:200_000]
    best, best_score = ";", (0, 0)
    for delimiter in (";", "\t", ","):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = (widths.count(common) if common > 1 else 0, common)
        if score > best_score:
            best, best_score = delimiter, score
    return best
