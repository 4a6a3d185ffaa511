"""Answers through a spreadsheet: the template a student fills, and reading back whatever they hand over.

Needs openpyxl, and neither pandas nor IPython: a teacher also marks a workbook handed in alone. Knows answers, never
scoring. Everything that can go wrong with a file is an :class:`~crc_lab.core.errors.ImportProblem` in French.

Each name is loaded on first use: openpyxl takes as long to load as all the cards, and most days no file is read.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crc_lab.excel.reading import ImportResult
    from crc_lab.excel.template import build_template, read_answer, tables_book, template_question, write_template

__all__ = [
    "MIME",
    "ImportResult",
    "build_template",
    "read_answer",
    "tables_book",
    "template_question",
    "write_template",
]

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The type of an XLSX file, for a browser."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "reading" if name == "ImportResult" else "template"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
