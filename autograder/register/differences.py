"""What has changed since the last time a class was marked: who, on which question, from what to what, and why.

A copy that is new, or that a student handed in again, is no change of ours: it is listed apart. Between two markings of
the same answers, what can change is the key, the marks given by hand, or crc-lab itself. All of it is told in
``differences.txt``, and in a few lines on the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from autograder.marking import ClassResult
from crc_lab.core import feedback
from crc_lab.core.feedback import LOOKS, NOTHING, number_text, rounded
from crc_lab.core.model import MANUAL, CriterionResult, Message, QuestionResult, Verdict
from crc_lab.core.text import NBSP, count, french, listing

FILE = "differences.txt"
SHOWN = 10
"""Copies shown on the terminal; all of them are in the file."""
_LONGEST = 200
_WORDS = {"": "sans objet", **{verdict.value: look.teacher.lower() for verdict, look in LOOKS.items()}}
_Json = Mapping[str, Any]
_NOTHING: _Json = {"nom": "", "verdict": "", "points": NOTHING, "sur": 0.0, "criteres": {}, "messages": []}
"""In the place of a question or a criterion that came or went."""


@dataclass(frozen=True)
class Told:
    """One marked copy as it was told: ``content`` is the plain value of :func:`told`."""

    student: str
    activity: str
    copy: str
    content: _Json

    @property
    def name(self) -> str:
        return str(self.content["nom"])

    @cached_property
    def questions(self) -> _Json:
        """Its questions as people see them: points to a hundredth, which add up."""
        return {name: _seen(question) for name, question in self.content["questions"].items()}

    @property
    def whole(self) -> _Json:
        """The points of the whole copy, as people see them."""
        points = sum((one["points"] for one in self.questions.values()), NOTHING)
        return {"points": points, "sur": self.content["sur"]}


@dataclass(frozen=True)
class Change:
    """One copy that is marked otherwise: as it was told, and as it is told now."""

    before: Told
    after: Told

    @cached_property
    def questions(self) -> list[tuple[str, _Json, _Json]]:
        """Each question that changed, before and after, as people see it."""
        return list(_pairs(self.before.questions, self.after.questions))

    @cached_property
    def moved(self) -> list[tuple[str, _Json, _Json]]:
        """Those whose points or verdict are others, not only the words."""
        return [one for one in self.questions if _way(*one[1:]) or one[1]["verdict"] != one[2]["verdict"]]

    @property
    def marks(self) -> tuple[_Json, _Json]:
        """The points of the whole copy, before and after, as people see them."""
        return self.before.whole, self.after.whole


@dataclass(frozen=True)
class Differences:
    """What people see to have changed; the copies that are ``new``, ``again`` (another of a student) or ``gone``."""

    changes: tuple[Change, ...] = ()
    new: tuple[Told, ...] = ()
    again: tuple[Told, ...] = ()
    gone: tuple[Told, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.new or self.again or self.gone)

    @property
    def moved(self) -> list[Change]:
        return [change for change in self.changes if change.moved]


def told(result: ClassResult, names: Iterable[str]) -> Iterator[Told]:
    """The results of a class as they are told; ``names``: those of its students, as reports show them."""
    for student, name in zip(result.students, names, strict=True):
        for activity, copy in sorted(student.copies.items()):
            questions = {question.id: _content(question) for question in copy.questions}
            content = {"nom": name, "note": copy.points, "sur": copy.max_points, "questions": questions}
            yield Told(student.id, activity, copy.key, content)


def _content(question: QuestionResult) -> _Json:
    criteria = {
        one.id: {
            "nom": one.label, "points": one.points, "sur": one.max_points,
            "messages": [[message.code, message.text] for message in one.messages],
        }
        for one in question.criteria
    }  # fmt: skip
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
    known = {id(one) for one in same}
    left = {(one.student, one.activity): one for one in before if id(one) not in known}
    pairs = [(old or left.pop((one.student, one.activity), None), one) for old, one in zip(same, after, strict=True)]
    return Differences(
        tuple(
            change
            for old, one in pairs
            if old and old.copy == one.copy and old.content["questions"] != one.content["questions"]
            if (change := Change(old, one)).questions
        ),
        new=tuple(one for old, one in pairs if old is None),
        again=tuple(one for old, one in pairs if old and old.copy != one.copy),
        gone=tuple(left.values()),
    )


def _seen(question: _Json) -> _Json:
    """A question of a copy as it was told, with the points that people saw or see of it."""
    criteria = {
        name: {**one, "points": rounded(one["points"], one["sur"])} for name, one in question["criteres"].items()
    }
    result = QuestionResult(
        "", Verdict(question["verdict"]), question["points"], question["sur"],
        tuple(
            CriterionResult(
                "", "", Verdict.PARTIEL, one["points"], one["sur"], tuple(Message(*said) for said in one["messages"])
            )
            for one in question["criteres"].values()
        ),
    )  # fmt: skip
    return {**question, "points": feedback.shown(result).points, "criteres": criteria}


def _pairs(before: _Json, after: _Json) -> Iterator[tuple[str, _Json, _Json]]:
    """What differs, by name."""
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name, _NOTHING), after.get(name, _NOTHING)
        if old != new:
            yield name, old, new


def _way(before: _Json, after: _Json) -> int:
    """1 for more points, -1 for less."""
    return int(after["points"] > before["points"]) - int(after["points"] < before["points"])


def _ways(pairs: Sequence[tuple[_Json, _Json]]) -> list[str]:
    """« 2 en hausse », « 1 en baisse »."""
    found = [_way(*pair) for pair in pairs]
    return [f"{found.count(way)} {words}" for way, words in ((1, "en hausse"), (-1, "en baisse")) if way in found]


def _by_hand(before: _Json, after: _Json) -> bool:
    """True when a mark given by hand came, went or changed."""
    said = [
        [text for item in one["criteres"].values() for code, text in item["messages"] if code == MANUAL]
        for one in (before, after)
    ]
    return said[0] != said[1] or (bool(said[0]) and before["points"] != after["points"])


# --- in French --------------------------------------------------------------------------------------------------------


def text(differences: Differences, numbers: Mapping[str, int]) -> bytes:
    """The whole file; ``numbers``: those of the activities, by id."""
    title = "Ce qui a changé depuis la correction précédente"
    lines = [title, "=" * len(title), "", *summary(differences), ""]
    moved = differences.moved
    words = [change for change in differences.changes if not change.moved]
    parts = {
        "Par question": _by_question(moved, numbers),
        "Par élève": (line for change in moved for line in _copy(change, numbers)),
        "Messages modifiés, sans effet sur les notes": (line for change in words for line in _copy(change, numbers)),
        "Copies nouvelles": _places(differences.new, numbers),
        "Copies remises de nouveau (la nouvelle version est notée)": _places(differences.again, numbers),
        "Copies qui ne sont plus là": _places(differences.gone, numbers),
    }
    for head, part in parts.items():
        if told_there := list(part):
            lines += ["", head, "-" * len(head), *told_there]
    return (french("\n".join(lines).rstrip()) + "\n").encode("utf-8", "replace")


def summary(differences: Differences) -> list[str]:
    """One or a few sentences: how many marks changed, which way; how many copies are new."""
    if not differences:
        return ["Rien n’a changé depuis la correction précédente."]
    said, moved = [], differences.moved
    changed = [change.marks for change in moved if _way(*change.marks)]
    if changed:
        said.append(f"{count(len(changed), 'note a changé', 'notes ont changé')} ({listing(_ways(changed))}).")
    if still := len(moved) - len(changed):
        said.append(f"{count(still, 'copie est corrigée', 'copies sont corrigées')} autrement, pour la même note.")
    if words := len(differences.changes) - len(moved):
        said.append(f"Des messages ont changé dans {count(words, 'copie')}, sans effet sur la note.")
    for places, one, many in (
        (differences.new, "copie nouvelle", "copies nouvelles"),
        (differences.again, "copie remise de nouveau", "copies remises de nouveau"),
        (differences.gone, "copie n’est plus là", "copies ne sont plus là"),
    ):
        if places:
            said.append(f"{count(len(places), one, many)}.")
    if not differences.changes:
        said.append("Aucune autre note n’a changé.")
    return [french(line) for line in said]


def shown(differences: Differences, numbers: Mapping[str, int]) -> list[str]:
    """The marks that changed, one line each, for the terminal."""
    moved = differences.moved
    lines = [f"{_head(one, numbers)} ({listing([name for name, _, _ in one.moved])})" for one in moved[:SHOWN]]
    if len(moved) > SHOWN:
        lines.append(f"… et {count(len(moved) - SHOWN, 'autre')}.")
    return [french(line) for line in lines]


def _by_question(moved: Sequence[Change], numbers: Mapping[str, int]) -> Iterator[str]:
    found = [(numbers.get(one.after.activity, 0), *question) for one in moved for question in one.moved]
    found.sort(key=lambda item: item[:2])
    for (_, name), group in groupby(found, key=lambda item: item[:2]):
        pairs = [(old, new) for _, _, old, new in group]
        hand = sum(_by_hand(*pair) for pair in pairs)
        ways = ", ".join([*_ways(pairs), *([f"{hand} à la main"] if hand else [])])
        yield f"{name} : {count(len(pairs), 'copie')}" + (f" ({ways})" if ways else "")


def _copy(change: Change, numbers: Mapping[str, int]) -> Iterator[str]:
    yield _head(change, numbers)
    for name, old, new in change.questions:
        before, after = (_WORDS.get(one["verdict"], one["verdict"]) for one in (old, new))
        words = f" ({before} → {after})" if before != after else ""
        yield f"  {name} : {_arrow(old, new)}{words}"
        if _by_hand(old, new):
            yield "    note mise à la main"
            continue
        for identifier, was, now in _pairs(old["criteres"], new["criteres"]):
            yield f"    {now['nom'] or was['nom'] or identifier} : {_arrow(was, now)}"
            for head, one, other in (("n’est plus dit", was, now), ("est dit maintenant", now, was)):
                for _, message in (said for said in one["messages"] if said not in other["messages"]):
                    line = " ".join(message.split())
                    cut = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
                    yield f"      {head} : {cut}"
    yield ""


def _head(change: Change, numbers: Mapping[str, int]) -> str:
    return f"{change.after.name}, {_activity(change.after.activity, numbers)} : {_arrow(*change.marks)}"


def _places(places: Sequence[Told], numbers: Mapping[str, int]) -> Iterator[str]:
    for activity, group in groupby(sorted(places, key=lambda one: one.activity), key=lambda one: one.activity):
        yield f"{_activity(activity, numbers)} : {listing([one.name for one in group])}"


def _activity(name: str, numbers: Mapping[str, int]) -> str:
    return f"activité{NBSP}{numbers[name]}" if name in numbers else name


def _arrow(before: _Json, after: _Json) -> str:
    """« 17,5 → 18 / 20 », or « 18 / 20 » when there is no change to be seen."""
    points = [number_text(one["points"]) for one in (before, after)]
    return f"{' → '.join(dict.fromkeys(points))} / {number_text(after['sur'] or before['sur'])}"
