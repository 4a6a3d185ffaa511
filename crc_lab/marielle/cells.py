"""One cell of a restructured table: what counts as the expected one, what holds more than its column asks for.

Equivalences of the contents (activités §3.3.3): case, accents and punctuation are ignored except in e-mails; a phone
is compared after reduction to its national number, whatever its display; dates as dates, those that cannot be
(« 31/02/1992 ») as day, month and year; amounts to 0.005. What is accepted but not as asked comes back with the code of
its remark. French numbers only, so that the core needs no phone library.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from crc_lab.checks.answer_rows import MAX_CELL
from crc_lab.checks.comparers import EXACT, RIGHT, TEXT, WRONG, Comparer, Match, same_words
from crc_lab.core.answers import parse_date, parse_number
from crc_lab.core.text import fold
from crc_lab.marielle.postal import ABBREVIATIONS, WAY_TYPES

AMOUNT_TOLERANCE = Decimal("0.005")
TITLE, WAY, ZEROS, AMOUNT = "A3-E6", "A3-E5", "A3-E3", "A3-E12"
ALERT, MIXED = "A3-E7", "A3-MELANGE"
ABBREVIATED, FIRST_OF_MONTH = "A3-I2", "A3-I3"
WORDINGS: Mapping[str, tuple[str, ...]] = {
    name: (name, *words)
    for name, words in tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")).items()
}
"""The usual wordings of each column, the name itself first."""
DATE_COLUMNS = ("date_naissance", "date_consentement_tel", "date_creation", "date_dernier_achat")
TEXT_COLUMNS = ("code_postal", "siret", "telephone")
"""Numbers that are not counted with: a leading zero belongs to them."""

_TITLES_IN_FULL = frozenset({"mr", "monsieur", "madame", "mlle", "mademoiselle"})
_COUPLE = re.compile(r"(?:m|mr|monsieur) (?:et|&) (?:mme|madame)")
_SEPARATORS = re.compile(r"[\s.\-/_()\u00a0\u202f\u2009\u2010\u2011\u2013]+")
_INTEGER = re.compile(r"\d{1,9}(?:[.,]0+)?")
_CURRENCY = re.compile(r"\s*(?:€|eur(?:os?)?\b)\s*", re.IGNORECASE)
_COUNTED = re.compile(r"\d+[.,]0+|\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_DATES = tuple(map(re.compile, (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{2}|\d{4})",
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})",
    r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    r"(?P<year>\d{4})",
)))  # fmt: skip
"""Dates that may be impossible, or incomplete."""
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
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            year, month, day = (int(found.groupdict().get(name, 0)) for name in ("year", "month", "day"))
            return (year + 2000 if year < 100 else year), month, day
    first = parse_date(f"1 {text}")
    return (first.year, first.month, 0) if first else None


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


def _digits(column: str) -> Comparer:
    """Nothing else than its digits is the same."""
    return Comparer(lambda given, expected: Match(0.0, ZEROS) if lost_zeros(column, given, expected) else WRONG)


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
    "code_postal": _digits("code_postal"),
    "siret": _digits("siret"),
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


# --- several pieces of information in one cell, seen without knowing the answer ---------------------------------------

_ALERTS = re.compile(r"\b(?:npai|pnd|ne plus contacter|concurrente?|retour courrier)\b")
_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"})
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "van", "von"})
_CAPITALS = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý'’-]+")
_FIRST_NAME = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+")
_INDEXES = frozenset({"bis", "ter", "quater"})
_LETTERS_AND_DIGITS = re.compile(r"\d.*[a-z]|[a-z].*\d")
_SIMPLE = {
    # searched in the folded text: lower case, no accent, no punctuation but @
    "raison_sociale": r"@|\d{5}",
    "activite": r"\d",
    "effectif": r"siret|\d{5}",
    "siret": r"\b(?!siret\b)[a-z]{3,}",
    "complement": r"\b\d{5}\b",
    "code_postal": r"[a-z]{2,}",
    "ville": r"\d{4,}",
    "telephone": r"@",
    "email": r"(?:\d ?){9,}",
    "age": r"\d.*\b[hf]\b|\b[hf]\b.*\d",
    "sexe": r"\d",
    "origine": r"\d",
    **dict.fromkeys(("optin_email", "optin_sms", "optin_tel"), r"\d|mail.*(?:sms|tel)|sms.*tel"),
    **dict.fromkeys(DATE_COLUMNS, r"\b(?:oui|non|mail|sms|tel|salon|carte|site|web|ans|[hf])\b"),
}
_PATTERNS = {column: re.compile(pattern) for column, pattern in _SIMPLE.items()}
_NAMES = frozenset({"nom", "prenom", "raison_sociale", "civilite"})
_WAYS = frozenset({"numero_voie", "indice_repetition", "type_voie", "nom_voie"})
_LOOKED_AT = _NAMES | _WAYS | _PATTERNS.keys()


def mixing(column: str, text: str) -> str:
    """The code of the remark when the cell holds more than its column asks for; an empty string otherwise."""
    return _mixing(column, text[:MAX_CELL]) if column in _LOOKED_AT else ""


@lru_cache(maxsize=8192)  # a class types the same things
def _mixing(column: str, text: str) -> str:
    folded = fold(text)
    words = folded.split()
    if column in _NAMES:
        if _ALERTS.search(folded):
            return ALERT
        if _title_and_name(words) or (column in ("nom", "prenom") and _two_names(text, folded)):
            return MIXED
    if column in _WAYS:
        return _mixed_way(column, folded, words)
    pattern = _PATTERNS.get(column)
    return MIXED if pattern is not None and pattern.search(folded) else ""


def _title_and_name(words: list[str]) -> bool:
    others = [word for word in words if word not in _TITLES and word not in ("et", "&")]
    return bool(others) and any(word in _TITLES for word in words)


def _two_names(text: str, folded: str) -> bool:
    """« NGUYEN Thomas »: a family name in capitals beside a first name; or what no name has."""
    words = [word for word in re.split(r"[\s,/()]+", text) if fold(word) not in _PARTICLES]
    capitals = any(_CAPITALS.fullmatch(word) for word in words)
    return (capitals and any(_FIRST_NAME.fullmatch(word) for word in words)) or bool(re.search(r"[@\d]", folded))


def _mixed_way(column: str, folded: str, words: list[str]) -> str:
    if column in ("numero_voie", "indice_repetition"):
        return WAY if _LETTERS_AND_DIGITS.search(folded) else ""
    if column == "nom_voie" and re.search(r"\b\d{5}\b", folded):
        return MIXED
    if column == "type_voie":
        return WAY if len(words) > 1 and any(is_way_type(word) for word in words) else ""
    rest = list(words)
    while rest and (rest[0].isdigit() or rest[0] in _INDEXES):
        rest.pop(0)
    return WAY if len(rest) > 1 and is_way_type(rest[0]) else ""
