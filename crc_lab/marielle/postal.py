"""Postal addresses as a postman reads them (RNVP), and the check of address blocks.

Rules taught in the case (contenu, activités §3.3.4, after the standard AFNOR NF Z 10-011 of January 2013): at most six
lines, from the name down to the town; at most 38 characters a line, spaces included; no empty line; abbreviations only
in a line that would be longer; no punctuation from the line of the street (line 4) on. In this workbook every line
is in capitals, without accents.
No library is used: the ones that exist check addresses against a service on the network.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from crc_lab.core import settings as s
from crc_lab.core.grading import Check, Context, Outcome, Proof
from crc_lab.core.model import CellNote
from crc_lab.core.settings import Mistake, Place, Setting
from crc_lab.core.text import without_accents

MAX_LENGTH = 38
BELOW = 2
"""The street and the town: the last lines of a block, where no punctuation may be."""

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


LENGTH, PUNCTUATION, ORDER, CASE, ACCENT = "A3-R1", "A3-R2", "A3-R3", "A3-R4", "A3-R5"
TOWN_LAST, ABBREVIATED, GAP, WORDS = "A3-R6", "A3-R7", "A3-R8", "A3-R9"
CODES = (LENGTH, PUNCTUATION, ORDER, CASE, ACCENT, TOWN_LAST, ABBREVIATED, GAP, WORDS)
"""The rules that a line, or a block, breaks."""


def postal(text: str) -> str:
    """One line in capitals, without accents, punctuation turned into spaces, spaces reduced; never shortened."""
    return _NOT_WRITTEN.sub(" ", without_accents(text).upper()).strip()


def full_address(record: Mapping[str, str]) -> tuple[str, ...]:
    """The lines of a record of the restructured file, empty ones dropped, none shortened.

    ``record`` has the columns of ``base_restructuree.csv``. A business puts its name first, then the contact.
    """
    person = _line(record, "civilite", "prenom", "nom")
    street = _line(record, "numero_voie", "indice_repetition", "type_voie", "nom_voie")
    named = (_line(record, "raison_sociale"), person) if record["raison_sociale"] else (person,)
    lines = (*named, _line(record, "complement"), street, _line(record, "code_postal", "ville"))
    return tuple(line for line in lines if line)


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


def line_faults(line: str, full: str) -> tuple[str, ...]:
    """The rules that ``line``, as typed, breaks when it stands for ``full`` (any spelling); empty when it is right."""
    found = []
    if len(line) > MAX_LENGTH:
        found.append(LENGTH)
    if line != line.upper():
        found.append(CASE)
    if without_accents(line) != line:
        found.append(ACCENT)
    if _PUNCTUATION.search(without_accents(line)):
        found.append(PUNCTUATION)
    wanted = postal(full)
    if not is_shortened(line, full):
        found.append(WORDS)
    elif len(wanted) <= MAX_LENGTH and postal(line) != wanted:
        found.append(ABBREVIATED)
    return tuple(found)


def _line(record: Mapping[str, str], *columns: str) -> str:
    return postal(" ".join(record[column] for column in columns))


# --- the check --------------------------------------------------------------------------------------------------------


def postal_lines(value: Mapping[str, str], context: Context) -> Outcome:
    """Postal lines, one per field, block by block.

    Share: right lines among the expected ones; a line too many or a gap between two lines costs one line.
    """
    right = expected = 0
    notes: list[CellNote] = []
    codes: dict[str, dict[str, None]] = {}
    for block in context.param("blocs"):
        typed = [(field, value.get(field, "").strip()) for field in block["champs"]]
        filled = [field for field, text in typed if text]
        read = [(wanted, _block_faults(typed, wanted)) for wanted in (_wanted(block, context), *block.get("ou", ()))]
        wanted, found = max(read, key=lambda one: _good(one[1]) / max(len(one[0]), len(filled)))
        good = _good(found)
        surplus = max(0, len(filled) - len(wanted)) + _has_gap(typed)
        right += max(0, good - surplus)
        expected += len(wanted)
        for code in dict.fromkeys(code for field in filled for code in found[field]):
            codes.setdefault(code, {})[str(block.get("fiche", ""))] = None
        if _has_gap(typed):
            codes.setdefault(GAP, {})[str(block.get("fiche", ""))] = None
        notes += [_note(field, found[field], context) for field in filled]
    messages = tuple(context.message(code, tuple(row for row in codes[code] if row)) for code in sorted(codes))
    return Outcome(right / expected, messages, tuple(notes))


def _good(found: Mapping[str, tuple[str, ...]]) -> int:
    return sum(not codes for codes in found.values())


def _wanted(block: Mapping[str, Any], context: Context) -> tuple[str, ...]:
    if "lignes" in block:
        return tuple(block["lignes"])
    record = context.rows(context.param("table"))[block["fiche"]]
    return full_address({**record, **block.get("corrections", {})})


def _block_faults(typed: Sequence[tuple[str, str]], wanted: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The codes of each filled field: its own faults, then its place in the block."""
    filled = [(field, text) for field, text in typed if text]
    free = list(range(len(wanted)))
    places: dict[str, int] = {}
    for field, text in filled:
        place = next((at for at in free if is_shortened(text, wanted[at])), None)
        if place is not None:
            free.remove(place)
            places[field] = place
    found: dict[str, tuple[str, ...]] = {}
    highest = -1
    for position, (field, text) in enumerate(filled):
        place = places.get(field, min(position, len(wanted) - 1))
        may = len(wanted) > BELOW and place < len(wanted) - BELOW
        codes = [code for code in line_faults(text, wanted[place]) if code != PUNCTUATION or not may]
        if field in places and place < highest:
            codes.append(ORDER)
        if place == len(wanted) - 1 and field in places and position != len(filled) - 1:
            codes.append(TOWN_LAST)
        highest = max(highest, places.get(field, -1))
        found[field] = tuple(codes)
    return found


def _has_gap(typed: Sequence[tuple[str, str]]) -> bool:
    """An empty field between two lines, or before the first one."""
    texts = [bool(text) for _, text in typed]
    return any(later and not earlier for earlier, later in pairwise(texts))


def _note(field: str, codes: tuple[str, ...], context: Context) -> CellNote:
    if not codes:
        return CellNote(field, "champ", "juste")
    return CellNote(field, "champ", "faux", " ".join(context.message(code).text for code in codes))


# --- the settings, and answers that prove them ------------------------------------------------------------------------

_DAMAGES: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("en minuscules", str.lower, CASE),
    ("avec un accent", lambda line: f"É{line}", ACCENT),
    ("avec un point", lambda line: f"{line}.", PUNCTUATION),
    ("trop longue", lambda line: f"{line} {line} {line}", LENGTH),
    ("avec un mot de plus", lambda line: f"{line} ZZZ", WORDS),
)


def _problems(place: Place) -> Iterator[Mistake]:
    for position, block in enumerate(place.settings["blocs"]):
        if "fiche" in block and "table" not in place.settings:
            yield Mistake(("blocs", position), "« fiche » demande aussi « table », le fichier des fiches.")


def _proofs(context: Context) -> Iterator[Proof]:
    """The model lines, each damaged in turn; two lines in the other's place, a gap between two lines."""
    right: Mapping[str, str] = context.answer
    blocks = [[field for field in block["champs"] if right.get(field)] for block in context.param("blocs")]
    total = sum(map(len, blocks))
    for position, fields in enumerate(blocks):
        path = ("blocs", position)
        block = context.param("blocs")[position]
        for other in block.get("ou", ()):
            lines = dict(itertools.zip_longest(block["champs"], other, fillvalue=""))
            yield Proof("un autre découpage", {**right, **lines}, 1.0, path=path)
        for about, damage, code in _DAMAGES:
            field = fields[-1] if code == PUNCTUATION else fields[0]
            answer = {**right, field: damage(right[field])}
            yield Proof(f"la ligne « {field} » {about}", answer, 1 - 1 / total, code, path)
        if len(fields) > 2:
            first, second = fields[:2]
            swapped = {**right, first: right[second], second: right[first]}
            yield Proof("deux lignes inversées", swapped, None, ORDER, path)
            upside_down = dict(zip(fields, [right[field] for field in (fields[-1], *fields[:-1])], strict=True))
            yield Proof("la ville en premier", {**right, **upside_down}, None, TOWN_LAST, path)
            yield Proof("une ligne vide", {**right, second: ""}, None, GAP, path)


def _records_of_table(place: Place) -> list[str]:
    table, spec = place.named("table"), place.question.table
    at = table.positions.get(spec.key) if spec else 0
    return [row[at] for row in table.rows] if at is not None else []


_RECORD = s.reference("une fiche du fichier « table »", _records_of_table)
_BLOCK = s.table_of(
    {"champs": s.list_of(s.PART_NAME, least=1, distinct=True)},
    {
        "fiche": _RECORD,
        "lignes": s.list_of(s.TEXT, least=1),
        "corrections": s.mapping(s.columns_of("table"), s.TEXT),
        "ou": s.list_of(s.list_of(s.TEXT, least=1)),
    },
    any_of=("fiche", "lignes"),
    only_one=True,
)
CHECKS = {
    "rnvp": Check(
        postal_lines,
        ("trous",),
        about="Des lignes d’adresse aux normes postales.",
        codes=CODES,
        settings=(
            Setting("table", s.DATA, "Le fichier des fiches."),
            Setting(
                "blocs",
                s.list_of(_BLOCK, least=1),
                "Les blocs-adresse : les « champs » de chacun, de haut en bas (plus qu’il n’en faut), et soit la "
                "« fiche » (avec ses « corrections »), soit les « lignes » en toutes lettres.",
                required=True,
            ),
        ),
        problems=_problems,
        proofs=_proofs,
    )
}
