"""Postal addresses as a postman reads them (RNVP): six lines of 38 characters.

Rules taught in the case (contenu, activités §3.3.4, after the standard AFNOR NF Z 10-011 of January 2013): at most six
lines, from the name down to the town; at most 38 characters a line, spaces included; no empty line; abbreviations only
in a line that would be longer. In this workbook every line is in capitals, without accents and without punctuation.
No library is used: the ones that exist check addresses against a service on the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from crc_lab.core.text import without_accents

MAX_LINES, MAX_LENGTH = 6, 38

WAY_TYPES = {
    "ALLEE": ("ALL",), "AVENUE": ("AV", "AVE"), "BOULEVARD": ("BD", "BVD", "BLD", "BOUL"),
    "CHEMIN": ("CHE", "CHEM", "CH"), "COURS": ("CRS",), "IMPASSE": ("IMP",), "PLACE": ("PL",), "QUAI": ("QU", "Q"),
    "ROUTE": ("RTE",), "RUE": ("R",), "SQUARE": ("SQ",),
}  # fmt: skip
"""The ways of the case and their usual abbreviations, the postal one first."""

_OTHER = {
    "APPARTEMENT": ("APT", "APP"), "BATIMENT": ("BAT",), "CAPITAINE": ("CNE",), "COLONEL": ("COL",),
    "COMMANDANT": ("CDT",), "DOCTEUR": ("DR",), "ETAGE": ("ETG",), "FAUBOURG": ("FG", "FBG"), "GENERAL": ("GAL", "GEN"),
    "LIEUTENANT": ("LT",), "MARECHAL": ("MAL",), "PRESIDENT": ("PDT",), "PROFESSEUR": ("PR",), "RESIDENCE": ("RES",),
    "SAINT": ("ST",), "SAINTE": ("STE",),
}  # fmt: skip
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {**WAY_TYPES, **_OTHER}
LINKING = frozenset({"A", "AU", "AUX", "D", "DE", "DES", "DU", "ET", "L", "LA", "LE", "LES"})
"""Little words that a line too long may lose."""

_NOT_WRITTEN = re.compile(r"[^A-Z0-9&]+")
_PUNCTUATION = re.compile(r"[^\w\s&]|_")


class Fault(StrEnum):
    """A rule that a line breaks."""

    LENGTH = "longueur"
    CASE = "casse"
    ACCENT = "accent"
    PUNCTUATION = "ponctuation"
    ABBREVIATION = "abreviation"
    WORDS = "mots"


def postal(text: str) -> str:
    """One line in capitals, without accents, punctuation turned into spaces, spaces reduced; never shortened."""
    return _NOT_WRITTEN.sub(" ", without_accents(text).upper()).strip()


def shorten(line: str, limit: int = MAX_LENGTH) -> str:
    """A postal line as short as ``limit`` asks for, and not shorter.

    First the usual abbreviations (« BOULEVARD DU MARECHAL » → « BD MAL »), then the little words; a line that is
    still too long comes back as short as it can be.
    """
    words = line.split()
    if len(line) <= limit:
        return line
    abbreviated = _abbreviated(words)
    if len(" ".join(abbreviated)) <= limit:
        return " ".join(abbreviated)
    return " ".join(word for word in abbreviated if word not in LINKING)


def full_address(record: Mapping[str, str]) -> tuple[str, ...]:
    """The lines of a record of the restructured file, empty ones dropped, none shortened.

    ``record`` has the columns of ``base_restructuree.csv``. A business puts its name first, then the contact.
    """
    person = _line(record, "civilite", "prenom", "nom")
    street = _line(record, "numero_voie", "indice_repetition", "type_voie", "nom_voie")
    named = (_line(record, "raison_sociale"), person) if record["raison_sociale"] else (person,)
    lines = (*named, _line(record, "complement"), street, _line(record, "code_postal", "ville"))
    return tuple(line for line in lines if line)


def address(record: Mapping[str, str]) -> tuple[str, ...]:
    """The block to print for a record: at most six lines, shortened only where 38 characters are not enough."""
    return tuple(shorten(line) for line in full_address(record))


def is_shortened(line: str, full: str) -> bool:
    """True when ``line`` says ``full`` with usual abbreviations or without some little words (or says just that)."""
    words = iter(postal(line).split())
    word = next(words, None)
    for wanted in postal(full).split():
        if word is not None and (word == wanted or word in ABBREVIATIONS.get(wanted, ())):
            word = next(words, None)
        elif wanted not in LINKING:
            return False
    return word is None


def line_faults(line: str, full: str) -> tuple[Fault, ...]:
    """The rules that ``line``, as typed, breaks when it stands for ``full`` (any spelling); empty when it is right."""
    found = []
    if len(line) > MAX_LENGTH:
        found.append(Fault.LENGTH)
    if line != line.upper():
        found.append(Fault.CASE)
    if without_accents(line) != line:
        found.append(Fault.ACCENT)
    if _PUNCTUATION.search(without_accents(line)):
        found.append(Fault.PUNCTUATION)
    wanted = postal(full)
    if not is_shortened(line, full):
        found.append(Fault.WORDS)
    elif len(wanted) <= MAX_LENGTH and postal(line) != wanted:
        found.append(Fault.ABBREVIATION)
    return tuple(found)


def _abbreviated(words: Sequence[str]) -> list[str]:
    """Every usual abbreviation, and no little word left between two of them (« BD MAL », not « BD DU MAL »)."""
    return [
        ABBREVIATIONS.get(word, (word,))[0]
        for before, word, after in zip(("", *words), words, (*words[1:], ""), strict=False)
        if not (word in LINKING and before in ABBREVIATIONS and after in ABBREVIATIONS)
    ]


def _line(record: Mapping[str, str], *columns: str) -> str:
    return postal(" ".join(record[column] for column in columns))
