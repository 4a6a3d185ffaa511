"""What is remembered of a cell: enough to tell that it was changed, nothing that could be run, read or weigh much."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_CELLS = 2_000
"""Cells of one notebook that are compared; the workbook's have 40 at most."""
_MAX_NAME = 80
_MAX_POINTS = 1e9
_QUESTION = re.compile(r'^question\("([^"\n]{1,40})"\)', re.MULTILINE)
_FLAGS = ("grade", "solution", "locked", "task")


@dataclass(frozen=True, slots=True)
class CellPrint:
    """One cell: its id, its type, the SHA-256 of its source and what nbgrader knows of it (empty when nothing).

    ``question``: the question that its source shows; ``points`` as text; ``flags``: the nbgrader flags that are set.
    """

    id: str
    kind: str
    digest: str
    question: str = ""
    grade_id: str = ""
    points: str = ""
    flags: tuple[str, ...] = ()
    blank: bool = False


class PrintedCell(dict[str, Any]):
    """What stands for a cell once it is read: an empty object that bears its print."""

    __slots__ = ("print",)

    def __init__(self, cell: Mapping[str, Any]) -> None:
        super().__init__()
        self.print = print_of(cell)


def print_of(cell: Mapping[str, Any]) -> CellPrint:
    """The print of a cell of nbformat 3 or 4, whatever is in it. Line ends and trailing spaces are no difference."""
    source = _source(cell)
    found = _QUESTION.search(source)
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    known: Mapping[str, Any] = nbgrader if isinstance(nbgrader, dict) else {}
    return CellPrint(
        _name(cell.get("id")),
        _name(cell.get("cell_type")),
        hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest(),
        found[1] if found else "",
        _name(known.get("grade_id")),
        _points(known.get("points")),
        tuple(name for name in _FLAGS if known.get(name) is True),
        not source,
    )


def _source(cell: Mapping[str, Any]) -> str:
    raw = cell.get("source", cell.get("input"))
    if isinstance(raw, list):
        raw = "".join(line for line in raw if isinstance(line, str))
    return raw.replace("\r\n", "\n").rstrip() if isinstance(raw, str) else ""


def _name(raw: Any) -> str:
    return raw[:_MAX_NAME] if isinstance(raw, str) else ""


def _points(raw: Any) -> str:
    """The points as people write them; ``?`` for what is no number."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) < _MAX_POINTS:
        return "?"
    return f"{raw:g}".replace(".", ",")
