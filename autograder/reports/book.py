"""XLSX and CSV files made of plain values: no text is ever a formula, the same values give the same bytes.

Text from outside is written as text, never as a formula, and a value that a spreadsheet could take for a formula
(first character ``=``, ``+``, ``-``, ``@``, tab or line break, full-width forms included) gets an apostrophe in front,
so that it stays harmless even once the sheet is saved as CSV (OWASP, « CSV injection »).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from crc_lab.core.text import clean, french

CREATED = dt.datetime(2026, 11, 1)
"""Date written in the files: the reference date of the case, never the clock (same copies, same bytes)."""
DANGEROUS = "=+-@\t\r\n＝＋－＠"
_EVEN_AFTER_SPACES = ("=", "@", "＝", "＠")
LONGEST = 32_000
_LINE, _HIGHEST = 15.0, 405.0
_A4 = 9


def harmless(text: str) -> str:
    """The text as it may be put in a cell."""
    kept = clean(text)[:LONGEST]
    dangerous = kept.startswith(tuple(DANGEROUS)) or kept.lstrip()[:1] in _EVEN_AFTER_SPACES
    return f"'{kept}" if dangerous else kept


def bared(text: str) -> str:
    """The text without the apostrophe that :func:`harmless` puts in front of it."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as people open them with a spreadsheet: « ; », UTF-8 with its mark, no formula (« - » alone is none)."""
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=";").writerows(
        [cell if cell == "-" else harmless(cell) for cell in row] for row in rows
    )
    return content.getvalue().encode("utf-8-sig", "replace")


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height of a row (in points) in which each (text, column width) can be read whole, as far as a row may be.

    Excel finds it by itself when it opens the file, LibreOffice does not.
    """
    lines = max(
        (sum(math.ceil(max(len(line), 1) / max(width, 1)) for line in text.split("\n")) for text, width in cells),
        default=1,
    )
    return min(_LINE * lines, _HIGHEST)


def book_bytes(title: str, fill: Callable[[Any], None]) -> bytes:
    """The file that ``fill`` makes with a new ``xlsxwriter.Workbook``, row after row; raises :class:`OSError`."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "author": "crc-lab", "created": CREATED})
    fill(book)
    try:
        book.close()
    except FileCreateError as error:  # the temporary files of the rows
        raise OSError(str(error)) from error
    return content.getvalue()


def printable(sheet: Any, frozen: int) -> None:
    """Landscape on A4, the titles (and ``frozen`` columns) always in sight."""
    sheet.freeze_panes(1, frozen)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


# --- a sheet that a teacher fills -------------------------------------------------------------------------------------


_BORDER = {"border": 1, "border_color": "#D9D4C7", "valign": "top", "num_format": "@", "text_wrap": True}
GIVEN, TO_FILL = {**_BORDER, "bg_color": "#F3F1EA"}, {**_BORDER, "bg_color": "#FFF4C2", "locked": False}
FORM: Mapping[str, Mapping[str, Any]] = {
    "head": {**_BORDER, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1D4E89"},
    "text": GIVEN,
    "number": {**GIVEN, "num_format": "General"},
    "fill": TO_FILL,
    "help": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
}
"""How its cells look: grey where we wrote, yellow where the teacher writes."""
_LEFT_FREE = {"format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True}
type_of_looks = Mapping[str, Any]


def form_sheet(sheet: Any, looks: type_of_looks, columns: Mapping[str, float], rows: int, frozen: int) -> None:
    """Titles, widths (0: hidden), filters and protection of a sheet of so many ``rows`` below its titles."""
    titles(sheet, looks, columns)
    printable(sheet, frozen)
    sheet.autofilter(0, [*map(bool, columns.values())].index(True), rows, len(columns) - 1)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.protect("", _LEFT_FREE)


def titles(sheet: Any, looks: type_of_looks, columns: Mapping[str, float]) -> None:
    """The first row, and the width of each column (0: hidden)."""
    for at, (title, width) in enumerate(columns.items()):
        sheet.set_column(at, at, width or None, None, {} if width else {"hidden": True})
        sheet.write_string(0, at, title, looks["head"])


def help_sheet(book: Any, looks: type_of_looks, title: str, lines: Iterable[str]) -> None:
    """What to do, a paragraph a row."""
    sheet = book.add_worksheet("Mode d’emploi")
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, title, looks["title"])
    for row, text in enumerate(lines, start=2):
        sheet.write_string(row, 0, french(text), looks["help"])
    sheet.set_paper(_A4)
    sheet.protect("", _LEFT_FREE)
