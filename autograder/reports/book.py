"""XLSX files made of plain values: no text is ever a formula, the same values give the same bytes.

Text from outside is written as text, never as a formula, and a value that a spreadsheet could take for a formula
(first character ``=``, ``+``, ``-``, ``@``, tab or line break, full-width forms included) gets an apostrophe in front,
so that it stays harmless even once the sheet is saved as CSV (OWASP, « CSV injection »).
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Iterable
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from crc_lab.core.text import clean

CREATED = dt.datetime(2026, 11, 1)
"""Date written in the files: the reference date of the case, never the clock (same copies, same bytes)."""
DANGEROUS = "=+-@\t\r\n＝＋－＠"
_EVEN_AFTER_SPACES = ("=", "@", "＝", "＠")
LONGEST = 32_000
_LINE, _HIGHEST = 15.0, 405.0


def harmless(text: str) -> str:
    """The text as it may be put in a cell."""
    kept = clean(text)[:LONGEST]
    dangerous = kept.startswith(tuple(DANGEROUS)) or kept.lstrip()[:1] in _EVEN_AFTER_SPACES
    return f"'{kept}" if dangerous else kept


def bared(text: str) -> str:
    """The text without the apostrophe that :func:`harmless` puts in front of it."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


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
