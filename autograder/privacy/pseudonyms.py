"""The results of a class without its names: « Élève 07 » for each student, the same from one export to the next.

Marks, verdicts, criteria and codes are kept; file names and every text that somebody may have typed, or that may quote
one, are left out. The order of the numbers depends on a secret of the register, which alone knows who is who. This is a
pseudonymisation (article 4 (5) of the GDPR), not an anonymisation: those who know some marks may recognise them.
"""

from __future__ import annotations

import csv
import hmac
import io
import secrets
from collections.abc import Mapping
from dataclasses import replace

from autograder.identity.author import Identity
from autograder.identity.roster import Listed, Person
from autograder.intake.handed import Guess, Incident, Rejection
from autograder.marking.manual import NO_COMMENT
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from autograder.register.store import Register
from autograder.reports.book import harmless
from crc_lab.core.model import MANUAL, CriterionResult, Message
from crc_lab.core.text import french

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
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(map(harmless, row) for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


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
