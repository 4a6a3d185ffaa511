"""The results of a class without its names: « Élève 07 » for each student, the same from one export to the next.

Numbers are dealt in an order that depends on a secret of the register: alphabetical order, Moodle's numbers and file
names lead nowhere. The register alone knows who is who (``correspondance.csv`` on request). This is a pseudonymisation
in the sense of article 4 (5) of the GDPR, not an anonymisation: the teacher can go back, marks may be recognised by
those who know them, and what a student typed in an answer is left as it was typed.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.identity.roster import Listed
from autograder.identity.students import Identity, Person
from autograder.intake.handed import INTEGRITY
from autograder.intake.moodle_names import moodle_name
from autograder.intake.places import Guess
from autograder.intake.reading import INTERNAL, Incident
from autograder.intake.submissions import Rejection
from autograder.marking.manual import NO_COMMENT
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.register.memory import Memory
from autograder.reports.book import harmless
from crc_lab.core.model import MANUAL, CriterionResult, Message, QuestionResult
from crc_lab.core.wording import french

FOLDER, CORRESPONDENCE = "pseudonymes", "correspondance.csv"
"""Names in the output folder."""
_SECRET = "secret"
_KEPT_AS_THEY_ARE = (
    INTEGRITY, "CARNET-", "COPIE-VIDE", "EDITION-", "FICHIER-DE-SECOURS", "INDICE-PAYANT", "SUJET-ABSENT", INTERNAL,
)  # fmt: skip
"""Incidents whose sentence names nobody; of any other one, only the code is told."""
_SHORTEST, _SHORTEST_NUMBER = 3, 5
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


def numbers_of(result: ClassResult, memory: Memory) -> dict[str, int]:
    """The number of each student, absent ones included, by student id; new students get the next ones."""
    known = memory.pseudonyms()
    secret = memory.fact(_SECRET) or secrets.token_hex(32)
    ids = {student.id for student in result.students} | {one.identifier for one in result.absent}
    new = sorted(ids - known.keys(), key=lambda name: _print(secret, name))
    added = {name: number for number, name in enumerate(new, start=max(known.values(), default=0) + 1)}
    memory.add_pseudonyms(added, secret)
    return {**known, **added}


def pseudonymised(result: ClassResult, numbers: Mapping[str, int], memory: Memory) -> ClassResult:
    """The same results under pseudonyms, in the order of their numbers."""
    scrubber = _Scrubber(result, numbers)
    students = sorted(result.students, key=lambda student: numbers[student.id])
    secret = memory.fact(_SECRET)
    refused = sorted(result.rejections, key=lambda one: _print(secret, f"{one.file}|{one.code}"))
    absent = sorted(numbers[one.identifier] for one in result.absent)
    return replace(
        result,
        students=tuple(_student(student, numbers[student.id], scrubber) for student in students),
        rejections=tuple(
            Rejection(f"fichier-{number:02}{_suffix(one.file)}", one.code, scrubber.scrubbed(one.text))
            for number, one in enumerate(refused, start=1)
        ),
        absent=tuple(_listed(number) for number in absent),
    )


def correspondence(result: ClassResult, numbers: Mapping[str, int]) -> bytes:
    """Who is who, as CSV (UTF-8 with BOM, « ; »); no cell can become a formula."""
    people = {student.id: student.person.name for student in result.students}
    people |= {one.identifier: one.name for one in result.absent}
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";")
    lines.writerow(["pseudonyme", "identifiant", "nom"])
    for name in sorted(people, key=lambda name: numbers[name]):
        lines.writerow([_name(numbers[name]), harmless(name), harmless(people[name])])
    return text.getvalue().encode("utf-8-sig", "replace")


def _print(secret: str, text: str) -> bytes:
    return hmac.digest(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256)


def _name(number: int) -> str:
    return f"Élève {number:02}"


def _id(number: int) -> str:
    return f"eleve-{number:02}"


def _listed(number: int) -> Listed:
    return Listed(_id(number), _name(number), "", line=number)


def _student(student: StudentResult, number: int, scrubber: _Scrubber) -> StudentResult:
    person = Person(_name(number), _id(number))
    copies = {name: _copy(copy, person, scrubber) for name, copy in student.copies.items()}
    return StudentResult(person, copies, _id(number), _listed(number) if student.listed else None)


def _copy(copy: CopyResult, person: Person, scrubber: _Scrubber) -> CopyResult:
    return replace(
        copy,
        file=f"{person.identifier}/{copy.activity}",
        identity=Identity(person, Guess(), stated=False),
        person=person,
        questions=tuple(_question(question, scrubber) for question in copy.questions),
        incidents=tuple(_incident(incident, scrubber) for incident in copy.incidents),
        date=None,
        key="",
    )


def _question(question: QuestionResult, scrubber: _Scrubber) -> QuestionResult:
    return replace(question, criteria=tuple(_criterion(criterion, scrubber) for criterion in question.criteria))


def _criterion(criterion: CriterionResult, scrubber: _Scrubber) -> CriterionResult:
    return replace(criterion, messages=tuple(_message(message, scrubber) for message in criterion.messages))


def _message(message: Message, scrubber: _Scrubber) -> Message:
    """A teacher writes to somebody: what they wrote is left out."""
    text = NO_COMMENT if message.code == MANUAL else scrubber.scrubbed(message.text)
    return replace(message, text=text)


def _incident(incident: Incident, scrubber: _Scrubber) -> Incident:
    if incident.code.startswith(_KEPT_AS_THEY_ARE):
        return Incident(incident.code, scrubber.scrubbed(incident.text))
    return Incident(incident.code, french("Le détail est dans le rapport d’origine : il peut nommer quelqu’un."))


def _suffix(file: str) -> str:
    suffix = PurePosixPath(file).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


class _Scrubber:
    """Puts pseudonyms in the place of the names, identifiers, addresses and files of a class."""

    def __init__(self, result: ClassResult, numbers: Mapping[str, int]) -> None:
        self._names: dict[str, str] = {}
        for student in result.students:
            self._know(_texts_of(student), _name(numbers[student.id]))
        for one in result.absent:
            self._know(_texts_of_listed(one), _name(numbers[one.identifier]))
        for rejection in result.rejections:
            self._know(_texts_of_file(rejection.file), "un élève")
        longest_first = sorted(self._names, key=lambda text: (-len(text), text))
        either = "|".join(re.escape(text) for text in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if either else None

    def _know(self, texts: Iterable[str], name: str) -> None:
        for text in texts:
            kept = text.strip().casefold()
            if len(kept) >= (_SHORTEST_NUMBER if kept.isdecimal() else _SHORTEST):
                self._names.setdefault(kept, name)

    def scrubbed(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._names.get(found[0].casefold(), "un élève"), text)


def _texts_of(student: StudentResult) -> Iterator[str]:
    yield from (student.id, student.person.name, student.person.identifier)
    if student.listed is not None:
        yield from _texts_of_listed(student.listed)
    for copy in student.copies.values():
        guess, person = copy.identity.guess, copy.identity.person
        yield from (guess.name, guess.identifier, guess.moodle_id, guess.folder, person.name, person.identifier)
        yield from _texts_of_file(copy.file)


def _texts_of_listed(listed: Listed) -> Iterator[str]:
    yield from (listed.identifier, listed.email, listed.name, f"{listed.last_name} {listed.first_name}")


def _texts_of_file(file: str) -> Iterator[str]:
    """A file, the name it bears, and whoever Moodle says it belongs to."""
    yield file
    parts = PurePosixPath(file).parts
    for part in parts:
        found = moodle_name(part)
        if found is not None:
            yield from (part, found.own, found.name, found.id)
    if parts and not re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", parts[-1]):
        yield parts[-1]
