"""The student's RFM table, read once for every criterion: which column is which, which row is whose, which segment.

The note of a cell is kept as text and read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from crc_lab.checks.pairs import record_id
from crc_lab.core.answers import parse_number
from crc_lab.core.headers import recognise
from crc_lab.core.model import Table
from crc_lab.core.text import normalise
from crc_lab.marielle import rfm
from crc_lab.marielle.columns import WORDINGS

ID, R, F, M, TOTAL, SEGMENT = "id_contact", "R", "F", "M", "score", "segment"
NOTES = (R, F, M)
ROLES = (*NOTES, TOTAL, SEGMENT)

_NAMES = {ID: (*WORDINGS[ID], "contact"), **{role: WORDINGS[role] for role in ROLES}}
_SEGMENTS = {
    "tre bon": rfm.VERY_GOOD, "tre bonne": rfm.VERY_GOOD, "bon": rfm.GOOD, "bonne": rfm.GOOD, "tiede": rfm.WARM,
    "inactif": rfm.INACTIVE, "inactive": rfm.INACTIVE, "prospect": rfm.PROSPECT, "san objet": rfm.PROSPECT,
    "prospect san objet": rfm.PROSPECT, "non scorable": rfm.NOT_SCORABLE,
}  # fmt: skip
_DROPPED = {"client", "cliente", "segment", "le"}
_UNITS = ("points", "point", "pts", "pt")


@dataclass(frozen=True, slots=True)
class Line:
    """The five cells of one customer, as typed (``""`` when empty, also when the column is missing)."""

    cells: tuple[str, str, str, str, str]

    def text(self, role: str) -> str:
        return self.cells[ROLES.index(role)]

    def number(self, role: str) -> Decimal | None:
        """The note or the total, None when the cell is empty or is not a number."""
        return read_note(self.text(role))

    @property
    def notes(self) -> tuple[Decimal, ...] | None:
        """R, F and M when all three are numbers, else None."""
        found = tuple(note for role in NOTES if (note := self.number(role)) is not None)
        return found if len(found) == len(NOTES) else None

    @property
    def own_total(self) -> Decimal | None:
        """The total written, else the sum of the three notes: what the segment is judged on."""
        if self.text(TOTAL):
            return self.number(TOTAL)
        return sum(self.notes, Decimal(0)) if self.notes else None

    @property
    def blank(self) -> bool:
        return not any(self.cells)


BLANK = Line(("", "", "", "", ""))


@dataclass(frozen=True)
class Sheet:
    """``columns``: the student's name of each column found; ``lines``: the first row of each known customer;
    ``unknown`` and ``repeated``: ids to be told."""

    columns: dict[str, str]
    lines: dict[str, Line]
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns that the table lacks; the others do not matter when the identifier itself is missing."""
        return tuple(role for role in ROLES if role not in self.columns) if ID in self.columns else (ID,)

    def line(self, name: str) -> Line:
        return self.lines.get(name, BLANK)


def read_sheet(value: Table, known: Iterable[str]) -> Sheet:
    """The student's table, its rows by customer. ``known``: the ids of the file; the first row of an id counts."""
    places = recognise(dict(enumerate(value.columns)), _NAMES)
    columns = {role: value.columns[found[0]] for role, found in places.items()}
    if ID not in columns:
        return Sheet(columns, {})
    ids = set(known)
    asked = [places[role][0] if role in places else None for role in ROLES]
    lines: dict[str, Line] = {}
    unknown: dict[str, None] = {}
    repeated: dict[str, None] = {}
    for row in value.rows:
        name = record_id(row[places[ID][0]])
        first, second, third, fourth, fifth = ("" if place is None else row[place] for place in asked)
        line = Line((first, second, third, fourth, fifth))
        if name not in ids:
            if name or not line.blank:
                unknown[name or "?"] = None
        elif name in lines:
            repeated[name] = None
        else:
            lines[name] = line
    return Sheet(columns, lines, tuple(unknown), tuple(repeated))


@lru_cache(maxsize=512)
def read_note(text: str) -> Decimal | None:
    """A note or a total, « 10 », « 10,0 », « 10 pts »; None when it is not a number."""
    bare = text.strip().casefold()
    unit = next((unit for unit in _UNITS if bare.endswith(unit)), "")
    return parse_number(bare.removesuffix(unit).strip())


@lru_cache(maxsize=512)
def read_segment(text: str) -> str | None:
    """The segment meant (« tres bons », « Bon client », « Prospect »…), None when it is none of them."""
    words = [word for word in normalise(text).split() if word not in _DROPPED]
    return _SEGMENTS.get(" ".join(words))
