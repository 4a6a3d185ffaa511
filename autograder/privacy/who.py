"""Who is who: whom a name or an identifier means, with all that the folders of a class hold of one student; and the
results of a class without its names.

What is erased cannot be brought back: nobody is found by a resemblance, and homonyms are asked about.

Without names, a student is « Élève 07 », the same from one export to the next. Marks, verdicts, criteria and codes are
kept; file names and every text that somebody may have typed, or that may quote one, are left out. The order of the
numbers depends on a secret of the register, which alone knows who is who. This is a pseudonymisation (article 4 (5) of
the GDPR), not an anonymisation: those who know some marks may recognise them.
"""

from __future__ import annotations

import difflib
import hmac
import html
import re
import secrets
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import PlaceProblem
from autograder.identity import Listed, Person, Roster
from autograder.identity.author import Identity, identify
from autograder.identity.people import gather
from autograder.intake import Guess, HandedIn, Incident, Rejection
from autograder.intake.person_names import same, words
from autograder.intake.places import guess_of
from autograder.marking import ClassResult, CopyResult, StudentResult
from autograder.marking.manual import NO_COMMENT
from autograder.register import Register
from autograder.reports.book import csv_bytes
from crc_lab.core.model import MANUAL, CriterionResult, Message
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import french, listing, without_accents

COPY, REFUSED, PUPIL = "copie", "refus", "nbgrader"
_SHORTEST = 3
"""Letters of an identifier that is looked for in files: a shorter one is in all of them."""
_LISTED = 5


class WhichStudent(PlaceProblem):
    """Nobody is called so, or several people are."""

    kind = "Élève"


@dataclass(frozen=True)
class Trace:
    """One thing that a folder holds of somebody. ``id`` is ours; ``also``: other identifiers, e-mail address.

    ``held``: the ``key`` is that of a copy in the register (``signed`` with the name in its sheet), the name of a
    refused file, or the id of a row or of folders of nbgrader. ``what`` tells homonyms apart.
    """

    folder: Path
    id: str
    name: str = ""
    also: tuple[str, ...] = ()
    held: str = ""
    key: str = ""
    signed: str = ""
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

    def keys(self, held: str) -> set[str]:
        """The copies, the refused files or the pupils (``held``) that are this student's."""
        return {one.key for one in self.traces if one.held == held}

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
            yield f"Restent, car elles sont comptées à d’autres, même si ce nom y est écrit : {shown}."


def traces_in_register(folder: Path, roster: Roster | None) -> Iterator[Trace]:
    """What a folder of results holds of everybody; ``roster``: the class list, where it is known.

    A copy is of the student to whom the reports last counted it; an older one, of the same student as its author's.
    """
    with Register(folder) as register:
        found, told, students = list(register), list(register.told()), register.students()
    owners = {one.copy: one.student for one in told if one.copy}
    keys = [one.key if isinstance(one, HandedIn) else "" for one in found]
    sheets = [one.sheet if isinstance(one, HandedIn) else AnswerSheet("") for one in found]
    guesses = [one.guess if isinstance(one, HandedIn) else _guess(one.file) for one in found]
    people = [identify(sheet.student, guess, roster)[0] for sheet, guess in zip(sheets, guesses, strict=True)]
    for author in gather(people, roster, [sheet.activity for sheet in sheets]):
        known = {owners[keys[place]] for place in author.members if keys[place] in owners}
        usual = known.pop() if len(known) == 1 else author.id
        for place in author.members:
            one, sheet, person = found[place], sheets[place], people[place].person
            also = (person.identifier, guesses[place].identifier)
            if isinstance(one, HandedIn):
                owner, signed = owners.get(one.key, usual), sheet.student.name if sheet.student else ""
                yield Trace(folder, owner, person.name, also, COPY, one.key, signed, f"copie de {sheet.activity}")
            else:
                what = f"fichier refusé « {PurePosixPath(one.file).name} »"
                yield Trace(folder, usual, person.name, also, REFUSED, one.file, what=what)
    yield from (Trace(folder, one.student, one.name) for one in told)
    yield from (Trace(folder, one) for one in students)


def choose(traces: Sequence[Trace], asked: str) -> Student:
    """The student with that identifier, else with that whole name; raises :class:`WhichStudent`."""
    found = [one for one in traces if asked.strip().casefold() in one.identifiers]
    found = found or [one for one in traces if one.name and same(asked, one.name)]
    if not found:
        raise WhichStudent(asked, _unknown(traces, asked))
    ids = sorted({one.id.casefold() for one in found})
    if all(len({one.id for one in found if one.folder == folder}) == 1 for folder in {one.folder for one in found}):
        return _all_of(traces, ids)  # one in each folder, under another identifier perhaps
    people = {str(number): _all_of(traces, [name]) for number, name in enumerate(ids, start=1)}
    lines = [f"  {number}. {one} : {_details(one)}" for number, one in people.items()]
    text = "\n".join(["plusieurs personnes sont possibles.", *lines])
    answer = answered("Qui faut-il effacer ? Tapez son numéro : ", about=f"« {asked} » : {text}")
    if answer is None:
        raise WhichStudent(asked, f"{text}\nRelancez avec, après --eleve, l’identifiant qui est entre parenthèses.")
    if answer not in people:
        raise WhichStudent(asked, "personne n’a été choisi, rien n’a été effacé.")
    return people[answer]


def answered(question: str, *, about: str = "") -> str | None:
    """What the person at the terminal answers, once told what it is ``about``; None when there is nobody."""
    if not sys.stdin.isatty():
        return None
    if about:
        print(french(about))
    try:
        return input(french(question)).strip()
    except EOFError:
        return ""


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


# --- who stands for whom ----------------------------------------------------------------------------------------------


FOLDER, CORRESPONDENCE = "pseudonymes", "correspondance.csv"
_ELSEWHERE = french("Le détail est dans le rapport d’origine : il peut nommer quelqu’un.")


def numbers_of(result: ClassResult, register: Register) -> dict[str, int]:
    """The number of each student, absent ones included, by student id; new students get the next ones."""
    known = register.pseudonyms()
    secret = register.fact("secret") or secrets.token_hex(32)
    ids = {student.id for student in result.students} | {one.identifier for one in result.without_copy}
    encoded = {name: name.encode("utf-8", "surrogatepass") for name in ids - known.keys()}
    new = sorted(encoded, key=lambda name: hmac.digest(secret.encode(), encoded[name], "sha256"))
    added = {name: number for number, name in enumerate(new, start=max(known.values(), default=0) + 1)}
    register.add_pseudonyms(added, secret)
    return {**known, **added}


def pseudonymised(result: ClassResult, numbers: Mapping[str, int]) -> ClassResult:
    """The same results under pseudonyms, in the order of their numbers."""
    refused = enumerate(sorted(one.code for one in result.rejections), start=1)
    return replace(
        result,
        students=tuple(_student(one, numbers[one.id]) for one in sorted(result.students, key=lambda x: numbers[x.id])),
        rejections=tuple(Rejection(f"fichier-{number:02}", code, _ELSEWHERE) for number, code in refused),
        absent=tuple(pseudonym(number) for number in sorted(numbers[one.identifier] for one in result.absent)),
        waiting=tuple(pseudonym(number) for number in sorted(numbers[one.identifier] for one in result.waiting)),
        unsettled={pseudonym(numbers[name]).identifier: came for name, came in result.unsettled.items()},
    )


def pseudonym(number: int) -> Listed:
    """Who stands for a student: « Élève 07 », ``eleve-07``."""
    return Listed(f"eleve-{number:02}", f"Élève {number:02}", "", line=number)


def correspondence(result: ClassResult, numbers: Mapping[str, int]) -> bytes:
    """Who is who, as CSV (UTF-8 with BOM, « ; »); no cell can become a formula."""
    people = {one.id: one.person.name for one in result.students} | {
        one.identifier: one.name for one in result.without_copy
    }
    rows = [("pseudonyme", "identifiant", "nom")]
    rows += ((pseudonym(numbers[name]).name, name, people[name]) for name in sorted(people, key=lambda x: numbers[x]))
    return csv_bytes(rows)


def _student(student: StudentResult, number: int) -> StudentResult:
    listed = pseudonym(number)
    person = Person(listed.name, listed.identifier)
    copies = {name: _copy(copy, person) for name, copy in student.copies.items()}
    return StudentResult(person, copies, person.identifier, listed if student.listed else None)


def _copy(copy: CopyResult, person: Person) -> CopyResult:
    return CopyResult(
        f"{person.identifier}/{copy.activity}", Identity(person, Guess(), stated=False), person, copy.activity,
        copy.edition, copy.points, copy.max_points,
        tuple(replace(one, criteria=tuple(map(_criterion, one.criteria))) for one in copy.questions),
        tuple(Incident(one.code, _ELSEWHERE) for one in copy.incidents), date=None,
    )  # fmt: skip


def _criterion(criterion: CriterionResult) -> CriterionResult:
    """Of a message, only the code and the criterion are told: its text may quote the answer, or be a teacher's own."""
    name = criterion.label or criterion.id
    said = tuple(Message(one.code, NO_COMMENT if one.code == MANUAL else name) for one in criterion.messages)
    return replace(criterion, messages=said, teacher=())
