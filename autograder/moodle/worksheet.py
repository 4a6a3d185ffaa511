"""Moodle's own grading worksheet, filled in a copy: only the cells of marks and comments change, byte for byte.

Rules of Moodle's import, from ``mod/assign/feedback/offline`` (4.5): the number at the end of « Identifiant » is that
of the participant in this assignment; a mark above the maximum, an empty one, a locked one, one older than Moodle's is
skipped without a word; comments are HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.marking.marked import ClassResult, CopyResult
from autograder.moodle import columns as of
from autograder.moodle.columns import Table, read_table
from autograder.moodle.comments import Pairs, comment, mark_out_of, merged
from autograder.moodle.csvspans import Line, quoted
from autograder.moodle.joining import Pair, Row, join
from autograder.moodle.problems import WorksheetProblem
from crc_lab.core.answers import parse_number
from crc_lab.core.feedback import number_text
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import fold
from crc_lab.core.wording import reason

_DECIMAL = re.compile(r"\d([.,])\d")
_LOCKED = frozenset({"non", "no"})


@dataclass(frozen=True)
class FilledWorksheet:
    """A worksheet and what was done with it; names of people and rows, in the order of the file.

    ``path``: where the filled copy is. ``otherwise``: rows recognised without Moodle's number, with how;
    ``doubts``: rows that could be somebody else's, with why; ``replaced``: rows that had another mark in Moodle.
    """

    file: str
    path: Path
    rows: int
    filled: int
    without_copy: tuple[str, ...] = ()
    without_row: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    provisional: tuple[str, ...] = ()
    otherwise: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    replaced: tuple[str, ...] = ()
    separator: str = ","
    encoding: str = "utf-8"
    headers_missing: tuple[str, ...] = ()
    has_comments: bool = True

    @property
    def sentences(self) -> tuple[str, ...]:
        """The report, in French, line by line."""
        from autograder.moodle.report import sentences

        return sentences(self)


def fill_worksheet(source: Path, result: ClassResult, path: Path) -> FilledWorksheet:
    """Write in ``path`` the worksheet ``source``, filled; ``source`` itself is never touched.

    Raises :class:`WorksheetProblem` and :class:`OSError`; nothing is then written.
    """
    table = read_table(_read(source), source.name)
    rows = [_row(table, line) for line in table.body]
    joined = join(rows, result)
    if not joined.copies and not joined.doubts:
        raise WorksheetProblem(
            source.name,
            "aucun de ses élèves n’a de copie notée." if rows else "il ne contient aucun élève.",
            "Vérifiez que c’est le formulaire du devoir que vous avez corrigé ; s’il l’est, donnez aussi la liste de "
            "classe (--classe).",
        )
    filling = _Filling(table, result)
    doubtful = {row.line for row, _ in joined.doubts}
    for position, (line, row) in enumerate(zip(table.body, rows, strict=True)):
        if position in joined.copies:
            filling.fill(line, row, joined.copies[position])
        elif row.line not in doubtful:
            filling.without_copy.append(row.shown)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, table.source.bytes_with(filling.changes, table.encoding, "xmlcharrefreplace"))
    return FilledWorksheet(
        source.name, path, len(rows), filling.filled, tuple(filling.without_copy), _copies_shown(joined.unused),
        tuple(filling.locked), tuple(filling.provisional), tuple((row.shown, how) for row, how in joined.otherwise),
        tuple((row.shown, why) for row, why in joined.doubts), tuple(filling.replaced), table.separator,
        table.encoding, of.missing(table), of.COMMENT in table.columns,
    )  # fmt: skip


@dataclass
class _Filling:
    """The changes so far, and the rows that were left alone."""

    table: Table
    result: ClassResult
    changes: dict[tuple[int, int], str] = field(default_factory=dict)
    filled: int = 0
    without_copy: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    provisional: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sign = _decimal_sign(self.table)
        self.order = {activity.id: (number, activity) for number, activity in enumerate(self.result.activities)}

    def fill(self, line: Line, row: Row, found: Sequence[Pair]) -> None:
        if fold(self.table.text(line, of.CHANGEABLE)) in _LOCKED:
            self.locked.append(row.shown)
            return
        copies = [copy for _, copy in found]
        if any(copy.pending for copy in copies):
            self.provisional.append(row.shown)
            return
        maximum = parse_number(self.table.text(line, of.MAXIMUM))
        place = self.table.columns[of.GRADE]
        if maximum is None or maximum <= 0 or place >= len(line.cells):
            self.without_copy.append(f"{row.shown} (ligne {line.number} incomplète)")
            return
        pairs = self._pairs(copies)
        mark = mark_out_of(maximum, pairs)
        before = parse_number(self.table.text(line, of.GRADE))
        if before is not None and before != mark:
            self.replaced.append(row.shown)
        self._put(line, of.GRADE, number_text(mark).replace(",", self.sign))
        if self.table.columns.get(of.COMMENT, len(line.cells)) < len(line.cells):
            self._put(line, of.COMMENT, merged(self.table.text(line, of.COMMENT), comment(pairs)))
        self.filled += 1

    def _pairs(self, copies: Sequence[CopyResult]) -> Pairs:
        ordered = sorted(copies, key=lambda copy: self.order[copy.activity][0])
        return [(self.order[copy.activity][1], copy) for copy in ordered]

    def _put(self, line: Line, role: str, text: str) -> None:
        cell = line.cells[self.table.columns[role]]
        self.changes[cell.start, cell.end] = quoted(text, self.table.separator, always=cell.quoted)


def _row(table: Table, line: Line) -> Row:
    return Row(line.number, *(table.text(line, role) for role in (of.ID, of.NAME, of.EMAIL, of.GROUP)))


def _decimal_sign(table: Table) -> str:
    """The comma or the point: that of the marks already there, else that of the language."""
    for line in table.body:
        for role in (of.GRADE, of.MAXIMUM):
            if found := _DECIMAL.search(table.text(line, role)):
                return found[1]
    return "," if table.french else "."


def _copies_shown(unused: Sequence[Pair]) -> tuple[str, ...]:
    return tuple(f"{student.person.name} ({copy.file})" for student, copy in unused)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(of.LARGEST + 1)
    except OSError as error:
        what = f"ce fichier ne peut pas être lu ({reason(error)})."
        raise WorksheetProblem(path.name, what, "Vérifiez son nom, et qu’il n’est pas ouvert dans Excel.") from None
