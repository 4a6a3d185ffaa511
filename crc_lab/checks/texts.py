"""Lists of short texts: distinct ideas are counted, whatever field they were written in."""

from __future__ import annotations

from itertools import islice
from typing import Any

from crc_lab.checks.base import Context, Outcome
from crc_lab.model import Message
from crc_lab.text import matches, normalise

MAX_TEXTS = 50
"""Texts of one list that are looked at: no question asks for more than a dozen."""


def short_texts(value: tuple[str, ...] | str, context: Context) -> Outcome:
    """Settings: ``attendus`` (number of ideas for full marks), ``idees`` ([{id, motifs, interdits?}]), ``interdits``
    (patterns that void a text), ``erreurs`` ([{motifs, code, part?}]: tried on a text without an idea, ``part`` of
    one idea is granted, once per code), ``doublon`` (code when one idea is given twice).
    """
    given = (value,) if isinstance(value, str) else value
    texts = tuple(islice((text for text in given if normalise(text)), MAX_TEXTS))
    expected: int = context.param("attendus")
    found: dict[str, None] = {}
    codes: dict[str, None] = {}
    granted = 0.0
    for text in texts:
        ideas = _ideas(text, context)
        if ideas and all(idea in found for idea in ideas):
            _note(codes, context.param("doublon"))
        found.update(dict.fromkeys(ideas))
        if not ideas:
            error = _error(text, context)
            if error:
                granted += 0.0 if error["code"] in codes else float(error.get("part", 0.0))
                _note(codes, error["code"])
    share = min(1.0, (len(found) + granted) / expected) if len(found) < expected else 1.0
    messages: tuple[Message, ...] = tuple(context.message(code) for code in codes)
    return Outcome(share, messages)


def _ideas(text: str, context: Context) -> list[str]:
    if matches(text, context.param("interdits", ())):
        return []
    ideas: list[dict[str, Any]] = context.param("idees")
    return [
        idea["id"] for idea in ideas if matches(text, idea["motifs"]) and not matches(text, idea.get("interdits", ()))
    ]


def _error(text: str, context: Context) -> dict[str, Any] | None:
    errors: list[dict[str, Any]] = context.param("erreurs", [])
    return next((error for error in errors if matches(text, error["motifs"])), None)


def _note(codes: dict[str, None], code: str | None) -> None:
    if code:
        codes[code] = None
