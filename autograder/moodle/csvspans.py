"""A CSV file whose cells can be replaced while every other byte stays as it was.

Why not :mod:`csv`: it gives the text of the cells and forgets how they were written. Written back, quotes that were not
needed vanish, line breaks inside cells and at the end of lines are made alike, the byte order mark and a stray space
are lost. Moodle reads its own worksheet cell by cell and compares dates with it: what a teacher hands over must come
back as it was, but for the marks. Here each cell keeps the span it takes in the file, and only those spans change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from crc_lab.core.decoding import decode

SEPARATORS = (",", ";", "\t", ":")
"""What Moodle's own form offers, the usual ones first."""


class Unclosed(ValueError):
    """A quote that opens a cell and never closes it; ``line``: of the file, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its span in :attr:`Source.view` (quotes included) and its text there, quotes removed."""

    start: int
    end: int
    raw: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; ``number``: the line of the file where it starts, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Source:
    """The bytes of a file as a text in which positions can be named.

    For the encodings of one byte per sign and for UTF-8, ``view`` has one character per byte (latin-1): the separators,
    the quote and the line breaks are the same single bytes in all of them. UTF-16 is simply decoded.
    """

    bom: bytes
    view: str
    encoding: str
    """That of the cells."""

    @property
    def wide(self) -> bool:
        return self.encoding.startswith("utf-16")

    def text(self, cell: Cell) -> str:
        """What the cell says; damaged bytes become « � »."""
        return cell.raw if self.wide else cell.raw.encode("latin-1").decode(self.encoding, "replace")

    def bytes_with(self, changes: Mapping[tuple[int, int], str], escape: str = "replace") -> bytes:
        """The file with other text in some spans; ``escape``: what to do with a sign that its encoding lacks."""
        pieces, position = [], 0
        for (start, end), text in sorted(changes.items()):
            written = text if self.wide else text.encode(self.encoding, escape).decode("latin-1")
            pieces += [self.view[position:start], written]
            position = end
        pieces.append(self.view[position:])
        return self.bom + "".join(pieces).encode(self.encoding if self.wide else "latin-1")


def source(content: bytes) -> Source:
    """The file as a :class:`Source`; raises :class:`UnicodeDecodeError` for what is no text."""
    read = decode(content)
    rest = content[len(read.bom) :]
    view = rest.decode(read.encoding if read.encoding.startswith("utf-16") else "latin-1")
    return Source(read.bom, view, read.encoding)


def lines(view: str, separator: str) -> Iterator[Line]:
    """The lines of a table (RFC 4180), those without any cell left out; raises :class:`Unclosed`."""
    position, number = 0, 1
    while position < len(view):
        cells: list[Cell] = []
        first = number
        while True:
            found = _cell(separator).match(view, position)
            if found is None:  # pragma: no cover - the pattern matches anything but an unclosed quote, seen below
                raise Unclosed(number)
            start, end = found.span("cell")
            raw, quoted = _unquoted(found)
            if not quoted and raw.startswith('"'):
                raise Unclosed(number)
            cells.append(Cell(start, end, raw, quoted))
            number += _breaks(found["cell"])
            position = found.end()
            if found["end"] != separator:
                number += 1
                break
        if len(cells) > 1 or cells[0].raw:
            yield Line(first, tuple(cells))


def quoted(text: str, separator: str, *, always: bool = False) -> str:
    """The text as a cell is written, between quotes where it needs them."""
    needed = always or any(sign in text for sign in (separator, '"', "\r", "\n")) or text != text.strip()
    return '"' + text.replace('"', '""') + '"' if needed else text


@cache
def _cell(separator: str) -> re.Pattern[str]:
    no = re.escape(separator) + r"\r\n"
    cell = rf'"(?P<inside>(?:[^"]|"")*+)"(?P<tail>[^{no}]*)|(?P<bare>[^{no}]*)'
    return re.compile(rf"(?P<cell>{cell})(?P<end>{re.escape(separator)}|\r\n|\r|\n|\Z)")


def _unquoted(found: re.Match[str]) -> tuple[str, bool]:
    if found["bare"] is not None:
        return found["bare"], False
    return found["inside"].replace('""', '"') + found["tail"], True


def _breaks(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))
