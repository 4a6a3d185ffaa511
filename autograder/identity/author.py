"""Who one copy comes from: the teacher's word, Moodle's or nbgrader's, then the sheet and its place, which must agree.

A sheet is typed by a student, hence never trusted against Moodle's folder or nbgrader's tree, which know who handed in.
Outside these, a name that comes from a file is no more than a hint to be found in the class list; a place that
contradicts a signature makes the copy nobody's until the teacher says whose it is. A copy that fits nobody of the list
is marked, and stays nobody's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.identity import Listed, Participant, Person, Roster
from autograder.identity.evidence import Found, Place, Strength, Whereabouts, could_be, path_shown
from autograder.intake import Guess, Incident, incident
from autograder.intake.person_names import Words, agree, is_anonymous, is_blind, is_group, same, words
from autograder.intake.places import moodle_name
from crc_lab.core.sheet import Student
from crc_lab.core.text import clean_line, listing

_NO_LIST = Roster(())


@dataclass(frozen=True)
class Known:
    """What is known of a class besides one copy. ``roster`` is None without a class list.

    ``participants``: what Moodle's worksheets say, by number; ``decided``: whom the teacher named, by file, None for
    nobody; ``confirmed``: the names (as words) that a sheet states at a place of that name.
    """

    roster: Roster | None = None
    places: Whereabouts = field(default_factory=Whereabouts)
    participants: Mapping[str, tuple[Participant, ...]] = field(default_factory=dict)
    decided: Mapping[str, Person | None] = field(default_factory=dict)
    confirmed: Collection[Words] = ()

    @property
    def students(self) -> Roster:
        return self.roster or _NO_LIST


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the author of one file.

    ``listed``: the only student of the class list it can be; ``sure`` when Moodle or nbgrader says so, and not only the
    sheet. ``doubt``: what to tell when, all files considered, the author is nobody of the list. ``candidates``: the
    students of the list that it may be; ``asked``: only the teacher can say who it is; ``node``: the student's own
    folder, where there is one; ``decided``: the teacher has said.
    """

    person: Person
    guess: Guess
    stated: bool
    """The name comes from the answer sheet, not from a file or folder name."""
    listed: Listed | None = None
    sure: bool = False
    doubt: Incident | None = None
    candidates: tuple[Listed, ...] = ()
    asked: bool = False
    node: str = ""
    decided: bool = False

    @property
    def by_place(self) -> bool:
        """True when nothing but its place says what to call it, and nothing asks more."""
        return self.listed is None and not (self.stated or self.asked or self.candidates or self.guess.sure)


@dataclass(frozen=True, slots=True)
class Seen:
    """One copy of a class, before anybody knows whose it is: who its sheet says, its place, its name."""

    student: Student | None
    guess: Guess
    file: str


def known_of(
    seen: Sequence[Seen],
    roster: Roster | None,
    participants: Mapping[str, tuple[Participant, ...]],
    decided: Mapping[str, Person | None],
) -> Known:
    """What all copies of a class say together. Without a class list, the names that sheets state are looked for."""
    paths = [one.guess.path or one.file for one in seen if not one.guess.sure]
    if roster is not None:
        return Known(roster, Whereabouts(paths, roster.students), participants, decided)
    signed = {words(one.student.name): clean_line(one.student.name) for one in seen if one.student}
    names = [Listed(f"{number}", name, "") for number, (form, name) in enumerate(signed.items()) if len(form) > 1]
    places = Whereabouts(paths, names)
    confirmed = {
        words(one.student.name)
        for one in seen
        if one.student and not one.guess.sure
        and (place := places.of(one.guess.path or one.file).listed) and same(place.name, one.student.name)
    }  # fmt: skip
    return Known(None, places, participants, decided, confirmed)


def owners_of(file: str, known: Known) -> tuple[Listed, ...]:
    """The students of the list from whom a file that is not marked may come, by its path alone."""
    if known.roster is None:
        return ()
    for part in file.split("/"):
        if (found := moodle_name(part)) is not None:
            return possible(Guess(found.name, found.id, folder=found.own), known)
    return known.places.of(file).students


def identify(
    student: Student | None, guess: Guess, roster: Roster | None = None, known: Known | None = None, file: str = ""
) -> tuple[Identity, tuple[Incident, ...]]:
    """The author of a ``file``, and what to tell the teacher about it at once; ``known`` has its own class list."""
    path = guess.path or file or guess.name
    known = known or Known(roster, Whereabouts([path], roster.students if roster else ()))
    sheet = Person(clean_line(student.name), clean_line(student.identifier, 60)) if student else Person("")
    if file in known.decided:
        return _decided(guess, known.decided[file], known, file)
    if guess.sure:
        return _inside(sheet, guess, known)
    return _Outside(sheet, guess, path, known).identity()


def _decided(guess: Guess, person: Person | None, known: Known, file: str) -> tuple[Identity, tuple[Incident, ...]]:
    """As the teacher says."""
    if person is None:
        told = incident("ELEVE-DECIDE.personne")
        return Identity(Person(path_shown(guess.path or file)), guess, stated=False, doubt=told, decided=True), ()
    listed = next((one for one in known.students.students if one.identifier == person.identifier), None)
    told = incident("ELEVE-DECIDE.eleve", name=person.name)
    return Identity(person, guess, True, listed, sure=listed is not None, decided=True), (told,)


# --- where Moodle or nbgrader says who handed in ----------------------------------------------------------------------


def moodle_author(guess: Guess, known: Known) -> Listed | None:
    """The listed student whom Moodle or nbgrader names as the author of a file, or None.

    Homonyms are told apart by what Moodle's worksheet knows of the number: the e-mail address.
    """
    roster = known.students
    if guess.identifier:
        found = roster.by_identifier(guess.identifier)
        weighed = known.places.weigh(guess.identifier)
        return found[0] if len(found) == 1 else _only(weighed, Strength.INITIAL) if not found else None
    if not guess.moodle_id or is_anonymous(guess.name, roster.groups):
        return None
    named = roster.by_name(guess.name)
    if len(named) == 1:
        return named[0]
    rows = known.participants.get(guess.moodle_id.lstrip("0") or "0", ())
    addressed = {
        one.identifier: one
        for row in rows
        if row.email and (not row.name or same(row.name, guess.name))
        for one in roster.by_identifier(row.email)
        if not named or one in named
    }
    if len(addressed) == 1:
        return next(iter(addressed.values()))
    if named or known.roster is None:
        return None
    return _only(known.places.weigh(guess.name), Strength.FULL)


def _only(found: Found, least: Strength) -> Listed | None:
    return found.only if found.strength >= least else None


def possible(guess: Guess, known: Known) -> tuple[Listed, ...]:
    """The students of the list whom Moodle or nbgrader may name: several homonyms, one, nobody."""
    author = moodle_author(guess, known)
    if author is not None:
        return (author,)
    roster = known.students
    found = roster.by_name(guess.name) or roster.by_identifier(guess.identifier)
    return found or known.places.weigh(guess.name or guess.identifier).students


def _inside(sheet: Person, guess: Guess, known: Known) -> tuple[Identity, tuple[Incident, ...]]:
    roster = known.students
    stated = bool(sheet.name or sheet.identifier)
    author = moodle_author(guess, known)
    listed = author or _claimed(sheet, guess, roster)
    if listed is not None:
        told = _told_of_listed(sheet, listed, guess, sure=listed is author, known=roster)
        identity = Identity(Person(listed.name, listed.identifier), guess, stated, listed, sure=listed is author)
        return identity, (*told, *_told_of_group(listed.name, guess, roster))
    denied = (
        bool(guess.moodle_id) and not is_anonymous(guess.name, roster.groups) and _denies(sheet, guess.name, roster)
    )
    if denied:
        person, told = Person(guess.name), [_different(sheet, guess.name)]
    else:
        person, told = _unlisted(sheet, guess, roster)
    hidden = not stated and is_anonymous(guess.name, roster.groups)
    doubt: Incident | None = None
    candidates: tuple[Listed, ...] = ()
    if known.roster is not None and not hidden:
        doubt, candidates = _doubt(Person("") if denied else sheet, person, roster)
        perhaps = known.places.weigh(guess.name)
        if not candidates and perhaps.strength >= Strength.INITIAL and not perhaps.strange:
            candidates = perhaps.students
            doubt = incident("ELEVE-A-DIRE.peut-etre", name=person.name, names=_names(candidates))
    identity = Identity(
        person, guess, stated and not denied, doubt=doubt, candidates=candidates, asked=bool(candidates)
    )
    return identity, (*told, *_told_of_group(person.name, guess, roster))


def _claimed(sheet: Person, guess: Guess, known: Roster) -> Listed | None:
    """The student whom the sheet names, unless Moodle names somebody else, who is not in the list."""
    claimed = known.named(sheet.name, sheet.identifier)
    silent = not guess.moodle_id or is_anonymous(guess.name, known.groups)
    return claimed if claimed is not None and (silent or agree(claimed.name, guess.name)) else None


def _told_of_listed(sheet: Person, listed: Listed, guess: Guess, *, sure: bool, known: Roster) -> list[Incident]:
    """What the sheet, or the place, says against a student of the list who is the author all the same."""
    if not (sheet.name or sheet.identifier):
        return [] if guess.sure else [incident("ELEVE-INCONNU.fichier", name=listed.name)]
    if sure and (known.named(sheet.name, sheet.identifier) not in (None, listed) or not agree(sheet.name, listed.name)):
        return [_different(sheet, listed.name)]
    told = []
    owners = known.by_identifier(sheet.identifier)
    if owners and listed not in owners:
        facts = {"identifier": sheet.identifier, "owner": owners[0].name, "name": listed.name}
        told.append(incident("IDENTIFIANT-AUTRE", **facts))
    if guess.identifier and not sure:
        told.append(incident("IDENTIFIANT-DIFFERENT.hors-liste", author=guess.identifier, name=listed.name))
    return told


def _denies(sheet: Person, author: str, known: Roster) -> bool:
    """True when the sheet is somebody else's than the ``author`` that Moodle names, who is not in the list."""
    if sheet.name:
        return not agree(sheet.name, author)
    return any(not agree(one.name, author) for one in known.by_identifier(sheet.identifier))


def _unlisted(sheet: Person, guess: Guess, known: Roster) -> tuple[Person, list[Incident]]:
    """How to call somebody who is not in the list, or when there is no list."""
    free = "" if known.by_identifier(sheet.identifier) else sheet.identifier  # somebody's identifier leads nowhere
    if guess.identifier:
        other = free and free.casefold() != guess.identifier.casefold()
        told = [incident("IDENTIFIANT-DIFFERENT.remis", written=free, author=guess.identifier)] if other else []
        return Person(sheet.name or guess.identifier, guess.identifier), told
    if sheet.name or sheet.identifier:
        return Person(sheet.name or (guess.name if guess.moodle_id else sheet.identifier), free), []
    if is_blind(guess.name) and guess.moodle_id:
        name = f"{guess.name} {guess.moodle_id}"
        return Person(name), [incident("ELEVE-INCONNU.cache", name=name)]
    return Person(guess.name), [] if guess.sure else [incident("ELEVE-INCONNU.fichier", name=guess.name)]


def _told_of_group(counted: str, guess: Guess, known: Roster) -> list[Incident]:
    if (guess.moodle_id and is_group(guess.name, known.groups)) or (guess.folder and not guess.moodle_id):
        return [incident("TRAVAIL-DE-GROUPE", group=guess.name, counted=counted)]
    return []


def _doubt(sheet: Person, person: Person, known: Roster) -> tuple[Incident, tuple[Listed, ...]]:
    """Why the author is nobody of the list, and who it may be."""
    owners = known.by_identifier(sheet.identifier)
    named = known.by_name(person.name) or owners
    if owners and sheet.name and not any(agree(one.name, sheet.name) for one in owners):
        facts = {"identifier": sheet.identifier, "owner": owners[0].name, "name": sheet.name}
        return incident("ELEVE-CONTRADICTOIRE.identifiant", **facts), tuple(dict.fromkeys((*named, *owners)))
    if named:
        return incident("ELEVE-AMBIGU", names=_names(named)), named
    return incident("HORS-LISTE", name=person.name), ()


def _names(students: Collection[Listed]) -> str:
    return listing([f"{one.name} ({one.identifier})" for one in students], 5)


def _different(sheet: Person, author: str) -> Incident:
    said = f"le nom {_quoted(sheet.name)}" if sheet.name else f"l’identifiant {_quoted(sheet.identifier)}"
    return incident("ELEVE-DIFFERENT.remis", said=said, author=author)


def _quoted(name: str) -> str:
    return f"« {name} »"


# --- where only names of files and folders say it ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Outside:
    """One copy that neither Moodle nor nbgrader made the place of."""

    sheet: Person
    guess: Guess
    path: str
    known: Known

    def identity(self) -> tuple[Identity, tuple[Incident, ...]]:
        place = self.known.places.of(self.path)
        if self.known.roster is None:
            return self._without_list(place)
        if not (self.sheet.name or self.sheet.identifier):
            return self._silent(place)
        signed, may_be = self._signature()
        if signed is not None:
            if place.students and signed not in place.students:
                return self._contradicted((*place.students, signed))
            return self._of(signed, stated=True, node=place.node)
        if place.listed is not None:
            if may_be and place.listed not in may_be:
                return self._contradicted((place.listed, *may_be))
            alone = len(words(self.sheet.name)) < 2  # a nickname
            if may_be or alone or could_be(self.sheet.name, place.listed.name):
                return self._of(place.listed, stated=True, node=place.node)
            return self._contradicted((place.listed,))
        both = tuple(one for one in may_be if one in place.students)
        if len(both) == 1 and (place.strength > Strength.FIRST or self._strength() > Strength.FIRST):
            return self._of(both[0], stated=True, node=place.node)
        person, told = _unlisted(self.sheet, self.guess, self.known.students)
        doubt, found = _doubt(self.sheet, person, self.known.students)
        perhaps = self.known.places.weigh(self.sheet.name).students
        candidates = tuple(dict.fromkeys((*found, *may_be, *place.students, *perhaps)))
        if candidates and not found:
            doubt = incident("ELEVE-A-DIRE.peut-etre", name=person.name, names=_names(candidates))
        asked = bool(candidates)
        return Identity(person, self.guess, True, doubt=doubt, candidates=candidates, asked=asked), tuple(told)

    def _signature(self) -> tuple[Listed | None, tuple[Listed, ...]]:
        """The student whom the sheet names for sure, and those whom it may name."""
        roster, sheet = self.known.students, self.sheet
        named = roster.named(sheet.name, sheet.identifier)
        if named is not None:
            return named, (named,)
        owners, found = roster.by_identifier(sheet.identifier), self.known.places.weigh(sheet.name)
        fitting = found.students if not found.strange or found.strength is Strength.FULL else ()
        may_be = tuple(dict.fromkeys((*fitting, *owners)))
        if not found.strange and found.only is not None and (not owners or found.only in owners):
            return found.only, (found.only,)
        return None, may_be

    def _strength(self) -> Strength:
        return self.known.places.weigh(self.sheet.name).strength

    def _of(self, listed: Listed, *, stated: bool, node: str) -> tuple[Identity, tuple[Incident, ...]]:
        told = _told_of_listed(self.sheet, listed, self.guess, sure=False, known=self.known.students)
        return Identity(Person(listed.name, listed.identifier), self.guess, stated, listed, node=node), tuple(told)

    def _silent(self, place: Place) -> tuple[Identity, tuple[Incident, ...]]:
        if place.listed is not None:
            return self._of(place.listed, stated=False, node=place.node)
        told = incident("ELEVE-INCONNU.fichier", name=place.name)
        if place.students:
            doubt = incident("ELEVE-A-DIRE.peut-etre", name=place.name, names=_names(place.students))
        else:
            doubt = incident("ELEVE-A-DIRE.silence")
        return Identity(
            Person(place.name), self.guess, False, doubt=doubt, candidates=place.students, asked=True, node=place.node
        ), (told,)  # fmt: skip

    def _contradicted(self, may_be: tuple[Listed, ...]) -> tuple[Identity, tuple[Incident, ...]]:
        shown = path_shown(self.path)
        doubt = incident("ELEVE-A-DIRE.contredit", written=self.sheet.name or self.sheet.identifier, place=shown)
        candidates = tuple(dict.fromkeys(may_be)) if self.known.roster is not None else ()
        return Identity(Person(shown), self.guess, False, doubt=doubt, candidates=candidates, asked=True), ()

    def _without_list(self, place: Place) -> tuple[Identity, tuple[Incident, ...]]:
        if not (self.sheet.name or self.sheet.identifier):
            return Identity(
                Person(place.name), self.guess, False, asked=not place.telling, node=place.node
            ), (incident("ELEVE-INCONNU.fichier", name=place.name),)  # fmt: skip
        if self.sheet.name:
            other = place.listed.name if place.listed else ""
            if other and not could_be(self.sheet.name, other):
                return self._contradicted(())
            confirmed = words(self.sheet.name) in self.known.confirmed
            if not other and place.person and confirmed and not could_be(self.sheet.name, place.name):
                return self._contradicted(())
        person, told = _unlisted(self.sheet, self.guess, self.known.students)
        return Identity(person, self.guess, True, node=place.node), tuple(told)
