"""Answers handed in as the filled Excel template of a question, beside a notebook or without one.

The template says its question, and the student in « Mode d’emploi »; it has neither date nor subject. openpyxl is only
loaded when such a file is met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from autograder.intake.archives import Refused
from autograder.intake.handed import Incident
from autograder.intake.keys import Bank, MissingKey
from autograder.intake.person_names import agree
from autograder.intake.places import not_a_copy
from autograder.intake.reading import lightened
from autograder.intake.submissions import Submission
from crc_lab.core.answers import is_blank
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems, ImportProblem
from crc_lab.core.model import Activity, Json, Question
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.sheet import Answer, AnswerSheet, Student
from crc_lab.core.wording import clean, clean_line, listing

FROM_EXCEL = "excel"
"""The source of an answer read in a spreadsheet."""
_QUESTION = re.compile(r"A(\d{1,2})-\w{1,20}", re.ASCII)
_WARNINGS = 3


@dataclass(eq=False)
class Workbook:
    """The answer to one question, read in one file; ``used`` once it went with a notebook, whatever it brought."""

    submission: Submission
    activity: str
    question: Question
    value: Json
    filled: int
    student: Student | None
    incidents: tuple[Incident, ...] = ()
    used: bool = field(default=False)

    @property
    def file(self) -> str:
        return self.submission.name.rsplit("/", 1)[-1]

    @property
    def blank(self) -> bool:
        return not self.filled or is_blank(self.value, self.question.given_columns)


class Templates:
    """Reads the templates of the questions of ``bank`` (the workbook's own by default); their keys are not needed."""

    def __init__(self, bank: Bank | None = None) -> None:
        self._bank = bank or Bank()

    def read(self, found: Submission) -> Workbook:
        """The answer in one file; raises :class:`Refused` with a sentence for the teacher."""
        from crc_lab.excel import read_answer, template_question

        content, name = found.load(), PurePosixPath(found.name).name
        try:
            question_id = template_question(content, name)
            if question_id is None:
                raise Refused(*not_a_copy(PurePosixPath(found.name), beside=found.beside))
            activity, question = self._question(question_id, found)
            read = read_answer(content, name, question)
        except ImportProblem as problem:
            rest = _rest(found, "Demandez à l’élève le modèle rempli, au format .xlsx, ou le carnet .ipynb.")
            raise Refused("EXCEL-ILLISIBLE", f"Classeur non lu : {problem.what} {rest}") from None
        student = Student(*(clean_line(text) for text in read.student)) if read.student else None
        told = [Incident("EXCEL-REMARQUE", clean(f"{question.id} : {text}")) for text in read.warnings[:_WARNINGS]]
        value, heavy = _light(question.id, read.value)
        return Workbook(found, activity, question, value, read.filled, student, (*heavy, *told))

    def _question(self, question_id: str, found: Submission) -> tuple[str, Question]:
        shaped = _QUESTION.fullmatch(question_id)
        for name in activity_ids() if shaped else ():
            if shaped and name.startswith(f"{int(shaped[1]):02d}_"):
                question = self._activity(name).question(question_id)
                if question is not None:
                    return name, question
        text = f"C’est le modèle de la question « {clean_line(question_id, 40)} », que cette version du cahier n’a pas."
        rest = _rest(found, "Mettez crc-lab à jour, ou demandez à l’élève le carnet .ipynb.")
        raise Refused("EXCEL-QUESTION-INCONNUE", f"{text} {rest}")

    def _activity(self, name: str) -> Activity:
        try:
            return self._bank.get(name).activity
        except MissingKey:
            return load_activity(activity_folder(name), datasets_folder(), with_keys=False).activity
        except BankProblems:
            text = "Les fichiers de questions de cette activité contiennent des erreurs."
            raise Refused("CORRIGE-ILLISIBLE", text) from None


def complete(sheet: AnswerSheet, books: Iterable[Workbook]) -> tuple[AnswerSheet, list[Incident]]:
    """The sheet of a notebook with the answers that it left blank and that a spreadsheet of its student gives."""
    told: list[Incident] = []
    for book in books:
        book.used = True
        if book.blank:
            continue
        name = book.question.id
        known = sheet.answers.get(name, Answer(None))
        if is_blank(known.value, book.question.given_columns):
            sheet = sheet.with_answer(name, replace(known, value=book.value, source=FROM_EXCEL))
            text = f"{name} : le carnet n’y répondait pas, la réponse vient du classeur « {book.file} » remis à côté."
            told += [Incident("EXCEL-COMPLETE", text), *book.incidents]
        elif known.value != book.value:
            text = f"{name} : le classeur « {book.file} » remis à côté n’a pas servi, le carnet y répond déjà."
            told.append(Incident("EXCEL-IGNORE", text))
        told += _other_name(book, sheet.student)
    return sheet, told


def alone(books: Sequence[Workbook]) -> tuple[AnswerSheet, list[Incident]]:
    """One copy made of the spreadsheets of one student and one activity, and what to tell about it."""
    student = next((book.student for book in books if book.student), None)
    files = listing([f"« {book.file} »" for book in books], 5)
    questions = listing([book.question.id for book in books])
    read = "la réponse à {} est lue" if len(books) == 1 else "les réponses à {} sont lues"
    text = f"Remis sans carnet : {read.format(questions)} dans {files}. Un classeur ne dit ni sa date ni son sujet."
    told = [Incident("EXCEL-SEUL", text), *(incident for book in books for incident in book.incidents)]
    told += [incident for book in books for incident in _other_name(book, student)]
    answers = {book.question.id: Answer(book.value, FROM_EXCEL) for book in books}
    return AnswerSheet(books[0].activity, student=student, answers=answers), told


def one_per_question(books: Sequence[Workbook]) -> tuple[list[Workbook], dict[str, Incident]]:
    """Of several spreadsheets of one student for one question, the fullest one; what to tell, by question id."""
    kept: dict[str, Workbook] = {}
    told: dict[str, Incident] = {}
    for name in dict.fromkeys(book.question.id for book in books):
        same = [book for book in books if book.question.id == name]
        kept[name] = max(same, key=lambda book: book.filled)
        if any(book.value != kept[name].value and not book.blank for book in same):
            others = listing([f"« {book.file} »" for book in same if book is not kept[name]], 5)
            text = (
                f"{name} : plusieurs classeurs remis, le plus rempli est lu (« {kept[name].file} »), et non {others}."
            )
            told[name] = Incident("EXCEL-MULTIPLES", text)
    return list(kept.values()), told


def _rest(found: Submission, remedy: str) -> str:
    return "Le carnet remis à côté, lui, est noté." if found.beside else remedy


def _other_name(book: Workbook, student: Student | None) -> list[Incident]:
    if student is None or book.student is None or agree(book.student.name, student.name):
        return []
    text = f"Le classeur « {book.file} » porte le nom « {book.student.name} », et non « {student.name} »."
    return [Incident("EXCEL-AUTRE-NOM", text)]


def _light(question: str, value: Json) -> tuple[Json, list[Incident]]:
    sheet, remarks = lightened({"reponses": {question: {"valeur": value}}})
    return sheet["reponses"][question]["valeur"], remarks
