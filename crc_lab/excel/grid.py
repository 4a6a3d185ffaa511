"""A spreadsheet as plain cells, and the text of one cell as a student typed it.

What the spreadsheet program changed by itself (leading zeros, dates, « .0 ») is put back here when it can be known,
and said when it cannot; what the *student* typed is never touched.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from openpyxl.utils import get_column_letter

from crc_lab.core.text import fold

_EDGES = " \t\r\n\f\v\u00a0\u2007\u2009\u200b\u202f\u2060\ufeff"
_ZEROS = re.compile(r"0{2,15}")
_FORMULA = re.compile(r"=\s*[-+(]*(?:\$?[A-Za-z]{1,3}\$?\d|[A-Za-zÀ-ÿ.]+\()")
_ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NUM!", "#NOMBRE!", "#NULL!"}
)


class Trouble(Enum):
    """What must be said of a cell, beside its text."""

    UNCOMPUTED = "formule sans résultat"
    ERROR = "erreur de calcul"
    TYPED_FORMULA = "formule restée en texte"
    MONTH = "mois changé en date"
    DATE = "date dans une colonne qui n’en attend pas"
    ZEROS = "zéros remis"


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as the file holds it; ``uncomputed``: a formula whose result was not saved."""

    value: object
    format: str = "General"
    uncomputed: bool = False


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

    def address(self, row: int, column: int) -> str:
        return f"{get_column_letter(column)}{row}" if self.letters else f"ligne {row}, colonne {column}"


@dataclass(frozen=True)
class Book:
    """One file: its sheets in order, and the names it defines (the template's own marks are among them)."""

    file: str
    grids: tuple[Grid, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def trim(text: str) -> str:
    """The text without the spaces, no-break spaces and invisible characters at both ends."""
    return text.replace("\x00", "").strip(_EDGES)


def cell_text(cell: RawCell | None, column: str) -> tuple[str, Trouble | None]:
    """The text of ``cell`` in the column called ``column``, and what must be said of it."""
    if cell is None:
        return "", None
    value = cell.value
    if cell.uncomputed:
        return "", Trouble.UNCOMPUTED
    if isinstance(value, str):
        text = trim(value)
        if text.upper() in _ERRORS:
            return "", Trouble.ERROR
        return text, Trouble.TYPED_FORMULA if _FORMULA.match(text) else None
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX", None
    if isinstance(value, (int, float)):
        return _number(value, column, cell.format)
    if isinstance(value, dt.datetime | dt.date):
        return _date(value, column, cell.format)
    return ("" if value is None else trim(str(value))), None


def _number(value: int | float, column: str, shown_as: str) -> tuple[str, Trouble | None]:
    text = f"{Decimal(f'{value:.15g}'):f}"  # 15 digits, as the spreadsheet shows them: 0,1 + 0,2 is 0,3
    if not text.lstrip("-").isdigit():
        return text, None
    digits = str(int(text))
    if _ZEROS.fullmatch(shown_as) and value >= 0:
        return digits.zfill(len(shown_as)), None  # the sheet itself shows the zeros
    restored = _with_zeros(digits, column)
    return restored, Trouble.ZEROS if restored != digits else None


def _with_zeros(digits: str, column: str) -> str:
    """The zeros (or the +) that a spreadsheet takes away from an identifier typed in a cell that is not text."""
    if not digits.isdigit() or digits == "0":
        return digits
    if column == "siret" and len(digits) < 14:
        return digits.zfill(14)
    if column == "code_postal" and len(digits) == 4:
        return digits.zfill(5)
    if column == "telephone" and len(digits) == 9:
        return "0" + digits
    if column == "telephone" and len(digits) == 11 and digits.startswith("33"):
        return "+" + digits
    return digits


def _date(value: dt.date, column: str, shown_as: str) -> tuple[str, Trouble | None]:
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        text = value.isoformat(sep=" ", timespec="seconds")
    else:
        text = f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
    if not _shows_day(shown_as):
        return text, Trouble.MONTH
    return text, None if is_date_column(column) else Trouble.DATE


def _shows_day(number_format: str) -> bool:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format).casefold()
    return "d" in bare or "j" in bare or not re.search(r"[my]", bare)


def is_date_column(column: str) -> bool:
    return "date" in fold(column).split()
