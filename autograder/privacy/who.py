"""Who is meant by a name or an identifier, in the folders of a class: all that these hold of one student.

What is erased cannot be brought back: nobody is found by a resemblance, and homonyms are asked about.
"""

from __future__ import annotations

import difflib
import html
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import PlaceProblem
from autograder.identity.people import gather, identify
from autograder.identity.roster import Roster
from autograder.intake.handed import Guess, HandedIn
from autograder.intake.person_names import same, words
from autograder.intake.places import guess_of
from autograder.register.store import Register
from crc_lab.core.text import without_accents
from crc_lab.core.wording import french, listing

_SHORTEST = 3
"""Letters of an identifier that is looked for in files: a shorter one is in all of them."""
_LISTED = 5


class WhichStudent(PlaceProblem):
    """Nobody is called so, or several people are."""

    kind = "Élève"


@dataclass(frozen=True)
class Trace:
    """One thing that a folder holds of somebody. ``id`` is ours; ``also``: other identifiers, e-mail address.

    ``copy``: a key in the register, and ``signed`` the name in its sheet; ``refused``: the name of a refused file;
    ``pupil``: the id of a row, or of folders, of nbgrader. ``what`` tells homonyms apart.
    """

    folder: Path
    id: str
    name: str = ""
    also: frozenset[str] = frozenset()
    copy: str = ""
    signed: str = ""
    refused: str = ""
    pupil: str = ""
    what: str = ""

    @property
    def identifiers(self) -> set[str]:
        return {one.casefold() for one in (self.id, *self.also)} - {""}


@dataclass(frozen=True)
class Student:
    """All the traces of one student."""

    traces: tuple[Trace, ...]

    def __str__(self) -> str:
        """« Inès Garnier (igarnier) »."""
        name = next((one.name for one in self.traces if one.name), "")
        return f"{name} ({listing(sorted(self.ids))})".lstrip()

    @property
    def ids(self) -> set[str]:
        return {one.id for one in self.traces}

    @property
    def copies(self) -> set[str]:
        return {one.copy for one in self.traces} - {""}

    @property
    def refused(self) -> set[str]:
        return {one.refused for one in self.traces} - {""}

    @property
    def pupils(self) -> set[str]:
        return {one.pupil for one in self.traces} - {""}

    def within(self, folder: Path) -> Student:
        return Student(tuple(one for one in self.traces if one.folder == folder))

    def is_named_in(self, path: Path, more: Collection[str] = ()) -> bool:
        """True when a name or an identifier of the student (or ``more``) is in a file, or in the files inside it."""
        identifiers = {text for one in self.traces for text in one.identifiers if len(text) >= _SHORTEST}
        wanted = {f" {_plain(text)} " for text in {one.name for one in self.traces} | identifiers | {*more}} - {"  "}
        try:
            return any(text in content for content in _texts(path) for text in wanted)
        except Exception:  # damaged, or open elsewhere: nobody can tell, and what is ours can be made again
            return True

    def elsewhere(self, traces: Sequence[Trace]) -> Iterator[str]:
        """What to say of the copies that bear the student's name and are counted to somebody else."""
        names = {one.name for one in self.traces if one.name}
        others = (one for one in traces if one.signed and one.id not in self.ids and one.name not in names)
        signed = {f"{one.name}, {one.what}" for one in others if any(same(one.signed, name) for name in names)}
        if signed:
            shown = listing(sorted(signed), _LISTED)
            yield f"Restent, car elles sont comptées à d’autres, même si ce nom y est écrit : {shown}."


def traces_in_register(folder: Path, roster: Roster | None) -> Iterator[Trace]:
    """What a folder of results holds of everybody; ``roster``: the class list, where it is known.

    A copy is of the student to whom the reports last counted it; an older one, of the same student as its author's.
    """
    with Register(folder) as register:
        found, told, students = list(register), list(register.told()), register.students()
    owners = {one.copy: one.student for one in told if one.copy}
    sheets = [one.sheet if isinstance(one, HandedIn) else None for one in found]
    guesses = [one.guess if isinstance(one, HandedIn) else _guess(one.file) for one in found]
    identities = [
        identify(sheet.student if sheet else None, guess, roster)[0]
        for sheet, guess in zip(sheets, guesses, strict=True)
    ]
    for author in gather(identities, roster, [sheet.activity if sheet else "" for sheet in sheets]):
        keys = {place: one.key for place in author.members if isinstance(one := found[place], HandedIn)}
        known = {owners[key] for key in keys.values() if key in owners}
        usual = known.pop() if len(known) == 1 else author.id
        for place in author.members:
            one, sheet, person = found[place], sheets[place], identities[place].person
            also = frozenset({person.identifier, guesses[place].identifier})
            if sheet is None:
                what = f"fichier refusé « {PurePosixPath(one.file).name} »"
                yield Trace(folder, usual, person.name, also, refused=one.file, what=what)
                continue
            signed, what = sheet.student.name if sheet.student else "", f"copie de {sheet.activity}"
            yield Trace(folder, owners.get(keys[place], usual), person.name, also, keys[place], signed, what=what)
    yield from (Trace(folder, one.student, one.name) for one in told)
    yield from (Trace(folder, one) for one in students)


def choose(traces: Sequence[Trace], asked: str, ask: Callable[[str], str] | None) -> Student:
    """The student with that identifier, else with that whole name; raises :class:`WhichStudent`.

    ``ask`` puts a question to the person at the terminal, None when there is nobody.
    """
    found = [one for one in traces if asked.strip().casefold() in one.identifiers]
    found = found or [one for one in traces if one.name and same(asked, one.name)]
    if not found:
        raise WhichStudent(asked, _unknown(traces, asked))
    ids = sorted({one.id.casefold() for one in found})
    if all(len({one.id for one in found if one.folder == folder}) == 1 for folder in {one.folder for one in found}):
        return _all_of(traces, ids)  # one in each folder, under another identifier perhaps
    people = [_all_of(traces, [name]) for name in ids]
    lines = [f"  {number}. {one} : {_details(one)}" for number, one in enumerate(people, start=1)]
    text = "\n".join(["plusieurs personnes sont possibles.", *lines])
    if ask is None:
        raise WhichStudent(asked, f"{text}\nRelancez avec, après --eleve, l’identifiant qui est entre parenthèses.")
    print(french(f"« {asked} » : {text}"))
    try:
        answer = ask(french("Qui faut-il effacer ? Tapez son numéro : ")).strip()
    except EOFError:
        answer = ""
    if answer not in {str(number) for number in range(1, len(people) + 1)}:
        raise WhichStudent(asked, "personne n’a été choisi, rien n’a été effacé.")
    return people[int(answer) - 1]


def _all_of(traces: Sequence[Trace], ids: Collection[str]) -> Student:
    return Student(tuple(one for one in traces if one.id.casefold() in ids))


def _details(student: Student) -> str:
    """What tells homonyms apart: « resultats, copie de 06_scorer et evaluation, liste de classe »."""
    return listing(list(dict.fromkeys(f"{one.folder.name}, {one.what}" for one in student.traces if one.what)), _LISTED)


def _unknown(traces: Sequence[Trace], asked: str) -> str:
    people = {text: str(_all_of(traces, [one.id.casefold()])) for one in traces for text in (one.id, one.name) if text}
    near = [text for text in people if set(words(text)) & set(words(asked))]
    near += difflib.get_close_matches(asked, people, _LISTED)
    shown = list(dict.fromkeys(people[text] for text in near))
    hint = f" Noms proches : {listing(shown, _LISTED)}." if shown else ""
    return f"personne ne s’appelle ainsi, ni n’a cet identifiant, dans ces dossiers.{hint}"


def _guess(file: str) -> Guess:
    """Who a refused file seems to come from: only its name is left."""
    first, *rest = PurePosixPath(file).parts or ("",)
    return guess_of(PurePosixPath(*rest), first, Guess()) if rest else guess_of(PurePosixPath(first), "", Guess())


def _texts(path: Path) -> Iterator[str]:
    """What is in a file, as plain words between spaces, in each way it may be read."""
    contents = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            contents = ["\n".join(archive.namelist()).encode(), *map(archive.read, archive.namelist())]
    for content in contents:
        for encoding in ("utf-8", "cp1252", "utf-16") if path.suffix == ".csv" else ("utf-8",):
            yield f" {_plain(html.unescape(content.decode(encoding, 'replace')))} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", without_accents(text).casefold()))
