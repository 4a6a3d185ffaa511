"""What can be said of an answer without its key: what is missing, what is said twice, what cannot be meant.

Nothing here depends on what is right. The texts are the same whatever the question, so that a subject needs no message
of its own. The share of such an outcome means nothing: the criterion waits for the marking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crc_lab.core.check import Context, Outcome
from crc_lab.core.model import Message
from crc_lab.core.text import fold

LINES, SAME, MISSING = "FORME-LIGNES", "FORME-IDENTIQUES", "FORME-MANQUE"


def texts_form(value: tuple[str, ...] | str | Mapping[str, str], context: Context) -> Outcome:
    """How many of the lines offered are filled, and whether two of them are the same words."""
    if isinstance(value, Mapping):  # the reason of a true or false
        return Outcome(0.0)
    given = [text for text in ((value,) if isinstance(value, str) else value) if text.strip()]
    offered = 0 if context.criterion.params.get("partie") else len(getattr(context.spec, "labels", ()))
    messages = []
    if len(given) < offered:
        messages.append(Message(LINES, f"{_counted(len(given), 'ligne remplie', 'lignes remplies')} sur {offered}."))
    if len({fold(text) for text in given}) < len(given):
        messages.append(Message(SAME, "Deux lignes disent la même chose, mot pour mot."))
    return Outcome(0.0, tuple(messages))


def matching_form(value: Mapping[str, str], context: Context) -> Outcome:
    """How many items of the left are still alone."""
    return _missing((item.id for item in context.spec.left), value)


def gaps_form(value: Mapping[str, str], context: Context) -> Outcome:
    """How many fields are still empty."""
    return _missing((part.id for part in context.spec.parts), value)


def _missing(wanted: Iterable[str], value: Mapping[str, str]) -> Outcome:
    names = list(wanted)
    empty = sum(not value.get(name, "").strip() for name in names)
    if not empty:
        return Outcome(0.0)
    return Outcome(
        0.0, (Message(MISSING, f"{_counted(empty, 'réponse manque', 'réponses manquent')} encore sur {len(names)}."),)
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number < 2 else many}"
