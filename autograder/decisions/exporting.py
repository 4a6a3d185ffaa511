"""``crc-lab decisions``: what was decided, to be given to whoever keeps the exemplars: texts only, and none that tells
who wrote it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from autograder.decisions import FILE, TEACHER, Decisions, Settled, subjects
from autograder.decisions.reading import DecisionProblems, read_decisions
from autograder.exemplars.lines import COLUMNS, Exemplar
from autograder.exemplars.lines import NONE as NO_IDEA
from autograder.register import FILE as REGISTER
from autograder.register import Register
from autograder.reports.book import csv_bytes
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import count, fold, french, reason

_LONG_NUMBER = re.compile(r"\d(?:[ .\-/\u00a0\u202f]?\d){6}")
"""Seven digits in a row, however they are spaced: a telephone, a SIRET; an amount of the course is shorter."""
_LEAST = 3
"""Letters of a word of a name: shorter ones are everywhere."""


def decided_in(paths: Iterable[Path], activities: Iterable[LoadedActivity]) -> list[Settled]:
    """What these files (a decisions.csv, a sheet « À décider », or the folder where one is) decide, each wording once.

    Raises :class:`DecisionProblems` with every row that cannot be taken.
    """
    known = subjects(activities)
    made: list[Settled] = []
    for path in paths:
        file = path / FILE if path.is_dir() else path
        if not file.is_file():
            text = (
                f"il n’y a pas de {FILE} : rien n’y a été décidé encore. Donnez le dossier de --sortie, ou un fichier."
            )
            raise DecisionProblems(path.name or str(path), (french(text),))
        found = read_decisions(file, known)
        if found.problems:
            raise DecisionProblems(file.name, tuple(found.problems))
        made += found.settled
    return [*Decisions().with_news(made).settled]


def as_exemplars(settled: Iterable[Settled]) -> list[Exemplar]:
    """The same as lines to learn from; a text of a student has no variants."""
    plain = str.maketrans("{}", "()")
    return [
        Exemplar(one.model, one.labels, " ".join(one.text.translate(plain).split()), TEACHER)
        for one in sorted(settled, key=lambda one: one.place)
    ]


def export(paths: Sequence[Path], target: Path, activities: Iterable[LoadedActivity]) -> int:
    """Write what was decided as lines of exemples.csv: neither copies, nor dates, nor a text with an address, a long
    number or the name of a student of the class. Prints what was done; returns 0. Raises :class:`CrcError`."""
    settled = decided_in(paths, activities)
    names = [name for path in paths for name in _names(path if path.is_dir() else path.parent)]
    kept = [one for one in as_exemplars(settled) if not _tells(one.text, names)]
    rows = [(one.question, " ".join(sorted(one.labels)) or NO_IDEA, one.text, one.source) for one in kept]
    try:
        write_atomically(target, csv_bytes([COLUMNS, *rows]))
    except OSError as error:
        raise CrcError(f"Impossible d’écrire « {target} » ({reason(error)}).") from None
    left = len(settled) - len(kept)
    aside = f" ; {count(left, 'texte laissé', 'textes laissés')} de côté (adresse, long numéro ou nom d’élève)"
    exported = count(len(kept), "texte exporté", "textes exportés")
    print(french(f"{exported}{aside if left else ''} : {target}"))
    print(french("Relisez ce fichier avant de le donner : il ne doit dire de qui vient aucun texte."))
    return 0


def _names(folder: Path) -> list[frozenset[str]]:
    """The words of the name of each student whose results are kept in a folder."""
    if not (folder / REGISTER).is_file():
        return []
    with Register(folder) as register:
        return list({frozenset(fold(one.name).split()) for one in register.told()})


def _tells(text: str, names: Collection[frozenset[str]]) -> bool:
    """Whether a text may tell who wrote it."""
    words = set(fold(text).split())
    named = any(name and {word for word in name if len(word) >= _LEAST} <= words for name in names)
    return "@" in text or bool(_LONG_NUMBER.search(text)) or named
