"""Who a copy comes from: the class list, the place where the copy lay, what its sheet says.

Here, the class list: who should hand in, in the order of the teacher's own file; and who a copy belongs to in it. How
it is read and written is :mod:`autograder.identity.class_list`. Elsewhere a name is one text, as Moodle writes it or as
a student types it; where it is cut only changes its place in alphabetical order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from autograder.intake.person_names import Words, agree, is_anonymous, spellings, words
from crc_lab.core.text import fold


@dataclass(frozen=True, slots=True)
class Person:
    """One student as the reports show them; ``identifier`` may be empty."""

    name: str
    identifier: str = ""

    def to_json(self) -> dict[str, str]:
        return {"nom": self.name, "identifiant": self.identifier}


@dataclass(frozen=True, slots=True)
class Listed:
    """One student of the class list; only ``name`` is never empty. ``line`` is the line in the file (1 = headers).

    ``identifier`` is never empty, distinct in the list, and made of letters, digits and ``. _ - @ +`` only. ``also``:
    other last names (that of birth beside that of use); ``given``: first names as the list has them all. The place in
    the file (``line``, ``rank``) is no part of the student: the same list written elsewhere is the same list.
    """

    identifier: str
    last_name: str
    first_name: str
    email: str = ""
    group: str = ""
    line: int = field(default=0, compare=False)
    rank: int = field(default=0, compare=False)
    also: tuple[str, ...] = field(default=(), compare=False)
    given: tuple[str, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """« Inès Garnier »: first name then last name, as Moodle shows people."""
        return f"{self.first_name} {self.last_name}".strip() or self.identifier


@dataclass(frozen=True, slots=True)
class Participant:
    """What a row of Moodle's worksheet says of one number: ``name`` and ``email`` may be empty."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Roster:
    """The whole list, in its own order; identifiers are distinct. ``aside``: what of the file is nobody of the list, as
    French sentences."""

    students: tuple[Listed, ...]
    aside: tuple[str, ...] = field(default=(), compare=False)

    def named(self, name: str, identifier: str) -> Listed | None:
        """The only listed student with that identifier (or e-mail) and a name that agrees, else with that name.

        None on any doubt or contradiction.
        """
        known = self.by_identifier(identifier)
        if not known:
            return self._only(self.by_name(name))
        agreeing = [one for one in known if agree(one.name, name)]
        bearers = self.by_name(name)  # it may be exactly the name of somebody else of the list
        return self._only(tuple(agreeing)) if not bearers or {*agreeing} <= {*bearers} else None

    def by_identifier(self, identifier: str) -> tuple[Listed, ...]:
        """The students with that identifier or e-mail address: as written, else without case nor punctuation."""
        exact = self._index.get(("=", identifier.strip().casefold()))
        return tuple(exact or self._index.get(("~", fold(identifier))) or ())

    def by_name(self, name: str) -> tuple[Listed, ...]:
        """The students who bear exactly that name, words in any order, accents and punctuation ignored."""
        found = {one.identifier: one for form in spellings(name) for one in self._index.get(form, ())}
        return tuple(found.values())

    @staticmethod
    def _only(found: tuple[Listed, ...]) -> Listed | None:
        return found[0] if len(found) == 1 else None

    @cached_property
    def groups(self) -> frozenset[Words]:
        """The words of the names of the groups; Moodle lists those of one student with commas."""
        return frozenset(words(name) for one in self.students for name in one.group.split(",") if words(name))

    @cached_property
    def _index(self) -> Mapping[Hashable, list[Listed]]:
        """The students by identifier and e-mail, as written then folded, and by the words of their name."""
        found: dict[Hashable, list[Listed]] = defaultdict(list)
        for one in self.students:
            given = {one.identifier, one.email} - {""}
            written = {("=", text.casefold()) for text in given} | {("~", fold(text)) for text in given}
            for key in (*written, *spellings(one.name)):
                found[key].append(one)
        return dict(found)


# --- in alphabetical order --------------------------------------------------------------------------------------------


_PARTICLE = re.compile("d|da|de|del|della|den|der|des|di|do|dos|du|el|la|le|les|los|mac|ter|van|von|ben|ould")
_TWO_FIRST_NAMES = re.compile(
    "jean (?:baptiste|charles|christophe|claude|david|francois|jacques|louis|luc|marc|marie|michel|noel|paul|philippe|"
    "pierre|yves)|marie (?:ange|anne|charlotte|christine|claire|eve|france|helene|jeanne|laure|line|lou|louise|noelle|"
    "odile|pierre|sophie|therese)|anne (?:cecile|charlotte|claire|gaelle|laure|lise|marie|sophie)|"
    "pierre (?:alexandre|antoine|emmanuel|henri|louis|yves)|(?:lou|rose) (?:ann|anne|marie)"
)
"""First names of two words that people also write without their hyphen."""


def alphabetical(name: str, listed: Listed | None = None) -> tuple[str, str, str]:
    """What people are sorted on; ``listed``: the student of the class list, which knows the last name."""
    last, first = (listed.last_name, listed.first_name) if listed is not None else last_and_first(name)
    return fold(last or first), fold(first), name


def last_and_first(name: str) -> tuple[str, str]:
    """The last and the first name in a whole one, together all its words: « Inès GARNIER », « Garnier, Inès » or
    « Inès Garnier » give (« Garnier », « Inès »), « Zoé de La Tour » (« de La Tour », « Zoé »).

    The capitals tell, else a particle, else the first name comes first. A name that is nobody's is not cut.
    """
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    words = name.split()
    if len(words) < 2 or is_anonymous(name):
        return name.strip(), ""
    start, end = _in_capitals(words) or _by_order(words)
    return " ".join(words[start:end]), " ".join([*words[:start], *words[end:]])


def _in_capitals(words: list[str]) -> tuple[int, int] | None:
    """Where the words in capitals start and end, with the particles in front of them; None when they tell nothing."""
    loud = [word == word.upper() != word.lower() and sum(map(str.isalpha, word)) > 1 for word in words]
    if all(loud) or not any(loud):
        return None
    start, end = loud.index(True), len(words) - loud[::-1].index(True)
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    return start, end


def _by_order(words: list[str]) -> tuple[int, int]:
    """The same by the order of the words: first the last name only when a particle opens the whole name."""
    last = len(words)
    if _is_particle(words[0]) and last > 2:
        end = 1
        while end < last - 1 and _is_particle(words[end - 1]):
            end += 1
        return 0, end
    particle = next((at for at, word in enumerate(words) if at and _is_particle(word)), last)
    start = 2 if last > 2 and _TWO_FIRST_NAMES.fullmatch(fold(" ".join(words[:2]))) else 1
    return (particle if particle < last - 1 else start), last


def _is_particle(word: str) -> bool:
    return bool(_PARTICLE.fullmatch(fold(word)))
