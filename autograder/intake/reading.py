"""From the bytes of a file to the metadata that holds the answer sheet, whatever state the file is in.

Only :mod:`json` is used (``nbformat`` takes a second to import). Of a cell, only a print is kept as it is read: nothing
of it is ever run, and a notebook heavy with pictures stays small in memory. Whatever the bytes are, time and memory are
bounded: the file has a maximal size (:class:`~autograder.intake.archives.Limits`) and a maximal number of values, and
what is kept of the sheet is small and shallow. The limits are far beyond any honest answer (the largest table of the
workbook is 60 rows of 33 columns); what is beyond them is cut or left out, and told: the other answers are marked.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from autograder.intake.handed import Incident, Refused, incident, refusal
from autograder.intake.integrity import MAX_CELLS, CellPrint, print_of
from crc_lab.core.model import Json
from crc_lab.core.wording import clean_line, count, listing

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
_QUESTION_ID = re.compile(r"A\d{1,2}-[A-Z]\w{0,20}", re.ASCII)
_CELL_PARTS = frozenset({"source", "input", "outputs"})
"""What a cell has besides its type (the metadata of nbgrader also have a « cell_type »)."""
_START = 2_000
_TO_NEXT_VALUE = re.compile(r'(?:"(?:[^"\\]++|\\.?+)*+(?:"|\Z)|[^",\[{]++)*+(?:[,\[{]|\Z)', re.DOTALL)
"""It never fails to match, nor looks twice at a sign: whatever the text, it takes a time in proportion."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_JSON = ((b"%PDF", "pdf"), (b"PK\x03\x04", "archive"), (b"\x89PNG", "image"), (b"<", "page"))
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
    if not content[:_START].strip() and not content.strip():
        raise refusal("CARNET-VIDE")
    incidents: list[Incident] = []
    text = _decode(content, incidents)
    document, twice = _parse(text, content)
    lossy = bool(incidents)
    if twice:
        incidents.append(incident("CARNET-CLES-DOUBLES"))
    sheet, remarks = lightened(_sheet(document))
    return ReadFile(sheet, (*incidents, *remarks), None if lossy else _prints(document))


def _decode(content: bytes, incidents: list[Incident]) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    if b"\x00" in content[:4]:
        return content.decode("utf-16-le" if content[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        if not content[:_START].lstrip().startswith((b"%PDF", b"PK", b"\x89PNG")):
            incidents.append(incident("CARNET-ENCODAGE"))
        return content.decode("cp1252", "replace")


def _parse(text: str, content: bytes) -> tuple[Any, bool]:
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

    try:
        document = json.loads(
            text, object_pairs_hook=keep, parse_int=_integer, parse_float=_real, parse_constant=_nothing
        )
    except json.JSONDecodeError as error:
        raise _unreadable(text, content, error) from None
    except (RecursionError, MemoryError, ValueError):
        raise refusal("CARNET-ILLISIBLE.emboite") from None
    return document, twice


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
    start = content[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    for sign, case in _NOT_JSON:
        if start.startswith(sign):
            return refusal(f"PAS-UN-CARNET.{case}")
    if _CONFLICT.search(text):
        return refusal("CARNET-CONFLIT")
    if text[:_START].lstrip("\ufeff \t\r\n").startswith("{") and _stops_short(text, error):
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
    raise refusal("FEUILLE-ABSENTE" if "cells" in document or "nbformat" in document else "PAS-UN-CARNET.json")


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
    if isinstance(answers, dict):
        kept["reponses"] = _answers(answers, remarks)
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
