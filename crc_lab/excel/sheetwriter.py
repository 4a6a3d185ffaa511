"""Cells, styles and settings that every sheet of a template shares. Nothing typed by a person becomes a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import _HeaderFooterPart as _FooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from crc_lab.core.model import Question

LISTS = "Listes"
_WIDEST = 44

_TEXT, _GENERAL, _DATE = "@", "General", "dd/mm/yyyy"
_LONGEST = 32_000
_NEVER_NUMBERS = frozenset({"siret", "telephone", "code_postal", "numero_voie", "code_ape"})
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_ENDS_WITH_ZERO = re.compile(r"\.\d*0$|\.$")  # « 4.50 » typed by a student stays « 4.50 »: it is written as text
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")

_SIDE = Side(style="thin", color="D9D4C7")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_HEADER_FONT = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", start_color="1D4E89")
_TO_FILL = PatternFill("solid", start_color="FFF4C2")
_SHOWN = PatternFill("solid", start_color="F3F1EA")


class Lists:
    """Drop-down lists: short ones inside the validation, the others on a hidden sheet."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet(LISTS)
        self._sheet.sheet_state = "hidden"
        self._book = book
        self._used = 0

    def validation(self, choices: Sequence[str]) -> DataValidation:
        inline = ",".join(choices)
        # The separator, the quote and 255 characters are the limits of a list written inside the validation.
        if len(inline) <= 250 and not any(set(choice) & set(',"') or choice != choice.strip() for choice in choices):
            formula = f'"{inline}"'
        else:
            self._used += 1
            for row, choice in enumerate(choices, start=1):
                write_cell(self._sheet, row, self._used, choice)
            letter = get_column_letter(self._used)
            formula = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
        return DataValidation(
            type="list", formula1=formula, allow_blank=True, errorStyle="warning", showErrorMessage=True,
            errorTitle="Valeur inhabituelle",
            error="Cette valeur n’est pas dans la liste proposée. La garder quand même ?",
        )  # fmt: skip

    def close(self) -> None:
        if not self._used:
            self._book.remove(self._sheet)


def write_headers(sheet: Worksheet, names: Sequence[str]) -> None:
    for position, name in enumerate(names, start=1):
        write_cell(sheet, 1, position, name)
        cell = sheet.cell(1, position)
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL


def write_cell(
    sheet: Any,
    row: int,
    column: int,
    text: str,
    *,
    to_fill: bool = False,
    typed: bool = False,
    wrap: bool = False,
    bare: bool = False,
) -> None:
    """One cell. ``typed``: a number or a date is written as such; anything else is text, never a formula.

    ``to_fill`` makes it yellow and free to change; ``bare`` leaves it without colour and border.
    """
    cell = sheet.cell(row, column)
    cell.number_format = _GENERAL if typed else _TEXT
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
    kept_as_typed = len(clean) > 15 or (to_fill and _ENDS_WITH_ZERO.search(clean))
    if typed and _PLAIN_NUMBER.fullmatch(clean) and not kept_as_typed:
        cell.value = float(clean) if "." in clean else int(clean)
        cell.number_format = "0.00" if "." in clean else _GENERAL
    elif typed and (date := _as_date(clean)):
        cell.value, cell.number_format = date, _DATE
    elif clean:
        cell.value, cell.data_type = clean, "s"
        cell.quotePrefix = clean[0] in "=+-@"
    if not bare:
        cell.border = _BORDER
        cell.fill = _TO_FILL if to_fill else _SHOWN
    cell.protection = Protection(locked=not to_fill)
    cell.alignment = Alignment(vertical="top" if wrap else None, wrap_text=wrap or "\n" in clean)


def all_typed(name: str, texts: Iterable[str]) -> bool:
    """A given column is written as numbers or dates (formulas need them) when every value of it is one."""
    filled = [text for text in texts if text]
    if not filled or name in _NEVER_NUMBERS:
        return False
    return all(_PLAIN_NUMBER.fullmatch(text) for text in filled) or all(_as_date(text) for text in filled)


def _as_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _ISO_DATE.fullmatch(text) and text > "1900-03-01" else None
    except ValueError:
        return None


def finish(sheet: Worksheet, question: Question, freeze: str) -> None:
    sheet.freeze_panes = freeze
    sheet.print_title_rows = "1:1"
    print_setup(sheet, question)
    protect(sheet)


def print_setup(sheet: Worksheet, question: Question) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1 if sheet.max_column <= 14 else 3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter is not None:
        sheet.oddFooter.left, sheet.oddFooter.right = _FooterPart(text=question.id), _FooterPart(text="&P / &N")


def protect(sheet: Worksheet) -> None:
    sheet.protection.sheet = True
    # False: what stays allowed on a protected sheet.
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False
    sheet.protection.sort = sheet.protection.autoFilter = False


def set_width(sheet: Worksheet, position: int, name: str, texts: Sequence[str]) -> None:
    """Wide enough for the header and the texts of the column, within reason."""
    longest = max([len(text) for text in texts], default=0)
    sheet.column_dimensions[get_column_letter(position)].width = min(max(len(name) + 4, longest + 2, 8), _WIDEST)
