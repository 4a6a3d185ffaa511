"""A whole class: copies → marks → one copy per person and activity → the result that every report shows.

A copy that cannot be marked never stops the others: it becomes a rejection.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.identity.people import Author, Identity, gather, identify
from autograder.identity.roster import Roster
from autograder.intake.archives import Limits
from autograder.intake.collecting import collect
from autograder.intake.handed import INTERNAL, HandedIn, Refused, Rejection, incident, refusal
from autograder.intake.keys import Bank, MissingKey, Preparation, checked
from autograder.marking.latest import best, last_possible, latest_answer
from autograder.marking.manual import ManualMarks, with_manual_mark
from autograder.marking.marked import ClassResult, CopyResult, Rules, StudentResult, mark_sheet
from autograder.marking.nbgrader_cells import marked_by_hand
from crc_lab.core.answers import is_blank
from crc_lab.core.errors import BankProblems, SheetProblem, UnknownName
from crc_lab.core.model import Activity, Json, Verdict
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.wording import clean, clean_line, listing, sort_key

_TINY = 1e-9


def mark_class(
    inputs: Sequence[Path],
    bank: Bank,
    *,
    exclude: Iterable[Path] = (),
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
    **options: Any,
) -> ClassResult:
    """Collect and mark every copy found in ``inputs``; ``options`` as in :func:`mark_copies`."""
    return mark_copies(collect(inputs, exclude=exclude, limits=limits, progress=progress, bank=bank), bank, **options)


def mark_copies(
    found: Iterable[HandedIn | Rejection],
    bank: Bank,
    *,
    roster: Roster | None = None,
    preparation: Preparation | None = None,
    manual: ManualMarks | None = None,
    rules: Rules | None = None,
) -> ClassResult:
    """Mark every copy, put those of one person together, keep one per activity.

    ``roster``: the class list; ``preparation``: the subject that the copies must answer; ``manual``: the marks given by
    hand. Never stops at a bad copy.
    """
    batch = _Batch(bank, rules or Rules(), preparation, roster)
    for one in found:
        batch.add(one)
    return batch.close(manual or {})


def with_manual_marks(result: ClassResult, manual: ManualMarks) -> ClassResult:
    """The same class, with these marks in the place of those of its questions."""
    return replace(result, students=tuple(_with_manual_marks(student, manual) for student in result.students))


class _Batch:
    """What is known so far; holds no answer sheet, only results."""

    def __init__(self, bank: Bank, rules: Rules, preparation: Preparation | None, roster: Roster | None) -> None:
        self._bank, self._rules, self._preparation, self._roster = bank, rules, preparation, roster
        self._copies: list[CopyResult] = []
        self._rejections: list[Rejection] = []
        self._activities: dict[str, Activity] = {}
        self._silent: list[Identity] = []
        """Who handed in a notebook without any answer: nothing to mark, but they are not absent."""

    def add(self, found: HandedIn | Rejection) -> None:
        if isinstance(found, Rejection):
            self._rejections.append(found)
            return
        try:
            self._mark(found)
        except (Refused, SheetProblem) as error:
            self._reject(found, error.code, str(error))
        except UnknownName as error:
            name, known = clean_line(error.name, 40), listing(list(error.known))
            text = f"L’activité « {name} » n’existe pas dans ce cahier (seulement {known}). Mettez crc-lab à jour."
            self._reject(found, "ACTIVITE-INCONNUE", text)
        except MissingKey as error:
            self._reject(found, "CORRIGE-ABSENT", str(error))
        except BankProblems:
            self._reject(
                found, "CORRIGE-ILLISIBLE", "Les fichiers de questions de cette activité contiennent des erreurs."
            )
        except Exception as error:  # a copy nobody foresaw must not stop the others
            text = f"La correction automatique a échoué ({type(error).__name__}) : copie à noter à la main."
            self._reject(found, INTERNAL, text)

    def close(self, manual: ManualMarks) -> ClassResult:
        authors = gather(
            [copy.identity for copy in self._copies], self._roster, [copy.activity for copy in self._copies]
        )
        limit = last_possible([self._copies[position] for position in author.members] for author in authors)
        students = [self._student(author, limit) for author in authors]
        students.sort(key=_student_order)
        known = [*(student.listed for student in students), *(one.listed for one in self._silent)]
        present = {one.identifier for one in known if one is not None}
        listed = self._roster.students if self._roster else ()
        return ClassResult(
            tuple(_with_manual_marks(student, manual) for student in students),
            tuple(sorted(self._rejections, key=lambda rejection: (rejection.file, rejection.code))),
            tuple(sorted(self._activities.values(), key=lambda activity: (activity.number, activity.id))),
            absent=tuple(one for one in listed if one.identifier not in present),
            roster_given=self._roster is not None,
        )

    def _student(self, author: Author, limit: dt.datetime | None) -> StudentResult:
        copies = [self._copies[position] for position in author.members]
        kept = {
            name: _told(best([copy for copy in copies if copy.activity == name], limit), author)
            for name in sorted({copy.activity for copy in copies})
        }
        return StudentResult(author.person, kept, author.id, author.listed)

    def _reject(self, found: HandedIn, code: str, text: str) -> None:
        self._rejections.append(Rejection(found.file, code, clean(text)[:500]))

    def _never_answered(self, found: HandedIn) -> bool:
        """True for a notebook that nobody worked in; not when its answers were lost on the way."""
        if any(one.code in ("REPONSE-ILLISIBLE", "REPONSE-TROP-LOURDE") for one in found.incidents):
            return False
        given: Mapping[str, frozenset[str]] = {}
        with suppress(UnknownName, MissingKey, BankProblems):  # told by and by, if there is something to mark
            activity = self._bank.get(found.sheet.activity).activity
            given = {question.id: question.given_columns for question in activity.questions}
        answers = found.sheet.answers.items()
        return all(is_blank(answer.value, given.get(name, frozenset())) for name, answer in answers)

    def _mark(self, found: HandedIn) -> None:
        if self._never_answered(found):
            self._silent.append(identify(found.sheet.student, found.guess, self._roster)[0])
            raise refusal("COPIE-VIDE.carnet")
        sheet, about_subject = checked(found, self._preparation)
        loaded = self._bank.get(sheet.activity)
        activity = loaded.activity
        if not activity.marked:
            text = f"L’activité « {activity.title} » est un entraînement sans note : il n’y a rien à noter."
            raise Refused("ACTIVITE-NON-NOTEE", text)
        identity, about_author = identify(sheet.student, found.guess, self._roster)
        questions, about_answers = mark_sheet(sheet, loaded, self._rules)
        points = _total(questions, activity.points)
        incidents = [*found.incidents, *about_subject, *about_author, *about_answers]
        if all(question.verdict is Verdict.NON_REPONDU for question in questions):
            incidents.append(incident("COPIE-VIDE.notees"))
        self._activities[activity.id] = loaded.for_teacher()
        self._copies.append(
            CopyResult(
                found.file, identity, identity.person, activity.id, sheet.edition, points, activity.points, questions,
                tuple(incidents), latest_answer(sheet), found.key, _open_answers(sheet, activity),
            )
        )  # fmt: skip


def _total(questions: Iterable[Any], maximum: float) -> float:
    points = sum(question.points for question in questions)
    return maximum if abs(points - maximum) < _TINY else float(points)


def _open_answers(sheet: AnswerSheet, activity: Activity) -> Mapping[str, Json]:
    """The answers that a person reads."""
    by_hand = [question.id for question in activity.marked if marked_by_hand(question)]
    return {name: sheet.answers[name].value for name in by_hand if name in sheet.answers}


def _with_manual_marks(student: StudentResult, manual: ManualMarks) -> StudentResult:
    if not manual:
        return student
    copies = {}
    for name, copy in student.copies.items():
        questions = tuple(
            with_manual_mark(question, mark) if (mark := manual.get((student.id, name, question.id))) else question
            for question in copy.questions
        )
        copies[name] = replace(copy, questions=questions, points=_total(questions, copy.max_points))
    return replace(student, copies=copies)


def _told(copy: CopyResult, author: Author) -> CopyResult:
    """The copy under the name of its author, with what there is to say about who it is."""
    doubt = copy.identity.doubt if author.listed is None and not author.incidents else None
    incidents = (*copy.incidents, *author.incidents, *((doubt,) if doubt else ()))
    return replace(copy, person=author.person, incidents=incidents)


def _student_order(student: StudentResult) -> tuple[Any, ...]:
    files = min(copy.file for copy in student.copies.values())
    return (*sort_key(student.person.name), student.person.identifier, files)
