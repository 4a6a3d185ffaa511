"""What was done to the cells of a notebook since it was given: told to the teacher, without any effect on the mark.

Answers are read by question id in the notebook's metadata, never in a cell: nothing here can cost or earn a point, and
no sentence accuses anybody. What a normal session leaves (outputs, execution counts, JupyterLab's own metadata, empty
cells) is not told; a notebook whose cells are mostly other ones comes from another version of the workbook.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from autograder.intake.handed import INTEGRITY, Incident, incident
from crc_lab.core.errors import UnknownName
from crc_lab.core.model import TRAINING
from crc_lab.core.resources import activity_folder
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import count

MAX_CELLS = 2_000
"""Cells of one notebook that are compared; the workbook's have 40 at most."""
_ACTIVITY = re.compile(r"\d\d_[a-z0-9_]{1,40}")
_QUESTION = re.compile(r"""^[ \t]*question\(["']([^"'\n]{1,40})["']\)""", re.MULTILINE)
_FLAGS = ("grade", "solution", "locked", "task")
_KINDS = {
    "SUPPRIMEE": "supprimée", "MODIFIEE": "modifiée", "TYPE": "d’un autre type", "DEPLACEE": "déplacée",
    "DOUBLE": "en double", "POINTS": "aux points changés", "METADONNEES": "aux informations de notation changées",
    "NOM": "au nom changé", "AJOUT": "ajoutée",
}  # fmt: skip
"""What is said of the cells, by the end of the incident's code."""


class CellPrint(NamedTuple):
    """What is remembered of a cell: nothing that could be run, read or weigh much. ``text``: hash of its source, or 0.

    ``question``: the one that its source shows; then what nbgrader knows of it, its name, points and flags.
    """

    id: str
    kind: str
    text: int
    question: str = ""
    name: str = ""
    points: float | None = None
    flags: tuple[bool, ...] = ()


def print_of(cell: Mapping[str, Any]) -> CellPrint:
    """The print of a cell of nbformat 3 or 4, whatever is in it. Line ends and trailing spaces are no difference."""
    raw = cell.get("source", cell.get("input"))
    raw = "".join(line for line in raw if isinstance(line, str)) if isinstance(raw, list) else raw
    source = raw.replace("\r\n", "\n").rstrip() if isinstance(raw, str) else ""
    question = _QUESTION.search(source)
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    known = nbgrader if isinstance(nbgrader, dict) else {}
    id_, kind, name = (text[:80] if isinstance(text, str) else "" for text in
                       (cell.get("id"), cell.get("cell_type"), known.get("grade_id")))  # fmt: skip
    points = known.get("points") if type(known.get("points")) in (int, float) else None
    flags = tuple(known.get(flag) is True for flag in _FLAGS if known)
    return CellPrint(id_, kind, hash(source) if source else 0, question[1] if question else "", name, points, flags)


class Pristine:
    """The notebooks as they were given, by activity, each read once.

    ``source``: a folder with ``<activity>/<activity>.ipynb`` (``nbgrader/source`` of a prepared folder). What is not in
    it is compared with the workbook's own built notebook in the training edition, and else with nothing.
    """

    def __init__(self, source: Path | None = None) -> None:
        self._source = source
        self._read: dict[tuple[str, bool], tuple[CellPrint, ...]] = {}

    def incidents(self, sheet: AnswerSheet, cells: Collection[CellPrint] | None) -> tuple[Incident, ...]:
        """What to tell of a copy's cells; nothing when there is nothing to compare them with."""
        if cells is None or not _ACTIVITY.fullmatch(sheet.activity):  # the name comes from a copy: it may be anything
            return ()
        wanted = sheet.activity, sheet.edition == TRAINING
        if wanted not in self._read:
            self._read[wanted] = next(filter(None, map(_given, self._places(*wanted))), ())
        return compare(cells, self._read[wanted]) if self._read[wanted] else ()

    def _places(self, activity: str, training: bool) -> Iterator[Path]:
        if self._source is not None:
            yield self._source / activity / f"{activity}.ipynb"
        if training:  # an assessment has other cells than the built notebook
            with suppress(UnknownName):
                yield activity_folder(activity) / f"{activity}.ipynb"


def _given(path: Path) -> tuple[CellPrint, ...]:
    try:
        return tuple(map(print_of, json.loads(path.read_bytes())["cells"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ()


def compare(cells: Iterable[CellPrint], given: Iterable[CellPrint]) -> tuple[Incident, ...]:
    """One incident for each kind of change since the cells were ``given``, codes INTEGRITE-…; empty cells are nothing.

    A cell is known again by its id, else by its text, else by the question that it shows.
    """
    cells, given = [cell for cell in cells if cell.text], [cell for cell in given if cell.text]
    if cells == given:  # most copies
        return ()
    texts, had = {cell.text for cell in given}, {cell.text for cell in cells}
    lost, foreign = sum(cell.text not in had for cell in given), sum(cell.text not in texts for cell in cells)
    if lost > len(given) / 2 and foreign >= lost / 2:
        return (incident("INTEGRITE-VERSION"),)
    ids = {cell.id for cell in given} & {cell.id for cell in cells} - {""}
    before, now = [_label(cell, ids, had) for cell in given], [_label(cell, ids, texts) for cell in cells]
    blocks = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    found = {block.a + step: block.b + step for block in blocks for step in range(block.size)}
    missing, in_order = {label: at for at, label in enumerate(before) if at not in found}, set(found.values())
    numbers, doubled = Counter[str](), set()
    for at, cell in enumerate(cells):
        if at in in_order:
            continue
        if now[at] in missing:
            found[missing.pop(now[at])] = at
            numbers["DEPLACEE"] += 1
        elif cell.id in ids or cell.text in texts:
            doubled.add(now[at])
        else:
            numbers["AJOUT"] += 1
    for one, other in ((given[place], cells[at]) for place, at in found.items()):
        named = bool(one.name and other.name)
        numbers["MODIFIEE"] += one.text != other.text
        numbers["TYPE"] += one.kind != other.kind
        numbers["METADONNEES"] += one.flags != other.flags
        numbers["POINTS"] += named and one.points != other.points
        numbers["NOM"] += named and one.name != other.name
    numbers["SUPPRIMEE"], numbers["DOUBLE"] = len(given) - len(found), len(doubled)
    return tuple(
        Incident(INTEGRITY + code, _told(numbers[code], said)) for code, said in _KINDS.items() if numbers[code]
    )


def _label(cell: CellPrint, ids: set[str], texts: set[int]) -> str | int:
    """What a cell is known again by, among those that have these ids and texts."""
    return cell.id if cell.id in ids else cell.text if cell.text in texts else cell.question or cell.text


def _told(number: int, said: str) -> str:
    many = f"{said}s" if said.endswith("ée") else said
    return f"Carnet modifié : {count(number, f'cellule {said}', f'cellules {many}')}, sans effet sur la note."
