"""From what was typed to a plain value, or a format problem the student can mend.

What was typed is kept as text in the sheet (``valeur``: the design, §6.1) and only parsed here, so a better parser
re-marks old copies. Nothing here knows what is right or wrong. Each kind reads its own answers
(:meth:`crc_lab.core.kind.Kind.parse`) with these readers.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from crc_lab.core.cells import written
from crc_lab.core.model import Json, Message, Table
from crc_lab.core.text import bare, without_accents

MAX_TEXT = 50_000
MAX_ITEMS = 5_000
MAX_COLUMNS = 200
_SHORT = 40
"""Characters up to which the number or the date read in a text is remembered: a class has much the same cells."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:[.,]\d{0,400})?|[.,]\d{1,400})")
"""Many decimals: programs give seventeen digits, spreadsheets as many as they are asked for; « 12, » or « .5 » are
numbers too."""
_GROUPED = re.compile(r"[+-]?\d{1,3}([ '’])\d{3}(?:\1\d{3})*(?:[.,]\d*)?")
_POWER = re.compile(r"[+-]?\d(?:[.,]\d{1,20})?e[+-]\d\d", re.IGNORECASE)
"""« 1,25E+00 », as spreadsheets and programs write it; nobody types « 1e5 » on purpose."""
_CENTS = re.compile(r"(\d+) ?€ ?(\d\d)")
"""« 12 € 50 »."""
_BY_PROGRAM = re.compile(
    r"(?:[a-z_]+\.)*(?:float|int|uint|decimal|array|tensor|timestamp|datetime|date)\d*\((.*?)(?:, ?dtype=.*)?\)",
    re.IGNORECASE,
)
"""A value copied with what a library shows around it: « np.float64(7.5) », « Timestamp('2026-09-12') »."""
_BEFORE = re.compile(r"^(?:[=≈~€$'’] ?)+")
_MINUS = re.compile(r"^[\u2010-\u2015\u2212\ufe63\uff0d] ?(?=[\d.,])")
_DECORATION = re.compile(r" ?(?:€|eur(?:o|os)?|[%％٪]|pour ?cents?|p\. ?100)$", re.IGNORECASE)
_ENDS = re.compile(r"(?<=[\d€%])(?:\.{1,3}|…)$")
_SIGN = re.compile(r"^([+-]) (?=[\d.,])")
_QUOTES = ' "«»“”*'
_LEAD_OF_DATE = re.compile(r"^(?:[^\W\d_][^\d:]{0,40}: ?|(?:jusqu['’]au|au|c['’]est) )+(?=[^\W_])", re.IGNORECASE)
"""What people write before a date: « Date limite : », « au », « c’est le »."""
_WEEKDAY = re.compile(r"^(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,5}\.? )?(?=\d)", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?:(?:T| (?:à )?)0?0[:h]00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?| 12:00(?::00)? ?AM)$")
_DASHES, _SLASHES = re.compile("[\u2010-\u2015\u2212]"), re.compile("[\u2044\u2215\uff0f]")
_AROUND = re.compile(r"(?<=\d) ?([-/.]) ?(?=\d)")
_MONTHS = {
    "janv": 1, "fevr": 2, "fev": 2, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8,
    "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    "janvier": 1, "fevrier": 2, "avril": 4, "juillet": 7, "septembre": 9, "octobre": 10, "novembre": 11,
    "decembre": 12,
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
}  # fmt: skip


class FormatProblem(Exception):
    """An answer that cannot be read: what is the matter and what to do, in French.

    The readers raise it; :func:`crc_lab.core.rooms.parse` gives it back in place of the value.
    """

    def __init__(self, text: str, code: str = "FORMAT") -> None:
        super().__init__(text, code)
        self.text, self.code = text, code


def is_blank(raw: Json, given: frozenset[str] = frozenset()) -> bool:
    """True when nothing was answered: nothing, only spaces, empty lists, or a table with only its ``given`` columns."""
    left = [raw]
    for _ in range(MAX_ITEMS * MAX_COLUMNS):  # no recursion and an end, whatever a damaged sheet holds
        if not left:
            return True
        item = left.pop()
        if isinstance(item, str):
            if bare(item):
                return False
        elif isinstance(item, (list, tuple)):
            left.extend(item)
        elif isinstance(item, dict):
            left.extend(_filled_cells(item, given) if is_table(item) else item.values())
        elif item is not None and not _is_nan(item):
            return False
    return False


def _filled_cells(table: dict[str, Any], given: frozenset[str]) -> Iterator[Json]:
    shown = {at for at, name in enumerate(table["colonnes"]) if isinstance(name, str) and name.strip() in given}
    for row in table["lignes"]:
        if isinstance(row, (list, tuple)):
            yield from (cell for at, cell in enumerate(row[: len(table["colonnes"])]) if at not in shown)


def is_table(raw: Json) -> bool:
    """Whether it has the shape of a table of the answer sheet."""
    return isinstance(raw, dict) and isinstance(raw.get("colonnes"), list) and isinstance(raw.get("lignes"), list)


def _is_nan(raw: Json) -> bool:
    """A NaN, as an empty cell of a spreadsheet or of pandas arrives here."""
    return isinstance(raw, float) and math.isnan(raw)


def parse_number(text: str) -> Decimal | None:
    """A number as people, spreadsheets and programs write it: ``1 234,50 €``, ``12,5 %``, ``12.5``, ``= 1,25.``,
    ``1,25E+00``; else None."""
    return _number_again(text) if len(text) <= _SHORT else _number(text)


def _number(text: str) -> Decimal | None:
    written = _ENDS.sub("", _BEFORE.sub("", " ".join(_unwrapped(bare(text)).split())))
    digits = _SIGN.sub(r"\1", _DECORATION.sub("", _MINUS.sub("-", written)).strip())
    if cents := _CENTS.fullmatch(digits):
        digits = f"{cents[1]},{cents[2]}"
    if _GROUPED.fullmatch(digits):
        digits = re.sub("[ '’]", "", digits)
    if _NUMBER.fullmatch(digits) or _POWER.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    return None


def _unwrapped(text: str) -> str:
    """The text without what a library shows around a value."""
    if not text.endswith((")", "]")):
        return text
    found = _BY_PROGRAM.fullmatch(text)
    inside = found[1].strip() if found else text
    inside = inside[1:-1] if inside.startswith("[") and inside.endswith("]") else inside
    return inside.strip("'\" ")


_number_again = lru_cache(maxsize=4096)(_number)


def format_number(value: Decimal) -> str:
    """A number as a French student writes it: comma, no grouping, no exponent."""
    return f"{value:f}".replace(".", ",")


def parse_date(text: str) -> dt.date | None:
    """A real date written AAAA-MM-JJ, AAAAMMJJ, JJ/MM/AAAA, JJ-MM-AA, JJ.MM.AAAA, « mardi 12 mai 2026 » or
    « 12-mai-26 », a midnight after it or not; else None.

    A two-digit year is in the 2000s.
    """
    return _date_again(text) if len(text) <= _SHORT else _date(text)


def _date(text: str) -> dt.date | None:
    written = _LEAD_OF_DATE.sub("", _unwrapped(" ".join(bare(text[:MAX_TEXT]).split())).strip(_QUOTES + ".;!"))
    day_text = _MIDNIGHT.sub("", _WEEKDAY.sub("", _SLASHES.sub("/", _DASHES.sub("-", written))))
    day_text = _AROUND.sub(r"\1", day_text)
    words = without_accents(day_text).casefold()
    if found := re.fullmatch(r"(\d{4})([-/.]|, ?)(\d{1,2})\2(\d{1,2})|(\d{4})(\d\d)(\d\d)", day_text):
        year, month, day = (found[1], found[3], found[4]) if found[1] else found.group(5, 6, 7)
    elif found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})|(\d{1,2}) (\d{1,2}) (\d{4})", day_text):
        day, month, year = found.group(1, 2, 3) if found[1] else found.group(4, 5, 6)
    elif found := re.fullmatch(r"(\d{1,2})(?: ?er)?[ -]([a-z]+)\.?[ -](\d{2}|\d{4})", words):
        day, month, year = found[1], _MONTHS.get(found[2], 0), found[3]
    elif found := re.fullmatch(r"([a-z]+)\.? (\d{1,2}), ?(\d{4})", words):
        day, month, year = found[2], _MONTHS.get(found[1], 0), found[3]
    else:
        return None
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


_date_again = lru_cache(maxsize=4096)(_date)


def format_date(value: dt.date) -> str:
    """AAAA-MM-JJ, the form that sorts."""
    return value.isoformat()


def parse_integer(text: str) -> int | None:
    """A whole number, ``4``, ``4,0`` or ``1 200``; else None."""
    number = parse_number(text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def unexpected(what: str) -> FormatProblem:
    return FormatProblem(
        f"Cette réponse n’a pas la forme attendue ({what}). Répondez de nouveau dans la carte.", "FORMAT-FORME"
    )


def read_text(raw: Json) -> str:
    if isinstance(raw, str):
        text: str | None = raw
    elif isinstance(raw, (int, float)) and not isinstance(raw, bool):
        text = written(raw)
    else:
        raise unexpected("un texte")
    if text is None or len(text) > MAX_TEXT:
        raise _too_long(f"Cette réponse dépasse {MAX_TEXT} caractères : raccourcissez-la.")
    text = bare(text)
    # Half characters of a damaged file cannot be written to a report.
    return text if text.isprintable() else text.encode("utf-8", "replace").decode("utf-8")


def _too_long(text: str) -> FormatProblem:
    return FormatProblem(text, "FORMAT-LONGUEUR")


def _cell(raw: Json) -> str:
    """The text of an item, which may be missing."""
    return "" if raw is None else read_text(raw)


def read_texts(raw: Json) -> tuple[str, ...]:
    if isinstance(raw, str):
        raw = [line for line in re.split(r"[\n;]", raw) if line.strip()]
    if not isinstance(raw, (list, tuple)):
        raise unexpected("une liste")
    if len(raw) > MAX_ITEMS:
        raise _too_long(f"Cette liste dépasse {MAX_ITEMS} éléments.")
    return tuple(map(_cell, raw))


def read_distinct(raw: Json) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, read_texts(raw))))


def read_mapping(raw: Json) -> dict[str, str]:
    if not isinstance(raw, dict) or len(raw) > MAX_ITEMS:
        raise unexpected("des associations")
    return {str(name)[:MAX_TEXT]: _cell(item) for name, item in raw.items()}


def read_table(raw: Json) -> Table:
    if not is_table(raw):
        raise unexpected("un tableau")
    columns, rows = raw["colonnes"], raw["lignes"]
    if len(columns) > MAX_COLUMNS or len(rows) > MAX_ITEMS:
        raise _too_long(f"Ce tableau est trop grand (au plus {MAX_ITEMS} lignes et {MAX_COLUMNS} colonnes).")
    names = tuple(map(_cell, columns))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        text = f"La colonne « {twice[:40]} » figure deux fois : gardez-en une seule."
        raise FormatProblem(text, "FORMAT-COLONNE-DOUBLE")
    if not all(isinstance(row, (list, tuple)) for row in rows):
        raise unexpected("un tableau")
    read = (tuple(map(_cell, row[: len(names)])) for row in rows)
    return Table(names, tuple(row + ("",) * (len(names) - len(row)) for row in read))


def read_couples(raw: Json) -> tuple[tuple[str, str], ...]:
    if not isinstance(raw, (list, tuple)) or len(raw) > MAX_ITEMS:
        raise unexpected("une liste de couples")
    if not all(isinstance(item, (list, tuple)) and len(item) == 2 for item in raw):
        raise unexpected("une liste de couples")
    return tuple(dict.fromkeys((read_text(first), read_text(second)) for first, second in raw))


def read_rules(raw: Json) -> tuple[tuple[str, ...], ...]:
    """Filters, each of three texts: column, operator, value."""
    if not all(isinstance(rule, (list, tuple)) and len(rule) == 3 for rule in raw):
        raise unexpected("un critère : colonne, opérateur, valeur")
    return tuple(map(read_texts, raw))


def read_lists(raw: Json) -> dict[str, tuple[str, ...]]:
    """Lists of distinct texts, by name."""
    if not isinstance(raw, dict) or len(raw) > MAX_COLUMNS:
        raise unexpected("des cases cochées, par colonne")
    return {str(name)[:MAX_TEXT]: read_distinct([] if item is None else item) for name, item in raw.items()}


# --- a number with what it counts -------------------------------------------------------------------------------------
# « 3 ans », « trois », « 52 € », « 4 achats », « 36 mois »: what is counted is forgiven, and so is the unit that was
# asked for; another unit is converted where it can be (36 months are 3 years, 3 months are not), and told.

UNIT = "UNITE"
_LONGEST_UNIT = 40
"""Characters of what is counted; more is a sentence."""
_MOST_WORDS = 4
_CHANGING = frozenset({
    "k", "m", "mille", "millier", "milliers", "million", "millions", "milliard", "milliards", "dizaine", "dizaines",
    "douzaine", "douzaines", "centaine", "centaines", "demi", "demie", "et", "ou", "a", "moins", "plus", "peu",
    "certain", "sur", "pas", "non",
})  # fmt: skip
"""After a number, it is another number, or none."""
_LEAD = re.compile(
    r"^(?:(?:environ|env\.|soit|donc|c['’]est|à peu près|autour de) "
    r"|[^\W\d_][^\d:=]{0,40}(?:[:=]|\b(?:est|vaut|fait|donne)\b(?: d[e'’])?) ?"
    r"|(?=[^=]*\d[ %€)]*[-+*/×÷x(]+[ (]*[.,]?\d)[\d .,+*/×÷x%€()-]+ ?= ?)+(?=[-+.,]?\d)",
    re.IGNORECASE,
)
"""What people write before the result: « environ », « soit », « Le taux est de », « Taux de NPAI : », « 5 / 60 = »."""
_MONEY, _SHARE, _TIME = "argent", "part", "temps"
_DAY = 86_400
_YEAR = Fraction(36_525 * _DAY, 100)
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("€", "eur", "euro"), (_MONEY, Fraction(1))),
    **dict.fromkeys(("k€", "keur", "keuro"), (_MONEY, Fraction(1000))),
    **dict.fromkeys(("m€", "meur", "meuro"), (_MONEY, Fraction(1_000_000))),
    "centime": (_MONEY, Fraction(1, 100)),
    **dict.fromkeys(("%", "pourcent", "pourcentage"), (_SHARE, Fraction(1))),
    **dict.fromkeys(("s", "sec", "seconde"), (_TIME, Fraction(1))),
    **dict.fromkeys(("min", "mn", "minute"), (_TIME, Fraction(60))),
    **dict.fromkeys(("h", "heure"), (_TIME, Fraction(3600))),
    **dict.fromkeys(("j", "jour"), (_TIME, Fraction(_DAY))),
    **dict.fromkeys(("sem", "semaine"), (_TIME, Fraction(7 * _DAY))),
    "moi": (_TIME, _YEAR / 12),  # « mois » without its s
    **dict.fromkeys(("an", "annee"), (_TIME, _YEAR)),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """``number``, and ``unit``: what follows it (or « € », « % »), as typed; empty where nothing does."""

    number: Decimal
    unit: str = ""

    def into(self, wanted: str) -> tuple[Decimal, tuple[Message, ...]]:
        """The number in the unit ``wanted`` (as the question says it; empty: any), and what is said of another one."""
        typed, asked = _known_unit(self.unit), _known_unit(wanted)
        if typed is None or not wanted or typed == asked:
            return self.number, ()
        number = self.number
        if asked is not None and typed[0] == asked[0]:
            exact = Fraction(number) * typed[1] / asked[1]
            number = Decimal(exact.numerator) / Decimal(exact.denominator)
        place = wanted if wanted.startswith("sur ") else f"en {wanted.replace('(s)', 's')}"
        text = f"Attention à l’unité : vous avez répondu en {self.unit}, la réponse est attendue {place}."
        return number, (Message(UNIT, text),)


@lru_cache(maxsize=4096)
def read_quantity(text: str) -> Quantity | None:
    """The quantity that a text says, in figures or in words (up to 999); None where it says none, or more than one
    (« 2 millions », « 3 et demi »)."""
    typed = " ".join(bare(text[: 4 * _LONGEST_UNIT]).split())
    if len(text) > 4 * _LONGEST_UNIT:
        return None
    typed = _LEAD.sub("", typed.strip(_QUOTES))
    if (whole := parse_number(typed)) is not None:
        sign = re.search(r"€|eur(?:os?)?$|[%％٪]|pour ?cents?$|p\. ?100$|pour ?100$", typed, re.IGNORECASE)
        return Quantity(whole, "" if sign is None else "€" if sign[0].casefold().startswith(("€", "eur")) else "%")
    if (last := re.search(r"\d[.,]?(?=\D*$)", typed)) is not None:
        found, rest = parse_number(typed[: last.end()]), typed[last.end() :]
    else:
        found, rest = _in_words(typed)
    unit = rest.strip(" .;:!").strip()
    return Quantity(found, unit) if found is not None and _counts(unit) else None


def parse_quantity(text: str) -> Decimal | None:
    """The number alone of :func:`read_quantity`."""
    found = read_quantity(text)
    return None if found is None else found.number


def read_number(raw: Json) -> Decimal:
    """The number of an answer, whatever it counts; raises :class:`FormatProblem` where there is none."""
    text = read_text(raw)
    value = parse_quantity(text)
    if value is None:
        raise FormatProblem(f"« {text[:40]} » n’est pas un nombre. Écrivez par exemple 12,5.", "FORMAT-NOMBRE")
    return value


def _unit_words(unit: str) -> list[str]:
    plain = without_accents(unit).casefold().replace("pour cent", "%").replace("(s)", "s")
    return [word for word in re.split(r"[\s/()’'.,-]+", plain) if word]


def _counts(unit: str) -> bool:
    words = _unit_words(unit)
    return len(unit) <= _LONGEST_UNIT and len(words) <= _MOST_WORDS and _CHANGING.isdisjoint(words)


def _known_unit(unit: str) -> tuple[str, Fraction] | None:
    """Dimension and size of a unit; None for what is only counted (« achats », « points »)."""
    words = _unit_words(unit)
    return _UNITS.get(words[0].removesuffix("s") or "s") if words else None


def _in_words(text: str) -> tuple[Decimal | None, str]:
    """The number that the first words say, and the words after it."""
    given = text.replace("-", " ").split()
    plain = [_plain_word(word) for word in given]
    for length in range(min(len(plain), 7), 0, -1):
        if (value := _spelled().get(" ".join(plain[:length]))) is not None:
            more = any(word in _spelled() for word in plain[length:])  # « trois quatre »
            return (None, "") if more else (Decimal(value), " ".join(given[length:]))
    return None, ""


def _plain_word(word: str) -> str:
    word = without_accents(word).casefold()
    return {"une": "un", "vingts": "vingt", "cents": "cent"}.get(word, word)


@cache
def _spelled() -> dict[str, int]:
    """Every number from 0 to 999 by its words."""
    units = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    small = [*without_accents(units).split(), "dix sept", "dix huit", "dix neuf"]
    tens = ("vingt", "trente", "quarante", "cinquante", "soixante")
    for ten, word in enumerate(tens, start=2):
        small += [_joined_words(word, small[unit], linked=unit in (1, 11)) for unit in range(20 if ten == 6 else 10)]
    small += [_joined_words("quatre vingt", small[unit], linked=False) for unit in range(20)]
    hundreds = ["", "cent", *(f"{small[hundred]} cent" for hundred in range(2, 10))]
    return {
        _joined_words(hundred, small[rest], linked=False) if hundred else small[rest]: 100 * rank + rest
        for rank, hundred in enumerate(hundreds)
        for rest in range(100)
    }


def _joined_words(first: str, then: str, linked: bool) -> str:
    return first if then == "zero" else f"{first} et {then}" if linked else f"{first} {then}"
