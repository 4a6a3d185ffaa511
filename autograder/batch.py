"""A whole class, one file in memory at a time: files → copies → one copy per person and activity.

A bad file never stops the others: it becomes a rejection, or an incident of its copy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.archives import Limits, Refused
from autograder.keys import Bank, MissingKey
from autograder.marking import INTERNAL, ClassResult, CopyResult, Rules, StudentResult, mark_sheet
from autograder.reading import Incident, read_sheet
from autograder.students import Person, best_person, identify, people
from autograder.submissions import Rejection, Submission, find
from autograder.wording import clean, clean_line, count, listing, sort_key
from crc_lab.errors import BankProblems, CrcError, SheetProblem
from crc_lab.feedback import mark_text
from crc_lab.model import Activity, Verdict
from crc_lab.sheet import AnswerSheet
from crc_lab.text import fold

_TINY = 1e-9
_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


def mark_class(
    inputs: Sequence[Path],
    bank: Bank,
    *,
    exclude: Iterable[Path] = (),
    rules: Rules | None = None,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
) -> ClassResult:
    """Mark every copy found in ``inputs``; ``progress`` hears the name of each file. Never stops at a bad file."""
    batch = _Batch(bank, rules or Rules())
    for found in find(inputs, exclude, limits):
        if progress is not None:
            progress(found.file if isinstance(found, Rejection) else found.name)
        batch.add(found)
    return batch.close()


@dataclass
class _Held:
    """A sidecar, waiting for the notebook of its group that it completes."""

    submission: Submission
    sheet: AnswerSheet
    incidents: list[Incident]
    used: bool = False


class _Batch:
    """What is known so far; holds no notebook, only results and the sidecars of the current group."""

    def __init__(self, bank: Bank, rules: Rules) -> None:
        self._bank, self._rules = bank, rules
        self._copies: list[CopyResult] = []
        self._rejections: list[Rejection] = []
        self._activities: dict[str, Activity] = {}
        self._held: list[_Held] = []

    def add(self, found: Submission | Rejection) -> None:
        if isinstance(found, Rejection):
            self._rejections.append(found)
            return
        if self._held and self._held[0].submission.group != found.group:
            self._release()
        self._guarded(found, partial(self._take, found))

    def close(self) -> ClassResult:
        self._release()
        students = []
        for members in people([copy.identity for copy in self._copies]):
            copies = [self._copies[position] for position in members]
            person = best_person([copy.identity for copy in copies])
            activities = sorted({copy.activity for copy in copies})
            kept = {name: _best([copy for copy in copies if copy.activity == name], person) for name in activities}
            students.append(StudentResult(person, kept))
        return ClassResult(
            tuple(sorted(students, key=_student_order)),
            tuple(sorted(self._rejections, key=lambda rejection: (rejection.file, rejection.code))),
            tuple(sorted(self._activities.values(), key=lambda activity: (activity.number, activity.id))),
        )

    def _guarded(self, found: Submission, action: Callable[[], None]) -> None:
        """Run ``action``; whatever it raises becomes the rejection of one file."""
        try:
            action()
        except (Refused, SheetProblem) as error:
            self._reject(found, error.code, str(error))
        except MissingKey as error:
            self._reject(found, "CORRIGE-ABSENT", str(error))
        except BankProblems:
            self._reject(
                found, "CORRIGE-ILLISIBLE", "Les fichiers de questions de cette activité contiennent des erreurs."
            )
        except CrcError as error:
            self._reject(found, "ACTIVITE-INCONNUE", str(error))
        except Exception as error:  # a file nobody foresaw must not stop the others
            text = f"La correction automatique a échoué ({type(error).__name__}) : copie à noter à la main."
            self._reject(found, INTERNAL, text)

    def _reject(self, found: Submission, code: str, text: str) -> None:
        self._rejections.append(Rejection(found.name, code, clean(text)[:500]))

    def _take(self, found: Submission) -> None:
        read = read_sheet(found.load())
        sheet = AnswerSheet.from_metadata(read.sheet)
        incidents = [*read.incidents, *_lost_answers(read.sheet, sheet)]
        if found.sidecar:
            self._held.append(_Held(found, sheet, incidents))
            return
        for held in self._held:
            if held.sheet.activity == sheet.activity and _goes_with(held, found, sheet):
                held.used = True
                merged = sheet.merged_with(held.sheet)
                taken = sum(merged.answers[name] is not sheet.answers.get(name) for name in merged.answers)
                if taken:
                    read_there = count(taken, "réponse lue", "réponses lues")
                    text = f"{read_there} dans le fichier de secours remis à côté."
                    incidents.append(Incident("FICHIER-DE-SECOURS", text))
                sheet = merged
        self._mark(found, sheet, incidents)

    def _release(self) -> None:
        """Sidecars without a notebook are copies of their own."""
        held, self._held = self._held, []
        for one in held:
            if not one.used:
                text = "Le carnet lui-même manque : les réponses viennent du fichier de secours."
                one.incidents.append(Incident("CARNET-ABSENT", text))
                self._guarded(one.submission, partial(self._mark, one.submission, one.sheet, one.incidents))

    def _mark(self, found: Submission, sheet: AnswerSheet, incidents: list[Incident]) -> None:
        loaded = self._bank.get(sheet.activity)
        activity = loaded.activity
        if not activity.marked:
            text = f"L’activité « {activity.title} » est un entraînement sans note : il n’y a rien à noter."
            raise Refused("ACTIVITE-NON-NOTEE", text)
        identity, about_author = identify(sheet.student, found.guess)
        questions, about_answers = mark_sheet(sheet, loaded, self._rules)
        points = sum(question.points for question in questions)
        if abs(points - activity.points) < _TINY:
            points = activity.points
        incidents += [*about_author, *about_answers]
        if all(question.verdict is Verdict.NON_REPONDU for question in questions):
            incidents.append(Incident("COPIE-VIDE", "Aucune question notée n’a reçu de réponse."))
        self._activities[activity.id] = activity
        self._copies.append(
            CopyResult(
                found.name, identity, identity.person, activity.id, sheet.edition, float(points), activity.points,
                questions, tuple(incidents), _latest(sheet),
            )
        )  # fmt: skip


def _lost_answers(raw: Any, sheet: AnswerSheet) -> list[Incident]:
    answers = raw.get("reponses") if isinstance(raw, dict) else None
    if answers is not None and not isinstance(answers, dict):
        return [Incident("REPONSE-ILLISIBLE", "La liste des réponses est abîmée : aucune n’a pu être lue.")]
    lost = sorted(clean_line(str(name), 40) for name in answers or () if str(name) not in sheet.answers)
    return [
        Incident("REPONSE-ILLISIBLE", f"La réponse à « {name} » est abîmée : elle n’a pas pu être lue.")
        for name in lost
    ]


def _goes_with(held: _Held, found: Submission, sheet: AnswerSheet) -> bool:
    """True when the sidecar surely belongs to the author of the notebook: alone together, or the same student."""
    if found.guess.moodle_id or found.alone:
        return True
    one, other = held.sheet.student, sheet.student
    return (
        one is not None
        and other is not None
        and _words(one.name, one.identifier) == _words(other.name, other.identifier)
    )


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(fold(text) for text in texts)


def _latest(sheet: AnswerSheet) -> dt.datetime | None:
    dates = []
    for answer in sheet.answers.values():
        try:
            date = dt.datetime.fromisoformat(answer.date)
        except ValueError:
            continue
        dates.append(date if date.tzinfo else date.replace(tzinfo=dt.UTC))
    return max(dates, default=None)


def _best(copies: list[CopyResult], person: Person) -> CopyResult:
    """The copy that counts: the latest answer wins, then the fuller copy, then the better one, then the first name."""
    kept = max(copies, key=lambda copy: (copy.date or _LONG_AGO, copy.answered, copy.points))
    others = [copy for copy in copies if copy is not kept]
    incidents = kept.incidents
    if others:
        names = listing([f"« {copy.file} » ({mark_text(copy.points, copy.max_points)})" for copy in others])
        text = f"{len(copies)} copies de cette activité : la plus récente est notée. De côté : {names}."
        incidents = (*incidents, Incident("COPIES-MULTIPLES", text))
    return replace(kept, person=person, incidents=incidents)


def _student_order(student: StudentResult) -> tuple[Any, ...]:
    files = min(copy.file for copy in student.copies.values())
    return (*sort_key(student.person.name), student.person.identifier, files)
