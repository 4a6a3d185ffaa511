"""Several pieces of information in one cell: what can be seen without knowing the answer."""

from __future__ import annotations

import re
from functools import lru_cache

from crc_lab.checks.answer_rows import MAX_CELL
from crc_lab.core.text import fold
from crc_lab.marielle.cells import DATE_COLUMNS, is_way_type

WAY, ALERT, MIXED = "A3-E5", "A3-E7", "A3-MELANGE"

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
