"""Matching (left item → right item) and gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crc_lab.checks.choices import option_id
from crc_lab.core.answers import parse_date, parse_number
from crc_lab.core.check import Context, Outcome
from crc_lab.core.model import CellNote
from crc_lab.core.text import fold, matches


def matching(value: dict[str, str], context: Context) -> Outcome:
    """Settings: ``attendu`` ({left: right}), ``acceptes`` ({left: [other rights]}), ``erreurs`` ({left: code}),
    ``raisons`` ({left: remark shown once it is right}).

    A right item is named by its id or its wording. Share: right items / expected items. A note per answered item,
    its row being the left id.
    """
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    errors: dict[str, str] = context.param("erreurs", {})
    reasons: dict[str, str] = context.param("raisons", {})
    given = {left: option_id(value[left], context.spec.right) for left in expected if value.get(left)}
    right = {
        left
        for left, target in given.items()
        if fold(target) in {fold(item) for item in (expected[left], *accepted.get(left, ()))}
    }
    codes = dict.fromkeys(errors[left] for left in given if left not in right and left in errors)
    return Outcome(
        len(right) / len(expected),
        tuple(context.message(code) for code in codes),
        tuple(
            CellNote(left, "association", "juste", reasons.get(left, ""))
            if left in right
            else CellNote(left, "association", "faux")
            for left in given
        ),
    )


def gaps(value: dict[str, str], context: Context) -> Outcome:
    """Named short fields. Settings: ``champs`` ({field: what is expected, and ``code``, ``erreurs``}).

    Expected, one of: ``attendu`` (a text or several, compared without case, accents and punctuation; digits without
    spaces), ``motifs`` (patterns), ``nombre`` (a number as text, to ``tolerance``), ``date`` (AAAA-MM-JJ, written in
    any form that is read). ``erreurs``: [{the same, code}], tried in turn on a wrong field; ``code``: for the others.
    Share: right fields / fields.
    """
    fields: dict[str, dict[str, Any]] = context.param("champs")
    notes: list[CellNote] = []
    codes: dict[str, None] = {}
    for name, wanted in fields.items():
        text = value.get(name, "")
        if not text:
            continue
        right = _fits(text, wanted)
        notes.append(CellNote(name, "champ", "juste" if right else "faux"))
        known = [error["code"] for error in wanted.get("erreurs", ()) if _fits(text, error)]
        code = (known or [wanted.get("code")])[0]
        if not right and code:
            codes[code] = None
    share = sum(note.state == "juste" for note in notes) / len(fields)
    return Outcome(share, tuple(context.message(code) for code in codes), tuple(notes))


def _fits(text: str, wanted: Mapping[str, Any]) -> bool:
    if "motifs" in wanted:
        return matches(text, wanted["motifs"])
    if "nombre" in wanted:
        number = parse_number(text)
        return number is not None and abs(number - Decimal(wanted["nombre"])) <= Decimal(wanted.get("tolerance", "0"))
    if "date" in wanted:
        return parse_date(text) == dt.date.fromisoformat(wanted["date"])
    texts = wanted["attendu"] if isinstance(wanted["attendu"], list) else [wanted["attendu"]]
    return _bare(text) in {_bare(item) for item in texts}


def _bare(text: str) -> str:
    """What two short fields are compared on; a number made of digits loses its spaces (« 0000 4242… »)."""
    folded = fold(text)
    digits = folded.replace(" ", "")
    return digits if digits.isdigit() else folded
