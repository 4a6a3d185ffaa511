"""From files to copies, one file in memory at a time. A bad file never stops the others: it becomes a rejection.

Nothing is marked here: a :class:`~autograder.intake.HandedIn` holds the answers and what was strange in the
file. Answers may also be handed in as the filled Excel template of a question, beside a notebook or without one: it
says its question, and the student in « Mode d’emploi », but neither date nor subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.intake import (
    EXCEL,
    INTERNAL,
    NOTEBOOK,
    SIDECAR,
    HandedIn,
    Incident,
    Refused,
    Rejection,
    incident,
    phrase,
    refusal,
)
from autograder.intake.keys import Bank, MissingKey
from autograder.intake.person_names import agree, words
from autograder.intake.places import Kind, remedy
from autograder.intake.reading import Pristine, lightened, read_sheet
from autograder.intake.submissions import Submission, find
from crc_lab.core.answers import is_blank
from crc_lab.core.bank import EXERCISES, load_activity
from crc_lab.core.errors import BankProblems, ImportProblem, SheetProblem
from crc_lab.core.model import Activity, Json, Question
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import Answer, AnswerSheet, Student
from crc_lab.core.text import clean, clean_line, count, fold, listing

_CHECKPOINT = "-checkpoint.ipynb"
_LISTED = 5
"""Damaged answers, or files, that are named one by one; beyond, they are counted."""
_WARNINGS = 3
_QUESTION = re.compile(r"[A-Z]\w{0,5}-\w{1,20}", re.ASCII)


def collect(
    inputs: Sequence[Path],
    *,
    exclude: Iterable[Path] = (),
    progress: Callable[[str], None] | None = None,
    pristine: Pristine | None = None,
    bank: Bank | None = None,
) -> Iterator[HandedIn | Rejection]:
    """Every copy of ``inputs``, and a rejection for each file that is none; ``progress`` hears the name of each file.

    ``pristine``: the notebooks as they were given, to which the cells of the copies are compared; ``bank``: the
    questions whose Excel templates may be handed in (both: the workbook's own by default).
    Order: that of the files, answers without a notebook at the end of their group. Raises nothing for a bad file.
    """
    collector = _Collector(pristine or Pristine(), bank or Bank())
    for found in find(inputs, exclude):
        if progress is not None:
            progress(found.file if isinstance(found, Rejection) else found.name)
        yield from collector.add(found)
    yield from collector.release()


@dataclass
class _Held:
    """A sidecar, waiting for the notebook of its group that it completes."""

    submission: Submission
    sheet: AnswerSheet
    incidents: list[Incident]
    used: bool = False


@dataclass(eq=False)
class _Book:
    """The answer to one question, read in one spreadsheet; ``used`` once it went with a notebook, whatever it brought.

    ``several``: what to tell when it was kept among others for the same question.
    """

    submission: Submission
    activity: str
    question: Question
    value: Json
    filled: int
    student: Student | None
    incidents: tuple[Incident, ...] = ()
    several: tuple[Incident, ...] = ()
    used: bool = False

    @property
    def file(self) -> str:
        return self.submission.name.rsplit("/", 1)[-1]

    @property
    def blank(self) -> bool:
        return not self.filled or is_blank(self.value, self.question.given_columns)

    @property
    def owner(self) -> tuple[str, ...]:
        """Whose it is without a notebook: in a sure place one student's, else by the name in it or its own."""
        guess = self.submission.guess
        if guess.sure:
            return ("",)
        return words(guess.name) if self.student is None else _key(self.student)

    def named_otherwise(self, student: Student | None) -> list[Incident]:
        if student is None or self.student is None or agree(self.student.name, student.name):
            return []
        return [incident("EXCEL-AUTRE-NOM", file=self.file, written=self.student.name, expected=student.name)]


class _Collector:
    """Holds no notebook, only what may complete those of the current group: sidecars and spreadsheets."""

    def __init__(self, pristine: Pristine, bank: Bank) -> None:
        self._pristine, self._bank = pristine, bank
        self._group = ""
        self._held: list[_Held] = []
        self._books: list[_Book] = []

    def add(self, found: Submission | Rejection) -> Iterator[HandedIn | Rejection]:
        if isinstance(found, Rejection):
            yield found
            return
        if self._group != found.group:
            yield from self.release()
            self._group = found.group
        try:
            copy = self._take(found)
        except (Refused, SheetProblem) as error:
            yield Rejection(found.name, error.code, clean(str(error))[:500])
        except Exception as error:  # a file nobody foresaw must not stop the others
            yield Rejection(found.name, *phrase(f"{INTERNAL}.lecture", error=type(error).__name__))
        else:
            if copy is not None:
                yield copy

    def release(self) -> Iterator[HandedIn]:
        """Answers without a notebook are copies of their own."""
        held, self._held = self._held, []
        for one in held:
            if not one.used:
                sheet, told = self._completed(one.submission, one.sheet)
                incidents = (*one.incidents, incident("CARNET-ABSENT"), *told)
                yield HandedIn(one.submission.name, one.submission.guess, sheet, SIDECAR, incidents)
        books, self._books = self._books, []
        copies: dict[tuple[str, ...], list[_Book]] = {}
        for book in books:
            if not book.used:
                copies.setdefault((book.activity, *book.owner), []).append(book)
        yield from map(_alone, copies.values())

    def _take(self, found: Submission) -> HandedIn | None:
        if found.kind is Kind.WORKBOOK:
            self._books.append(self._book(found))
            return None
        read = read_sheet(found.load())
        sheet = AnswerSheet.from_metadata(read.sheet)
        incidents = [*read.incidents, *_lost_answers(read.sheet, sheet)]
        if found.kind is Kind.SIDECAR:
            self._held.append(_Held(found, sheet, incidents))
            return None
        incidents += self._pristine.incidents(sheet, read.cells)
        if found.name.endswith(_CHECKPOINT):
            incidents.append(incident("COPIE-DE-SAUVEGARDE"))
        for held in self._held:
            if _goes_with(held.sheet, found, sheet):
                held.used = True
                merged = sheet.merged_with(held.sheet)
                taken = sum(merged.answers[name] is not sheet.answers.get(name) for name in merged.answers)
                if taken:
                    incidents.append(incident("FICHIER-DE-SECOURS", read=count(taken, "réponse lue", "réponses lues")))
                sheet = merged
        sheet, told = self._completed(found, sheet)
        return HandedIn(found.name, found.guess, sheet, NOTEBOOK, (*incidents, *told))

    def _completed(self, found: Submission, sheet: AnswerSheet) -> tuple[AnswerSheet, list[Incident]]:
        """The sheet with the answers that it left blank and that a spreadsheet of its student gives."""
        fitting = [book for book in self._books if _goes_with(book, found, sheet)]
        told: list[Incident] = []
        several: list[Incident] = []
        for book in fitting:
            book.used = True
        for book in _one_per_question(fitting):
            name = book.question.id
            known = sheet.answers.get(name, Answer(None))
            if book.blank:
                continue
            if is_blank(known.value, book.question.given_columns):
                sheet = sheet.with_answer(name, replace(known, value=book.value, source=EXCEL))
                told += [incident("EXCEL-COMPLETE", question=name, file=book.file), *book.incidents]
            elif known.value != book.value:
                told.append(incident("EXCEL-IGNORE", question=name, file=book.file))
            told += book.named_otherwise(sheet.student)
            several += book.several if sheet.answers[name].source == EXCEL else ()
        return sheet, [*told, *several]

    def _book(self, found: Submission) -> _Book:
        """The answer in one spreadsheet; raises :class:`Refused`. openpyxl is only loaded when there is one."""
        from crc_lab.excel.template import read_answer, template_question

        content, name = found.load(), PurePosixPath(found.name).name
        try:
            question_id = template_question(content, name)
            if question_id is None:
                raise refusal("EXCEL", rest=remedy(found.beside))
            activity, question = self._question(question_id, found)
            read = read_answer(content, name, question)
        except ImportProblem as problem:
            rest = remedy(found.beside, "Demandez à l’élève le modèle rempli, au format .xlsx, ou le carnet .ipynb.")
            raise refusal("EXCEL-ILLISIBLE", what=problem.what, rest=rest) from None
        student = Student(*(clean_line(text) for text in read.student)) if read.student else None
        sheet, heavy = lightened({"reponses": {question.id: {"valeur": read.value}}})
        value = sheet["reponses"][question.id]["valeur"]
        told = [incident("EXCEL-REMARQUE", question=question.id, said=clean(text)) for text in read.warnings]
        return _Book(found, activity, question, value, read.filled, student, (*heavy, *told[:_WARNINGS]))

    def _question(self, question_id: str, found: Submission) -> tuple[str, Question]:
        for name in activity_ids() if _QUESTION.fullmatch(question_id) else ():
            if question_id.encode() in (activity_folder(name) / EXERCISES).read_bytes():  # the others are not loaded
                question = self._activity(name).question(question_id)
                if question is not None:
                    return name, question
        rest = remedy(found.beside, "Mettez crc-lab à jour, ou demandez à l’élève le carnet .ipynb.")
        raise refusal("EXCEL-QUESTION-INCONNUE", name=clean_line(question_id, 40), rest=rest)

    def _activity(self, name: str) -> Activity:
        try:
            return self._bank.get(name).activity
        except MissingKey:  # the key is not needed to read an answer
            return load_activity(activity_folder(name), datasets_folder(), with_keys=False).activity
        except BankProblems:
            raise refusal("CORRIGE-ILLISIBLE") from None


def _alone(same: Sequence[_Book]) -> HandedIn:
    """One copy made of the spreadsheets of one student and one activity."""
    books = _one_per_question(same)
    first, student = books[0], next((book.student for book in books if book.student), None)
    shown = {"files": _files(books), "questions": listing([book.question.id for book in books])}
    told = [
        incident(f"EXCEL-SEUL.{'une' if len(books) == 1 else 'plusieurs'}", **shown),
        *(one for book in books for one in book.incidents),
        *(one for book in books for one in book.named_otherwise(student)),
        *(one for book in books for one in book.several),
    ]
    answers = {book.question.id: Answer(book.value, EXCEL) for book in books}
    sheet = AnswerSheet(first.activity, student=student, answers=answers)
    return HandedIn(first.submission.name, first.submission.guess, sheet, EXCEL, tuple(told))


def _one_per_question(books: Sequence[_Book]) -> list[_Book]:
    """Of several spreadsheets of one student for one question, the fullest one."""
    chosen = []
    for name in dict.fromkeys(book.question.id for book in books):
        same = [book for book in books if book.question.id == name]
        kept = max(same, key=lambda book: book.filled)
        if any(book.value != kept.value and not book.blank for book in same):
            others = _files([book for book in same if book is not kept])
            kept.several = (incident("EXCEL-MULTIPLES", question=name, file=kept.file, others=others),)
        chosen.append(kept)
    return chosen


def _files(books: Iterable[_Book]) -> str:
    return listing([f"« {book.file} »" for book in books], _LISTED)


def _lost_answers(raw: Any, sheet: AnswerSheet) -> list[Incident]:
    answers = raw.get("reponses") if isinstance(raw, dict) else None
    if answers is not None and not isinstance(answers, dict):
        return [incident("REPONSE-ILLISIBLE.liste")]
    lost = sorted(clean_line(str(name), 40) for name in answers or () if str(name) not in sheet.answers)
    if len(lost) > _LISTED:
        return [incident("REPONSE-ILLISIBLE.plusieurs", number=len(lost))]
    return [incident("REPONSE-ILLISIBLE.une", name=name) for name in lost]


def _goes_with(kept: AnswerSheet | _Book, found: Submission, sheet: AnswerSheet) -> bool:
    """True when answers of this folder surely belong to the author of the notebook, for the same activity.

    In a place of Moodle or nbgrader they do; elsewhere when they are alone together, or name the same student.
    """
    student, other = kept.student, sheet.student
    if kept.activity != sheet.activity:
        return False
    if found.guess.sure:
        return True
    if found.alone:
        return student is None or other is None or agree(student.name, other.name)
    return student is not None and other is not None and _key(student) == _key(other)


@lru_cache(maxsize=8192)
def _key(student: Student) -> tuple[str, ...]:
    return (*words(student.name), fold(student.identifier))
