"""What was done to the cells of a notebook since it was given: told to the teacher, without any effect on the mark.

Answers are read by question id in the notebook's metadata, never in a cell: nothing here can cost or earn a point, and
no sentence accuses anybody. What a normal session leaves (outputs, execution counts, JupyterLab's own metadata, empty
cells) is not told; a notebook whose cells are mostly other ones comes from another version of the workbook.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.archives import Refused
from autograder.intake.cellprints import CellPrint
from autograder.intake.reading import Incident, read_prints
from crc_lab.core.errors import UnknownName
from crc_lab.core.resources import activity_folder
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.wording import NBSP, clean_line, count, french, listing

NO_EFFECT = "sans effet sur la note"
TRAINING = "entrainement"
_LISTED = 6
_ACTIVITY = re.compile(r"\d\d_[a-z0-9_]{1,40}")

type_of_prints = tuple[CellPrint, ...]


class Pristine:
    """The notebooks as they were given, by activity, each read once.

    ``source``: a folder with ``<activity>/<activity>.ipynb`` (``nbgrader/source`` of a prepared folder). What is not in
    it is compared with the workbook's own built notebook in the training edition, and else with nothing.
    """

    def __init__(self, source: Path | None = None) -> None:
        self._source = source
        self._read: dict[tuple[str, bool], type_of_prints] = {}

    def incidents(self, sheet: AnswerSheet, cells: type_of_prints | None) -> tuple[Incident, ...]:
        """What to tell of a copy's cells; nothing when there is nothing to compare them with."""
        if cells is None or not _ACTIVITY.fullmatch(sheet.activity):  # the name comes from a copy: it may be anything
            return ()
        wanted = sheet.activity, sheet.edition == TRAINING
        if wanted not in self._read:
            self._read[wanted] = self._prints(*wanted)
        given = self._read[wanted]
        return compare(cells, given) if given else ()

    def _prints(self, activity: str, training: bool) -> type_of_prints:
        for path in self._places(activity, training):
            try:
                return read_prints(path.read_bytes())
            except (OSError, Refused):
                continue
        return ()

    def _places(self, activity: str, training: bool) -> Iterator[Path]:
        if self._source is not None:
            yield self._source / activity / f"{activity}.ipynb"
        if not training:  # an assessment has other cells than the built notebook
            return
        try:
            yield activity_folder(activity) / f"{activity}.ipynb"
        except UnknownName:
            return


@dataclass
class _Matched:
    """Which cell of the copy stands for which given one (positions), and which stand for none."""

    pairs: dict[int, int] = field(default_factory=dict)
    doubles: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


def compare(cells: Sequence[CellPrint], pristine: Sequence[CellPrint]) -> tuple[Incident, ...]:
    """What was done to ``cells`` since they were ``pristine``: one incident for each kind of change, codes INTEGRITE-….

    A cell is known again by its id, else by its text, else by the question that it shows.
    """
    if _other_version(cells, pristine):
        text = f"Le carnet vient d’une autre version du cahier (ses cellules ne sont pas les mêmes) : {NO_EFFECT}."
        return (Incident("INTEGRITE-VERSION", french(text)),)
    matched = _match(cells, pristine)
    names = _Names(pristine)
    missing = [position for position in range(len(pristine)) if position not in matched.pairs]
    found: list[Incident] = []
    if len(missing) == len(pristine):
        found.append(Incident("INTEGRITE-SUPPRIMEE", f"Toutes les cellules du cahier manquent : {NO_EFFECT}."))
    else:
        found += names.told("SUPPRIMEE", missing, "a été supprimée", "ont été supprimées")
    found += names.told("MODIFIEE", _where(matched, cells, pristine, _edited), "a été modifiée", "ont été modifiées")
    found += names.told("TYPE", _where(matched, cells, pristine, _retyped), "a changé de type", "ont changé de type")
    found += names.told("DEPLACEE", _moved(matched.pairs), "a changé de place", "ont changé de place")
    found += _doubled(matched, cells, pristine, names)
    found += _points(matched, cells, pristine, names)
    for code, changed, one, many in _OF_NBGRADER:
        found += names.told(code, _where(matched, cells, pristine, changed), one, many)
    return (*found, *_additions(matched, cells))


def _other_version(cells: Sequence[CellPrint], pristine: Sequence[CellPrint]) -> bool:
    """Most given cells are not there, and others are in their place."""
    given, had = {cell.digest for cell in pristine}, {cell.digest for cell in cells}
    lost = sum(cell.digest not in had for cell in pristine)
    foreign = sum(cell.digest not in given and not cell.blank for cell in cells)
    return lost > len(pristine) / 2 and foreign >= lost / 2


def _with_previous(cells: Sequence[CellPrint]) -> Iterator[tuple[CellPrint, str]]:
    """Each cell, and the text of the one before it (as a digest)."""
    return zip(cells, ("", *(cell.digest for cell in cells)), strict=False)


_SAME: tuple[Callable[[CellPrint, str], object], ...] = (
    lambda cell, before: (cell.id, cell.kind, cell.digest, before) if cell.id else None,  # its place tells twins apart
    lambda cell, _: (cell.id, cell.kind, cell.digest) if cell.id else None,
    lambda cell, _: cell.id or None,
    lambda cell, before: (cell.kind, cell.digest, before),
    lambda cell, _: (cell.kind, cell.digest),
    lambda cell, _: cell.digest,
    lambda cell, _: cell.question or None,
)
"""What makes two cells the same one, from the surest to the least sure."""


def _match(cells: Sequence[CellPrint], pristine: Sequence[CellPrint]) -> _Matched:
    matched = _Matched()
    taken: set[int] = set()
    for key in _SAME:
        waiting: dict[object, list[int]] = defaultdict(list)
        for position, (cell, before) in enumerate(_with_previous(pristine)):
            if position not in matched.pairs and (known := key(cell, before)) is not None:
                waiting[known].append(position)
        for position, (cell, before) in enumerate(_with_previous(cells)):
            places = waiting.get(key(cell, before)) if position not in taken and not cell.blank else None
            if places:
                matched.pairs[places.pop(0)] = position
                taken.add(position)
    ids, digests = {cell.id for cell in pristine if cell.id}, {cell.digest for cell in pristine}
    for position, cell in enumerate(cells):
        if position not in taken and not cell.blank:
            known = cell.id in ids or cell.digest in digests
            (matched.doubles if known else matched.added).append(position)
    return matched


def _where(
    matched: _Matched,
    cells: Sequence[CellPrint],
    pristine: Sequence[CellPrint],
    changed: Callable[[CellPrint, CellPrint], bool],
) -> list[int]:
    """The given cells (positions) for which ``changed(given, found)`` holds."""
    return [given for given, found in sorted(matched.pairs.items()) if changed(pristine[given], cells[found])]


def _edited(given: CellPrint, found: CellPrint) -> bool:
    return given.digest != found.digest


def _retyped(given: CellPrint, found: CellPrint) -> bool:
    return given.kind != found.kind


def _stripped(given: CellPrint, found: CellPrint) -> bool:
    return bool(given.grade_id) and not found.grade_id


def _renamed(given: CellPrint, found: CellPrint) -> bool:
    return bool(given.grade_id and found.grade_id) and given.grade_id != found.grade_id


def _flagged(given: CellPrint, found: CellPrint) -> bool:
    return bool(given.grade_id and found.grade_id) and given.flags != found.flags


def _revalued(given: CellPrint, found: CellPrint) -> bool:
    return bool(given.grade_id and found.grade_id) and given.points != found.points


_OF_NBGRADER = (
    (
        "METADONNEES",
        _stripped,
        "ne porte plus ses informations de notation (nbgrader)",
        "ne portent plus leurs informations de notation (nbgrader)",
    ),
    (
        "NOM",
        _renamed,
        "porte un autre nom que celui du cahier (grade_id de nbgrader)",
        "portent d’autres noms que ceux du cahier (grade_id de nbgrader)",
    ),
    (
        "REGLAGES",
        _flagged,
        "porte d’autres réglages de notation que ceux du cahier (nbgrader)",
        "portent d’autres réglages de notation que ceux du cahier (nbgrader)",
    ),
)


def _moved(pairs: dict[int, int]) -> list[int]:
    """The given cells that are not in order any more: all but a longest run of them that still is."""
    order = [(found, given) for given, found in sorted(pairs.items())]
    ends: list[int] = []  # the smallest end of an ordered run of each length
    last: list[int] = []  # and where it is in `order`
    before: list[int] = []
    for at, (found, _) in enumerate(order):
        length = bisect_left(ends, found)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [found], [at]
    kept = set()
    at = last[-1] if last else -1
    while at >= 0:
        kept.add(order[at][1])
        at = before[at]
    return [given for given in sorted(pairs) if given not in kept]


def _doubled(
    matched: _Matched, cells: Sequence[CellPrint], pristine: Sequence[CellPrint], names: _Names
) -> list[Incident]:
    by_id = {cell.id: at for at, cell in reversed(list(enumerate(pristine))) if cell.id}
    by_digest = {cell.digest: at for at, cell in reversed(list(enumerate(pristine)))}
    of = [by_id.get(cells[at].id, by_digest.get(cells[at].digest, 0)) for at in matched.doubles]
    return names.told("DOUBLE", sorted(set(of)), "est en double", "sont en double")


def _points(
    matched: _Matched, cells: Sequence[CellPrint], pristine: Sequence[CellPrint], names: _Names
) -> list[Incident]:
    where = _where(matched, cells, pristine, _revalued)
    if len(where) != 1:
        return names.told("POINTS", where, "", "n’annoncent pas les points du cahier")
    given, found = pristine[where[0]], cells[matched.pairs[where[0]]]
    shown = found.points.replace("?", "") or "des points illisibles"
    verb = f"annonce {clean_line(shown, 30)} au lieu de {given.points}{NBSP}points"
    return names.told("POINTS", where, verb, "")


def _additions(matched: _Matched, cells: Sequence[CellPrint]) -> list[Incident]:
    if not matched.added:
        return []
    kinds = Counter("de texte" if cells[at].kind != "code" else "de code" for at in matched.added)
    which = listing([f"{number} {kind}" for kind, number in sorted(kinds.items())])
    number = count(len(matched.added), "cellule ajoutée", "cellules ajoutées")
    return [Incident("INTEGRITE-AJOUT", french(f"{number} par l’élève ({which}) : {NO_EFFECT}."))]


class _Names:
    """How people call the cells of a notebook: by their question, else by their place in it."""

    def __init__(self, pristine: Sequence[CellPrint]) -> None:
        self._short = [
            cell.question or (f"consigne de {cell.grade_id}" if cell.grade_id else f"n° {position}")
            for position, cell in enumerate(pristine, start=1)
        ]

    def told(self, code: str, positions: Iterable[int], one: str, many: str) -> list[Incident]:
        """One incident for these cells, named up to six (questions first); none when there is no cell."""
        names = sorted((self._short[position] for position in positions), key=lambda name: name.startswith("n°"))
        if not names:
            return []
        if len(names) == 1:
            link = "" if names[0].startswith("n°") else "de "
            text = f"La cellule {link}{names[0]} {one} : {NO_EFFECT}."
        else:
            text = f"{count(len(names), 'cellule')} ({listing(names, _LISTED)}) {many} : {NO_EFFECT}."
        return [Incident(f"INTEGRITE-{code}", french(text))]
