"""Which copies are one person's.

Moodle's id (inside one assignment) and nbgrader's folder make one author; the class list puts authors together; without
it, the identifier with a name that agrees, then the name that sheets or Moodle state: never one that comes from a file.
Two people are never merged on a doubt, and an identifier that two people claim belongs to neither.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autograder.identity import Listed, Person, Roster
from autograder.identity.author import Identity
from autograder.intake import Guess, Incident, incident
from autograder.intake.person_names import Words, agree, free, is_anonymous, safe_identifier, slug, words
from crc_lab.core.text import listing

DISPUTED = "IDENTITE-DISPUTEE"
_ARCHIVE = re.compile(r".*\.zip(?: \(\d+\))?", re.IGNORECASE | re.DOTALL)
"""The scope of what lies at the root of an archive (the register numbers those that bear one name)."""


@dataclass(frozen=True)
class Author:
    """One person: the positions of their files, and what to tell about each of them.

    ``id`` is stable and unique: see :attr:`~autograder.marking.StudentResult.id`.
    """

    members: tuple[int, ...]
    person: Person
    id: str
    listed: Listed | None = None
    incidents: tuple[Incident, ...] = ()
    candidates: tuple[Listed, ...] = ()
    """The students of the list who may be this person, when it is nobody for sure."""


@dataclass(eq=False)
class _Group:
    """Files (by position) that surely come from one person; then all those of one person."""

    members: dict[int, Identity] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """The id in each scope: two of one scope are two people."""
    listed: Listed | None = None
    sure: bool = False
    incidents: list[Incident] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    identifiers: set[str] = field(default_factory=set)

    candidates: list[Listed] = field(default_factory=list)

    @property
    def guess(self) -> Guess:
        return next(iter(self.members.values())).guess

    @property
    def called_by_its_place(self) -> bool:
        """True when only files and folders say its name: nobody is put together on that."""
        return not any(one.stated or one.guess.sure for one in self.members.values())

    def take(self, other: _Group) -> None:
        self.members |= other.members
        self.candidates += other.candidates
        self.places |= other.places
        self.incidents += other.incidents

    def person(self) -> Person:
        """How to call one person known by several files: as the list does, else the fullest identity a sheet states."""
        if self.listed is not None:
            return Person(self.listed.name, self.listed.identifier)
        members = [one for _, one in sorted(self.members.items())]
        if any(one.code == DISPUTED for one in self.incidents):
            return Person(members[0].person.name)
        stated = [one.person for one in members if one.stated] or [one.person for one in members]
        return next((person for person in stated if person.identifier), stated[0])


def gather(
    identities: Sequence[Identity], roster: Roster | None = None, activities: Sequence[str] | None = None
) -> list[Author]:
    """The people behind ``identities``, in the order of their first file.

    ``activities``: what each file answers (empty when it is not known).
    """
    groups = _by_place(_of_one_workbook(identities))
    if roster is None and activities is not None:  # with a list, they are nobody's of it: that is told
        _ask_about_namesakes(groups, activities)
    _settle_claims(groups)
    listed: dict[str, _Group] = {}
    for group in groups:
        if group.listed and listed.setdefault(group.listed.identifier, group) is not group:
            listed[group.listed.identifier].take(group)
    gathered = [*listed.values(), *_by_name([one for one in groups if one.listed is None])]
    gathered.sort(key=lambda group: min(group.members))
    persons = _without_shared_identifiers(gathered)
    return [
        Author(
            tuple(sorted(group.members)),
            person,
            name,
            group.listed,
            tuple(group.incidents),
            () if group.listed else tuple(dict.fromkeys(group.candidates)),
        )
        for group, person, name in zip(gathered, persons, _ids(gathered, persons, roster), strict=True)
    ]


def _of_one_workbook(identities: Sequence[Identity]) -> list[Identity]:
    """The same, a silent sheet being of whom the others of the same student's folder name, when they name one alone."""
    named: dict[str, dict[object, Identity]] = defaultdict(dict)
    for one in identities:
        if one.node and one.stated and not one.asked:
            named[one.node][one.listed.identifier if one.listed else words(one.person.name)] = one

    def settled(one: Identity) -> Identity:
        others = [*named.get(one.node, {}).values()]
        if len(others) != 1 or one.stated or one.listed is not None or one.candidates:
            return one
        return replace(one, person=others[0].person, listed=others[0].listed, stated=True, asked=False)

    return [settled(one) for one in identities]


def _by_place(identities: Sequence[Identity]) -> list[_Group]:
    """One group per Moodle id or nbgrader folder, one per file elsewhere; the listed student that it may be."""
    groups: dict[tuple[str, str, object], _Group] = {}
    for position, one in enumerate(identities):
        place = "" if one.decided else one.guess.moodle_id or one.guess.identifier or one.guess.folder
        node = one.node if one.by_place else ""
        key = (one.guess.scope, place, None) if place else ("", node, None if node else position)
        group = groups.setdefault(key, _Group())
        group.members[position] = one
        group.candidates += one.candidates
        if place:
            group.places[one.guess.scope] = place
    for group in groups.values():
        sure = next((one.listed for one in group.members.values() if one.sure), None)
        claimed = {one.listed.identifier: one.listed for one in group.members.values() if one.listed is not None}
        group.sure = sure is not None
        group.listed = sure or (next(iter(claimed.values())) if len(claimed) == 1 else None)
        if group.listed is None and claimed:
            names = listing([f"« {one.name} »" for one in claimed.values()])
            group.incidents.append(incident("ELEVE-CONTRADICTOIRE.remise", names=names))
            group.candidates += claimed.values()
    return list(groups.values())


def _ask_about_namesakes(groups: Sequence[_Group], activities: Sequence[str]) -> None:
    """Tell it when one name has several numbers in a folder, with different activities: who knows who that is?

    In an archive, which is one assignment, they are always two people.
    """
    named: dict[tuple[str, Words], list[_Group]] = defaultdict(list)
    for group in groups:
        name, scope = group.guess.name, group.guess.scope
        if group.guess.moodle_id and words(name) and not is_anonymous(name) and not _ARCHIVE.fullmatch(scope):
            named[scope, words(name)].append(group)
    for same in named.values():
        if len({frozenset(activities[one] for one in group.members if activities[one]) for group in same}) > 1:
            numbers = listing(sorted((group.guess.moodle_id for group in same), key=int), 5)
            told = incident("MEME-NOM", name=same[0].guess.name, number=len(same), numbers=numbers)
            for group in same:
                group.incidents.append(told)


def _settle_claims(groups: Sequence[_Group]) -> None:
    """Two people of one archive who say they are the same student: the sure one is, or neither of them."""
    claims: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for group in groups:
        for scope in group.places if group.listed else ():
            claims[scope, group.listed.identifier if group.listed else ""].append(group)
    for rivals in claims.values():
        sure = [group for group in rivals if group.sure]
        for group in rivals if len(rivals) > 1 else ():
            if sure != [group] and group.listed is not None:
                group.incidents.append(incident(DISPUTED, number=len(rivals), name=group.listed.name))
                group.candidates.append(group.listed)
                group.listed = None


def _by_name(groups: Sequence[_Group]) -> list[_Group]:
    """Those who are nobody of the list, put together by identifier and name, else by name."""
    known: list[_Group] = []
    by_identifier: dict[str, list[_Group]] = defaultdict(list)
    by_name: dict[Words, list[_Group]] = defaultdict(list)
    persons = {group: group.person() for group in groups}
    for group in sorted(groups, key=lambda group: (not persons[group].identifier, min(group.members))):
        identifier = persons[group].identifier.casefold()
        form = () if group.called_by_its_place else words(persons[group].name)
        near = by_identifier[identifier] if identifier else by_name[form] if form else []
        fits = [one for one in near if _fits(one, group, identifier, persons[group].name)]
        target = fits[0] if len(fits) == 1 else group
        if target is group:
            known.append(group)
        else:
            target.take(group)
        target.names.append(persons[group].name)
        if identifier and identifier not in target.identifiers:
            target.identifiers.add(identifier)
            by_identifier[identifier].append(target)
        if target not in by_name[form]:
            by_name[form].append(target)
    return known


def _fits(known: _Group, group: _Group, identifier: str, name: str) -> bool:
    if any(known.places.get(scope, place) != place for scope, place in group.places.items()):
        return False
    if identifier and identifier in known.identifiers:
        return all(agree(name, other) for other in known.names)
    return not (identifier and known.identifiers)


def _without_shared_identifiers(groups: Sequence[_Group]) -> list[Person]:
    """Who they are: an identifier that several give is nobody's, unless it is made from the name of one of them."""
    persons = [group.person() for group in groups]
    claims: dict[str, list[int]] = defaultdict(list)
    for position, (group, person) in enumerate(zip(groups, persons, strict=True)):
        if group.listed is None and person.identifier:
            claims[person.identifier.casefold()].append(position)
    for positions in (rivals for rivals in claims.values() if len(rivals) > 1):
        told = {position: _speaks_of(persons[position]) for position in positions}
        best = max(told.values())
        owners = [position for position in positions if best and told[position] == best]
        names = listing([f"« {persons[position].name} »" for position in positions], 5)
        for position in positions if len(owners) != 1 else set(positions).difference(owners):
            shared = incident("IDENTIFIANT-PARTAGE", identifier=persons[position].identifier, names=names)
            groups[position].incidents.append(shared)
            persons[position] = Person(persons[position].name)
    return persons


def _speaks_of(person: Person) -> int:
    """How much an identifier tells its own bearer: 2 when the name explains it whole (« igarnier »), 1 when it has a
    word of the name, 0 otherwise."""
    rest = re.sub(r"\d", "", "".join(words(person.identifier)))
    initials, found = "", False
    for word in sorted(words(person.name), key=len, reverse=True):
        if len(word) > 2 and word in rest:
            rest, found = rest.replace(word, "", 1), True
        else:
            initials += word[0]
    return (2 if set(rest) <= set(initials) else 1) if found else 0


def _ids(groups: Sequence[_Group], persons: Sequence[Person], roster: Roster | None) -> list[str]:
    used = {one.identifier.casefold() for one in roster.students} if roster else set()
    bases = [
        "" if group.listed else safe_identifier(person.identifier) or slug(person.name) or "eleve"
        for group, person in zip(groups, persons, strict=True)
    ]
    shared = Counter(base.casefold() for base in bases)
    ids = []
    for group, base in zip(groups, bases, strict=True):
        if group.listed is not None:
            ids.append(group.listed.identifier)
            continue
        moodle = min(one.guess.moodle_id for one in group.members.values())
        # Homonyms are told apart by Moodle's number rather than by their order, which changes with every new copy.
        first = f"{base}-{moodle}" if moodle and (shared[base.casefold()] > 1 or base.casefold() in used) else base
        ids.append(free(first, used))
    return ids
