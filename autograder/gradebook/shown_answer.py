"""An answer as nbgrader's pages show it: HTML made of escaped text only, whatever the sheet holds, and never huge."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from crc_lab.core.answers import is_blank
from crc_lab.core.model import Json, Question
from crc_lab.core.wording import NBSP, clean, count

MAX_DEPTH = 12
MAX_CHARACTERS = 500_000
"""What one answer may hold to be kept in a notebook, written as JSON: a table of 100 columns and 400 rows fits."""

SHOWN_CHARACTERS, SHOWN_CELL, SHOWN_ROWS = 20_000, 300, 120
"""What is shown of a text, of a cell and of a list; the whole answer stays in the copy."""

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
    return f'<div class="tex2jax_ignore mathjax_ignore">{_value(value, _labels(question))}</div>'


def _labels(question: Question) -> Mapping[str, str]:
    """What the ids that an answer may hold stand for."""
    found = {option.id: option.text for option in (*question.options, *question.left, *question.right)}
    for part in question.parts:
        found[part.id] = part.label
        found |= {option.id: option.text for option in part.options}
    return found


def _value(value: Json, labels: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        if isinstance(value.get("colonnes"), list) and isinstance(value.get("lignes"), list):
            return _table(value["colonnes"], value["lignes"])
        return _list([f"<b>{_word(name, labels)}</b>{NBSP}: {_inline(item, labels)}" for name, item in value.items()])
    if isinstance(value, list):
        return _list([_inline(item, labels) for item in value])
    text = _text(value)
    if text in labels:
        return f"<p>{_word(text, labels)}</p>"
    return f'<div style="white-space:pre-wrap">{_cut(text, SHOWN_CHARACTERS)}</div>'


def _inline(item: Json, labels: Mapping[str, str]) -> str:
    if isinstance(item, dict):
        return _value(item, labels)
    if isinstance(item, list):
        return " · ".join(_cut(_text(inner), SHOWN_CELL) for inner in map(_row, item[:SHOWN_ROWS]))
    return _word(_text(item), labels)


def _row(item: Json) -> Json:
    """A filter, a pair, as its words one after the other."""
    return " ".join(map(_text, item[:SHOWN_ROWS])) if isinstance(item, list) else item


def _word(text: str, labels: Mapping[str, str]) -> str:
    """« b (Le client) »: what was chosen, then what it stands for."""
    known = labels.get(text)
    shown = _cut(text, SHOWN_CELL)
    return f"{shown} ({escape(known)})" if known and known != text else shown


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    return value if isinstance(value, str) else str(value)


def _cut(text: str, limit: int) -> str:
    return escape(text if len(text) <= limit else text[: limit - 1] + "…")


def _list(items: list[str]) -> str:
    rest = _rest(len(items), "ligne")
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items[:SHOWN_ROWS]) + "</ul>" + rest


def _table(columns: list[Json], rows: list[Json]) -> str:
    head = _cells(columns, "th")
    body = "".join(f"<tr>{_cells(row if isinstance(row, list) else [row], 'td')}</tr>" for row in rows[:SHOWN_ROWS])
    table = f'<table border="1"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div style="overflow-x:auto">{table}</div>{_rest(len(rows), "ligne")}'


def _cells(values: list[Json], tag: str) -> str:
    """The cells of one row, escaped together: a cleaned text holds no NUL."""
    texts = [_text(value) for value in values[:SHOWN_ROWS]]
    shown = "\0".join([text if len(text) <= SHOWN_CELL else text[: SHOWN_CELL - 1] + "…" for text in texts])
    return f"<{tag}>" + escape(shown).replace("\0", f"</{tag}><{tag}>") + f"</{tag}>"


def _rest(number: int, word: str) -> str:
    if number <= SHOWN_ROWS:
        return ""
    return f"<p>… et {count(number - SHOWN_ROWS, f'autre {word}', f'autres {word}s')}.</p>"
