"""A spreadsheet as plain cells, and an XLSX (or XLSM) archive read as one, safely: bounded size, bounded work, one
French sentence when it fails.

openpyxl's streaming mode is used on purpose: the ordinary one creates a cell for every place of a merged area, which
for two merged columns is more memory than a machine has.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from crc_lab.core.cells import RawCell, read
from crc_lab.core.errors import ImportProblem

MAX_UNPACKED = 60_000_000
MAX_RATIO = 200
MAX_ROWS, MAX_COLUMNS = 5_000, 200
SAVE_AS = "Dans Excel ou LibreOffice : Fichier, Enregistrer sous, « Classeur Excel (.xlsx) », puis recommencez."

_RATIO_FROM = 5_000_000
"""Below this unpacked size a high ratio is only a sheet full of empty formatted cells."""

_LAST_COLUMN, _LONGEST_GAP = 300, 1_000
"""Nothing is looked for beyond, or after that many empty rows: a stray cell at the end of the sheet costs nothing."""

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_MAX_SPREAD = 100_000
_DAMAGED = "ce fichier Excel est abîmé ou incomplet."
_AGAIN = "Ouvrez-le dans Excel, enregistrez-le sous un autre nom (.xlsx), puis recommencez avec cette copie."


@dataclass(frozen=True)
class Grid:
    """One sheet: its non-empty cells by (row, column), from 1. ``letters``: cells are named B3, not « ligne 3 »."""

    name: str
    cells: Mapping[tuple[int, int], RawCell]
    hidden: bool = False
    letters: bool = True
    by_row: dict[int, dict[int, RawCell]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows: dict[int, dict[int, RawCell]] = {}
        for row, column in sorted(self.cells):
            rows.setdefault(row, {})[column] = self.cells[row, column]
        object.__setattr__(self, "by_row", rows)

    @property
    def lines(self) -> Iterator[tuple[int, dict[int, str]]]:
        """The texts of each row, for :func:`crc_lab.core.headers.find_head`."""
        for row, cells in self.by_row.items():
            yield row, {column: text for column, cell in cells.items() if (text := read(cell)[0])}

    def address(self, row: int, column: int) -> str:
        """What a cell is called in a message."""
        return f"{get_column_letter(column)}{row}" if self.letters else f"ligne {row}, colonne {column}"


@dataclass(frozen=True)
class Book:
    """One file: its sheets in order, and the names it defines (the template's own mark is among them)."""

    file: str
    grids: tuple[Grid, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def read_xlsx(data: bytes, name: str) -> Book:
    """Every sheet of the workbook ``data``, called ``name``; raises only :class:`ImportProblem`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, name, len(data))
            return _read(archive, data, name)
    except ImportProblem:
        raise
    except Exception:  # openpyxl lets any exception out on a damaged file: none of them means anything to a student
        raise ImportProblem(name, _DAMAGED, _AGAIN) from None


def _check_archive(archive: zipfile.ZipFile, name: str, size: int) -> None:
    members = {member.filename: member for member in archive.infolist()}
    unpacked = sum(member.file_size for member in members.values())
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MAX_RATIO * size):
        raise ImportProblem(
            name,
            "ce classeur devient énorme une fois ouvert (sans doute des milliers de lignes vides mises en forme).",
            "Copiez seulement votre tableau dans un nouveau classeur, enregistrez-le, puis recommencez.",
        )
    if any(member.flag_bits & 1 for member in members.values()):
        raise ImportProblem(name, "cette archive est protégée par un mot de passe.", "Enlevez-le, puis recommencez.")
    if "mimetype" in members and b"opendocument" in archive.read("mimetype")[:200]:
        raise ImportProblem(name, "c’est un fichier LibreOffice (.ods).", SAVE_AS)
    if "xl/workbook.bin" in members:
        raise ImportProblem(name, "c’est un classeur binaire (.xlsb).", SAVE_AS)
    if any(member.endswith(".iwa") for member in members):
        raise ImportProblem(name, "c’est un fichier Numbers.", "Dans Numbers : Fichier, Exporter vers, Excel (.xlsx).")
    if not any(re.fullmatch(r"/?xl/workbook\d*\.xml", member, re.IGNORECASE) for member in members):
        what = "c’est un document Word" if "word/document.xml" in members else "ce n’est pas un classeur Excel"
        raise ImportProblem(name, f"{what}.", "Choisissez le fichier .xlsx que vous avez rempli.")
    if "xl/workbook.xml" in members and b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml")[:4000]:
        raise ImportProblem(name, "ce classeur est au format « Strict Open XML ».", SAVE_AS)


def _read(archive: zipfile.ZipFile, data: bytes, name: str) -> Book:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks (in English) of extensions that do not matter here
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        results = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, data_only=True)
        try:
            grids = tuple(_grid(sheet, results, archive, name) for sheet in book.worksheets)
            names = {str(key): str(defined.attr_text or "") for key, defined in book.defined_names.items()}
        finally:
            book.close()
            results.close()
    return Book(name, grids, names)


def _grid(sheet: Any, results: Any, archive: zipfile.ZipFile, name: str) -> Grid:
    cells = {(cell.row, cell.column): cell for cell in _filled(sheet, name)}
    formulas = {place: cell for place, cell in cells.items() if cell.data_type == "f"}
    found = {
        place: RawCell(_rounded(cell.value), cell.number_format)
        for place, cell in cells.items()
        if place not in formulas
    }
    if formulas:
        computed = {(cell.row, cell.column): cell for cell in _filled(results[sheet.title], name, keep_empty=True)}
        for place, cell in formulas.items():
            result = computed.get(place)
            if result is None or (result.value is None and result.data_type != "str"):
                found[place] = RawCell(None, uncomputed=True)
            elif result.value is not None:  # otherwise the result is an empty text (data_type "str"): an empty cell
                found[place] = RawCell(_rounded(result.value), cell.number_format)
    _spread(_MERGED.findall(archive.read(sheet._worksheet_path)), found)
    return Grid(sheet.title, found, hidden=sheet.sheet_state != "visible")


def _rounded(value: object) -> object:
    """A number to 15 digits, as the spreadsheet shows it: 0,1 + 0,2 is 0,3."""
    return float(f"{value:.15g}") if isinstance(value, float) else value


def _filled(sheet: Any, name: str, *, keep_empty: bool = False) -> Iterator[Any]:
    """The cells that hold something; raises :class:`ImportProblem` beyond the size limits."""
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    rows = gap = 0
    columns: set[int] = set()
    for row in sheet.iter_rows(max_col=_LAST_COLUMN):
        filled = [cell for cell in row if cell.value is not None]
        rows += bool(filled)
        gap = 0 if filled else gap + 1
        if gap > _LONGEST_GAP:
            return
        columns.update(cell.column for cell in filled)
        if rows > MAX_ROWS or len(columns) > MAX_COLUMNS:
            raise ImportProblem(
                name,
                f"la feuille « {sheet.title} » est trop grande (au plus {MAX_ROWS} lignes et {MAX_COLUMNS} colonnes).",
                "Gardez seulement votre tableau, puis recommencez.",
            )
        yield from (cell for cell in row if hasattr(cell, "row")) if keep_empty else filled


def _spread(areas: list[bytes], found: dict[tuple[int, int], RawCell]) -> None:
    """A merged area holds its value in its first cell only: repeat it, as far as the sheet holds something."""
    last_row = max((row for row, _ in found), default=0)
    last_column = max((column for _, column in found), default=0)
    left = _MAX_SPREAD
    for area in areas:
        first_column, first_row, to_column, to_row = range_boundaries(area.decode("ascii"))
        value = found.get((first_row or 0, first_column or 0))
        if value is None:
            continue
        for row in range(first_row or 1, min(to_row or 1, last_row) + 1):
            for column in range(first_column or 1, min(to_column or 1, last_column) + 1):
                found.setdefault((row, column), value)
                left -= 1
                if left < 0:
                    return
