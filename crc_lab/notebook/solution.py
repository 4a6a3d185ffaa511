"""The worked answer of a question (training edition) as HTML: the model answer, then the explanation."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from crc_lab.core.model import Json, Key, Option, Question
from crc_lab.notebook.spec import markdown_html


def solution_html(question: Question, key: Key) -> str:
    """Model answer and explanation, as an HTML fragment."""
    shown = _answer_html(question.kind, key.answer, question)
    reasons = _reasons_html(question, key)
    return f'<div class="reponse-modele">{shown}{reasons}</div>{markdown_html(key.explanation)}'


def _reasons_html(question: Question, key: Key) -> str:
    """Why each option is right or wrong, when the key says so."""
    if question.kind not in ("choix", "choix_multiple"):
        return ""
    right = key.answer if isinstance(key.answer, list) else [key.answer]
    given = {name: text for settings in key.criteria.values() for name, text in settings.get("raisons", {}).items()}
    items = (
        f"<li>{'✓' if option.id in right else '✗'} {escape(option.text)} : {escape(given[option.id])}</li>"
        for option in question.options
        if option.id in given
    )
    shown = "".join(items)
    return f'<ul class="raisons">{shown}</ul>' if shown else ""


def _answer_html(kind: str, answer: Json, question: Question) -> str:
    if answer is None or answer == "" or answer == [] or kind == "cartes":
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
    if kind == "vrai_faux":
        return _true_false_html(question.options, answer)
    if kind == "formulaire":
        return _form_html(question, answer)
    if kind == "ouverte":
        return markdown_html(str(answer))
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


def _true_false_html(options: tuple[Option, ...], answer: Json) -> str:
    """« Faux : toute déclaration claire suffit. »"""
    words = options or (Option("vrai", "Vrai"), Option("faux", "Faux"))
    choice, reason = (answer.get("choix", ""), answer.get("raison", "")) if isinstance(answer, dict) else (answer, "")
    return f"<p><strong>{_label(words, choice)}</strong>{f' : {escape(reason)}' if reason else ''}</p>"


def _form_html(question: Question, answer: dict[str, Any]) -> str:
    faults = "".join(f"<li>{escape(item)} {_label(question.left, item)}</li>" for item in answer["manquements"])
    asked = question.form.asks if question.form else ""
    said = "Oui" if answer["conclusion"] == "oui" else "Non"
    listed = f"<p>Absent ou non valable :</p><ul>{faults}</ul>" if faults else "<p>Aucun manquement.</p>"
    return f"<p>{escape(asked)} <strong>{said}</strong></p>{listed}"


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
