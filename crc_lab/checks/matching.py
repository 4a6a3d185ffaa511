"""Matching (left item → right item) and gaps."""

from __future__ import annotations

from crc_lab.checks.base import Context, Outcome
from crc_lab.model import CellNote
from crc_lab.text import fold, matches


def matching(value: dict[str, str], context: Context) -> Outcome:
    """Settings: ``attendu`` ({left: right}), ``acceptes`` ({left: [other rights]}), ``erreurs`` ({left: code}).

    Share: right items / expected items. A note per answered item, its row being the left id.
    """
    expected: dict[str, str] = context.param("attendu")
    accepted: dict[str, list[str]] = context.param("acceptes", {})
    errors: dict[str, str] = context.param("erreurs", {})
    reasons: dict[str, str] = context.param("raisons", {})
    right = {left for left, target in expected.items() if value.get(left) in (target, *accepted.get(left, ()))}
    answered = [left for left in expected if value.get(left)]
    codes = dict.fromkeys(errors[left] for left in answered if left not in right and left in errors)
    return Outcome(
        len(right) / len(expected),
        tuple(context.message(code) for code in codes),
        tuple(
            CellNote(left, "association", "juste" if left in right else "faux", reasons.get(left, ""))
            for left in answered
        ),
    )


def gaps(value: dict[str, str], context: Context) -> Outcome:
    """Named short fields. Settings: ``champs`` ({field: {attendu: text | motifs: [patterns], code?}}).

    ``attendu`` is compared without case, accents and punctuation; share: right fields / fields.
    """
    fields: dict[str, dict[str, object]] = context.param("champs")
    notes, codes = [], {}
    for name, wanted in fields.items():
        text = value.get(name, "")
        if not text:
            continue
        patterns = wanted.get("motifs")
        right = matches(text, patterns) if isinstance(patterns, list) else fold(text) == fold(str(wanted["attendu"]))
        notes.append(CellNote(name, "champ", "juste" if right else "faux"))
        if not right and "code" in wanted:
            codes[str(wanted["code"])] = None
    share = sum(note.state == "juste" for note in notes) / len(fields)
    return Outcome(share, tuple(context.message(code) for code in codes), tuple(notes))
