"""What a cell of a table must hold, and how it is compared with it.

A course adds ways of comparing of its own: ``COMPARERS`` of its room.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crc_lab.checks.answer_rows import MAX_CELL, type_of_cell
from crc_lab.core import settings as s
from crc_lab.core.answers import format_date, format_number, parse_date, parse_number, parse_quantity
from crc_lab.core.errors import did_you_mean
from crc_lab.core.grading import Context
from crc_lab.core.model import EMPTY
from crc_lab.core.problems import type_of_path
from crc_lab.core.settings import Mistake, Place, Setting, decimal
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


# --- cells that follow from others of the same row --------------------------------------------------------------------
# A sum, a decision by thresholds: they are judged on what the student wrote in those others, so that a mistake costs
# once. Where such a cell holds no number, the key's one stands for it.

SUM, STEPS, FROM, BOUNDS = "somme", "tranches", "selon", "a_partir"

FOLLOWED = (
    Setting(
        SUM,
        s.mapping(s.ASKED, s.list_of(s.ASKED, least=1, distinct=True)),
        "Une colonne qui est la somme d’autres colonnes : elle est jugée sur ce que l’élève y a écrit.",
    ),
    Setting(
        STEPS,
        s.mapping(s.ASKED, s.table_of({FROM: s.ASKED, BOUNDS: s.mapping(s.TEXT, s.VALUE)})),
        "Une colonne qui se décide d’après une autre (« selon »), jugée sur ce que l’élève y a écrit : pour chaque "
        "réponse, le nombre à partir duquel elle est juste (« a_partir »). Une fiche pour laquelle le corrigé attend "
        "autre chose n’en dépend pas.",
    ),
)


def followed(
    context: Context, expected: Mapping[type_of_cell, str], own: Mapping[type_of_cell, str]
) -> dict[type_of_cell, str]:
    """What the cells that follow from others must hold. ``expected``: every cell of the key, ``own``: the student's."""

    def number(cell: type_of_cell) -> Decimal | None:
        typed = parse_number(own.get(cell, ""))
        return parse_number(expected.get(cell, "")) if typed is None else typed

    found = {}
    sums: Mapping[str, list[str]] = context.param(SUM, EMPTY)
    steps: Mapping[str, Mapping[str, Any]] = context.param(STEPS, EMPTY)
    for record, column in expected:
        if column in sums:
            numbers = [one for name in sums[column] if (one := number((record, name))) is not None]
            if len(numbers) == len(sums[column]):
                found[record, column] = format_number(sum(numbers, Decimal(0)))
        elif column in steps and expected[record, column] in steps[column][BOUNDS]:
            reached = number((record, steps[column][FROM]))
            if reached is not None and (text := _step(steps[column][BOUNDS], reached)):
                found[record, column] = text
    return found


def _step(bounds: Mapping[str, object], reached: Decimal) -> str:
    """The answer of the highest bound that is reached; nothing below them all."""
    return max(((least, text) for text, least in _bounds(bounds) if least <= reached), default=(reached, ""))[1]


def _bounds(bounds: Mapping[str, object]) -> list[tuple[str, Decimal]]:
    return [(text, decimal(least)) for text, least in bounds.items()]


def followed_problems(place: Place) -> Iterator[Mistake]:
    """A column with a drop-down is decided among its choices."""
    spec = place.question.table
    for column in spec.columns if spec else ():
        for text in place.settings.get(STEPS, EMPTY).get(column.name, EMPTY).get(BOUNDS, EMPTY):
            if column.choices and text not in column.choices:
                told = f"« {text} » n’est pas dans la liste de la colonne. {did_you_mean(text, column.choices)}"
                yield Mistake((STEPS, column.name, BOUNDS, text), told)


@dataclass(frozen=True, slots=True)
class Change:
    """Cells of one row written otherwise, after which ``cell`` must be ``right``, or not; ``path``: what it proves."""

    about: str
    cell: type_of_cell
    texts: Mapping[str, str]
    right: bool
    path: type_of_path


def followed_changes(context: Context, expected: Mapping[type_of_cell, str]) -> Iterator[Change]:
    """The first row of each column that follows from others, with those others changed, and it too or not."""
    key = followed(context, expected, {})
    first: dict[str, str] = {}
    for record, column in key:
        first.setdefault(column, record)
    for column, summed in context.param(SUM, EMPTY).items():
        if column not in first:
            continue
        record = first[column]
        total, part = (parse_number(text) or Decimal(0) for text in (key[record, column], expected[record, summed[0]]))
        more = 1 + abs(total)
        other = {summed[0]: format_number(part + more)}
        path: type_of_path = (SUM, column)
        both = {**other, column: format_number(total + more)}
        yield Change("la somme de ses propres cases", (record, column), both, right=True, path=path)
        yield Change("une case changée sans la somme", (record, column), other, right=False, path=path)
    for column, rule in context.param(STEPS, EMPTY).items():
        if column not in first:
            continue
        record, path = first[column], (STEPS, column)
        lowest = min(least for _, least in _bounds(rule[BOUNDS]))
        for text, least in _bounds(rule[BOUNDS]):
            at, under = ({rule[FROM]: format_number(one), column: text} for one in (least, least - 1))
            yield Change(f"« {text} » à la limite", (record, column), at, right=True, path=path)
            if least > lowest:
                yield Change(f"« {text} » sous la limite", (record, column), under, right=False, path=path)
