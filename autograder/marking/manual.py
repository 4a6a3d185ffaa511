"""What a person marks: the questions, as nbgrader's cells say them, and the marks (formgrader, Excel) that count.

A marked question is an autograded test cell of nbgrader's, read-only (cell metadata, schema version 3). One that a
person marks is a *task*: a Markdown cell that bears the points, then the read-only cell of its card.

A manual mark is for a whole question. Where the program marked some criteria and left the others to a person, those of
the program keep their points and the others share the rest; a mark that this cannot explain replaces everything.

The latest thing that the teacher did wins. The register remembers which mark counts and what each place said last: what
a place says now and did not say before is news, and replaces the mark that counts. When two places have news about one
answer in the same run, the sheet wins over the formgrader, and the file of ``--notes-manuelles`` over the sheet of the
output folder. A place that says nothing any more erases nothing, except the formgrader where it still has other marks
of the activity: that one was taken back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.marking import ClassResult, CopyResult
from crc_lab.core.grading import verdict_of
from crc_lab.core.model import MANUAL, Message, Question, QuestionResult, Verdict
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


# --- the marks that count ---------------------------------------------------------------------------------------------


NO_COMMENT = "Noté par votre professeur."
"""What is said of a mark given without a comment."""
_ROUNDED = 0.01
"""Points are told to a teacher to the nearest hundredth: a sum of some may be off by as much."""
_SAME = 1e-6

Key = tuple[str, str, str]
"""(student id, activity id, question id); the first is :attr:`autograder.marking.StudentResult.id`."""


@dataclass(frozen=True, slots=True)
class ManualMark:
    """Points (0 to the question's own, checked by whoever reads them) and a comment, possibly empty."""

    points: float
    comment: str = ""

    def same(self, other: ManualMark | None) -> bool:
        return other is not None and abs(self.points - other.points) <= _SAME and self.comment == other.comment


ManualMarks = Mapping[Key, ManualMark]


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
    waiting = tuple(one for one in result.criteria if one.verdict is Verdict.A_RELIRE)
    rest = points - sum(one.points for one in result.criteria if one not in waiting)
    room = sum(one.max_points for one in waiting)
    if not waiting or not -_ROUNDED <= rest <= room + _ROUNDED:
        waiting, rest, room = result.criteria, points, result.max_points
    share = min(1.0, max(0.0, rest / room)) if room else 0.0
    criteria = []
    for one in result.criteria:
        if one in waiting:
            part, messages = one.max_points * share, (said,) if one == waiting[0] else ()
            one = replace(one, verdict=verdict_of(part, one.max_points), points=part, messages=messages, cells=())
        criteria.append(one)
    return replace(result, verdict=verdict_of(points, result.max_points), points=points, criteria=tuple(criteria))


@dataclass(frozen=True, slots=True)
class Kept:
    """A mark that counts. ``answer``: the print of the answer it was given to; ``copy``: the key of that copy."""

    mark: ManualMark
    answer: str = ""
    copy: str = ""


@dataclass(frozen=True)
class Place:
    """Where marks come from: its ``name`` in the register, what it says now and what it said last time.

    ``candidates``: the marks that may be news (all by default); ``takes_back``: a mark that is gone was taken back.
    """

    name: str
    now: ManualMarks
    before: ManualMarks = field(default_factory=dict)
    candidates: frozenset[Key] | None = None
    takes_back: bool = False

    def news(self) -> dict[Key, ManualMark]:
        asked = self.now if self.candidates is None else [key for key in self.now if key in self.candidates]
        return {key: self.now[key] for key in asked if not self.now[key].same(self.before.get(key))}

    def gone(self) -> list[Key]:
        if not self.takes_back:
            return []
        alive = {activity for _, activity, _ in self.now}
        return [key for key in self.before if key not in self.now and key[1] in alive]


@dataclass(frozen=True)
class Decided:
    """The marks that count, and what to tell about them.

    ``orphans``: marks of a student or an activity without any copy; ``changed``: marks whose answer is no longer the
    one that was marked; ``taken_back``: marks erased in the formgrader; ``news``: how many were new in this run.
    """

    kept: Mapping[Key, Kept]
    orphans: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()
    taken_back: tuple[Key, ...] = ()
    news: int = 0

    @property
    def marks(self) -> ManualMarks:
        return {key: one.mark for key, one in self.kept.items()}


def decide(kept: Mapping[Key, Kept], places: Sequence[Place], result: ClassResult) -> Decided:
    """The marks that count for ``result`` (marked without them); ``places`` from the weakest to the strongest."""
    copies = {(student.id, name): copy for student in result.students for name, copy in student.copies.items()}
    found = _followed(kept, copies)
    taken_back: list[Key] = []
    news: dict[Key, ManualMark] = {}
    for place in places:
        for key in place.gone():
            if key in found and found[key].mark.same(place.before[key]):
                del found[key]
                taken_back.append(key)
        for key, mark in place.news().items():
            if key not in found or not found[key].mark.same(mark):
                news[key] = mark
            found[key] = _marked(mark, key, copies)
    marked = [(key, one) for key, one in found.items() if one.copy and key[:2] in copies]
    return Decided(
        dict(sorted(found.items())),
        orphans=tuple(sorted(key for key in found if key[:2] not in copies)),
        changed=tuple(sorted(key for key, one in marked if one.answer != _marked(one.mark, key, copies).answer)),
        taken_back=tuple(sorted(key for key in taken_back if key not in found)),
        news=len(news),
    )


def _followed(kept: Mapping[Key, Kept], copies: Mapping[tuple[str, str], CopyResult]) -> dict[Key, Kept]:
    """The marks under the ids of today: a student who gets another one (a class list is given) keeps the marks."""
    owners = {copy.key: place for place, copy in copies.items() if copy.key}
    found = {key: one for key, one in kept.items() if key[:2] in copies}
    for key, one in kept.items():
        if key[:2] not in copies:
            found.setdefault((*owners.get(one.copy, key[:2]), key[2]), one)
    return found


def _marked(mark: ManualMark, key: Key, copies: Mapping[tuple[str, str], CopyResult]) -> Kept:
    """The mark with the print of its answer, if a person reads it: of an automatic question, nothing is known."""
    copy, question = copies.get(key[:2]), key[2]
    if copy is None or question not in copy.answers:
        return Kept(mark, copy=copy.key if copy else "")
    content = json.dumps(copy.answers[question], sort_keys=True)
    return Kept(mark, hashlib.sha256(content.encode()).hexdigest()[:16], copy.key)
