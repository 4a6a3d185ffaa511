"""What would bring a student the most points: said on the student's page and in Moodle's comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from autograder.marking.manual import given_mark
from autograder.marking.marked import CopyResult
from autograder.reports.figures import NOT_MISTAKES
from crc_lab.core import feedback
from crc_lab.core.model import Activity, CriterionResult, Question, QuestionResult, Verdict

PRIORITIES = 3


@dataclass(frozen=True, slots=True)
class Priority:
    """Something to work on: where, and the points it would bring."""

    activity: Activity
    label: str
    missing: Decimal
    advice: str


def priorities(copies: Iterable[tuple[Activity, CopyResult]]) -> list[Priority]:
    """The few things that would bring the most points, best first."""
    found: list[Priority] = []
    for activity, copy in copies:
        results = {result.id: result for result in copy.questions}
        for question in activity.marked:
            if question.id in results:
                found += _of_question(activity, question, results[question.id], copy.shown[question.id])
    return sorted(found, key=lambda priority: -priority.missing)[:PRIORITIES]


def _of_question(
    activity: Activity, question: Question, result: QuestionResult, points: feedback.Shown
) -> Iterator[Priority]:
    """One priority for each criterion; one in all where a person marked the question as a whole."""
    given = given_mark(result)
    if given is not None:
        if result.verdict is not Verdict.JUSTE:
            missing = feedback.exact(result.max_points) - points.points
            yield Priority(activity, f"{question.id}, {question.title}", missing, given.comment)
        return
    for criterion, earned in zip(result.criteria, points.criteria, strict=True):
        if criterion.verdict not in (Verdict.JUSTE, Verdict.A_RELIRE):
            blank = criterion.verdict is Verdict.NON_REPONDU
            advice = "Répondez à cette question." if blank else _advice(criterion)
            label = f"{question.id}, {criterion.label or question.title}"
            yield Priority(activity, label, feedback.exact(criterion.max_points) - earned, advice)


def _advice(criterion: CriterionResult) -> str:
    """The first message that names a mistake, else the first one."""
    named = [message for message in criterion.messages if not NOT_MISTAKES.fullmatch(message.code)]
    return next((feedback.message_text(message) for message in (*named, *criterion.messages)), "")
