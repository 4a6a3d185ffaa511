"""Every question that is not a table, as a short list of lines (label, yellow cell), and back.

A line has a code (« Repère » in the sheet), so that lines may be moved or their labels retyped. Lists of couples
(marked cells, duplicate pairs) have two yellow cells per line instead. What the lines are is each kind's own business.
"""

from __future__ import annotations

from collections.abc import Mapping

from crc_lab.core.errors import ImportProblem
from crc_lab.core.kind import Line
from crc_lab.core.model import Json, Question
from crc_lab.core.rooms import kinds

COUPLE_LINES = 100


def need_a_form(question: Question) -> None:
    """Raise :class:`ImportProblem` when the question, or one of its parts, is answered in its card only."""
    if not all(kinds()[kind].excel for kind in (question.kind, *(part.kind for part in question.parts))):
        raise ImportProblem(
            question.id, "cette question n’a pas de modèle Excel.", "Répondez-y dans sa carte, dans le carnet."
        )


def couples_of(question: Question) -> tuple[str, str] | None:
    """The headers of the two columns of a question answered by couples; None for another one."""
    kind = kinds()[question.kind]
    return kind.couples if kind.excel == "couples" else None


def fields_of(question: Question, value: Json = None) -> list[Line]:
    """The lines of ``question``, filled with ``value`` (shape of the answer sheet) when it is given."""
    return kinds()[question.kind].lines(question.spec, question.title, value)


def value_of(question: Question, texts: Mapping[str, str]) -> Json:
    """The answer in the shape of the answer sheet, from the text of each line under its code."""
    return kinds()[question.kind].from_lines(question.spec, texts)
