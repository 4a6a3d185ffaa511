"""Marks that a teacher gave by hand (formgrader, Excel), put in the place of « à relire ».

A manual mark is for a whole question: it replaces the automatic points of all its criteria.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crc_lab.model import CriterionResult, Message, QuestionResult, Verdict

MANUAL = "NOTE-MANUELLE"
NO_COMMENT = "Noté par votre professeur."
"""What is said of a mark given without a comment."""
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class ManualMark:
    """Points (0 to the question's own, checked by whoever reads them) and a comment, possibly empty."""

    points: float
    comment: str = ""


ManualMarks = Mapping[tuple[str, str, str], ManualMark]
"""By (student id, activity id, question id); the student id is :attr:`autograder.marking.StudentResult.id`."""


def given_mark(result: QuestionResult) -> ManualMark | None:
    """The mark that a person gave to a question, as :func:`with_manual_mark` left it; None when there is none."""
    said = next((message for message in result.messages if message.code == MANUAL), None)
    if said is None:
        return None
    return ManualMark(round(result.points, 6), "" if said.text == NO_COMMENT else said.text)


def with_manual_mark(result: QuestionResult, mark: ManualMark) -> QuestionResult:
    """The result of a question that its teacher has marked; the points are spread over its criteria in proportion."""
    share = min(1.0, max(0.0, mark.points / result.max_points)) if result.max_points else 0.0
    verdict = Verdict.JUSTE if share >= 1 - _TINY else Verdict.FAUX if share <= _TINY else Verdict.PARTIEL
    said = (Message(MANUAL, mark.comment or NO_COMMENT),)

    def spread(number: int, criterion: CriterionResult) -> CriterionResult:
        return replace(
            criterion,
            verdict=verdict,
            points=criterion.max_points * share,
            messages=said if number == 0 else (),
            cells=(),
        )

    criteria = tuple(spread(number, criterion) for number, criterion in enumerate(result.criteria))
    return replace(result, verdict=verdict, points=result.max_points * share, criteria=criteria)
