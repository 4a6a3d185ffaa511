"""Tables as people hand them over (card, Excel, CSV, pandas): the one place that reads their headers, and their cells.

The line of headers is recognised by its words wherever it was moved. Case, accents, punctuation, plurals, small words
(« date de la création ») and what is said between brackets (« Panier moyen (€) ») do not matter; « Prénom(s) »,
« Prénom 1 » and « Premier prénom* » are « prénom ». The usual wordings of each column are data of the caller.

A cell becomes what a person would have typed, and what must be said of it. What a spreadsheet changed by itself
(percents, dates turned into days counted, leading zeros, digits) is put back where it can be known, and said; what the
*student* typed is never touched.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from numbers import Integral, Number, Real
from typing import Any

from crc_lab.core.decoding import LOST, mended
from crc_lab.core.model import EMPTY
from crc_lab.core.text import bare, fold, listing, phrases

# --- the line of headers ----------------------------------------------------------------------------------------------

Wordings = Mapping[str, Sequence[str]]
"""The wordings of each column, by name; the first is the column's own and wins over those that others share."""

MAX_ROW = 200
"""The line of headers is looked for down to there: people and programs write titles above it."""

_INFLECTION = re.compile(r"\((?:s|x|e|es|ne|nes)\)|(?<=[^\W\d_])[·⋅•․](?:e|ne|se|s|es)(?:[·⋅•․]s)?\b", re.IGNORECASE)
"""« Prénom(s) », « Étudiant·e·s »."""
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
"""« GivenName »: where the words of a program’s header meet."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PLURAL_OF_LONG = re.compile(r"(?<=[a-z]{4})[sx]\b")
"""Of long words only: Inès is no INE."""
_SMALL = re.compile(r"a|aux?|d|de|des|du|en|et|l|la|les?|par|s|sur|1|1er|1e?re|premiere?|principale?")
"""Words that change nothing: little ones, and those of the first of several (the second is another column)."""


@dataclass(frozen=True)
class Head:
    """The line of headers: its row, the columns of each name that it has (best first), and all its texts."""

    row: int
    columns: Mapping[str, tuple[int, ...]]
    texts: Mapping[int, str]

    @property
    def first(self) -> dict[str, int]:
        """The column of each name."""
        return {name: places[0] for name, places in self.columns.items()}

    @property
    def others(self) -> dict[int, str]:
        """The headers that bear no name."""
        known = {place for places in self.columns.values() for place in places}
        return {place: text for place, text in self.texts.items() if place not in known}


def find_head(
    lines: Iterable[tuple[int, Mapping[int, str]]],
    wanted: Wordings,
    needed: Iterable[str] = (),
    given: frozenset[str] = frozenset(),
    least: int = 1,
    titles: Mapping[str, str] = EMPTY,
) -> Head | None:
    """The line with every ``needed`` name and the most names (``least`` or more), the first of equals; or None.

    ``lines``: row number and texts by column, from the top. ``given``, ``titles``: see :func:`recognise`.
    """
    best: Head | None = None
    for row, cells in lines:
        if row > MAX_ROW:
            break
        texts = {place: bare(text) for place, text in cells.items() if bare(text)}
        columns = recognise(texts, wanted, given, titles)
        if len(columns) >= max(least, len(best.columns) + 1 if best else 0) and columns.keys() >= set(needed):
            best = Head(row, columns, texts)
    return best


def recognise(
    line: Mapping[int, str],
    wanted: Wordings,
    given: frozenset[str] = frozenset(),
    titles: Mapping[str, str] = EMPTY,
) -> dict[str, tuple[int, ...]]:
    """The columns of ``line`` (texts by place) that bear each name of ``wanted``: the closest wording first.

    A column bears one name. ``given``: columns with which the table was handed out; where most of them stand, as they
    were, none is taken for an answer (« Panier moyen » of the file beside « panier_moyen »). ``titles``: what stands
    above some columns where the program itself writes the table; it is theirs as their name is.
    """
    left = _without_given(line, wanted, given)
    found: dict[str, tuple[int, ...]] = {}
    for form, own_only in ((_spaced, True), (fold, True), (header_words, False), (_outside, False)):
        forms: dict[str, tuple[int, ...]] = {}
        for place, text in left.items():
            forms[form(text)] = (*forms.get(form(text), ()), place)
        for name, wordings in wanted.items():
            own = (wordings[0], *((titles[name],) if name in titles else ()))
            for wording in own if own_only else (*wordings, *own[1:]):
                for place in forms.pop((header_words if form is _outside else form)(wording), ()):
                    found[name] = (*found.get(name, ()), place)
                    del left[place]
    return {name: found[name] for name in wanted if name in found}


@lru_cache(maxsize=4096)
def header_words(text: str) -> str:
    """What headers are compared on: their words, without those that change nothing nor marks of the plural."""
    folded = fold(_CAMEL.sub(" ", _INFLECTION.sub("", text)))
    return _PLURAL_OF_LONG.sub("", " ".join(word for word in folded.split() if not _SMALL.fullmatch(word)) or folded)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _outside(text: str) -> str:
    return header_words(_BRACKETS.sub(" ", text))


def _without_given(line: Mapping[int, str], wanted: Wordings, given: frozenset[str]) -> dict[int, str]:
    of_file = {name.casefold() for name in given}
    shown = {
        place for place, text in line.items() if _spaced(text).casefold() in of_file and _spaced(text) not in wanted
    }
    names = {_spaced(line[place]).casefold() for place in shown}
    # Not the table that was handed out: « Panier moyen » is then the student's own wording of an answer.
    if 2 * len(names) < len(given):
        return dict(line)
    return {place: text for place, text in line.items() if place not in shown}


# --- one cell ---------------------------------------------------------------------------------------------------------

IDENTIFIERS: Mapping[str, int] = {"siret": 14, "code_postal": 5, "telephone": 10}
"""Columns of numbers that are not counted with, and how many digits they have: a leading zero belongs to them."""
MAX_BITS = 1_000
"""Size of a whole number that is still written (Python refuses those of more than 4 300 digits)."""

_ZEROS = re.compile(r"0[0#]{1,14}")
_KEPT_AS_TEXT = re.compile(r"""="([^"]*)"|'(?=[+\d])(.*)""", re.DOTALL)
"""How people keep the zeros of a number in a CSV: « ="01000" », « '01000 »."""
_NOT_COUNTED = re.compile(r"(\d{1,3}(?: \d{3})+|\d+)(?:[.,]0+)?")
"""A number that is not counted with, as a spreadsheet or a program writes one that is: « 1 000 », « 612345678.0 »."""
_FORMULA = re.compile(r"=\s*[-+(]*(?:\$?[A-Za-z]{1,3}\$?\d|[A-Za-zÀ-ÿ.]+\()")
_ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NUM!", "#NOMBRE!", "#NULL!"}
)
_POWER = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_DAYS = re.compile(r"(\d{4,5})(?:[.,]\d+)?")
FIRST_DAY, _DAYS_OF_PEOPLE = dt.date(1899, 12, 30), range(5_001, 80_000)
"""From when spreadsheets count days, and those that may be of people: 1913 to 2119 (2022 is a year)."""
_UNIMPORTANT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
"""Parts of a number format that are shown as they are, or not at all."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ .\-](?=\d)")

_CHECKS = frozenset("✓✔☑√✅🗸🗹•●◉⬤⚫■⬛👍*+üþ\uf0fc\uf0fe")
_CROSSES = frozenset("✗✘❌❎✖✕☒☓×⨯╳⊠⮽🗙🗴🗵🗶хΧûý\uf0fb\uf0fd")
_BLANKS = frozenset("☐□▢◻⬜○◯⚪👎∅-–—/¨\uf0a8\uf06f\uf071")
"""The signs themselves, and the letters that they are in the fonts of signs (Wingdings), once pasted elsewhere."""
_EMPTY_BOX = re.compile(r"[\[(]\s*[\])]")
_YES = re.compile(
    r"oui|o|yes|y|vraie?|v|true|1|ok|presente?s?|cochee?s?|valables?|valides?|conformes?|correcte?s?|"
    r"indiquee?s?|mentionnee?s?|renseignee?s?|fournie?s?|existe(?:nt)?"
)
_NO = re.compile(
    r"non?|n|pas|faux|fausse|f|false|0|ko|abs|absente?s?|manqu(?:e|ent|ante?s?)|invalides?|incorrecte?s?|aucune?|"
    r"nok|inexistante?s?|oubliee?s?|omise?s?"
)
_ONE_OR_NONE = re.compile(r"^([01])[.,]0+$")
"""A yes or a no that a program took for a decimal number."""
_LONGEST_YES = 4


Trouble = Enum("Trouble", "UNCOMPUTED ERROR TYPED_FORMULA DIGITS LOST UNREAD MONTH DATE DAYS MENDED PERCENT ZEROS")
"""What must be said of a cell beside its text (the sentences are in ``phrases.toml``), the most useful first."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as a file or a program holds it.

    ``format``: the number format of a spreadsheet; ``uncomputed``: a formula whose result was not saved; ``untyped``:
    from a file where numbers are texts too, as in a CSV that a spreadsheet saved; ``first_day``: day 0 of the file.
    """

    value: object
    format: str = "General"
    uncomputed: bool = False
    untyped: bool = False
    first_day: dt.date = FIRST_DAY


def read(cell: RawCell | None, column: str = "", source: str = "") -> tuple[str, Trouble | None]:
    """The text of ``cell`` in the column called ``column``, and what must be said of it.

    ``source``: the line of the data that the cell was copied from: it tells how many zeros a number had.
    """
    if cell is None:
        return "", None
    value = cell.value
    if cell.uncomputed:
        return "", Trouble.UNCOMPUTED
    if isinstance(value, str):
        text = bare(value)
        if quoted := _KEPT_AS_TEXT.fullmatch(text):
            return bare(quoted[1] or quoted[2] or ""), None
        if text.upper() in _ERRORS:
            return "", Trouble.ERROR
        if _FORMULA.match(text):
            return text, Trouble.TYPED_FORMULA
        if cell.untyped and (again := mended(text)) != text:
            return again, Trouble.MENDED
        return (text, Trouble.LOST) if LOST in text else _put_back(text, cell, column, source)
    text = bare(str(value)) if (plain := written(value)) is None else plain
    if isinstance(value, dt.date):
        if text and not _shows_day(cell.format):
            return text, Trouble.MONTH
        return text, None if not text or is_date_column(column) else Trouble.DATE
    if isinstance(value, bool) or not isinstance(value, Number):
        return text, None
    shown = _UNIMPORTANT.sub("", cell.format)
    if "%" in shown:
        decimals = re.search(r"\.([0#]+)", shown)
        # A rate is asked to two decimals: « 12 % » in a narrow cell is still 12,47.
        percent = f"{Decimal(text) * 100:.{max(2, len(decimals[1]) if decimals else 0)}f}"
        return percent.rstrip("0").rstrip("."), Trouble.PERCENT
    zeros = shown.split(";")[0].replace(" ", "")
    if _ZEROS.fullmatch(zeros) and text.isdigit():
        return text.zfill(len(zeros)), None  # the sheet itself shows the zeros
    return _put_back(text, cell, column, source)


def written(value: Any) -> str | None:
    """A value of any library as a person types it: no exponent, no « .0 », AAAA-MM-JJ (with the time unless it is
    midnight), VRAI or FAUX, nothing for a missing one; None for what is not one value, or a number far too long."""
    kind = type(value).__name__
    if kind in ("datetime64", "timedelta64"):  # numpy's, without loading numpy
        value = value.astype(f"{kind}[us]").item()
    if value is None or kind in ("NAType", "NaTType"):
        return ""
    if isinstance(value, str):
        return str(value)
    if kind in ("bool", "bool_"):
        return "VRAI" if value else "FAUX"
    if isinstance(value, Integral):
        return str(int(value)) if int(value).bit_length() < MAX_BITS else None
    if isinstance(value, Real | Decimal):
        return _decimal(value)
    if isinstance(value, dt.datetime):
        return (value.date().isoformat() if _is_day(value) else value.isoformat(sep=" ")) if value == value else ""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, dt.timedelta) or kind == "Period" else None


def french_type(value: object) -> str:
    """What a value is, in words for a student: « une liste », « un objet « Figure » »."""
    names = {list: "une liste", tuple: "une liste", dict: "un dictionnaire", str: "un texte", type(None): "rien"}
    if isinstance(value, (int, float)):
        return "un nombre"
    return names.get(type(value), f"un objet « {type(value).__name__} »")


def meant(text: str, choices: Sequence[str]) -> str | None:
    """The one of ``choices`` that ``text`` means: itself, or a yes, a no or a tick where they are one of each."""
    same = next((choice for choice in choices if fold(choice) == fold(text) != ""), None)
    sense = _sense(text)
    if same is not None or sense is None:
        return same
    return next((choice for choice in choices if len(choice) > 2 and _sense(choice) is sense), None)


def ticked(texts: Mapping[str, str]) -> dict[str, bool | None]:
    """Which cells of a list to tick are ticked (None: not understood); a cross is a tick, unless ticks stand beside."""
    crossed = {name for name, text in texts.items() if set(fold(text)) in ({"x"}, {"x", " "}) or _only(text, _CROSSES)}
    found = {
        name: False if not text or _only(text, _BLANKS) or _EMPTY_BOX.fullmatch(text) else _sense(text)
        for name, text in texts.items()
        if name not in crossed
    }
    both = True in found.values()
    empty = any(not text or _EMPTY_BOX.fullmatch(text) for text in texts.values())
    for name in crossed:
        found[name] = not both or ("x" in fold(texts[name]) and empty)
    return found


def is_date_column(column: str) -> bool:
    """True for the column of a date, by its name."""
    return "date" in fold(column).split()


@dataclass
class Remarks:
    """Collects troubles cell by cell, to say each one once with the first cells it concerns."""

    cells: dict[Trouble, list[str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    def cell(self, trouble: Trouble | None, address: str) -> None:
        """Note what is said of the cell called ``address``."""
        if trouble is not None:
            self.cells.setdefault(trouble, []).append(address)

    def say(self, *sentences: str) -> None:
        """Add sentences about the whole table, said after those about cells."""
        self.sentences += sentences

    def warnings(self) -> tuple[str, ...]:
        """All there is to say, the most useful first."""
        sentences = phrases("cellule")
        told = [
            sentences[trouble.name].format(cells=f"Cellule{'s' if len(found) > 1 else ''} {listing(found, 5)}")
            for trouble in Trouble
            if (found := self.cells.get(trouble))
        ]
        return (*told, *self.sentences)


def _put_back(text: str, cell: RawCell, column: str, source: str) -> tuple[str, Trouble | None]:
    """The date or the number that a spreadsheet changed; the zeros of a text are only put back when it is not typed."""
    typed = isinstance(cell.value, str) and not cell.untyped
    power = _POWER.fullmatch(text)
    if power and (column in IDENTIFIERS or int(power[3]) > 8):
        digits = power[1] + (power[2] or "")
        if len(digits) <= int(power[3]):
            return text, Trouble.DIGITS
        text = digits if len(digits) == int(power[3]) + 1 else text
    days = _DAYS.fullmatch(text) if is_date_column(column) else None
    if days and int(days[1]) in _DAYS_OF_PEOPLE:
        return (cell.first_day + dt.timedelta(int(days[1]))).isoformat(), Trouble.DAYS
    if typed or column not in IDENTIFIERS:
        return text, None
    number = _NOT_COUNTED.fullmatch(" ".join(text.split()))
    if number is None or not number[1].strip("0"):
        return text, None
    text = number[1].replace(" ", "")
    restored = _with_zeros(text, column, source)
    return restored, Trouble.ZEROS if restored != text or power else None


def _with_zeros(digits: str, column: str, source: str) -> str:
    """The digits as they stand in ``source``, else as many as the column has."""
    same = re.compile(rf"(?<!\d)0*{digits}(?!\d)")
    if found := same.findall(source) or same.findall(_BETWEEN_DIGITS.sub("", source)):
        return max((one for one in found if len(one) <= IDENTIFIERS[column]), key=len, default=digits)
    if column == "telephone":
        if len(digits) == 11 and digits.startswith("33"):
            return f"+{digits}"
        return f"0{digits}" if len(digits) == IDENTIFIERS[column] - 1 else digits
    least = 4 if column == "code_postal" else 1
    return digits.zfill(IDENTIFIERS[column]) if len(digits) >= least else digits


def _decimal(value: Any) -> str:
    number = Decimal(repr(float(value)) if isinstance(value, Fraction) else str(value))
    if not number.is_finite():
        return "" if number.is_nan() else str(float(number))
    text = f"{number:f}"
    return text if isinstance(value, Decimal) else text.removesuffix(".0").replace("-0", "0", text == "-0.0")


def _is_day(moment: dt.datetime) -> bool:
    return moment.tzinfo is None and moment.time() == dt.time() and not getattr(moment, "nanosecond", 0)


def _shows_day(number_format: str) -> bool:
    shown = _UNIMPORTANT.sub("", number_format).casefold()
    return "d" in shown or "j" in shown or not re.search(r"[my]", shown)


def _only(text: str, signs: frozenset[str]) -> bool:
    """True when the text is made of these signs (and of the marks that give them their colour)."""
    inside = bare(text).strip("[]()<> ")  # « [✓] »
    return bool(inside) and signs.issuperset(inside)


def _sense(text: str) -> bool | None:
    """A yes, a no, or neither, by the words or the sign that says it."""
    words = fold(_ONE_OR_NONE.sub(r"\1", text)).split()
    if _only(text, _CHECKS):
        return True
    if _only(text, _CROSSES):
        return False
    if not words or len(words) > _LONGEST_YES:
        return None
    told = words if len(words) == 1 else [word for word in words if len(word) > 1]
    if any(map(_NO.fullmatch, told)):
        return False
    return True if told and _YES.fullmatch(told[0]) else None
