"""The lines of ``exemples.csv``: a text, the ideas that it holds, who wrote it.

``question;idees;texte;source``, UTF-8. ``idees``: names separated by spaces, « - » for none; ``{a|b}`` in a text are
variants of wording. Fifteen lines in a hundred, drawn by a hash of their text, are held out: no model learns from them,
and the figures of the report are theirs.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crc_lab.core.errors import CrcError
from crc_lab.core.text import fold

FILE = "exemples.csv"
COLUMNS = ("question", "idees", "texte", "source")
NONE = "-"
PAGE = "page"
"""The source of what a page says of its answers (the bands of a grid): known word for word, and nothing else is learnt
from it, for right answers are made of the same words."""
KNOWN = frozenset({"corrige", "essais", "enseignant", PAGE})
"""The sources of lines that the key (a ``preuve``), the tests, a teacher's decision or the page quote: they are known
word for word, never held out."""
TRAPS = "pieges"
"""How the source of lines written to mislead ends."""
HELD_OUT = 15
"""Lines in a hundred that are kept out of what is learnt."""

_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One line: ``labels`` (empty: none of the ideas), ``text`` with its variants, ``source``: who wrote it."""

    question: str
    labels: frozenset[str]
    text: str
    source: str

    @property
    def trap(self) -> bool:
        """Whether it was written to mislead."""
        return self.source.endswith(TRAPS)

    @property
    def writer(self) -> str:
        """Who wrote it, traps or not: « cinq » and « cinq-pieges » are one person."""
        return self.source.removesuffix(f"-{TRAPS}")

    @property
    def held_out(self) -> bool:
        return self.source not in KNOWN and draw(self.question, self.text) < HELD_OUT

    def readings(self, most: int) -> list[str]:
        """The text with its variants: all of them up to ``most``, else so many that each is used at least once."""
        slots = [slot.split("|") for slot in _SLOT.findall(self.text)]
        chosen: Iterable[tuple[str, ...]] = itertools.product(*slots)
        total = 1
        for slot in slots:
            total *= len(slot)
        if total > most:
            shuffle = random.Random(self.text).shuffle
            wanted = max(most, *map(len, slots))
            columns = []
            for slot in slots:
                column: list[str] = []
                while len(column) < wanted:
                    part = [*slot]
                    shuffle(part)
                    column += part
                columns.append(column[:wanted])
            chosen = zip(*columns, strict=True)
        return list(dict.fromkeys(_filled(self.text, one) for one in chosen))


def _filled(template: str, variants: Iterable[str]) -> str:
    rest = iter(variants)
    return " ".join(_SLOT.sub(lambda _slot: next(rest), template).split())


def draw(*parts: str) -> int:
    """A number from 0 to 99 that depends on these texts alone."""
    return int.from_bytes(hashlib.blake2b("\n".join(map(fold, parts)).encode(), digest_size=4).digest(), "big") % 100


def read_exemplars(path: Path) -> list[Exemplar]:
    """The lines of a file. Raises :class:`CrcError` naming the file, the row and what to do."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CrcError(f"« {path.name} » n’est pas en UTF-8 : enregistrez-le dans ce format.") from error
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    found: list[Exemplar] = []
    seen: dict[tuple[str, str], int] = {}
    try:
        if tuple(next(rows, ())) != COLUMNS:
            raise CrcError(f"« {path.parent.name}/{path.name} » : la première ligne est « {';'.join(COLUMNS)} ».")
        for row in rows:
            where = f"« {path.parent.name}/{path.name} », ligne {rows.line_num} : "
            if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row):
                raise CrcError(f"{where}il faut quatre cases remplies ({', '.join(COLUMNS)}).")
            question, ideas, wording, source = (cell.strip() for cell in row)
            if wording.count("{") != wording.count("}"):
                raise CrcError(f"{where}une accolade de variantes n’est pas fermée.")
            if (twice := seen.setdefault((question, fold(wording)), rows.line_num)) != rows.line_num:
                raise CrcError(f"{where}le même texte est déjà à la ligne {twice} : gardez l’une des deux.")
            found.append(Exemplar(question, frozenset(ideas.split()) - {NONE}, wording, source))
    except csv.Error as error:
        raise CrcError(f"« {path.parent.name}/{path.name} », ligne {rows.line_num} : guillemets mal fermés.") from error
    return found
