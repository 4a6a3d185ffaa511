"""Marks that a teacher gave by hand (formgrader, Excel), put in the place of « à relire ».

A manual mark is for a whole question. Where the program marked some criteria and left the others to a person, those of
the program keep their points and the others share the rest; a mark that this cannot explain replaces everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crc_lab.core.model import MANUAL, CriterionResult, Message, QuestionResult, Verdict

NO_COMMENT = "Noté par votre professeur."
"""What is said of a mark given without a comment."""
_TINY = 1e-9
_ROUNDED = 0.01
"""Points are told to a teacher to the nearest hundredth: a sum of some may be off by as much."""


@dataclass(frozen=True, slots=True)
class ManualMark:
    """Points (0 to the question's own, checked by whoever reads them) and a comment, possibly empty."""

    points: float
    comment: str = ""


ManualMarks = Mapping[tuple[str, str, str], ManualMark]
"""By (student id, activity id, question id); the student id is :attr:`autograder.marking.marked.StudentResult.id`."""


def given_mark(result: QuestionResult) -> ManualMark | None:
    """The mark that a person gave to a question, as :func:`with_manual_mark` left it; None when there is none."""
    said = next((message for message in result.messages if message.code == MANUAL), None)
    if said is None:
        return None
    return ManualMark(round(result.points, 6), "" if said.text == NO_COMMENT else said.text)


def with_manual_mark(result: QuestionResult, mark: ManualMark) -> QuestionResult:
    """The result of a question that its teacher has marked; the points are spread over its criteria in proportion."""
    points = min(result.max_points, max(0.0, mark.points))
    said = Message(MANUAL, mark.comment or NO_COMMENT)
    waiting = [criterion.verdict is Verdict.A_RELIRE for criterion in result.criteria]
    rest = points - sum(one.points for one, waits in zip(result.criteria, waiting, strict=True) if not waits)
    room = sum(one.max_points for one, waits in zip(result.criteria, waiting, strict=True) if waits)
    if not any(waiting) or not -_ROUNDED <= rest <= room + _ROUNDED:
        waiting, rest, room = [True] * len(waiting), points, result.max_points
    share = rest / room if room else 0.0
    first = waiting.index(True) if waiting else 0
    criteria = tuple(
        _by_hand(criterion, share, said if number == first else None) if waits else criterion
        for number, (criterion, waits) in enumerate(zip(result.criteria, waiting, strict=True))
    )
    return replace(result, verdict=_verdict(points, result.max_points), points=points, criteria=criteria)


def _by_hand(criterion: CriterionResult, share: float, said: Message | None) -> CriterionResult:
    points = criterion.max_points * min(1.0, max(0.0, share))
    verdict = _verdict(points, criterion.max_points)
    return replace(criterion, verdict=verdict, points=points, messages=(said,) if said else (), cells=())


def _verdict(points: float, maximum: float) -> Verdict:
    if points >= maximum - _TINY:
        return Verdict.JUSTE
    return Verdict.FAUX if points <= _TINY else Verdict.PARTIEL
