"""Plain tables as a workbook: one sheet each, to keep or to show. Nothing in it can be a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from crc_lab.core.model import Table

_LONGEST, _WIDEST = 32_000, 60


def tables_book(tables: Mapping[str, Table], title: str) -> bytes:
    """The XLSX bytes of ``tables``, by the title of their sheet; ``title`` stands above each (whose, what)."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables.items():
        sheet = book.create_sheet(name[:31])
        head = sheet.cell(1, 1)
        _write(head, title)
        head.font = Font(bold=True, size=14)
        for at, row in enumerate((table.columns, *table.rows), start=3):
            for column, text in enumerate(row, start=1):
                cell = sheet.cell(at, column)
                if text.isdecimal() and len(text) < 10 and (text == "0" or text[0] != "0"):
                    cell.value = int(text)
                else:
                    _write(cell, text)
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                if at == 3:
                    cell.font = Font(bold=True, color="FFFFFF")
                    cell.fill = PatternFill("solid", start_color="1D4E89")
        for column, texts in enumerate(zip(table.columns, *table.rows, strict=True), start=1):
            sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(map(len, texts)) + 3)
        sheet.freeze_panes = "B4"
    book.properties.title, book.properties.creator = title, "crc-lab"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(cell: Cell | MergedCell, text: str) -> None:
    """Text, even where it looks like a formula."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
    cell.data_type = "s"
