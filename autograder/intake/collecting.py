"""From files to copies, one file in memory at a time. A bad file never stops the others: it becomes a rejection.

Nothing is marked here: a :class:`~autograder.intake.handed.HandedIn` holds the answers and what was strange in the
file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.intake.archives import Limits, Refused
from autograder.intake.excel_copies import Templates, Workbook, alone, complete, one_per_question
from autograder.intake.handed import EXCEL, NOTEBOOK, SIDECAR, HandedIn
from autograder.intake.integrity import Pristine
from autograder.intake.keys import Bank
from autograder.intake.person_names import agree, words
from autograder.intake.reading import INTERNAL, Incident, read_sheet
from autograder.intake.submissions import Rejection, Submission, find
from crc_lab.core.errors import SheetProblem
from crc_lab.core.sheet import AnswerSheet, Student
from crc_lab.core.text import fold
from crc_lab.core.wording import clean, clean_line, count

_CHECKPOINT = "-checkpoint.ipynb"
LISTED = 5
"""Damaged answers that are named one by one; beyond, they are counted."""


def collect(
    inputs: Sequence[Path],
    *,
    exclude: Iterable[Path] = (),
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
    pristine: Pristine | None = None,
    bank: Bank | None = None,
) -> Iterator[HandedIn | Rejection]:
    """Every copy of ``inputs``, and a rejection for each file that is none; ``progress`` hears the name of each file.

    ``pristine``: the notebooks as they were given, to which the cells of the copies are compared; ``bank``: the
    questions whose Excel templates may be handed in (both: the workbook's own by default).
    Order: that of the files, answers without a notebook at the end of their group. Raises nothing for a bad file.
    """
    collector = _Collector(pristine or Pristine(), Templates(bank))
    for found in find(inputs, exclude, limits):
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


class _Collector:
    """Holds no notebook, only what may complete those of the current group: sidecars and spreadsheets."""

    def __init__(self, pristine: Pristine, templates: Templates) -> None:
        self._pristine, self._templates = pristine, templates
        self._group = ""
        self._held: list[_Held] = []
        self._books: list[Workbook] = []

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
            text = f"La lecture a échoué ({type(error).__name__}) : copie à noter à la main."
            yield Rejection(found.name, INTERNAL, clean(text)[:500])
        else:
            if copy is not None:
                yield copy

    def release(self) -> Iterator[HandedIn]:
        """Answers without a notebook are copies of their own."""
        held, self._held = self._held, []
        for one in held:
            if not one.used:
                text = "Le carnet lui-même manque : les réponses viennent du fichier de secours."
                sheet, told = self._completed(one.submission, one.sheet)
                incidents = (*one.incidents, Incident("CARNET-ABSENT", text), *told)
                yield HandedIn(one.submission.name, one.submission.guess, sheet, SIDECAR, incidents)
        books, self._books = self._books, []
        copies: dict[tuple[str, ...], list[Workbook]] = {}
        for book in books:
            if not book.used:
                copies.setdefault((book.activity, *_owner(book)), []).append(book)
        for same in copies.values():
            kept, several = one_per_question(same)
            sheet, told = alone(kept)
            first = kept[0].submission
            yield HandedIn(first.name, first.guess, sheet, EXCEL, (*told, *several.values()))

    def _take(self, found: Submission) -> HandedIn | None:
        if found.workbook:
            self._books.append(self._templates.read(found))
            return None
        read = read_sheet(found.load())
        sheet = AnswerSheet.from_metadata(read.sheet)
        incidents = [*read.incidents, *_lost_answers(read.sheet, sheet)]
        if found.sidecar:
            self._held.append(_Held(found, sheet, incidents))
            return None
        incidents += self._pristine.incidents(sheet, read.cells)
        if found.name.endswith(_CHECKPOINT):
            text = "C’est une sauvegarde de Jupyter (« …-checkpoint ») : peut-être pas la dernière version du carnet."
            incidents.append(Incident("COPIE-DE-SAUVEGARDE", text))
        for held in self._held:
            if _goes_with(held.sheet, found, sheet):
                held.used = True
                merged = sheet.merged_with(held.sheet)
                taken = sum(merged.answers[name] is not sheet.answers.get(name) for name in merged.answers)
                if taken:
                    read_there = count(taken, "réponse lue", "réponses lues")
                    text = f"{read_there} dans le fichier de secours remis à côté."
                    incidents.append(Incident("FICHIER-DE-SECOURS", text))
                sheet = merged
        sheet, told = self._completed(found, sheet)
        return HandedIn(found.name, found.guess, sheet, NOTEBOOK, (*incidents, *told))

    def _completed(self, found: Submission, sheet: AnswerSheet) -> tuple[AnswerSheet, list[Incident]]:
        """The sheet with what the spreadsheets of its student add to it."""
        fitting = [book for book in self._books if _goes_with(book, found, sheet)]
        kept, several = one_per_question(fitting)
        sheet, told = complete(sheet, kept)
        for book in fitting:
            book.used = True
        taken = {name for name, answer in sheet.answers.items() if answer.source == EXCEL}
        return sheet, [*told, *(incident for name, incident in several.items() if name in taken)]


def _lost_answers(raw: Any, sheet: AnswerSheet) -> list[Incident]:
    answers = raw.get("reponses") if isinstance(raw, dict) else None
    if answers is not None and not isinstance(answers, dict):
        return [Incident("REPONSE-ILLISIBLE", "La liste des réponses est abîmée : aucune n’a pu être lue.")]
    lost = sorted(clean_line(str(name), 40) for name in answers or () if str(name) not in sheet.answers)
    if len(lost) > LISTED:
        return [Incident("REPONSE-ILLISIBLE", f"{len(lost)} réponses sont abîmées : elles n’ont pas pu être lues.")]
    return [
        Incident("REPONSE-ILLISIBLE", f"La réponse à « {name} » est abîmée : elle n’a pas pu être lue.")
        for name in lost
    ]


def _goes_with(kept: AnswerSheet | Workbook, found: Submission, sheet: AnswerSheet) -> bool:
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


def _owner(book: Workbook) -> tuple[str, ...]:
    """Whose a spreadsheet without a notebook is: in a sure place one student's, else by the name in it or its own."""
    guess = book.submission.guess
    if guess.sure:
        return ("",)
    if book.student is not None:
        return _key(book.student)
    return words(guess.name)
