"""The class list: who should hand in, in the order of the teacher's own file; and who a copy belongs to in it.

How it is read and written is :mod:`autograder.identity.class_list`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from autograder.intake.person_names import Words, agree, spellings, words
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
