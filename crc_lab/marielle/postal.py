"""Address blocks and lines under the postal rules (:mod:`crc_lab.marielle.rnvp`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.model import CellNote
from crc_lab.marielle.rnvp import Fault, full_address, is_shortened, line_faults

ORDER, TOWN_LAST, GAP = "A3-R3", "A3-R6", "A3-R8"
_CODES = {
    Fault.LENGTH: "A3-R1",
    Fault.PUNCTUATION: "A3-R2",
    Fault.CASE: "A3-R4",
    Fault.ACCENT: "A3-R5",
    Fault.ABBREVIATION: "A3-R7",
    Fault.WORDS: "A3-R9",
}
CODES = tuple(sorted({*_CODES.values(), ORDER, TOWN_LAST, GAP}))


def postal_lines(value: Mapping[str, str], context: Context) -> Outcome:
    """Postal lines, one per field. Settings: ``blocs``, a list of address blocks, each with its ``champs`` (fields,
    from the first line down; more than needed) and either ``fiche`` (a record of the key file ``table``, with
    ``corrections`` {column: value}) or ``lignes`` (the full lines in any spelling).

    Share: right lines among the expected ones; a line too many or a gap between two lines costs one line.
    """
    right = expected = 0
    notes: list[CellNote] = []
    codes: dict[str, dict[str, None]] = {}
    for block in context.param("blocs"):
        wanted = _wanted(block, context)
        typed = [(field, value.get(field, "").strip()) for field in block["champs"]]
        found = _block_faults(typed, wanted)
        filled = [field for field, text in typed if text]
        good = sum(not found[field] for field in filled)
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


def _wanted(block: Mapping[str, Any], context: Context) -> tuple[str, ...]:
    if "lignes" in block:
        return tuple(block["lignes"])
    spec = context.question.table
    table = context.table(context.param("table"))
    record = table.by_key(spec.key if spec else table.columns[0])[block["fiche"]]
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
        codes = [_CODES[fault] for fault in line_faults(text, wanted[place])]
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


CHECKS = {"rnvp": Check(postal_lines, ("trous",), codes=CODES)}
