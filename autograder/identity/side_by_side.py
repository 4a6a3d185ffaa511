"""Two assignments of Moodle unzipped into one folder: there, each student has two numbers, one per assignment.

Moodle's number is that of one student in one assignment. Two numbers under one name are therefore two homonyms of one
assignment, or one student of two: what was handed in under them, and what the rest of the folder looks like, tells.
In an archive, which is one assignment, they are always two people.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from autograder.intake.person_names import Words

Activities = frozenset[str]
_ARCHIVE = re.compile(r".*\.zip(?: \(\d+\))?", re.IGNORECASE | re.DOTALL)
"""The scope of what lies at the root of an archive (the register numbers those that bear one name)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of Moodle's folders: whom Moodle names, what they handed in there, what their sheets say.

    ``bearer``: the identifier of a student of the class list when Moodle's name is surely theirs, else the words of
    that name; None when Moodle names nobody (blind marking, a group). ``identifier``: the one that the sheets give;
    ``claimed``: the student of the list that they alone name. ``doubtful``: the name is that of several students of
    the list, or the sheets name two people.
    """

    scope: str
    bearer: str | Words | None
    activities: Activities
    identifier: str = ""
    claimed: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class SideBySide:
    """Positions of places: those of one person each; those of one name, with different activities, that may be so."""

    united: tuple[tuple[int, ...], ...]
    unsettled: tuple[tuple[int, ...], ...]


def side_by_side(places: Sequence[Place]) -> SideBySide:
    """Which places of one scope and one name are one person's.

    Those that have no activity in common and do not contradict each other, when more speaks for two assignments than
    for one. For two: each other name of the scope that shares the same activities out between two numbers; the class
    list, where that name is the only one; an identifier that all their sheets give, and nobody else's. For one: each
    place of the scope where activities of both were handed in together.
    """
    named: dict[tuple[str, str | Words], list[int]] = defaultdict(list)
    for position, one in enumerate(places):
        if one.bearer is not None and not _ARCHIVE.fullmatch(one.scope):
            named[one.scope, one.bearer].append(position)
    several = [(positions, [places[one] for one in positions]) for positions in named.values() if len(positions) > 1]
    scopes = _Scopes(places, [rivals for _, rivals in several if _may_be_one(rivals)])
    united, unsettled = [], []
    for positions, rivals in several:
        if _may_be_one(rivals) and scopes.tell_two(rivals):
            united.append(tuple(positions))
        elif len({one.activities for one in rivals}) > 1:
            unsettled.append(tuple(positions))
    return SideBySide(tuple(united), tuple(unsettled))


def _may_be_one(rivals: Sequence[Place]) -> bool:
    """False when these places of one name are surely, or by their own word, those of two people."""
    if any(one.doubtful or not one.activities for one in rivals):
        return False
    if len({one.claimed for one in rivals}) > 1 or len({one.identifier for one in rivals if one.identifier}) > 1:
        return False
    return sum(len(one.activities) for one in rivals) == len(frozenset().union(*(one.activities for one in rivals)))


class _Scopes:
    """How the activities are shared out in each scope; counted by kind, since a class has many students and few kinds.

    ``possible``: the places of each name that may be of one person.
    """

    def __init__(self, places: Iterable[Place], possible: Iterable[Sequence[Place]]) -> None:
        self._places = Counter((one.scope, one.activities) for one in places)
        self._names = Counter((rivals[0].scope, frozenset(one.activities for one in rivals)) for rivals in possible)
        self._givers: dict[str, set[str | Words | None]] = defaultdict(set)
        for one in places:
            if one.identifier:
                self._givers[one.identifier].add(one.bearer)

    def tell_two(self, rivals: Sequence[Place]) -> bool:
        """True when more speaks for two assignments than for one, between any two of these places of one name."""
        vouched = self._vouched(rivals)
        return all(
            vouched + self._others(rivals[0].scope, one.activities, other.activities)
            > self._together(rivals[0].scope, one.activities, other.activities)
            for one, other in combinations(rivals, 2)
        )

    def _vouched(self, rivals: Sequence[Place]) -> bool:
        """True when the class list, or the sheets with one identifier that is nobody else's, say it is one person."""
        if isinstance(rivals[0].bearer, str):
            return True
        first = rivals[0].identifier
        return bool(first) and all(one.identifier == first for one in rivals) and len(self._givers[first]) == 1

    def _others(self, scope: str, first: Activities, second: Activities) -> int:
        """The other names that share out the same activities between two numbers."""
        return -1 + sum(
            number
            for (where, shares), number in self._names.items()
            if where == scope and any(one & first and other & second for one, other in permutations(shares, 2))
        )

    def _together(self, scope: str, first: Activities, second: Activities) -> int:
        """The places where activities of both were handed in."""
        return sum(
            number
            for (where, activities), number in self._places.items()
            if where == scope and activities & first and activities & second
        )
