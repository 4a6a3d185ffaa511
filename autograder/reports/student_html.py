"""``retours/<élève>.html``: what one student is told, to read on a screen or on A4 paper.

Verdicts, points and messages only. The worked answers are not there: the same page serves in assessment.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.reports import html
from autograder.reports.figures import NOT_MISTAKES, mean_mark
from crc_lab import feedback
from crc_lab.model import Activity, CriterionResult, Question, QuestionResult, Verdict

PRIORITIES = 3


@dataclass(frozen=True, slots=True)
class Block:
    """One question of the page: its wording's title, its result, its messages each once."""

    question: Question
    result: QuestionResult
    messages: tuple[str, ...]

    @property
    def several(self) -> bool:
        return len(self.result.criteria) > 1 and self.result.verdict is not Verdict.NON_REPONDU


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of the page."""

    activity: Activity
    copy: CopyResult
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """Something to work on: where, and the points it would bring."""

    activity: Activity
    label: str
    missing: float
    advice: str


def student_page(student: StudentResult, result: ClassResult) -> bytes:
    """The page of one student, with all the activities handed in."""
    parts = [
        _part(activity, student.copies[activity.id]) for activity in result.activities if activity.id in student.copies
    ]
    return html.render(
        "retour.html",
        student=student,
        parts=parts,
        mean=mean_mark(student),
        priorities=_priorities(parts),
        words=html.WORDS,
        signs=feedback.SIGNS,
        classes=feedback.CSS_CLASSES,
    )


def _part(activity: Activity, copy: CopyResult) -> Part:
    results = {result.id: result for result in copy.questions}
    return Part(
        activity,
        copy,
        tuple(
            Block(question, results[question.id], _messages(results[question.id]))
            for question in activity.marked
            if question.id in results
        ),
    )


def _messages(result: QuestionResult) -> tuple[str, ...]:
    if result.verdict is Verdict.NON_REPONDU:
        return ()
    kept = [message for message in feedback.merge_messages(result.messages) if message.code != "NON_REPONDU"]
    return tuple(feedback.message_text(message) for message in kept)


def _priorities(parts: list[Part]) -> list[Priority]:
    """The criteria that would bring the most points, best first."""
    found = []
    for part in parts:
        for block in part.blocks:
            for criterion in block.result.criteria:
                if criterion.verdict in (Verdict.JUSTE, Verdict.A_RELIRE):
                    continue
                advice = (
                    "Répondez à cette question." if criterion.verdict is Verdict.NON_REPONDU else _advice(criterion)
                )
                label = f"{block.question.id}, {criterion.label or block.question.title}"
                found.append(Priority(part.activity, label, criterion.max_points - criterion.points, advice))
    return sorted(found, key=lambda priority: -priority.missing)[:PRIORITIES]


def _advice(criterion: CriterionResult) -> str:
    """The first message that names a mistake, else the first one."""
    named = [message for message in criterion.messages if not NOT_MISTAKES.fullmatch(message.code)]
    return next((feedback.message_text(message) for message in (*named, *criterion.messages)), "")
