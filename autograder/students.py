"""Who handed in what: one person behind several files, and one copy kept per person and activity.

An identity is never trusted alone: Moodle's id (inside one archive) comes first, then the identifier together with a
name that does not contradict it, then the name. Two people are never merged on a doubt.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.reading import Incident
from autograder.submissions import Guess
from autograder.wording import clean_line
from crc_lab.sheet import Student
from crc_lab.text import fold

if TYPE_CHECKING:  # marking imports this module
    from autograder.marking import StudentResult
    from autograder.roster import Roster


@dataclass(frozen=True, slots=True)
class Person:
    """One student as the reports show them; ``identifier`` may be empty."""

    name: str
    identifier: str = ""

    def to_json(self) -> dict[str, str]:
        return {"nom": self.name, "identifiant": self.identifier}


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the author of one file."""

    person: Person
    guess: Guess
    stated: bool
    """The name comes from the answer sheet, not from a file or folder name."""


@dataclass
class _Cluster:
    identifiers: set[str] = field(default_factory=set)
    names: set[frozenset[str]] = field(default_factory=set)
    moodle: dict[str, str] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)


def identify(student: Student | None, guess: Guess) -> tuple[Identity, tuple[Incident, ...]]:
    """The author of a file from its sheet and from where it lay, and what to tell the teacher about it."""
    name = clean_line(student.name) if student else ""
    identifier = clean_line(student.identifier, 60) if student else ""
    if not name and not identifier:
        if guess.moodle_id:
            return Identity(Person(guess.name), guess, stated=False), ()
        text = f"Le carnet ne dit pas à qui il est : le nom « {guess.name} » vient du fichier."
        return Identity(Person(guess.name), guess, stated=False), (Incident("ELEVE-INCONNU", text),)
    if guess.moodle_id and name and _contradict(name, guess.name):
        text = (
            f"Le carnet porte le nom « {name} », mais c’est « {guess.name} » qui l’a remis : la copie lui est comptée."
        )
        return Identity(Person(guess.name), guess, stated=False), (Incident("ELEVE-DIFFERENT", text),)
    shown = name or (guess.name if guess.moodle_id else identifier)
    return Identity(Person(shown, identifier), guess, stated=True), ()


def people(identities: Sequence[Identity]) -> list[list[int]]:
    """The positions in ``identities``, put together when they are one person, in the order of first appearance."""
    clusters: list[_Cluster] = []
    by_moodle: dict[tuple[str, str], _Cluster] = {}
    by_identifier: dict[str, list[_Cluster]] = defaultdict(list)
    by_name: dict[frozenset[str], list[_Cluster]] = defaultdict(list)
    order = sorted(range(len(identities)), key=lambda at: (not identities[at].person.identifier, at))
    for position in order:
        one = identities[position]
        identifier, names = fold(one.person.identifier), _tokens(one.person.name)
        scope, moodle = one.guess.scope, one.guess.moodle_id
        cluster = by_moodle.get((scope, moodle)) if moodle else None
        if cluster is None:
            near = by_identifier[identifier] if identifier else by_name[names] if names else []
            fits = [known for known in near if _fits(known, one, identifier, names)]
            cluster = fits[0] if len(fits) == 1 else None
        if cluster is None:
            cluster = _Cluster()
            clusters.append(cluster)
        cluster.members.append(position)
        if moodle:
            by_moodle[scope, moodle] = cluster
            cluster.moodle[scope] = moodle
        if identifier and identifier not in cluster.identifiers:
            cluster.identifiers.add(identifier)
            by_identifier[identifier].append(cluster)
        if names not in cluster.names:
            cluster.names.add(names)
            by_name[names].append(cluster)
    return sorted((sorted(cluster.members) for cluster in clusters), key=lambda members: members[0])


def best_person(identities: Sequence[Identity]) -> Person:
    """How to call one person known by several files: the fullest identity a sheet states, else the first one."""
    stated = [one.person for one in identities if one.stated] or [one.person for one in identities]
    return next((person for person in stated if person.identifier), stated[0])


def _fits(known: _Cluster, one: Identity, identifier: str, names: frozenset[str]) -> bool:
    if one.guess.moodle_id and known.moodle.get(one.guess.scope, one.guess.moodle_id) != one.guess.moodle_id:
        return False
    if identifier and identifier in known.identifiers:
        return not names or any(not other or names & other for other in known.names)
    return not (identifier and known.identifiers)


def _contradict(name: str, other: str) -> bool:
    """True when two names share no word; « Participant » is what Moodle writes when marking is blind."""
    if fold(other).startswith("participant"):
        return False
    return not _tokens(name) & _tokens(other)


def _tokens(name: str) -> frozenset[str]:
    """The words of a name; apostrophes and hyphens are glued, since Moodle removes the former."""
    return frozenset(fold(name.replace("'", "").replace("’", "").replace("-", "")).split())


def student_ids(students: Sequence[StudentResult], roster: Roster | None = None) -> list[str]:
    """A stable id for each student, unique in the list: see :attr:`~autograder.marking.StudentResult.id`."""
    del roster
    used: set[str] = set()
    ids = []
    for student in students:
        base = student.person.identifier or re.sub(r"[^a-z0-9]+", "-", fold(student.person.name)).strip("-") or "eleve"
        moodle = min((copy.identity.guess.moodle_id for copy in student.copies.values()), default="")
        name, number = base, 1
        while name in used:
            number += 1
            name = f"{base}-{moodle}" if moodle and number == 2 else f"{base}-{number}"
        used.add(name)
        ids.append(name)
    return ids
