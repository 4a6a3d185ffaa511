"""From the bytes of a file to the metadata that holds the answer sheet, whatever state the file is in.

Only :mod:`json` is used (``nbformat`` takes a second to import). Of a cell, only a print is kept as it is read: nothing
of it is ever run, and a notebook heavy with pictures stays small in memory. Whatever the bytes are, time and memory are
bounded: the file has a maximal size (:class:`~autograder.intake.archives.Limits`) and a maximal number of values, and
what is kept of the sheet is small and shallow. The limits are far beyond any honest answer (the largest table of the
workbook is 60 rows of 33 columns); what is beyond them is cut or left out, and told: the other answers are marked.

What was done to the cells is told to the teacher, without any effect on the mark. Answers are read by question id in
the metadata, never in a cell: nothing there can cost or earn a point, and no sentence accuses anybody. What a normal
session leaves (outputs, execution counts, JupyterLab's own metadata, empty cells) is not told; a notebook whose cells
are mostly other ones comes from another version of the workbook.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from autograder.intake import INTEGRITY, Incident, Refused, incident, refusal
from autograder.intake.places import HEAD, IDLE, Form, form_of, misnamed, remedy
from crc_lab.core.decoding import LOST, decode, mended
from crc_lab.core.errors import UnknownName
from crc_lab.core.model import TRAINING, Json
from crc_lab.core.resources import activity_folder
from crc_lab.core.sheet import AnswerSheet, is_exam
from crc_lab.core.text import clean_line, count, listing

MAX_DIGITS = 300
MAX_VALUES = 1_000_000
"""JSON values in one file. A notebook of the workbook has a few thousand, one full of pictures not many more."""
MAX_ANSWERS = 300
MAX_OTHERS = 50
"""Keys of the sheet, and of one answer, besides those of the contract."""
MAX_NAME = 200
MAX_TEXT = 60_000
"""Characters kept of one text: more than the longest one that an answer may hold, which is refused when marking."""
MAX_DEPTH = 10
MAX_ANSWER, MAX_SHEET = 400_000, 1_200_000
"""Values, plus characters of their texts: of one answer, of one sheet."""
_CONTRACT = ("version", "activite", "edition", "variante", "eleve")
_QUESTION_ID = re.compile(r"[A-Z]\w{0,5}-[A-Z]\w{0,20}", re.ASCII)
_CELL_PARTS = frozenset({"source", "input", "outputs"})
"""What a cell has besides its type (the metadata of nbgrader also have a « cell_type »)."""
_START = 2_000
_TO_NEXT_VALUE = re.compile(r'(?:"(?:[^"\\]++|\\.?+)*+(?:"|\Z)|[^",\[{]++)*+(?:[,\[{]|\Z)', re.DOTALL)
"""It never fails to match, nor looks twice at a sign: whatever the text, it takes a time in proportion."""
_IDLE_BYTES = IDLE[:7].encode() + b"\xef\xbb\xbf"
_DOUBLED = ("Ã", "√", "├")
"""What the first byte of most accents becomes when UTF-8 is taken for another encoding."""
_SHEET_AT = re.compile(r'(?<!\\)"crc_lab"\s*:\s*(?=\{)')
_DAMAGED, _CUT = "CARNET-ABIME.dedans", "CARNET-ABIME.coupe"
_MOST_SHEETS = 20
"""Places of a damaged notebook where a sheet is looked for."""
_SOFTWARE = {"colab": "Google Colab", "kaggle": "Kaggle", "deepnote": "Deepnote", "jupytext": "Jupytext"}
"""What leaves its name in the metadata of the notebooks that it saves."""
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The raw answer sheet of a file (``metadata.crc_lab``, or a whole sidecar) and what was strange in the file.

    ``cells``: the prints of its cells, None when there is nothing to compare (a sidecar, texts lost in another
    encoding, thousands of cells).
    """

    sheet: Any
    incidents: tuple[Incident, ...] = ()
    cells: tuple[CellPrint, ...] | None = None


def read_sheet(content: bytes) -> ReadFile:
    """The raw sheet in ``content``; raises :class:`Refused` with a code and a French sentence, and nothing else."""
    if not content[:_START].strip(_IDLE_BYTES) and not content.strip(_IDLE_BYTES):
        raise refusal("CARNET-VIDE")
    text, incidents = _decoded(content)
    document, found = _parse(text, content)
    try:
        raw = _sheet(document)
    except Refused as refused:
        # Where some text was lost, the rest of the notebook may have slipped into one of its cells; and some programs
        # wrap a notebook in a document of their own.
        raw = _saved_sheet(text) if refused.code in ("FEUILLE-ABSENTE", "PAS-UN-CARNET") else None
        if raw is None:
            raise
        found = [_DAMAGED]
    sheet, remarks = lightened(raw)
    lossy = bool(incidents) or LOST in text or not {_CUT, _DAMAGED}.isdisjoint(found)
    incidents += [incident(name) for name in found]
    if LOST in text:
        incidents.append(_unreadable_signs(text, sheet))
    return ReadFile(sheet, (*incidents, *remarks), None if lossy else _prints(document))


def _decoded(content: bytes) -> tuple[str, list[Incident]]:
    """The text, and what to tell when other software wrote its accents in another way."""
    try:
        read = decode(content)
    except UnicodeDecodeError:  # no text at all: what it is will be said
        return content.decode("utf-8", "replace"), []
    text = read.text
    if any(sign in text for sign in _DOUBLED):
        again = mended(text)
        # All of the file, not a sign that was pasted in one answer: as many texts got shorter as it has accents.
        if 2 * (len(text) - len(again)) > sum(map(len, _NOT_ASCII.findall(again))):
            return again, [incident("CARNET-ENCODAGE")]
    return text, [] if read.encoding.startswith("utf") else [incident("CARNET-ENCODAGE")]


def _unreadable_signs(text: str, sheet: Json) -> Incident:
    """What to tell of the signs that were lost: the answers that have some, else that none has."""
    answers = sheet.get("reponses") if isinstance(sheet, dict) else None
    touched = [
        clean_line(str(name), 40)
        for name, answer in (answers.items() if isinstance(answers, dict) else ())
        if LOST in json.dumps(answer, ensure_ascii=False)
    ]
    if touched:
        return incident("CARNET-OCTETS.reponses", names=listing(touched, 5))
    number = text.count(LOST)
    return incident("CARNET-OCTETS.ailleurs", number=count(number, "signe"), read="lit" if number == 1 else "lisent")


def _parse(text: str, content: bytes) -> tuple[Any, list[str]]:
    """The first document of ``text``, and the names of what was strange in it."""
    if _too_many_values(text):
        raise refusal("CARNET-TROP-CHARGE")
    twice, printed = False, 0

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice, printed
        found = dict(pairs)
        twice = twice or len(found) != len(pairs)
        if "cell_type" not in found or _CELL_PARTS.isdisjoint(found):
            return found
        printed += 1
        return {"print": print_of(found)} if printed <= 4 * MAX_CELLS else {}  # all that stays of a cell

    start = len(text) - len(text.lstrip(IDLE))
    try:
        document, end = _decoder(keep).raw_decode(text, start)
    except json.JSONDecodeError as error:
        refused = _unreadable(text, content, error)
        sheet = _saved_sheet(text) if refused.code in ("CARNET-ILLISIBLE", "CARNET-TRONQUE") else None
        if sheet is None:
            raise refused from None
        return {"metadata": {"crc_lab": sheet}}, [_CUT if refused.code == "CARNET-TRONQUE" else _DAMAGED]
    except (RecursionError, MemoryError, ValueError):
        raise refusal("CARNET-ILLISIBLE.emboite") from None
    followed = bool(text[end : end + _START].strip(" \t\r\n") or text[end:].strip(" \t\r\n"))
    return document, ["CARNET-CLES-DOUBLES"] * twice + ["CARNET-SUITE"] * followed


def _decoder(keep: Callable[[list[tuple[str, Any]]], dict[str, Any]] | None = None) -> json.JSONDecoder:
    """Not strict: a line break or a tab that got into a text harms nobody."""
    return json.JSONDecoder(
        object_pairs_hook=keep, parse_int=_integer, parse_float=_real, parse_constant=_nothing, strict=False
    )


def _saved_sheet(text: str) -> dict[str, Any] | None:
    """The sheet of a notebook that is damaged elsewhere: whole, and the only one; else None."""
    found: list[dict[str, Any]] = []
    for place in islice(_SHEET_AT.finditer(text), _MOST_SHEETS):
        try:
            sheet, _ = _decoder().raw_decode(text, place.end())
        except (RecursionError, MemoryError, ValueError):
            continue
        if isinstance(sheet.get("activite"), str) and isinstance(sheet.get("reponses"), dict):
            found.append(sheet)
    return found[0] if found and all(sheet == found[0] for sheet in found) else None


def _too_many_values(text: str) -> bool:
    """True when there are more than ``MAX_VALUES``, each after a « , », a « [ » or a « { » that is in no text."""
    if sum(map(text.count, ",[{")) <= MAX_VALUES:
        return False
    return sum(1 for _ in islice(_TO_NEXT_VALUE.finditer(text), MAX_VALUES + 1)) > MAX_VALUES


def _prints(document: dict[str, Any]) -> tuple[CellPrint, ...] | None:
    """The prints of the cells of nbformat 4, or of those of the sheets of nbformat 3."""
    found: list[CellPrint] = []
    sheets = document.get("worksheets")
    for holder in (document, *(sheets if isinstance(sheets, list) else ())):
        cells = holder.get("cells") if isinstance(holder, dict) else None
        prints = (cell.get("print") for cell in cells if isinstance(cell, dict)) if isinstance(cells, list) else ()
        found += (one for one in prints if isinstance(one, CellPrint))
    return tuple(found) if len(found) <= MAX_CELLS else None


def _integer(digits: str) -> int | str:
    """A number of absurd length stays text: converting it would take minutes."""
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _real(digits: str) -> float | str:
    """« 1e400 » stays text: infinity is no answer, and JSON cannot hold it."""
    value = float(digits) if len(digits) <= MAX_DIGITS else math.inf
    return value if math.isfinite(value) else digits


def _nothing(_: str) -> None:
    """NaN and Infinity (pandas writes them for an empty cell) are no answers."""


def _unreadable(text: str, content: bytes, error: json.JSONDecodeError) -> Refused:
    form = form_of(content[:HEAD], whole=len(content) <= HEAD)
    if form not in (Form.UNKNOWN, Form.JSON, Form.SHEET):
        return Refused(*misnamed(form, remedy(beside=False)))
    if _CONFLICT.search(text):
        return refusal("CARNET-CONFLIT")
    if text[:_START].lstrip(IDLE).startswith("{") and _stops_short(text, error):
        return refusal("CARNET-TRONQUE")
    return refusal("CARNET-ILLISIBLE.ligne", line=error.lineno)


def _stops_short(text: str, error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Unterminated string") or not text[error.pos + 5 : error.pos + _START].strip()


def _sheet(document: Any) -> Any:
    if not isinstance(document, dict):
        raise refusal("PAS-UN-CARNET.json")
    metadata = document.get("metadata")
    if isinstance(metadata, dict) and metadata.get("crc_lab") is not None:
        return metadata["crc_lab"]
    if "reponses" in document and "activite" in document:
        return document
    if "cells" not in document and "nbformat" not in document and "worksheets" not in document:
        raise refusal("PAS-UN-CARNET.json")
    if not any(one.question for one in _prints(document) or ()):
        raise refusal("FEUILLE-ABSENTE.autre")
    signs = " ".join(metadata) if isinstance(metadata, dict) else ""
    software = next((f" ({name})" for sign, name in _SOFTWARE.items() if sign in signs.casefold()), "")
    raise refusal("FEUILLE-ABSENTE.perdue", software=software)


class _TooHeavy(Exception):
    """More values, characters or levels than any answer has."""


def lightened(sheet: Json) -> tuple[Json, list[Incident]]:
    """The raw sheet within the limits, and what was left out. Raises nothing.

    What names the author must be texts or numbers: anything else is left out too.
    """
    if not isinstance(sheet, dict):
        return sheet, []
    remarks: list[Incident] = []
    kept: dict[str, Any] = {}
    others = [name for name in sheet if name not in (*_CONTRACT, "reponses") and len(name) <= MAX_NAME]
    for name in (*(name for name in _CONTRACT if name in sheet), *others[:MAX_OTHERS]):
        try:
            kept[name], _ = _light(sheet[name], MAX_ANSWER)
        except _TooHeavy:
            continue
    if isinstance(kept.get("eleve"), dict):
        kept["eleve"] = {name: item for name, item in kept["eleve"].items() if _is_text(item)}
    answers = sheet.get("reponses")
    if isinstance(answers, dict):  # those of mock exams are not handed in: they take no room
        kept["reponses"] = _answers({name: one for name, one in answers.items() if not is_exam(name)}, remarks)
    elif answers is not None:
        kept["reponses"] = []
    return kept, remarks


def _answers(answers: dict[str, Any], remarks: list[Incident]) -> dict[str, Any]:
    names = list(answers)
    if len(names) > MAX_ANSWERS:
        names = [name for name in names if isinstance(answers[name], dict) and _QUESTION_ID.fullmatch(name)]
        names = names[:MAX_ANSWERS]
        remarks.append(incident("REPONSES-TROP-NOMBREUSES", number=count(len(answers), "réponse")))
    kept: dict[str, Any] = {}
    heavy = []
    left = MAX_SHEET
    for name in names:
        allowed = min(MAX_ANSWER, left)
        try:
            kept[name[:MAX_NAME]], rest = _light(answers[name], allowed)
            left -= allowed - rest
        except _TooHeavy:
            heavy.append(clean_line(name[:MAX_NAME], 40))
            kept[name[:MAX_NAME]] = {"valeur": None}
    if heavy:
        shown = listing([f"« {name} »" for name in heavy], 5)
        remarks.append(incident(f"REPONSE-TROP-LOURDE.{'une' if len(heavy) == 1 else 'plusieurs'}", names=shown))
    return kept


def _light(value: Json, left: int, depth: int = MAX_DEPTH) -> tuple[Json, int]:
    """A copy with its texts cut, and what is left of its weight; it stops before it is heavy itself."""
    left -= 1
    if isinstance(value, str):
        value = value[:MAX_TEXT]
        left -= len(value)
    if left < 0 or (depth == 0 and isinstance(value, (list, dict))):
        raise _TooHeavy
    if isinstance(value, list):
        items: list[Json] = []
        for item in value:
            if isinstance(item, str) and len(item) < min(left, MAX_TEXT):  # the cells of a table, by far the most
                left -= 1 + len(item)
                items.append(item)
                continue
            light, left = _light(item, left, depth - 1)
            items.append(light)
        return items, left
    if isinstance(value, dict):
        named: dict[str, Json] = {}
        for name, item in value.items():
            named[name], left = _light(item, left - len(name), depth - 1)
        return named, left
    return value, left


def _is_text(value: Json) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


# --- what was done to the cells since they were given -----------------------------------------------------------------


MAX_CELLS = 2_000
"""Cells of one notebook that are compared; the workbook's have 40 at most."""
_ACTIVITY = re.compile(r"\d\d_[a-z0-9_]{1,40}")
_QUESTION = re.compile(r"""^[ \t]*question\([ \t]*["']([^"'\n]{1,40})["'][ \t]*\)""", re.MULTILINE)
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
