"""One cell of a restructured table against the expected one: what counts as the same.

Equivalences of the contents (activités §3.3.3): case, accents and punctuation are ignored except in e-mails; a phone
is compared after reduction to its national number, whatever its display; dates as dates, those that cannot be
(« 31/02/1992 ») as day, month and year; amounts to 0.005. What is accepted but not as asked comes back with the code of
its remark. French numbers only, so that the core needs no phone library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from crc_lab.checks.answer_rows import MAX_CELL
from crc_lab.checks.comparers import EXACT, RIGHT, TEXT, WRONG, Comparer, Match, same_words
from crc_lab.core.answers import parse_date, parse_number
from crc_lab.core.text import fold
from crc_lab.marielle.postal import ABBREVIATIONS, WAY_TYPES

AMOUNT_TOLERANCE = Decimal("0.005")
TITLE, WAY, ZEROS, AMOUNT = "A3-E6", "A3-E5", "A3-E3", "A3-E12"
ABBREVIATED, FIRST_OF_MONTH = "A3-I2", "A3-I3"
DATE_COLUMNS = ("date_naissance", "date_consentement_tel", "date_creation", "date_dernier_achat")
TEXT_COLUMNS = ("code_postal", "siret", "telephone")
"""Numbers that are not counted with: a leading zero belongs to them."""

_TITLES_IN_FULL = frozenset({"mr", "monsieur", "madame", "mlle", "mademoiselle"})
_COUPLE = re.compile(r"(?:m|mr|monsieur) (?:et|&) (?:mme|madame)")
_SEPARATORS = re.compile(r"[\s.\-/_()\u00a0\u202f\u2009\u2010\u2011\u2013]+")
_INTEGER = re.compile(r"\d{1,9}(?:[.,]0+)?")
_CURRENCY = re.compile(r"\s*(?:€|eur(?:os?)?\b)\s*", re.IGNORECASE)
_COUNTED = re.compile(r"\d+[.,]0+|\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_FULL_DATE = (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})"))
_MONTH = (re.compile(r"(\d{4})[-/](\d{1,2})"), re.compile(r"(\d{1,2})[-/.](\d{4})"))
_FORMS = {
    "iso": re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:]+)?"),
    "slash": re.compile(r"\d{1,2}/\d{1,2}/\d{4}"),
    "short": re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}"),
    "dash": re.compile(r"\d{1,2}-\d{1,2}-\d{4}"),
    "dot": re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"),
}


def compare(column: str, given: str, expected: str) -> Match:
    """How far ``given`` is ``expected`` in ``column``; both are clean and neither is empty."""
    return BY_COLUMN.get(column, TEXT).compare(given, expected)


def lost_zeros(column: str, text: str, source: str = "") -> bool:
    """True when a postal code, a SIRET or a phone was stored as a number: zeros or « + » gone, « .0 », « 1E+10 ».

    ``source``: the text of the original row; four digits are a damaged postal code only when it has them with a zero.
    """
    if column not in TEXT_COLUMNS:
        return False
    if _COUNTED.fullmatch(text):
        return True
    bare = _SEPARATORS.sub("", text)
    if column == "telephone":
        return re.fullmatch(r"[1-9]\d{7,8}|33[1-9]\d{7,8}", bare) is not None
    if column == "siret":
        return re.fullmatch(r"[1-9]\d{0,12}", bare) is not None
    return re.fullmatch(r"[1-9]\d{3}", bare) is not None and re.search(rf"\b0{bare}\b", source) is not None


def national_number(text: str) -> str | None:
    """A French phone as its national digits, valid or not: « +33 6 39… », « 06.39… », « 0033 (0)6… » ; else None."""
    bare = _SEPARATORS.sub("", text.replace("(0)", ""))
    if not re.fullmatch(r"\+?\d{1,20}", bare):
        return None
    digits = re.sub(r"^(?:\+33|0033)0?", "0", bare)
    return None if digits.startswith("+") else digits


@lru_cache(maxsize=1024)
def date_form(text: str) -> str:
    """The way a real date is written (``iso``, ``slash``… ``words``); an empty string for anything else."""
    if len(text) > MAX_CELL or parse_date(text) is None:
        return ""
    return next((name for name, form in _FORMS.items() if form.fullmatch(text)), "words")


def date_parts(text: str) -> tuple[int, int, int] | None:
    """(year, month, day) of a date, even one that cannot be; 0 for what is not said (« sept. 2025 », « 2022 »)."""
    real = parse_date(text)
    if real is not None:
        return real.year, real.month, real.day
    if found := _FULL_DATE[0].fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _FULL_DATE[1].fullmatch(text):
        year = int(found[3])
        return (year + 2000 if year < 100 else year), int(found[2]), int(found[1])
    if found := _MONTH[0].fullmatch(text):
        return int(found[1]), int(found[2]), 0
    if found := _MONTH[1].fullmatch(text):
        return int(found[2]), int(found[1]), 0
    if re.fullmatch(r"\d{4}", text):
        return int(text), 0, 0
    month = parse_date(f"1 {text}")
    return (month.year, month.month, 0) if month else None


def _title(given: str, expected: str) -> Match:
    typed, wanted = fold(given), fold(expected)
    if typed == wanted or (_COUPLE.fullmatch(wanted) and _COUPLE.fullmatch(typed)):
        return RIGHT
    return Match(0.0, TITLE) if typed in _TITLES_IN_FULL else WRONG


def _way_type(given: str, expected: str) -> Match:
    typed, wanted = fold(given).upper(), fold(expected).upper()
    if typed == wanted:
        return RIGHT
    return Match(1.0, ABBREVIATED) if typed in WAY_TYPES.get(wanted, ()) else WRONG


def _way_name(given: str, expected: str) -> Match:
    typed, wanted = fold(given), fold(expected)
    if typed == wanted:
        return RIGHT
    head, _, tail = typed.partition(" ")
    return Match(0.5, WAY) if tail == wanted and is_way_type(head) else WRONG


def is_way_type(word: str) -> bool:
    """True for a type of way, in full or abbreviated."""
    return word.upper() in _WAY_WORDS


def _complement(given: str, expected: str) -> Match:
    if same_words(given, expected) is RIGHT:
        return RIGHT
    opened = " ".join(_FULL_WORDS.get(word, word) for word in fold(given).upper().split())
    return Match(1.0, ABBREVIATED) if opened == fold(expected).upper() else WRONG


def _postal_code(given: str, expected: str) -> Match:
    return Match(0.0, ZEROS) if lost_zeros("code_postal", given, expected) else WRONG


def _siret(given: str, _expected: str) -> Match:
    return Match(0.0, ZEROS) if lost_zeros("siret", given) else WRONG  # nothing else than its digits is the same


def _phone(given: str, expected: str) -> Match:
    if lost_zeros("telephone", given):
        return Match(0.0, ZEROS)
    number = national_number(given)
    return RIGHT if number is not None and number == national_number(expected) else WRONG


def _date(given: str, expected: str) -> Match:
    typed, wanted = date_parts(given), date_parts(expected)
    if typed is None or wanted is None:
        return same_words(given, expected)
    if typed == wanted:
        return RIGHT
    # A spreadsheet turns « sept. 2025 » into its first day by itself.
    return Match(1.0, FIRST_OF_MONTH) if wanted[1] and not wanted[2] and typed == (*wanted[:2], 1) else WRONG


def _integer(given: str, expected: str) -> Match:
    if not expected.isdigit():
        return same_words(given, expected)
    same = _INTEGER.fullmatch(given) is not None and int(re.split("[.,]", given)[0]) == int(expected)
    return RIGHT if same else WRONG


def _amount(given: str, expected: str) -> Match:
    wanted, typed = parse_number(expected), parse_number(given)
    if wanted is None or typed is None:
        same = fold(_CURRENCY.sub(" ", given)) == fold(_CURRENCY.sub(" ", expected)) != ""
    else:
        same = abs(typed - wanted) <= AMOUNT_TOLERANCE
    if not same:
        return WRONG
    return Match(1.0, AMOUNT) if "," in given or _CURRENCY.search(given) else RIGHT


_WAY_WORDS = {*WAY_TYPES, *(short for shorts in WAY_TYPES.values() for short in shorts)}
_FULL_WORDS = {short: word for word, shorts in ABBREVIATIONS.items() for short in shorts} | {"3EME": "3E"}
COMPARERS: Mapping[str, Comparer] = {
    "civilite": Comparer(_title),
    "type_voie": Comparer(_way_type),
    "nom_voie": Comparer(_way_name),
    "complement": Comparer(_complement),
    "code_postal": Comparer(_postal_code),
    "siret": Comparer(_siret),
    "telephone": Comparer(_phone),
    "montant": Comparer(_amount),
    "date_incomplete": Comparer(_date),
    "entier": Comparer(_integer),
}
"""What the case adds to the ways of comparing a cell, by the name that a key gives them."""
BY_COLUMN: Mapping[str, Comparer] = {
    **COMPARERS,
    "email": EXACT,
    "panier_moyen": COMPARERS["montant"],
    **dict.fromkeys(DATE_COLUMNS, COMPARERS["date_incomplete"]),
    **dict.fromkeys(("age", "effectif", "nb_achats_12m", "numero_voie"), COMPARERS["entier"]),
}
"""The one of each column of a restructured table; the words of the others are compared."""
