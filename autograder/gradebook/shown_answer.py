"""An answer as nbgrader's pages show it: HTML made of escaped text only, whatever the sheet holds, and never huge."""

from __future__ import annotations

import json
import re

from crc_lab.core.answers import is_blank
from crc_lab.core.model import Json, Question
from crc_lab.core.shown import as_html, shown_answer
from crc_lab.core.wording import NBSP, clean

MAX_DEPTH = 12
MAX_CHARACTERS = 500_000
"""What one answer may hold to be kept in a notebook, written as JSON: a table of 100 columns and 400 rows fits."""

NOTHING = "<p>Sans réponse.</p>"
TOO_BIG = f"<p>Réponse démesurée{NBSP}: elle n’est pas montrée ici. Ouvrez la copie d’origine.</p>"


_CONTROL = re.compile(r"\\(?:\\|u00(?:0[0-8bcef]|1[0-9a-f])|[bf])")
"""In a JSON text: a control character (line breaks and tabs are none), or a backslash of the text itself."""


class TooBig(ValueError):
    """An answer that no person can have typed."""


def bounded(value: Json) -> Json:
    """The same value, its texts cleaned of what no file can hold; raises :class:`TooBig` beyond the limits above.

    By way of its JSON text: a table of a thousand cells takes a fraction of a millisecond.
    """
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError):
        raise TooBig from None
    if len(text) > MAX_CHARACTERS:
        raise TooBig
    copy = json.loads(_CONTROL.sub(_kept, clean(text)), parse_constant=lambda _: None)
    if isinstance(copy, (list, dict)) and _too_deep(copy):
        raise TooBig
    return copy


def _kept(found: re.Match[str]) -> str:
    return found[0] if found[0] == "\\\\" else ""


def _too_deep(value: Json) -> bool:
    left = [(value, 0)]
    while left:
        item, depth = left.pop()
        if depth > MAX_DEPTH:
            return True
        inner = item.values() if isinstance(item, dict) else item
        left += [(one, depth + 1) for one in inner if isinstance(one, (list, dict))]
    return False


def answer_html(question: Question, value: Json) -> str:
    """The answer to ``question`` (:func:`bounded`), as HTML in which every word of the student is escaped.

    MathJax leaves it alone (its « ignore » classes): « $ » is a sign of money here.
    """
    if is_blank(value, question.given_columns):
        return NOTHING
    return f'<div class="tex2jax_ignore mathjax_ignore">{as_html(shown_answer(question, value))}</div>'
