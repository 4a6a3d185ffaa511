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
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crc_lab.core.cells import written
from crc_lab.core.model import Json, Table
from crc_lab.core.text import bare, without_accents

MAX_TEXT = 50_000
MAX_ITEMS = 5_000
MAX_COLUMNS = 200
_SHORT = 40
"""Characters up to which the number read in a text is remembered: the cells of a class are much the same."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:[.,]\d{0,400})?|[.,]\d{1,400})")
"""Many decimals: programs give seventeen digits, spreadsheets as many as they are asked for; « 12, » or « .5 » are
numbers too."""
_GROUPED = re.compile(r"[+-]?\d{1,3}([ '’])\d{3}(?:\1\d{3})*(?:[.,]\d*)?")
_POWER = re.compile(r"[+-]?\d(?:[.,]\d{1,20})?e[+-]\d\d", re.IGNORECASE)
"""« 1,25E+00 », as spreadsheets and programs write it; nobody types « 1e5 » on purpose."""
_BEFORE = re.compile(r"^(?:[=≈~€] ?)+")
_MINUS = re.compile(r"^[\u2010-\u2015\u2212\ufe63\uff0d] ?(?=[\d.,])")
_DECORATION = re.compile(r" ?(?:€|eur(?:o|os)?|[%％٪]|pour ?cents?|p\. ?100)$", re.IGNORECASE)
_ENDS = re.compile(r"(?<=[\d€%])(?:\.{1,3}|…)$")
_WEEKDAY = re.compile(r"^(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,5}\.? )?(?=\d)", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?:T| (?:à )?)0?0[:h]00(?::00(?:\.0+)?)?Z?$")
_MONTHS = {
    "janv": 1, "fevr": 2, "fev": 2, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aout": 8,
    "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    "janvier": 1, "fevrier": 2, "avril": 4, "juillet": 7, "septembre": 9, "octobre": 10, "novembre": 11,
    "decembre": 12,
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
    written = _ENDS.sub("", _BEFORE.sub("", " ".join(bare(text).split())))
    digits = _DECORATION.sub("", _MINUS.sub("-", written)).strip()
    if _GROUPED.fullmatch(digits):
        digits = re.sub("[ '’]", "", digits)
    if _NUMBER.fullmatch(digits) or _POWER.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    return None


_number_again = lru_cache(maxsize=4096)(_number)


def format_number(value: Decimal) -> str:
    """A number as a French student writes it: comma, no grouping, no exponent."""
    return f"{value:f}".replace(".", ",")


def parse_date(text: str) -> dt.date | None:
    """A real date written AAAA-MM-JJ, JJ/MM/AAAA, JJ-MM-AA, JJ.MM.AAAA or « mardi 12 mai 2026 », a midnight after it or
    not; else None.

    A two-digit year is in the 2000s.
    """
    day_text = _MIDNIGHT.sub("", _WEEKDAY.sub("", " ".join(bare(text[:MAX_TEXT]).split())))
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", day_text):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})", day_text):
        day, month, year = (int(part) for part in found.groups())
        year += 2000 if len(found[3]) == 2 else 0
    elif found := re.fullmatch(r"(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})", without_accents(day_text).casefold()):
        day, month, year = int(found[1]), _MONTHS.get(found[2], 0), int(found[3])
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


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
