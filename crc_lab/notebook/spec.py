"""A question as its card shows it (plain dicts and HTML, never anything of the key), and its worked answer."""

from __future__ import annotations

from html import escape
from typing import Any

from markdown_it import MarkdownIt

from crc_lab.core.model import ASSESSMENT, SECOND_HINT_COST, Activity, Column, Key, Question, TableSpec
from crc_lab.core.rooms import kinds
from crc_lab.core.shown import WHOLE, as_html, shown_answer

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown_html(text: str) -> str:
    """Markdown of the question files as HTML; raw HTML in it is shown, not interpreted."""
    return str(_MARKDOWN.render(text)) if text else ""


def question_spec(question: Question, activity: Activity, edition: str) -> dict[str, Any]:
    """The display of one question (trait ``question`` of the card); keys in French, see ``widgets``."""
    spec: dict[str, Any] = {
        "id": question.id,
        "activite": activity.id,
        "genre": question.kind,
        "titre": question.title,
        "enonce_html": markdown_html(question.prompt),
        "points": question.points,
        "entrainement": question.training,
        "edition": edition,
        "indices": len(question.hints),
        "excel": question.excel,
        "depend_de": list(question.depends),
        **kinds()[question.kind].page(question.spec),
    }
    if "trame" in spec:
        spec["trame_html"] = markdown_html(spec.pop("trame"))
    if edition == ASSESSMENT and len(question.hints) > 1:
        spec["cout_indice2"] = round(100 * SECOND_HINT_COST)
    if question.law:
        spec["droit"] = {"html": markdown_html(question.law)}
    if question.table is not None:
        spec["tableau"] = _table_spec(question, question.table)
    return spec


def _table_spec(question: Question, table: TableSpec) -> dict[str, Any]:
    """The grid of a question: its columns (given and to fill) and its rows, answer cells empty."""
    source = question.data[table.source]
    columns = table.columns or tuple(Column(name) for name in source.columns)
    rows = list(source.records())[: table.rows or None]
    return {
        "cle": table.key,
        "colonnes": [
            {
                "nom": one.name, "saisie": one.answer, "choix": list(one.choices), "aide": one.help,
                "texte": one.text, "groupe": one.group, "type": one.kind,
            }
            for one in columns
        ],
        "lignes": [["" if column.answer else row[column.name] for column in columns] for row in rows],
        "visibles": list(table.visible),
    }  # fmt: skip


def solution_html(question: Question, key: Key) -> str:
    """The worked answer (training edition): model answer, why each option is right or wrong, explanation."""
    shown = as_html(shown_answer(question, key.answer), WHOLE, markdown_html)
    return f'<div class="reponse-modele">{shown}{_reasons_html(question, key)}</div>{markdown_html(key.explanation)}'


def _reasons_html(question: Question, key: Key) -> str:
    """Why each option is right or wrong, when the key says so."""
    right = key.answer if isinstance(key.answer, list) else [key.answer]
    given = {name: text for settings in key.criteria.values() for name, text in settings.get("raisons", {}).items()}
    shown = "".join(
        f"<li>{'✓' if option.id in right else '✗'} {escape(option.text)} : {escape(given[option.id])}</li>"
        for option in getattr(question.spec, "options", ())
        if option.id in given and not isinstance(key.answer, dict)
    )
    return f'<ul class="raisons">{shown}</ul>' if shown else ""
