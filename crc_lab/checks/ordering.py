"""Items to put in order."""

from __future__ import annotations

from crc_lab.checks.choices import option_id
from crc_lab.core.check import Check, Context, Outcome
from crc_lab.core.model import CellNote


def ordering(value: tuple[str, ...], context: Context) -> Outcome:
    """Settings: ``attendu`` (ids in the right order), ``erreurs`` ({"inverse": code} for the exact reverse), ``sinon``
    (code for any other wrong order), ``raisons`` ({id: remark shown once it is at its place}).

    Items are named by their id or their wording. Share: items at their place / items; none when an item is given
    twice or when there are too many.
    """
    expected: list[str] = context.param("attendu")
    reasons: dict[str, str] = context.param("raisons", {})
    given = [option_id(item, context.spec.options) for item in value]
    placed = [item == wanted for item, wanted in zip(given, expected, strict=False)]
    notes = tuple(
        CellNote(item, "ordre", "juste" if right else "faux", reasons.get(item, "") if right else "")
        for item, right in zip(given, placed, strict=False)
    )
    share = sum(placed) / len(expected) if len(set(given)) == len(given) <= len(expected) else 0.0
    code = context.param("sinon")
    if given == expected[::-1] and len(expected) > 1:
        code = context.param("erreurs", {}).get("inverse", code)
    messages = (context.message(code),) if code and share < 1 else ()
    return Outcome(share, messages, notes)


CHECKS: dict[str, Check] = {"ordre": Check(ordering, ("ordre",))}
