"""What the places of a whole class say: each part of each path, weighed against the list.

A part that many copies share, the product's own folders and words of the work say nothing; nor does the name of what
was given (« copies »), unless it is a student's whole name. What several parts say must agree.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.identity.evidence import NOTHING, Found, Names, Strength, bare_part, tokens_of
from autograder.identity.roster import Listed
from autograder.intake.person_names import is_group

_MANY = 3
"""Other students under a part from which on it is the folder of a group, whatever it is called."""
_WORKBOOK = re.compile(r"cahier[-_ ]crc.*", re.IGNORECASE)
"""The student's copy of the workbook: all that is in one comes from one person."""
_ARCHIVE = re.compile(r".*\.zip(?: \(\d+\))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Place:
    """What one path says. ``students``: those it may be; ``listed``: the one it is, when nothing in it is doubtful.

    ``name``: what to call it; ``node``: the folder of which all copies surely come from one person, or nothing;
    ``person``: the name looks like that of somebody (two words or more that are not of the work).
    """

    listed: Listed | None = None
    students: tuple[Listed, ...] = ()
    strength: Strength = Strength.NOTHING
    name: str = ""
    node: str = ""
    person: bool = False
    telling: bool = False
    """False when the name is only the path, because no part of it says anything."""


class Whereabouts:
    """The places of a class: ``paths``, one a copy, with « / » (the first part is what was given)."""

    def __init__(self, paths: Iterable[str] = (), students: Sequence[Listed] = ()) -> None:
        self._paths = list(dict.fromkeys(paths))
        self._parts = {path: _parts(path) for path in self._paths}
        self._names = Names(students, self._common(Names(students)))
        self._silent = self._shared()
        self._nodes = Counter(
            tuple(parts[: depth + 1]) for parts in self._parts.values() for depth in range(len(parts))
        )
        texts: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        for parts in self._parts.values():
            for depth, part in enumerate(parts):
                texts[tuple(tokens_of(part))].add(tuple(parts[:depth]))
        self._repeated = {text for text, places in texts.items() if len(places) > 1}

    def of(self, path: str) -> Place:
        """What a path says; of one that is none of the class, too."""
        parts = self._parts.get(path) or _parts(path)
        found = [one for depth, part in enumerate(parts) if (one := self._weighed(part, depth, parts)).students]
        listed, students = _together(found)
        name, telling = self._called(parts)
        alone = [token for token in tokens_of(name) if not self._names.says_nothing(token)] if telling else []
        person = len(alone) > 1 and not any(sign.isdecimal() for sign in name)
        strength = max((one.strength for one in found), default=Strength.NOTHING)
        return Place(listed, students, strength, name, self._node(parts, name if person else ""), person, telling)

    def weigh(self, text: str) -> Found:
        """What a name that somebody typed says."""
        return self._names.weigh(text, typed=True)

    # --- the class ----------------------------------------------------------------------------------------------------

    def _common(self, names: Names) -> frozenset[str]:
        """Words beside the names of several students: « dupont_marketing », « martin_marketing »."""
        beside: dict[str, set[Listed]] = defaultdict(set)
        for part in {part for parts in self._parts.values() for part in parts}:
            found = names.weigh(part)
            if found.strength >= Strength.LAST and len(found.students) == 1:
                for token in found.strange:
                    beside[token].add(found.students[0])
        return frozenset(token for token, students in beside.items() if len(students) > 1 and token not in names.words)

    def _shared(self) -> frozenset[tuple[str, ...]]:
        """The parts (as words) that name somebody by chance: other parts of the copies that have them name others."""
        others: dict[tuple[str, ...], set[Listed]] = defaultdict(set)
        bearers: Counter[tuple[str, ...]] = Counter()
        for parts in self._parts.values():
            found = [(tuple(tokens_of(part)), self._names.weigh(part)) for part in parts]
            bearers.update({text for text, _ in found})
            for text, one in found:
                if one.students and one.strength < Strength.FULL:
                    others[text].update(more.only for other, more in found if other != text and more.only is not None)
        return frozenset(
            text
            for text, students in others.items()
            if len(students) >= _MANY or (len(students) > 1 and 2 * bearers[text] > len(self._parts))
        )

    # --- one path -----------------------------------------------------------------------------------------------------

    def _weighed(self, part: str, depth: int, parts: Sequence[str]) -> Found:
        if is_group(part) or tuple(tokens_of(part)) in self._silent:
            return NOTHING
        found = self._names.weigh(part)
        given = depth == 0 and len(parts) > 1 and not _ARCHIVE.fullmatch(part)
        return NOTHING if given and found.strength < Strength.FULL else found

    def _called(self, parts: Sequence[str]) -> tuple[str, bool]:
        """What to call a path: its outermost part that tells it from the others, else all of it."""
        for depth, part in enumerate(parts):
            if (depth == 0 and len(parts) > 1 and not _ARCHIVE.fullmatch(part)) or is_group(part):
                continue
            node = tuple(parts[: depth + 1])
            many = self._nodes[node] > 1 and 2 * self._nodes[node] > len(self._parts)
            text = tuple(tokens_of(part))
            word = any(len(token) > 1 and not self._names.says_nothing(token) for token in text)
            if word and not many and (text not in self._repeated or self._names.weigh(part).students):
                return bare_part(part), True
        shown = parts if _ARCHIVE.fullmatch(parts[0]) or len(parts) == 1 else parts[1:]
        return "/".join(shown), False

    def _node(self, parts: Sequence[str], name: str) -> str:
        for depth, part in enumerate(parts[:-1]):
            if (depth and _WORKBOOK.fullmatch(part)) or (name and bare_part(part) == name):
                return "/".join(parts[: depth + 1])
        return ""


def path_shown(path: str) -> str:
    """A path without the folder that was given."""
    parts = _parts(path)
    return "/".join(parts if len(parts) == 1 or _ARCHIVE.fullmatch(parts[0]) else parts[1:])


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part] or [""]


def _together(found: Sequence[Found]) -> tuple[Listed | None, tuple[Listed, ...]]:
    """The student whom all parts of one path name, and those whom they may name."""
    everybody = tuple(dict.fromkeys(student for one in found for student in one.students))
    common = tuple(student for student in everybody if all(student in one.students for one in found))
    if not common:  # one part says another than the other
        return None, everybody
    doubtful = any(one.strange and one.strength < Strength.FULL for one in found)
    several = len(found) > 1 and any(one.strength >= Strength.LAST for one in found)
    sure = any(one.only is not None for one in found) or (several and not doubtful)
    return (common[0] if len(common) == 1 and sure else None), common
