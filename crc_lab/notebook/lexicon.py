"""The lexicon: ``datasets/lexique.csv``, one term a line, for the searchable list and the flashcards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crc_lab.core.errors import CrcError
from crc_lab.core.resources import read_table

LEXICON_FILE = "lexique.csv"
_COLUMNS = ("id", "terme", "definition", "theme", "source")
SOURCES: Mapping[str, str] = {
    "D0": "chapitre « Prospecter via un CRC » et cas Marielle Nature",
    "D1": "révisions « La relation client omnicanale »",
    "D2": "cours « Le CRC »",
    "D3": "module « Management de la relation client »",
    "D4": "diaporama « La gestion de la relation client »",
}
"""The course documents behind each code of the column ``source``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One term: a stable ``id``, the term, its definition, a theme, the codes of the courses that use it."""

    id: str
    term: str
    definition: str
    theme: str
    sources: tuple[str, ...]


def read_lexicon(datasets: Path) -> tuple[Entry, ...]:
    """The terms, in the order of the file.

    Raises :class:`CrcError` (French) when the file is missing or damaged, lacks a column, or gives one id twice.
    """
    table = read_table(datasets / LEXICON_FILE)
    missing = [name for name in _COLUMNS if name not in table.positions]
    if missing:
        raise CrcError(f"« {LEXICON_FILE} » n’a pas la colonne « {missing[0]} » : récupérez le fichier d’origine.")
    entries = tuple(
        Entry(row["id"], row["terme"], row["definition"], row["theme"], tuple(row["source"].split()))
        for row in table.records()
    )
    ids = [entry.id for entry in entries]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise CrcError(f"« {LEXICON_FILE} » : l’identifiant « {twice} » figure deux fois.")
    return entries
