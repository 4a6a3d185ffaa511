"""Marks given by hand, from wherever the teacher gave them: the latest thing that the teacher did wins.

A mark may be typed in the formgrader, then corrected in the sheet of open answers, or the other way round. The register
remembers which mark counts and what each place said last: what a place says now and did not say before is news, and
replaces the mark that counts. When two places have news about one answer in the same run, the sheet wins over the
formgrader, and the file of ``--notes-manuelles`` over the sheet of the output folder. A place that says nothing any
more erases nothing, except the formgrader where it still has other marks of the activity: that one was taken back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.marking.manual import ManualMark, ManualMarks
from autograder.marking.marked import ClassResult, CopyResult

Key = tuple[str, str, str]
_TINY = 1e-6


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
        return {key: self.now[key] for key in asked if not _same(self.now[key], self.before.get(key))}

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
            if key in found and _same(found[key].mark, place.before[key]):
                del found[key]
                taken_back.append(key)
        for key, mark in place.news().items():
            if key not in found or not _same(found[key].mark, mark):
                news[key] = mark
            found[key] = _marked(mark, key, copies)
    return Decided(
        dict(sorted(found.items())),
        orphans=tuple(sorted(key for key in found if key[:2] not in copies)),
        changed=tuple(sorted(key for key in found if _has_changed(found[key], key, copies))),
        taken_back=tuple(sorted(key for key in taken_back if key not in found)),
        news=len(news),
    )


def _followed(kept: Mapping[Key, Kept], copies: Mapping[tuple[str, str], CopyResult]) -> dict[Key, Kept]:
    """The marks under the ids of today: a student who gets another one (a class list is given) keeps the marks."""
    owners = {copy.key: place for place, copy in copies.items() if copy.key}
    found = {key: one for key, one in kept.items() if key[:2] in copies}
    for key, one in kept.items():
        if key[:2] not in copies:
            owner = owners.get(one.copy) if one.copy else None
            found.setdefault((*owner, key[2]) if owner else key, one)
    return found


def _marked(mark: ManualMark, key: Key, copies: Mapping[tuple[str, str], CopyResult]) -> Kept:
    copy = copies.get(key[:2])
    return Kept(mark, _print(copy, key[2]), copy.key) if copy else Kept(mark)


def _has_changed(one: Kept, key: Key, copies: Mapping[tuple[str, str], CopyResult]) -> bool:
    copy = copies.get(key[:2])
    return copy is not None and bool(one.copy) and one.answer != _print(copy, key[2])


def _print(copy: CopyResult, question: str) -> str:
    """Of an answer that a person reads; of an automatic question marked by hand, nothing is known."""
    if question not in copy.answers:
        return ""
    content = json.dumps(copy.answers[question], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _same(one: ManualMark, other: ManualMark | None) -> bool:
    return other is not None and abs(one.points - other.points) <= _TINY and one.comment == other.comment
