"""The cells of a built notebook that nbgrader knows (cell metadata, schema version 3); nbgrader itself is not needed.

A marked question is an autograded test cell, read-only. One that a person marks is a *task*: a Markdown cell that bears
the points, then the read-only cell of its card. Training exercises are no business of nbgrader's.
"""

from __future__ import annotations

from typing import Any

from crc_lab.core.model import Question
from crc_lab.core.rooms import kinds
from crc_lab.core.text import NBSP, french

_CELL = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}
CARD_SUFFIX = "-reponse"
"""End of the grade id of the card's cell, where the question's own id is that of the task."""

REVIEW = "relecture"


def marked_by_hand(question: Question) -> bool:
    """True when a person gives some or all of the points."""
    return kinds()[question.kind].by_hand or any(criterion.check == REVIEW for criterion in question.criteria)


def partly_by_hand(question: Question) -> bool:
    """True when the program gives some of the points, and a person the others."""
    return marked_by_hand(question) and any(criterion.check != REVIEW for criterion in question.criteria)


def card_metadata(question: Question) -> dict[str, Any]:
    """``metadata.nbgrader`` of the code cell that shows the card of a marked question."""
    if marked_by_hand(question):
        return {**_CELL, "cell_type": "code", "grade_id": question.id + CARD_SUFFIX}
    return {**_CELL, "cell_type": "code", "grade_id": question.id, "grade": True, "points": _points(question)}


def task_metadata(question: Question) -> dict[str, Any]:
    """``metadata.nbgrader`` of the Markdown cell of a question that a person marks."""
    return {**_CELL, "cell_type": "markdown", "grade_id": question.id, "task": True, "points": _points(question)}


def task_text(question: Question) -> str:
    """What that Markdown cell says, in French."""
    points = f"{_points(question)}{NBSP}point{'s' if question.points >= 2 else ''}".replace(".", ",")
    if partly_by_hand(question):
        said = "Une partie se rédige, dans la carte ci-dessous : c’est le professeur qui la lit et qui la note."
    else:
        said = "Réponse rédigée, à écrire dans la carte ci-dessous : c’est le professeur qui la lit et qui la note."
    return french(f"**{question.id} · {question.title}** ({points}). {said}")


def _points(question: Question) -> int | float:
    return int(question.points) if question.points == int(question.points) else question.points
