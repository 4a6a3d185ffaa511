"""A question as its card shows it: plain dicts and HTML, never anything of the key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt

from crc_lab.core.model import ASSESSMENT, SECOND_HINT_COST, Activity, Column, FormSpec, Option, Question


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown_html(text: str) -> str:
    """Markdown of the question files as HTML; raw HTML in it is shown, not interpreted."""
    return str(_markdown().render(text)) if text else ""


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
        "options": _options(question.options),
        "gauche": _options(question.left),
        "droite": _options(question.right),
        "etiquettes": list(question.labels),
        "lignes_de": question.rows_from,
        "depend_de": list(question.depends),
        "nb_textes": len(question.labels),
        "lignes": question.lines,
        "trame_html": markdown_html(question.frame),
        "parties": [
            {
                "id": part.id,
                "genre": part.kind,
                "libelle": part.label,
                "unite": part.unit,
                "options": _options(part.options),
                "etiquettes": list(part.labels),
            }
            for part in question.parts
        ],
    }
    if edition == ASSESSMENT and len(question.hints) > 1:
        spec["cout_indice2"] = round(100 * SECOND_HINT_COST)
    if question.law:
        spec["droit"] = {"html": markdown_html(question.law)}
    if question.form is not None:
        spec["formulaire"] = form_spec(question.form)
    if question.table is not None:
        spec["tableau"] = table_spec(question)
    return spec


def form_spec(form: FormSpec) -> dict[str, Any]:
    """The form to inspect: its head and its zones."""
    return {
        "titre": form.title,
        "sous_titre": form.subtitle,
        "conclusion": form.asks,
        "zones": [
            {
                "id": zone.id,
                "genre": zone.kind,
                "texte": zone.text,
                "obligatoire": zone.required,
                "cochee": zone.checked,
            }
            for zone in form.zones
        ],
    }


def table_spec(question: Question) -> dict[str, Any]:
    """The grid of a question: its columns (given and to fill) and its rows, answer cells empty."""
    table = question.table
    if table is None:
        raise ValueError(f"{question.id} has no table")
    source = question.data[table.source]
    columns = table.columns or tuple(Column(name) for name in source.columns)
    rows = list(source.records())[: table.rows or None]
    return {
        "cle": table.key,
        "colonnes": [
            {
                "nom": column.name,
                "saisie": column.answer,
                "choix": list(column.choices),
                "aide": column.help,
                "texte": column.text,
                "groupe": column.group,
                "type": column.kind,
            }
            for column in columns
        ],
        "lignes": [["" if column.answer else row[column.name] for column in columns] for row in rows],
        "visibles": list(table.visible),
    }


def _options(options: Iterable[Option]) -> list[dict[str, str]]:
    return [{"id": option.id, "texte": option.text} for option in options]
