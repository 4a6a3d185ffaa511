"""How a cell is compared with the expected one. A course adds ways of its own: ``COMPARERS`` of its room."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from crc_lab.checks.answer_rows import MAX_CELL
from crc_lab.core.answers import format_date, format_number, parse_date, parse_number, parse_quantity
from crc_lab.core.settings import decimal
from crc_lab.core.text import bare, fold, without_accents

FRACTION = "fraction"
"""The code of a rate written as a part of one: 0,9 for 90."""


@dataclass(frozen=True, slots=True)
class Match:
    """``share`` of the cell that is right (0 to 1) and the code of the remark it calls for, if any."""

    share: float
    code: str = ""


RIGHT, WRONG = Match(1.0), Match(0.0)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from the expected quantity an answer may be, bounds included; ``relative``: as a part of it."""

    amount: Decimal = Decimal(0)
    relative: bool = False

    @classmethod
    def of(cls, setting: object) -> Tolerance:
        """Written 0.05, « 0,05 » or « 1 % »; raises :class:`ValueError`."""
        text = str(setting).strip()
        return cls(decimal(text.rstrip("% ")) / 100, True) if text.endswith("%") else cls(decimal(text))

    def around(self, wanted: Decimal) -> Decimal:
        return abs(wanted) * self.amount if self.relative else self.amount


NONE = Tolerance()


def same_words(given: str, expected: str) -> Match:
    """Case, accents and punctuation ignored."""
    wanted = fold(expected)
    return RIGHT if wanted and fold(given) == wanted else WRONG


@dataclass(frozen=True, eq=False)
class Comparer:
    """``match`` judges two texts that differ. With ``read``, texts that hold a quantity are compared as quantities, to
    a tolerance, and ``write`` gives a text for one; ``rate``: 0,9 for 90 is told apart."""

    match: Callable[[str, str], Match] = same_words
    read: Callable[[str], Decimal | None] | None = None
    write: Callable[[Decimal], str] = format_number
    rate: bool = False

    def compare(self, given: str, expected: str, tolerance: Tolerance = NONE) -> Match:
        """How far ``given`` is ``expected``; both are clean and neither is empty."""
        if given == expected:
            return RIGHT
        return WRONG if len(given) > MAX_CELL else _compared(self, given, expected, tolerance)


@lru_cache(maxsize=8192)  # a class types the same things
def _compared(comparer: Comparer, given: str, expected: str, tolerance: Tolerance) -> Match:
    wanted = comparer.read(expected) if comparer.read else None
    typed = comparer.read(given) if comparer.read and wanted is not None else None
    if wanted is None or typed is None:
        return comparer.match(given, expected)
    near = tolerance.around(wanted)
    if abs(typed - wanted) <= near:
        return RIGHT
    return Match(0.0, FRACTION) if comparer.rate and abs(100 * typed - wanted) <= near else WRONG


def inferred(expected: str) -> Comparer:
    """The way to compare that an expected value calls for: a number, a rate, a time, a date, a list, else words."""
    if parse_number(expected) is not None:
        return RATE if expected.rstrip().endswith("%") else NUMBER
    if parse_date(expected) is not None:
        return DATE
    if _TIME.fullmatch(expected.strip()):
        return TIME
    return LIST if ";" in expected else TEXT


# --- quantities -------------------------------------------------------------------------------------------------------

_TIME = re.compile(r"\d{1,2} ?[h:] ?[0-5]\d(?: ?: ?[0-5]\d)?|\d{1,2} ?h")
_PIECE = re.compile(r"(\d+(?:\.\d+)?)\s*(heures?|h|minutes?|min|mn|m|secondes?|sec|s|)\.?\s*")
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_NEXT = {"h": "m", "m": "s", "s": ""}


def _seconds(text: str, alone: str) -> Decimal | None:
    """« 4 min 55 », « 10 h 30 », « 0:04:55 » in seconds; a number alone is in the unit ``alone`` (h, m or s)."""
    if (number := parse_number(text)) is not None:
        return number * _SECONDS[alone]
    rest = without_accents(bare(text)).casefold().replace(",", ".")
    parts = rest.split(":")
    if 1 < len(parts) < 4:
        rest = " ".join(map("".join, zip(parts, "hms" if alone == "h" else "hms"[-len(parts) :], strict=False)))
    total, at, unit = Decimal(0), 0, ""
    while at < len(rest) and (piece := _PIECE.match(rest, at)):
        unit = piece[2][:1] or _NEXT.get(unit, "")
        if not unit:
            return None
        total += Decimal(piece[1]) * _SECONDS[unit]
        at = piece.end()
    return total if rest and at == len(rest) else None


def _written_time(seconds: Decimal) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours:f} h {minutes:f} min {format_number(left)} s"


def _day(text: str) -> Decimal | None:
    day = parse_date(text)
    return None if day is None else Decimal(day.toordinal())


def _same_items(given: str, expected: str) -> Match:
    """The same items, in any order, each once."""
    return RIGHT if _items(given) == _items(expected) else WRONG


def _items(text: str) -> set[str]:
    return {item for part in re.split(r"[;,\n]", text) if (item := fold(part))}


EXACT = Comparer(lambda _given, _expected: WRONG)  # the same text has been seen already
TEXT, NUMBER, RATE = Comparer(), Comparer(read=parse_quantity), Comparer(read=parse_quantity, rate=True)
DATE = Comparer(read=_day, write=lambda day: format_date(dt.date.fromordinal(int(day))))
TIME = Comparer(read=lambda text: _seconds(text, "h"), write=_written_time)
LIST = Comparer(_same_items)
COMPARERS = {
    "texte": TEXT,
    "exact": EXACT,
    "nombre": NUMBER,
    "pourcentage": RATE,
    "date": DATE,
    "heure": TIME,
    "duree": Comparer(read=lambda text: _seconds(text, "s"), write=_written_time),
    "liste": LIST,
}
