"""Workbooks handed in as an answer: the template of A6-Q1 filled rightly, then spoilt or turned into a trap."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl

from crc_lab.excel import build_template
from tests.loaded import loaded_activity
from tests.sample_copies import A6, key_answers

_CANARY = "CANARI"


def _template() -> bytes:
    question = loaded_activity(A6).activity.question("A6-Q1")
    if question is None:
        raise LookupError("A6-Q1")
    return build_template(question, key_answers(A6)["A6-Q1"])


def _changed(change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(_template()))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _with(members: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The template with members of its ZIP rewritten."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_template())) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info.filename, members[info.filename](content) if info.filename in members else content)
    return buffer.getvalue()


def _more_sheets(book: Any) -> None:
    extra = book.create_sheet("Brouillon", 0)
    extra["A1"] = "brouillon"
    extra.merge_cells("A1:D4")


def _formulas(book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows(min_row=2, min_col=8, max_col=11):
            for cell in row:
                cell.value = f"=cmd|' /C calc'!{_CANARY}"


def _entities(content: bytes) -> bytes:
    """The « billion laughs » of XML."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    doctype = f'<!DOCTYPE w [<!ENTITY l0 "ha">{levels}]>'.encode()
    return re.sub(rb"(<\?xml[^>]*\?>)?", lambda found: found[0] + doctype, content, count=1)


WORKBOOKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "juste": ("06_scorer.xlsx", _template),
    "feuilles": ("06_scorer.xlsx", lambda: _changed(_more_sheets)),
    "formules": ("06_scorer.xlsx", lambda: _changed(_formulas)),
    "bombe": ("06_scorer.xlsx", lambda: _with({"xl/workbook.xml": lambda content: content + b" " * (200 << 20)})),
    "entites": ("06_scorer.xlsx", lambda: _with({"xl/workbook.xml": _entities})),
    "macros": ("06_scorer.xlsm", _template),
}
