"""Moodle's grading worksheet as a table: its separator, its encoding, the place of its columns in French or in English.

Read and written by :mod:`csv`, because Moodle compares values, never bytes: its import recodes the file, makes its line
ends alike and cuts it with ``fgetcsv`` (``lib/csvlib.class.php``); it finds three headers, takes the number after
« Participant », gives « Dernière modification (note) » to ``strtotime`` and puts in its own comment's place every one
that differs (``mod/assign/feedback/offline``: ``importgradeslib.php``, ``locallib.php``, Moodle 2.6 to 4.5). Therefore
a row that is not filled is given back as it was written, and a filled one keeps its values, separator and line end.

Headers: language strings of ``mod_assign`` (recordid, fullname, gradecanbechanged, lastmodifiedgrade…) and of the
plugin « Feedback par commentaires ».
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Literal

from crc_lab.core.cells import find_head
from crc_lab.core.decoding import decode, mended
from crc_lab.core.errors import ImportProblem
from crc_lab.core.text import clean_line, fold, listing

Role = Literal[
    "id", "grade", "maximum", "scale", "changeable", "modified", "comment", "name", "email", "group"
]  # fmt: skip
_HEADERS: Mapping[str, tuple[str, str]] = {
    "id": ("Identifiant", "Identifier"),
    "grade": ("Note", "Grade"),
    "maximum": ("Note maximale", "Maximum grade"),
    "scale": ("Barème", "Scale"),
    "changeable": ("La note peut être modifiée", "Grade can be changed"),
    "modified": ("Dernière modification (note)", "Last modified (grade)"),
    "comment": ("Feedback par commentaires", "Feedback comments"),
    "name": ("Nom complet", "Full name"),
    "email": ("Adresse de courriel", "Email address"),
    "group": ("Groupe", "Group"),
}
"""(French, English) header of each column that matters here; the others are never looked at."""
_DECIMAL = re.compile(r"\d([.,])\d")
_LOOKED_AT = 10
"""Lines in which the headers are looked for: Excel may add « sep=; » above them."""
LARGEST = 20_000_000
_SEPARATORS = (",", ";", "\t", ":")
"""What Moodle's own form offers, the usual ones first."""
TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


class WorksheetProblem(ImportProblem):
    """A worksheet that cannot be filled."""

    @classmethod
    def of(cls, file: str, refusal: str, **values: object) -> WorksheetProblem:
        """The ``refusal`` of that name in texts.toml; ``values`` fill its gaps."""
        said = TEXTS["refusal"][refusal]
        return cls(file, said["what"].format(**values), said.get("remedy", TEXTS["refusal"]["again"]))

    def __str__(self) -> str:
        return f"Formulaire Moodle {super().__str__()}"


class _Unclosed(ValueError):
    """A quote that opens a cell and never closes it; its argument is the line of the file where its row starts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line of the file where it starts (from 1), its text as the file has it, its cells."""

    number: int
    raw: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A worksheet cut into cells, and the place of its columns. ``lines``: all of the file, ``head`` the headers'."""

    lines: Sequence[Line]
    head: Line
    columns: Mapping[str, int]
    separator: str
    encoding: str
    bom: bytes

    @cached_property
    def body(self) -> list[Line]:
        """The rows under the headers, those without any cell left out."""
        return [one for one in self.lines if one.number > self.head.number and (len(one.cells) > 1 or any(one.cells))]

    @property
    def language(self) -> int:
        """0: French, 1: English."""
        return int(fold(self.head.cells[self.columns["id"]]) != fold(_HEADERS["id"][0]))

    @cached_property
    def decimal_sign(self) -> str:
        """The comma or the point: that of the marks already there, else that of the language."""
        found = (_DECIMAL.search(self.text(line, role)) for line in self.body for role in ("grade", "maximum"))
        return next((one[1] for one in found if one), ",."[self.language])

    def text(self, line: Line, role: Role) -> str:
        """What a cell says; nothing where the column or the cell is missing."""
        return "".join(line.cells[self.columns[role] :][:1]).strip() if role in self.columns else ""

    def lacking(self, *roles: Role) -> list[str]:
        """The headers, between quotes, of those of these columns that are not there."""
        return [f"« {_HEADERS[role][self.language]} »" for role in roles if role not in self.columns]

    def filled(self, changes: Mapping[int, Mapping[str, str]]) -> bytes:
        """The file with other texts in some cells, by number of line and role.

        What its encoding cannot write becomes an HTML entity.
        """
        return self.bom + b"".join(
            self._encoded(self._written(line, changes[line.number]) if line.number in changes else line.raw)
            for line in self.lines
        )

    def _written(self, line: Line, texts: Mapping[str, str]) -> str:
        cells = list(line.cells)
        for role, text in texts.items():
            cells[self.columns[role]] = text
        all_quoted = self.head.raw.count('"') == 2 * len(self.head.cells)
        row = io.StringIO(newline="")
        csv.writer(row, delimiter=self.separator, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL).writerow(
            cells
        )
        return row.getvalue().removesuffix("\r\n") + line.raw[len(line.raw.rstrip("\r\n")) :]

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode(self.encoding, "surrogateescape")  # damaged bytes come back as they were
        except UnicodeEncodeError:
            return text.encode(self.encoding, "xmlcharrefreplace")


def read_table(content: bytes, file: str) -> Table:
    """The table of a worksheet; raises :class:`WorksheetProblem` when it cannot be one that marks may be put in."""
    if len(content) > LARGEST:
        raise WorksheetProblem.of(file, "too-big")
    if content.startswith(b"PK"):
        raise WorksheetProblem.of(file, "excel")
    limit = csv.field_size_limit(LARGEST)
    try:
        table = _best(content)
    except UnicodeDecodeError:
        raise WorksheetProblem.of(file, "damaged") from None
    except _Unclosed as error:
        raise WorksheetProblem.of(file, "unclosed", line=error.args[0]) from None
    finally:
        csv.field_size_limit(limit)
    if table is None or "id" not in table.columns:
        raise WorksheetProblem.of(file, "other")
    if any(mended(text) != text for text in table.head.cells):
        raise WorksheetProblem.of(file, "accents")
    if "scale" in table.columns and "maximum" not in table.columns:
        raise WorksheetProblem.of(file, "scale")
    if lacking := table.lacking("grade", "maximum"):
        shown = [clean_line(cell, 40) for cell in table.head.cells]
        raise WorksheetProblem.of(file, "no-marks", names=listing(lacking), found=listing(shown, 8))
    return table


def _best(content: bytes) -> Table | None:
    """The table as cut in the way that gives the most known headers; the first of equals."""
    read = decode(content)
    # Damaged bytes far from the headers come back as they were.
    text = content[len(read.bom) :].decode(read.encoding, "surrogateescape")
    best: Table | None = None
    broken: _Unclosed | None = None
    for separator in _SEPARATORS:
        try:
            lines = {line.number: line for line in islice(_lines(text, separator), _LOOKED_AT)}
        except _Unclosed as error:
            broken = broken or error
            continue
        head = find_head(((row, dict(enumerate(line.cells))) for row, line in lines.items()), _HEADERS)
        if head is not None and (best is None or len(head.columns) > len(best.columns)):
            best = Table((), lines[head.row], head.first, separator, read.encoding, read.bom)
    if best is None and broken is not None:
        raise broken
    return best and replace(best, lines=tuple(_lines(text, best.separator)))


def _lines(text: str, separator: str) -> Iterator[Line]:
    """The rows of a table (RFC 4180), empty ones included; raises :class:`_Unclosed`."""
    written = list(io.StringIO(text, newline=""))
    start = 0
    reader = csv.reader([*written, "\n"], delimiter=separator)  # one line more, which an open quote would swallow
    for cells in reader:
        if reader.line_num > len(written):
            if start < len(written):
                raise _Unclosed(start + 1)
            return
        yield Line(start + 1, "".join(written[start : reader.line_num]), cells)
        start = reader.line_num
