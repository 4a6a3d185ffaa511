"""What has changed since the last time a class was marked: who, on which question, from what to what, and why.

A copy that is new, or that a student handed in again, is no change of ours: it is listed apart. Between two markings of
the same answers, what can change is the key, the marks given by hand, or crc-lab itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from autograder.marking.marked import ClassResult, CopyResult
from crc_lab.core.feedback import NOTHING, Shown, rounded, shown
from crc_lab.core.model import MANUAL, CriterionResult, Message, QuestionResult, Verdict


@dataclass(frozen=True)
class Told:
    """One marked copy as it was told: ``content`` is the plain value of :func:`told`."""

    student: str
    activity: str
    copy: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion: points before and after (as people see them), messages that went and that came (code, text)."""

    label: str
    before: Decimal
    after: Decimal
    maximum: float
    gone: tuple[tuple[str, str], ...]
    came: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question of one copy. ``by_hand``: a mark given by hand came, went or changed."""

    id: str
    before: Decimal
    after: Decimal
    maximum: float
    verdicts: tuple[str, str]
    by_hand: bool
    criteria: tuple[CriterionChange, ...]

    @property
    def moved(self) -> bool:
        """The points or the verdict are others, not only the words."""
        return self.before != self.after or self.verdicts[0] != self.verdicts[1]


@dataclass(frozen=True, slots=True)
class CopyChange:
    """One copy that was marked otherwise."""

    name: str
    activity: str
    before: Decimal
    after: Decimal
    maximum: float
    questions: tuple[QuestionChange, ...]

    @property
    def moved(self) -> bool:
        return any(question.moved for question in self.questions)


@dataclass(frozen=True)
class Differences:
    """What people see to have changed. ``new``, ``again`` (another copy of a student), ``gone``: (name, activity)."""

    changes: tuple[CopyChange, ...] = ()
    new: tuple[tuple[str, str], ...] = ()
    again: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.new or self.again or self.gone)


def told(result: ClassResult, names: Iterable[str]) -> Iterator[Told]:
    """The results of a class as they are told; ``names``: those of its students, as reports show them."""
    for student, name in zip(result.students, names, strict=True):
        for activity, copy in sorted(student.copies.items()):
            yield Told(student.id, activity, copy.key, _content(name, copy))


def _content(name: str, copy: CopyResult) -> dict[str, Any]:
    return {
        "nom": name,
        "note": copy.points,
        "sur": copy.max_points,
        "questions": {question.id: _question(question) for question in copy.questions},
    }


def _question(question: QuestionResult) -> dict[str, Any]:
    criteria = {
        criterion.id: {
            "nom": criterion.label,
            "points": criterion.points,
            "sur": criterion.max_points,
            "messages": [[message.code, message.text] for message in criterion.messages],
        }
        for criterion in question.criteria
    }
    return {
        "verdict": question.verdict.value, "points": question.points, "sur": question.max_points, "criteres": criteria,
    }  # fmt: skip


def compare(before: Iterable[Told], after: Iterable[Told]) -> Differences:
    """What has changed from ``before`` to ``after``, in the order of ``after``.

    A copy is known again by its answers, whoever it is now counted to (a student may get another identifier); a copy
    with other answers, by its student and activity.
    """
    before, after = list(before), list(after)
    by_copy = {(one.activity, one.copy): one for one in before if one.copy}
    same = [by_copy.get((one.activity, one.copy)) for one in after]
    taken = {id(one) for one in same if one is not None}
    left = {(one.student, one.activity): one for one in before if id(one) not in taken}
    found = _Found()
    for one, old in zip(after, same, strict=True):
        found.add(old or left.pop((one.student, one.activity), None), one)
    return Differences(
        tuple(found.changes), tuple(found.new), tuple(found.again),
        tuple((str(one.content["nom"]), one.activity) for one in left.values()),
    )  # fmt: skip


@dataclass
class _Found:
    changes: list[CopyChange] = field(default_factory=list)
    new: list[tuple[str, str]] = field(default_factory=list)
    again: list[tuple[str, str]] = field(default_factory=list)

    def add(self, old: Told | None, new: Told) -> None:
        place = (str(new.content["nom"]), new.activity)
        if old is None:
            self.new.append(place)
        elif old.copy != new.copy:
            self.again.append(place)
        elif old.content["questions"] != new.content["questions"]:
            sides = old.content["questions"], new.content["questions"]
            marks = [sum((_shown(one).points for one in side.values()), NOTHING) for side in sides]
            if questions := tuple(_questions(*sides)):
                self.changes.append(CopyChange(*place, marks[0], marks[1], new.content["sur"], questions))


def _shown(question: Mapping[str, Any]) -> Shown:
    """The points that people saw or see, from those that the register holds."""
    criteria = tuple(
        CriterionResult(
            "", "", Verdict.PARTIEL, one["points"], one["sur"], tuple(Message(*said) for said in one["messages"])
        )
        for one in question["criteres"].values()
    )
    return shown(QuestionResult("", Verdict.PARTIEL, question["points"], question["sur"], criteria))


_NOTHING: Mapping[str, Any] = {"verdict": "", "points": 0.0, "sur": 0.0, "criteres": {}}
_NO_CRITERION: Mapping[str, Any] = {"nom": "", "points": 0.0, "sur": 0.0, "messages": []}


def _questions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[QuestionChange]:
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name, _NOTHING), after.get(name, _NOTHING)
        if old == new:
            continue
        by_hand = _by_hand(old) != _by_hand(new)
        criteria = () if by_hand else tuple(_criteria(old["criteres"], new["criteres"]))
        change = QuestionChange(
            name, _shown(old).points, _shown(new).points, new["sur"] or old["sur"], (old["verdict"], new["verdict"]),
            by_hand, criteria,
        )  # fmt: skip
        if change.moved or by_hand or criteria:
            yield change


def _by_hand(question: Mapping[str, Any]) -> list[Any]:
    """What a person said of the question, and the points then."""
    said = [text for item in question["criteres"].values() for code, text in item["messages"] if code == MANUAL]
    return [*said, question["points"]] if said else []


def _criteria(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CriterionChange]:
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name, _NO_CRITERION), after.get(name, _NO_CRITERION)
        was, now = ([(code, text) for code, text in item["messages"]] for item in (old, new))
        before_shown, after_shown = (rounded(item["points"], item["sur"]) for item in (old, new))
        if was != now or before_shown != after_shown:
            yield CriterionChange(
                new["nom"] or old["nom"] or name, before_shown, after_shown, new["sur"] or old["sur"],
                tuple(item for item in was if item not in now), tuple(item for item in now if item not in was),
            )  # fmt: skip
