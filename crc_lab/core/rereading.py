"""« relecture », beside an answer: what a student says is in a line that could not be read.

``{line: {"texte": the line when it was ticked, "idees": [labels]}}``; a line is named by its place in the answer
(« 0 », « b2b.raison », nothing for a text alone). A tick is worth nothing any more once its line has changed. It is a
proposal: it counts on the student's own screen, for the time being, and a teacher decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crc_lab.core.model import Json

KEY = "relecture"
LINES, IDEAS, LONGEST, LONGEST_NAME = 40, 3, 1_000, 60
"""Lines of an answer, ideas of a line, letters of a line and of the name of an idea that are kept at most."""


def kept(raw: Json, value: Json) -> dict[str, dict[str, Any]]:
    """What may be kept of ``raw`` beside the answer ``value``: the ticks of the lines that are as they were."""
    found: dict[str, dict[str, Any]] = {}
    for line, one in raw.items() if isinstance(raw, Mapping) else ():
        text, ideas = (one.get("texte"), one.get("idees")) if isinstance(one, Mapping) else (None, None)
        if not (isinstance(line, str) and isinstance(text, str) and isinstance(ideas, list)):
            continue
        names = [name for name in dict.fromkeys(map(str, ideas)) if 0 < len(name) <= LONGEST_NAME][:IDEAS]
        same = text == line_of(value, line) and len(text.strip()) > 0 and len(text) <= LONGEST
        if names and same and len(found) < LINES:
            found[line] = {"texte": text, "idees": names}
    return found


def ticks(raw: Json, value: Json) -> dict[str, frozenset[str]]:
    """Line → what is ticked there."""
    return {line: frozenset(one["idees"]) for line, one in kept(raw, value).items()} if raw else {}


def line_of(value: Json, line: str) -> Json:
    """What stands in a line of an answer; None when there is no such line."""
    for part in filter(None, line.split(".")):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdecimal() and len(part) < 4:
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value
