"""``retours/<élève>.html``: what one student is told, to read on a screen or on A4 paper.

Verdicts, points and messages only. The worked answers are not there: the same page serves in assessment.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.marking.manual import ManualMark, given_mark
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.reports import html
from autograder.reports.figures import HINT, mean_mark, provisional
from autograder.reports.priorities import priorities
from crc_lab.core import feedback
from crc_lab.core.model import MANUAL, Activity, Question, QuestionResult, Verdict


@dataclass(frozen=True, slots=True)
class Block:
    """One question of the page: its wording's title, its result, its messages each once.

    ``given``: the mark that a person gave, to the question as a whole.
    """

    question: Question
    result: QuestionResult
    shown: feedback.Shown
    messages: tuple[str, ...]
    given: ManualMark | None

    @property
    def waits(self) -> bool:
        return self.result.verdict is Verdict.A_RELIRE

    @property
    def several(self) -> bool:
        """True when the criteria have something to say each."""
        verdicts = {criterion.verdict for criterion in self.result.criteria}
        whole = self.given is not None or verdicts <= {Verdict.NON_REPONDU} or verdicts <= {Verdict.A_RELIRE}
        return self.shown.in_lines and not whole


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of the page."""

    activity: Activity
    copy: CopyResult
    blocks: tuple[Block, ...]

    @property
    def provisional(self) -> str:
        return provisional([self.copy])


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
        provisional=provisional(student.copies.values()),
        priorities=priorities([(part.activity, part.copy) for part in parts]),
        looks=feedback.LOOKS,
        hint=HINT,
    )


def _part(activity: Activity, copy: CopyResult) -> Part:
    results = {result.id: result for result in copy.questions}
    return Part(
        activity,
        copy,
        tuple(
            Block(
                question,
                results[question.id],
                copy.shown[question.id],
                _messages(results[question.id]),
                given_mark(results[question.id]),
            )
            for question in activity.marked
            if question.id in results
        ),
    )


def _messages(result: QuestionResult) -> tuple[str, ...]:
    if result.verdict is Verdict.NON_REPONDU:
        return ()
    aside = ("NON_REPONDU", MANUAL)  # what a person said has a place of its own
    kept = [message for message in feedback.merge_messages(result.messages) if message.code not in aside]
    return tuple(feedback.message_text(message) for message in kept)
