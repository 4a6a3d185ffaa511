"""Who a copy comes from: its sheet, the place where it lay and the class list, and what to say when they disagree.

A sheet is typed by a student, hence never trusted against Moodle's folder or nbgrader's tree, which know who handed in.
Nobody is recognised by a resemblance: a copy that fits nobody of the list is marked, and stays nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.identity.roster import Listed, Roster
from autograder.identity.roster import Person as Person
from autograder.intake.person_names import agree, is_anonymous, is_blind, is_group
from autograder.intake.reading import Incident
from autograder.intake.submissions import Guess
from crc_lab.core.sheet import Student
from crc_lab.core.wording import clean_line, listing

_NO_LIST = Roster(())


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the author of one file.

    ``listed``: the only student of the class list it can be; ``sure`` when Moodle or nbgrader says so, and not only the
    sheet. ``doubt``: what to tell when, all files considered, the author is nobody of the list.
    """

    person: Person
    guess: Guess
    stated: bool
    """The name comes from the answer sheet, not from a file or folder name."""
    listed: Listed | None = None
    sure: bool = False
    doubt: Incident | None = None


def identify(
    student: Student | None, guess: Guess, roster: Roster | None = None
) -> tuple[Identity, tuple[Incident, ...]]:
    """The author of a file, and what to tell the teacher about it at once."""
    known = roster or _NO_LIST
    sheet = Person(clean_line(student.name), clean_line(student.identifier, 60)) if student else Person("")
    stated = bool(sheet.name or sheet.identifier)
    author = known.author(guess)
    listed = known.find(sheet, guess) if stated or guess.sure else _of_file(guess.name, known)
    listed = listed or author
    if listed is not None:
        told = _told_of_listed(sheet, listed, guess, sure=listed is author, known=known)
        identity = Identity(Person(listed.name, listed.identifier), guess, stated, listed, sure=listed is author)
        return identity, (*told, *_told_of_place(sheet, listed.name, guess, known))
    denied = bool(guess.moodle_id) and not is_anonymous(guess.name, known.groups) and _denies(sheet, guess.name, known)
    if denied:
        person, told = Person(guess.name), [_different(sheet, guess.name)]
    else:
        person, told = _unlisted(sheet, guess, known)
    hidden = not stated and is_anonymous(guess.name, known.groups)
    doubt = _doubt(Person("") if denied else sheet, person, known) if roster is not None and not hidden else None
    identity = Identity(person, guess, stated and not denied, doubt=doubt)
    return identity, (*told, *_told_of_place(sheet, person.name, guess, known))


def _of_file(name: str, known: Roster) -> Listed | None:
    """The student whose whole name, or identifier, is that of a file or of its folder."""
    return known.named(name, "") or known.named("", name)


def _told_of_listed(sheet: Person, listed: Listed, guess: Guess, *, sure: bool, known: Roster) -> list[Incident]:
    """What the sheet, or the place, says against a student of the list who is the author all the same."""
    if not (sheet.name or sheet.identifier):
        return [] if guess.sure else [_silent(guess.name)]
    if sure and (known.named(sheet.name, sheet.identifier) not in (None, listed) or not agree(sheet.name, listed.name)):
        return [_different(sheet, listed.name)]
    told = []
    owners = known.by_identifier(sheet.identifier)
    if owners and listed not in owners:
        text = (
            f"L’identifiant « {sheet.identifier} » écrit dans le carnet est celui de « {owners[0].name} » : il est "
            f"ignoré, la copie est comptée à « {listed.name} »."
        )
        told.append(Incident("IDENTIFIANT-AUTRE", text))
    if guess.identifier and not sure:
        text = (
            f"Remis par « {guess.identifier} », qui n’est pas dans la liste de classe : la copie est comptée à "
            f"« {listed.name} », dont le carnet porte le nom."
        )
        told.append(Incident("IDENTIFIANT-DIFFERENT", text))
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
        told = []
        if free and free.casefold() != guess.identifier.casefold():
            text = (
                f"Le carnet porte l’identifiant « {free} », mais il a été remis par « {guess.identifier} », qui compte."
            )
            told.append(Incident("IDENTIFIANT-DIFFERENT", text))
        return Person(sheet.name or guess.identifier, guess.identifier), told
    if sheet.name or sheet.identifier:
        return Person(sheet.name or (guess.name if guess.moodle_id else sheet.identifier), free), []
    if is_blind(guess.name) and guess.moodle_id:
        name = f"{guess.name} {guess.moodle_id}"
        text = f"Moodle cache les noms et le carnet n’en porte pas : la copie est comptée à « {name} »."
        return Person(name), [Incident("ELEVE-INCONNU", text)]
    return Person(guess.name), [] if guess.sure else [_silent(guess.name)]


def _told_of_place(sheet: Person, counted: str, guess: Guess, known: Roster) -> list[Incident]:
    """A group's work, or a copy found in the folder of another student of the list."""
    if (guess.moodle_id and is_group(guess.name, known.groups)) or (guess.folder and not guess.moodle_id):
        text = (
            f"Travail remis au nom du groupe « {guess.name} » : la copie est comptée à « {counted} ». Reportez la note "
            "pour les autres membres du groupe."
        )
        return [Incident("TRAVAIL-DE-GROUPE", text)]
    other = None if guess.sure or not sheet.name else _of_file(guess.name, known)
    if other is not None and not agree(other.name, counted):
        text = (
            f"Le carnet porte le nom « {sheet.name} », mais il était rangé au nom de « {other.name} » : la copie est "
            f"comptée à « {counted} »."
        )
        return [Incident("ELEVE-DIFFERENT", text)]
    return []


def _doubt(sheet: Person, person: Person, known: Roster) -> Incident:
    """Why the author is nobody of the list."""
    owners = known.by_identifier(sheet.identifier)
    homonyms = known.by_name(person.name)
    if owners and sheet.name and not any(agree(one.name, sheet.name) for one in owners):
        text = (
            f"L’identifiant « {sheet.identifier} » est celui de « {owners[0].name} », mais le carnet porte le nom "
            f"« {sheet.name} » : la copie est notée à part, elle n’est comptée à personne de la liste."
        )
        return Incident("ELEVE-CONTRADICTOIRE", text)
    if homonyms or owners:
        names = listing([f"{one.name} ({one.identifier})" for one in homonyms or owners], 5)
        text = f"Plusieurs élèves de la liste sont possibles ({names}) et rien ne les départage : copie notée à part."
        return Incident("ELEVE-AMBIGU", text)
    text = f"« {person.name} » n’est pas dans la liste de classe : la copie est notée, mais à part."
    return Incident("HORS-LISTE", text)


def _silent(name: str) -> Incident:
    text = f"Le carnet ne dit pas à qui il est : le nom « {name} » vient du fichier."
    return Incident("ELEVE-INCONNU", text)


def _different(sheet: Person, author: str) -> Incident:
    said = f"le nom « {sheet.name} »" if sheet.name else f"l’identifiant « {sheet.identifier} »"
    text = f"Le carnet porte {said}, mais c’est « {author} » qui l’a remis : la copie lui est comptée."
    return Incident("ELEVE-DIFFERENT", text)
