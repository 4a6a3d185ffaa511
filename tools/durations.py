"""How long a page takes, measured on its text and its cards: what « duree » and « duree_evaluation » are compared with.

Reading: 200 words a minute. Answering: minutes for each thing that a card asks, by kind; they are those of a student
who knows the course and works without hurry. The result is an order of magnitude, not a promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from autograder.prepare.editions import cells_of
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.model import ASSESSMENT, Question
from crc_lab.core.rooms import kinds

WORDS_A_MINUTE = 200
ROOM = 1.6
"""What reading the remarks, trying again and reading over add to reading and answering once."""
MINUTES = {
    "choix": 0.7, "vrai_faux": 1.5, "choix_multiple": 2.0, "nombre": 1.5, "texte": 2.5, "textes": 1.0, "trous": 0.5,
    "association": 0.4, "ordre": 1.5, "segment": 5.0, "fiches": 3.0, "coches": 0.8, "paires": 2.0, "cellules": 0.6,
    "priorites": 1.0, "ouverte": 10.0, "formulaire": 0.8, "date": 1.0, "cartes": 3.0, "surlignage": 0.5,
    "planning": 20.0, "dialogue": 10.0, "tableau": 0.11,
}  # fmt: skip
"""Minutes for one card or, of those that hold several things, for one of them (a field, an item, a cell)."""


def minutes(loaded: LoadedActivity, source: str, edition: str) -> float:
    """The minutes that the page of an edition takes; ``source``: the text of its activite.py."""
    texts = [cell.text for cell in cells_of(source) if cell.belongs(edition) and not cell.is_code]
    asked = [one for one in loaded.activity.questions if edition != ASSESSMENT or not one.training]
    for question in asked:
        texts += [question.title, question.prompt, *kinds()[question.kind].said(question.spec)]
    words = len(re.findall(r"\w+", "\n".join(texts)))
    return ROOM * (words / WORDS_A_MINUTE + sum(_answering(question, loaded) for question in asked))


def _answering(question: Question, loaded: LoadedActivity) -> float:
    key = loaded.keys.get(question.id)
    answer = key.answer if key else None
    if question.parts:
        own = answer if isinstance(answer, dict) else {}
        return sum(_of(part.kind, own.get(part.id)) for part in question.parts)
    if question.kind == "tableau" and question.table is not None:
        return MINUTES["tableau"] * _cells(question, answer)
    return _of(question.kind, answer)


def _of(kind: str, answer: Any) -> float:
    several = kind in ("textes", "trous", "association", "cellules", "paires", "surlignage", "coches", "formulaire")
    count = len(answer) if several and isinstance(answer, (dict, list)) else 1
    if kind == "cellules" and isinstance(answer, dict):
        count = len(answer.get("couples", answer)) or 1
    return MINUTES.get(kind, 2.0) * count


def _cells(question: Question, answer: Any) -> int:
    """The cells that are not empty, of as many rows as are marked."""
    asked = {column.name for column in question.table.columns if column.answer} if question.table else set()
    limits = [int(one.params["lignes"]) for one in question.criteria if one.params.get("lignes")]
    if not isinstance(answer, dict):
        return 0
    at = [place for place, name in enumerate(answer["colonnes"]) if name in asked]
    rows: Iterable[Any] = answer["lignes"][: max(limits, default=0) or None]
    return sum(bool(str(row[place])) for row in rows for place in at)
