"""Open what a student hands over as « mon fichier Excel », whatever it really is, as plain cells.

XLSX and XLSM (macros are ignored) and CSV (any usual encoding; `;`, `,`, tab or `|`) are read, safely: bounded size,
bounded work; everything else is refused with a sentence that says what to do (``refus.toml``). The content decides,
never the extension. Nothing but :class:`~crc_lab.core.errors.ImportProblem` comes out of here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tomllib
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path, PurePath
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH

from crc_lab.core.cells import FIRST_DAY, RawCell, read
from crc_lab.core.decoding import decode
from crc_lab.core.errors import ImportProblem

MAX_FILE = 10_000_000
"""Largest file read, in bytes: a filled template weighs less than 50 000."""

MAX_CELL = 32_767
"""Characters in a cell: Excel's own limit. Not left to ``csv.field_size_limit``, which any library may change."""

MAX_UNPACKED = 60_000_000
MAX_RATIO = 200
MAX_ROWS, MAX_COLUMNS = 5_000, 200

_RATIO_FROM = 5_000_000
"""Below this unpacked size a high ratio is only a sheet full of empty formatted cells."""

_LAST_COLUMN, _LONGEST_GAP = 300, 1_000
"""Nothing is looked for beyond, or after that many empty rows: a stray cell at the end of the sheet costs nothing."""

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_MAX_SPREAD = 100_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")

Source = Path | str | bytes | bytearray | memoryview
"""A path, or the content of a file (the page sends a memoryview)."""


@cache
def _refusals() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("refus.toml").read_text("utf-8"))


def refusal(name: str, file: str, **known: object) -> ImportProblem:
    """The refusal ``name`` of ``refus.toml``, for the file called ``file``."""
    said = _refusals()[name]
    remedy = _refusals()["remedes"].get(said["remede"], said["remede"])
    return ImportProblem(file, said["quoi"].format(**known), remedy.format(**known))


@dataclass(frozen=True)
class Grid:
    """One sheet: its non-empty cells by (row, column), from 1. ``letters``: cells are named B3, not « ligne 3 ».

    ``repeated``: those that only a merged area gives the value of the cell on their left.
    """

    name: str
    cells: Mapping[tuple[int, int], RawCell]
    hidden: bool = False
    letters: bool = True
    repeated: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def by_row(self) -> dict[int, dict[int, RawCell]]:
        """The cells of each row, by column."""
        rows: dict[int, dict[int, RawCell]] = {}
        for row, column in sorted(self.cells):
            rows.setdefault(row, {})[column] = self.cells[row, column]
        return rows

    @property
    def lines(self) -> Iterator[tuple[int, dict[int, str]]]:
        """The texts of each row, for :func:`crc_lab.core.cells.find_head`."""
        for row, cells in self.by_row.items():
            yield row, {column: text for column, cell in cells.items() if (text := read(cell)[0])}

    @property
    def lines_once(self) -> Iterator[tuple[int, dict[int, str]]]:
        """The same, the text of cells merged side by side in the first one only: a header is one column's."""
        for row, texts in self.lines:
            yield row, {column: text for column, text in texts.items() if (row, column) not in self.repeated}

    def address(self, row: int, column: int) -> str:
        """What a cell is called in a message."""
        return f"{get_column_letter(column)}{row}" if self.letters else f"ligne {row}, colonne {column}"


@dataclass(frozen=True)
class Book:
    """One file: its sheets in order, and the names it defines (the template's own mark is among them)."""

    file: str
    grids: tuple[Grid, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def open_book(source: Source, filename: str | None = None) -> Book:
    """Every sheet of the file, or :class:`ImportProblem`. ``source`` is a path or the bytes of a file ``filename``."""
    path = Path(source) if isinstance(source, str | Path) else None
    name = PurePath(filename or path or "fichier").name
    if name.startswith(("~$", ".~lock.")):
        raise refusal("verrou", name)
    data = bytes(source) if not isinstance(source, str | Path) else _content(Path(source), name)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise refusal("vide", name)
    if len(data) > MAX_FILE:
        raise refusal("gros", name, size=len(data) // 1_000_000)
    if data.startswith(b"PK"):
        return _read_xlsx(data, name)
    if (other := _other_format(data)) is not None:
        raise refusal(other, name)
    return read_csv(data, name)


def _content(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise refusal("dossier", name)
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise refusal("introuvable", name) from None
    except PermissionError:
        raise refusal("ouvert", name) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise refusal("lecture", name, detail=getattr(error, "strerror", "") or "chemin incorrect") from None


def _other_format(data: bytes) -> str | None:
    """The refusal of what is neither a ZIP nor text."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_OLE):
        return "mot-de-passe" if "EncryptedPackage".encode("utf-16-le") in data else "ancien"
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")) or b"<html" in head:
        return "page-web"
    if head.startswith((b"<?xml", b"{")):
        return "autre-texte"
    others = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")
    return "autre-document" if data.startswith(others) else None


def read_csv(data: bytes, name: str) -> Book:
    """The sheet of a CSV file, every cell as text; raises :class:`ImportProblem` when it is not text or too large."""
    neither = refusal("ni-excel-ni-csv", name)
    try:
        text = decode(data).text
    except UnicodeDecodeError:
        raise neither from None
    odd = sum(not sign.isprintable() and not sign.isspace() for sign in text)
    if "\x00" in text or odd > max(5, len(text) // 100):
        raise neither
    first, _, rest = text.partition("\n")
    said = first.strip().lower().startswith("sep=") and len(first.strip()) == 5
    delimiter, body = (first.strip()[4], rest) if said else (_delimiter(text), text)
    try:
        rows = _unwrapped(list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)))
        longest = max((len(cell) for row in rows for cell in row), default=0)
    except csv.Error:
        longest = MAX_CELL + 1
    if longest > MAX_CELL:
        raise refusal("csv-mal-forme", name)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > MAX_ROWS or max(map(len, filled), default=0) > MAX_COLUMNS:
        raise refusal("grand", name, rows=MAX_ROWS, columns=MAX_COLUMNS)
    cells = {
        (line, column): RawCell(cell, untyped=True)
        for line, row in enumerate(rows, start=1 + said)
        for column, cell in enumerate(row, start=1)
        if cell.strip()
    }
    return Book(name, (Grid("CSV", cells, letters=False),))


def _unwrapped(rows: list[list[str]]) -> list[list[str]]:
    """The rows, those of a file of which some software put each whole line between quotes taken out of them."""
    parts = {cell.count(";") for row in rows for cell in row if cell.strip()}
    if len(parts) != 1 or parts == {0} or any(len(row) > 1 for row in rows):
        return rows
    return list(csv.reader((cell for row in rows for cell in row), delimiter=";"))


def _delimiter(text: str) -> str:
    """The separator that cuts the lines into the most cells, the same number in each; `;` when nothing tells."""
    sample = text[:200_000]
    best, best_score = ";", (0, 0)
    for delimiter in (";", "\t", ",", "|"):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = (widths.count(common) if common > 1 else 0, common)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _read_xlsx(data: bytes, name: str) -> Book:
    """Every sheet of the workbook ``data``, called ``name``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if (other := _other_archive(archive, len(data))) is not None:
                raise refusal(other, name)
            return _book(archive, data, name)
    except ImportProblem:
        raise
    except Exception:  # openpyxl lets any exception out on a damaged file: none of them means anything to a student
        raise refusal("abime", name) from None


def _other_archive(archive: zipfile.ZipFile, size: int) -> str | None:
    """The refusal of an archive that is too large once open, or no workbook."""
    members = {member.filename: member for member in archive.infolist()}
    unpacked = sum(member.file_size for member in members.values())
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MAX_RATIO * size):
        return "enorme"
    if any(member.flag_bits & 1 for member in members.values()):
        return "archive-protegee"
    if "mimetype" in members and b"opendocument" in archive.read("mimetype")[:200]:
        return "libreoffice"
    if "xl/workbook.bin" in members:
        return "binaire"
    if any(member.endswith(".iwa") for member in members):
        return "numbers"
    if not any(re.fullmatch(r"/?xl/workbook\d*\.xml", member, re.IGNORECASE) for member in members):
        return "word" if "word/document.xml" in members else "autre-archive"
    if "xl/workbook.xml" in members and b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml")[:4000]:
        return "strict"
    return None


def _book(archive: zipfile.ZipFile, data: bytes, name: str) -> Book:
    """Read with openpyxl's streaming mode: the ordinary one creates a cell for every place of a merged area, which for
    two merged columns is more memory than a machine has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks (in English) of extensions that do not matter here
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        results = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, data_only=True)
        try:
            first_day = MAC_EPOCH.date() if book.epoch == MAC_EPOCH else FIRST_DAY
            grids = tuple(_grid(sheet, results, archive, name, first_day) for sheet in book.worksheets)
            names = {str(key): str(defined.attr_text or "") for key, defined in book.defined_names.items()}
        finally:
            book.close()
            results.close()
    return Book(name, grids, names)


def _grid(sheet: Any, results: Any, archive: zipfile.ZipFile, name: str, first_day: dt.date) -> Grid:
    cells = {(cell.row, cell.column): cell for cell in _filled(sheet, name)}
    formulas = {place: cell for place, cell in cells.items() if cell.data_type == "f"}
    found = {
        place: RawCell(_rounded(cell.value), cell.number_format, first_day=first_day)
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
                found[place] = RawCell(_rounded(result.value), cell.number_format, first_day=first_day)
    repeated = _spread(_MERGED.findall(archive.read(sheet._worksheet_path)), found)
    return Grid(sheet.title, found, hidden=sheet.sheet_state != "visible", repeated=repeated)


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
            raise refusal("grande-feuille", name, sheet=sheet.title, rows=MAX_ROWS, columns=MAX_COLUMNS)
        yield from (cell for cell in row if hasattr(cell, "row")) if keep_empty else filled


def _spread(areas: list[bytes], found: dict[tuple[int, int], RawCell]) -> frozenset[tuple[int, int]]:
    """A merged area holds its value in its first cell only: repeat it, as far as the sheet holds something.

    Returns the places that the cell on their left was repeated in.
    """
    repeated: set[tuple[int, int]] = set()
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
                if (row, column) not in found and column > (first_column or 1):
                    repeated.add((row, column))
                found.setdefault((row, column), value)
                left -= 1
                if left < 0:
                    return frozenset(repeated)
    return frozenset(repeated)
