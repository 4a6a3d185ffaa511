"""The worked answer of a question (training edition) as HTML: the model answer, then the explanation."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from crc_lab.model import Json, Key, Option, Question
from crc_lab.ui.spec import markdown_html


def solution_html(question: Question, key: Key) -> str:
    """Model answer and explanation, as an HTML fragment."""
    shown = _answer_html(question.kind, key.answer, question)
    return f'<div class="reponse-modele">{shown}</div>{markdown_html(key.explanation)}'


def _answer_html(kind: str, answer: Json, question: Question) -> str:
    if answer is None or answer == "" or answer == []:
        return ""
    if kind == "choix":
        return f"<p>{_label(question.options, answer)}</p>"
    if kind in ("choix_multiple", "ordre", "priorites"):
        tag = "ul" if kind == "choix_multiple" else "ol"
        return f"<{tag}>{''.join(f'<li>{_label(question.options, item)}</li>' for item in answer)}</{tag}>"
    if kind == "association":
        items = (
            f"<li>{_label(question.left, left)} → <strong>{_label(question.right, right)}</strong></li>"
            for left, right in answer.items()
        )
        return f"<ul>{''.join(items)}</ul>"
    if kind == "parties":
        return f"<ul>{''.join(_part_html(part, answer.get(part.id), question) for part in question.parts)}</ul>"
    if kind == "fiches":
        return f"<p>Fiches n° <strong>{', '.join(escape(str(record)) for record in answer)}</strong></p>"
    if kind == "coches":
        items = (
            f"<li>{_label(question.right, column)} : <strong>{', '.join(map(escape, records))}</strong></li>"
            for column, records in answer.items()
        )
        return f"<ul>{''.join(items)}</ul>"
    if kind == "segment":
        rules = "".join(f"<li><code>{escape(' '.join(map(str, rule)))}</code></li>" for rule in answer["criteres"])
        records = ", ".join(escape(str(record)) for record in answer["fiches"])
        return f"<ul>{rules}</ul><p>{len(answer['fiches'])} fiches : <strong>{records}</strong></p>"
    if kind == "trous":
        labels = {part.id: part.label for part in question.parts}
        items = (
            f"<li>{escape(labels.get(name, name))} : <strong>{escape(str(text))}</strong></li>"
            for name, text in answer.items()
        )
        return f"<ul>{''.join(items)}</ul>"
    if kind == "tableau":
        return _table_html(answer["colonnes"], answer["lignes"])
    if kind == "cellules":
        columns: dict[str, list[str]] = {}
        for row, column in answer:
            columns.setdefault(str(column), []).append(str(row))
        items = (
            f"<li><strong>{escape(column)}</strong> : fiches n° {', '.join(map(escape, rows))}</li>"
            for column, rows in columns.items()
        )
        return f"<ul>{''.join(items)}</ul>"
    if kind == "paires":
        return f"<ul>{''.join(f'<li>fiches n° {escape(str(a))} et {escape(str(b))}</li>' for a, b in answer)}</ul>"
    if isinstance(answer, list):
        return f"<ul>{''.join(f'<li>{escape(str(item))}</li>' for item in answer)}</ul>"
    return f"<p><strong>{escape(str(answer))}</strong></p>"


def _part_html(part: Any, answer: Json, question: Question) -> str:
    if isinstance(answer, (list, dict)):
        shown = _answer_html(part.kind, answer, replace(question, options=part.options))
        return f"<li>{escape(part.label)} :{shown}</li>"
    text = _label(part.options, answer) if part.options else escape(str(answer))
    unit = f"\u00a0{escape(part.unit)}" if part.unit else ""
    return f"<li>{escape(part.label)} : <strong>{text}{unit}</strong></li>"


def _table_html(columns: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="fenetre" tabindex="0" role="region" aria-label="Tableau corrigé">{table}</div>'


def _label(options: tuple[Option, ...], name: Json) -> str:
    return escape(next((option.text for option in options if option.id == name), str(name)))
