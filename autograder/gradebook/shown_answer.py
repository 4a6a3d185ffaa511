"""An answer as nbgrader's pages show it: HTML made of escaped text only, whatever the sheet holds, and never huge."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from autograder.wording import NBSP, clean, count
from crc_lab.answers import is_blank
from crc_lab.model import Json, Question

MAX_DEPTH = 12
MAX_ITEMS = 30_000
MAX_CHARACTERS = 300_000
"""What one answer may hold to be kept in a notebook: a table of 100 columns and 300 rows fits."""

SHOWN_CHARACTERS, SHOWN_CELL, SHOWN_ROWS = 20_000, 300, 120
"""What is shown of a text, of a cell and of a list; the whole answer stays in the copy."""

NOTHING = "<p>Sans réponse.</p>"
TOO_BIG = f"<p>Réponse démesurée{NBSP}: elle n’est pas montrée ici. Ouvrez la copie d’origine.</p>"


class TooBig(ValueError):
    """An answer that no person can have typed."""


def bounded(value: Json) -> Json:
    """The same value, its texts cleaned of what no file can hold; raises :class:`TooBig` beyond the limits above."""
    left = [MAX_ITEMS, MAX_CHARACTERS]

    def copy(item: Json, depth: int) -> Json:
        left[0] -= 1
        if isinstance(item, str):
            left[1] -= len(item)
        if min(left) < 0 or depth > MAX_DEPTH:
            raise TooBig
        if isinstance(item, str):
            return clean(item)
        if isinstance(item, Mapping):
            return {copy(str(name), depth + 1): copy(inner, depth + 1) for name, inner in item.items()}
        if isinstance(item, (list, tuple)):
            return [copy(inner, depth + 1) for inner in item]
        return item if item is None or isinstance(item, (bool, int, float)) else clean(str(item))

    return copy(value, 0)


def answer_html(question: Question, value: Json) -> str:
    """The answer to ``question``, as an HTML fragment in which every word of the student is escaped.

    MathJax leaves it alone (its « ignore » classes): « $ » is a sign of money here.
    """
    if is_blank(value, question.given_columns):
        return NOTHING
    try:
        value = bounded(value)
    except TooBig:
        return TOO_BIG
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
        return " · ".join(_cut(_text(inner), SHOWN_CELL) for inner in item[:SHOWN_ROWS])
    return _word(_text(item), labels)


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
    head = "".join(f"<th>{_cut(_text(name), SHOWN_CELL)}</th>" for name in columns[:SHOWN_ROWS])
    lines = []
    for row in rows[:SHOWN_ROWS]:
        cells = row if isinstance(row, list) else [row]
        lines.append("".join(f"<td>{_cut(_text(cell), SHOWN_CELL)}</td>" for cell in cells[:SHOWN_ROWS]))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    table = f'<table border="1"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div style="overflow-x:auto">{table}</div>{_rest(len(rows), "ligne")}'


def _rest(number: int, word: str) -> str:
    if number <= SHOWN_ROWS:
        return ""
    return f"<p>… et {count(number - SHOWN_ROWS, f'autre {word}', f'autres {word}s')}.</p>"
