"""What people see of a question: every text of its page, and one way to show an answer, as HTML (the worked answer,
nbgrader's page, a preview) or as text (a cell of a report).

Every word of an answer is escaped; what a copy holds may be of any shape and any size, so that all of it is bounded.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from crc_lab.core.answers import FormatProblem
from crc_lab.core.kind import Shown
from crc_lab.core.model import Json, Question
from crc_lab.core.rooms import kinds, parse
from crc_lab.core.text import NBSP, Page, count

# --- what the page says -----------------------------------------------------------------------------------------------

_PASSAGE = "passage"
_PROSE = re.compile(r"^# ?(.*)$", re.MULTILINE)
_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)
DOCUMENT = "document"
"""The name, before its number, of a passage that questions need: an annexe (tag of a cell of activite.py)."""


def page_of(activity: str, questions: Iterable[Question], folders: Iterable[Path]) -> Page:
    """Everything that the page of ``activity`` says; its notebook is in the first of the folders that has it."""
    passages = next(filter(None, (_passages(folder, activity) for folder in folders)), ())
    texts = {f"{question.id} {name}": text for question in questions for name, text in said_by(question)}
    return Page(texts | {f"{name} {number}": text for number, (name, text) in enumerate(passages, start=1)})


def said_by(question: Question) -> Iterator[tuple[str, str]]:
    """Every text that the card of a question shows, by its French name."""
    table, own = question.table, []
    if (kind := kinds().get(question.kind)) is not None:
        names = kind.names(question.spec)
        for line in kind.said(question.spec):
            first, _, rest = line.partition(" ")
            own.append(rest if first in names else line)  # its id comes before the text of an item
    texts = {
        "titre": question.title,
        "énoncé": question.prompt,
        "droit": question.law,
        **{f"indice {number}": hint for number, hint in enumerate(question.hints, start=1)},
        "libellés": "\n".join(own),
        "colonnes": "\n".join(f"{column.name} {column.help}" for column in table.columns) if table else "",
    }
    yield from ((name, text) for name, text in texts.items() if text.strip())


def _passages(folder: Path, activity: str) -> tuple[tuple[str, str], ...]:
    """The texts between the questions, documents or others: of the source in ``folder`` or, without it, of the
    notebook, whose built cells alone count (a student may have added others)."""
    source, notebook = folder / "activite.py", folder / f"{activity}.ipynb"
    if source.is_file():
        found = _written(source.read_text(encoding="utf-8"))
    else:
        found = list(_built(notebook)) if notebook.is_file() else []
    return tuple((_PASSAGE if name != DOCUMENT else name, text) for name, text in found if text.strip())


def _written(source: str) -> list[tuple[str, str]]:
    """The cells of a source."""
    head, *rest = _CELL.split(source)
    cells = [("", head), *zip(rest[::2], rest[1::2], strict=True)]
    return [(DOCUMENT if f'"{DOCUMENT}"' in mark else "", "\n".join(_PROSE.findall(text))) for mark, text in cells]


def _built(notebook: Path) -> Iterator[tuple[str, str]]:
    """The texts of a notebook whose cells bear the name that their content gave them (autograder.prepare.build)."""
    try:
        for cell in json.loads(notebook.read_bytes())["cells"]:
            text, name = "".join(cell["source"]), str(cell.get("id", ""))
            digest = hashlib.sha256(text.encode()).hexdigest()[:12]
            if cell["cell_type"] == "markdown" and name.startswith((f"c-{digest}", f"d-{digest}")):
                yield DOCUMENT if name.startswith("d-") else "", text
    except (OSError, ValueError, KeyError, TypeError):
        return  # a damaged notebook: there is no text to compare with


# --- an answer --------------------------------------------------------------------------------------------------------

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
    if isinstance(parse(kind, value, spec), FormatProblem):
        return _as_written(value)
    of_kind = kinds()[kind]
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
