"""One way to show an answer: as HTML (the worked answer, nbgrader's page, a preview) or as text (a cell of a report).

Every word is escaped; what a copy holds may be of any shape and any size, so that all of it is bounded.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from crc_lab.core import rooms
from crc_lab.core.answers import FormatProblem
from crc_lab.core.kind import Shown
from crc_lab.core.model import Json, Question
from crc_lab.core.wording import NBSP, count

_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters of a text, characters of a cell or of a line, lines and rows that are shown."""

    text: int = 20_000
    cell: int = 300
    rows: int = 120


BOUNDED = Limits()
WHOLE = Limits(10**9, 10**9, 10**9)


def shown_answer(question: Question, value: Json) -> Shown:
    """The answer to a question, whatever the sheet holds; its columns as people call them."""
    return shown_as(question.kind, value, question.spec, question.title_of)


def shown_as(kind: str, value: Json, spec: object, title_of: Callable[[str], str] | None = None) -> Shown:
    """An answer of one kind; one that this kind cannot read is shown as it is written.

    ``title_of``: how people call a column.
    """
    if value is None or value == "" or value == []:
        return Shown()
    if isinstance(rooms.parse(kind, value, spec), FormatProblem):
        return _as_written(value)
    of_kind = rooms.kinds()[kind]
    return of_kind.shown(of_kind.renamed(value, spec, title_of) if title_of else value, spec)


def _as_written(value: Json, depth: int = 0) -> Shown:
    if value is None:
        return Shown()
    if depth > _DEPTH or not isinstance(value, (dict, list)):
        return Shown.text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
    items = value.items() if isinstance(value, dict) else (("", item) for item in value)
    lines = ((str(name), _as_written(item, depth + 1)) for name, item in items)
    return Shown(tuple((name, _alone(inner)) for name, inner in lines))


def _alone(shown: Shown) -> str | Shown:
    """The text of what is one text."""
    return shown.lines[0][1] if len(shown.lines) == 1 and not shown.lines[0][0] else shown if shown.lines else ""


def as_html(shown: Shown, limits: Limits = BOUNDED, markdown: Callable[[str], str] | None = None) -> str:
    """HTML of escaped text; an empty string for nothing. ``markdown`` renders a worked answer (else: as typed)."""
    if shown.columns or shown.rows:
        return _table(shown, limits)
    if not shown.lines:
        return ""
    if shown.markdown and markdown:
        return markdown(_cut(str(shown.lines[0][1]), limits.text))
    label, text = shown.lines[0]
    if len(shown.lines) == 1 and not label and isinstance(text, str) and not shown.ordered:
        typed = escape(_cut(text, limits.text))
        return f'<p style="white-space:pre-wrap">{f"<strong>{typed}</strong>" if markdown else typed}</p>'
    if shown.lead:
        return f"<p><strong>{escape(label)}</strong>{f' : {escape(_cut(str(text), limits.text))}' if text else ''}</p>"
    tag = "ol" if shown.ordered else "ul"
    lines = "".join(f"<li>{_line(*line, limits)}</li>" for line in shown.lines[: limits.rows])
    return f"<{tag}>{lines}</{tag}>{_rest(len(shown.lines), limits)}"


def as_text(shown: Shown, limits: Limits = BOUNDED) -> str:
    """Lines of text; a grid has one line per row, its cells between bars."""
    if shown.columns or shown.rows:
        rows = [shown.columns, *shown.rows[: limits.rows]]
        return "\n".join(" | ".join(_cut(cell, limits.cell) for cell in row[: limits.rows]) for row in rows)
    numbered = len(shown.lines) > 1 and not any(label for label, _ in shown.lines)
    lines = (
        f"{number}. {_inline(text, limits)}" if numbered else f"{_head(label)} {_inline(text, limits)}".strip()
        for number, (label, text) in enumerate(shown.lines[: limits.rows], start=1)
    )
    return "\n".join(lines)


def _inline(shown: str | Shown, limits: Limits) -> str:
    """One line: « 3, 5 », or « Les hommes ; Leur âge » where a text has several words."""
    if isinstance(shown, str):
        return _cut(shown, limits.text)
    texts = [f"{_head(label)} {_inline(text, limits)}".strip() for label, text in shown.lines[: limits.rows]]
    return (" ; " if any(" " in text for text in texts) else ", ").join(texts)


def _head(label: str) -> str:
    return label if not label or label.endswith("?") else f"{label}{NBSP}:"


def _line(label: str, text: str | Shown, limits: Limits) -> str:
    inner = as_html(text, limits) if isinstance(text, Shown) else escape(_cut(text, limits.cell))
    if not label:
        return inner
    if not inner:
        return f"<strong>{escape(_cut(label, limits.cell))}</strong>"
    shown = inner if isinstance(text, Shown) else f"<strong>{inner}</strong>"
    return f"{escape(_head(_cut(label, limits.cell)))} {shown}"


def _table(shown: Shown, limits: Limits) -> str:
    head = _cells(shown.columns, "th", limits)
    body = "".join(f"<tr>{_cells(row, 'td', limits)}</tr>" for row in shown.rows[: limits.rows])
    table = f'<table border="1"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return (
        f'<div class="fenetre" style="overflow-x:auto" tabindex="0" role="region" aria-label="Tableau">{table}</div>'
        f"{_rest(len(shown.rows), limits)}"
    )


def _cells(texts: tuple[str, ...], tag: str, limits: Limits) -> str:
    """The cells of one row, escaped together."""
    shown = "\0".join(_cut(text.replace("\0", ""), limits.cell) for text in texts[: limits.rows])
    return f"<{tag}>" + escape(shown).replace("\0", f"</{tag}><{tag}>") + f"</{tag}>"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _rest(number: int, limits: Limits) -> str:
    if number <= limits.rows:
        return ""
    return f"<p>… et {count(number - limits.rows, 'autre ligne', 'autres lignes')}.</p>"
