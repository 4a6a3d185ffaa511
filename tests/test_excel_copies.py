"""Excel templates handed in: alone, several together, beside a notebook; and the spreadsheets that are none."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.intake import EXCEL, NOTEBOOK, SIDECAR, HandedIn, Rejection
from autograder.intake.collecting import collect
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from crc_lab.core.resources import OTHER_WORKBOOK
from crc_lab.excel import build_template
from crc_lab.excel.template import QUESTION_NAME
from tests.excel_cases import rezipped
from tests.sample_copies import A4, A6, archive, codes, copy, key_answers, loaded, mark, moodle, sheet

ROOT = Path(__file__).resolve().parent.parent
NOBODY = ("", "")
R1 = "11_tableau_de_bord"
INES, PAUL = ("Inès Garnier", "igarnier"), ("Paul Benali", "pbenali")


def template(question_id: str = "A6-Q1", student: tuple[str, str] = INES, value: Any = "key") -> bytes:
    """The template of a question, filled with its key by default."""
    activity = {"A4": A4, "A6": A6, "R1": R1}[question_id[:2]]
    question = loaded(activity).activity.question(question_id)
    assert question is not None
    return build_template(question, key_answers(activity)[question_id] if value == "key" else value, student)


def some_rows(number: int) -> dict[str, Any]:
    """The key of A6-Q1, its first lines only."""
    key = key_answers(A6)["A6-Q1"]
    return {"colonnes": key["colonnes"], "lignes": key["lignes"][:number]}


def notebook(answers: dict[str, Any], student: tuple[str, str] = INES, activity: str = A6, **more: Any) -> bytes:
    return copy(activity, answers, name=student[0], identifier=student[1], **more)


def incident(result: ClassResult, code: str) -> str:
    (text,) = [one.text for copy in result.copies for one in copy.incidents if one.code == code]
    return text


def handed(folder: Path, files: dict[str, bytes], **options: Any) -> list[HandedIn | Rejection]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return list(collect([folder], **options))


# --- without a notebook -----------------------------------------------------------------------------------------------


def test_a_template_alone_is_a_copy(tmp_path: Path):
    (one,) = handed(tmp_path, {"dupont/A6-Q1.xlsx": template()})
    assert isinstance(one, HandedIn)
    assert (one.source, one.sheet.activity, one.sheet.student) == (EXCEL, A6, one.sheet.student)
    assert one.sheet.student is not None
    assert (one.sheet.student.name, one.sheet.student.identifier) == INES
    assert {name: answer.source for name, answer in one.sheet.answers.items()} == {"A6-Q1": "excel"}
    assert HandedIn.from_json(json.loads(json.dumps(one.to_json()))).key == one.key


MOODLE_INES = moodle("Inès Garnier", 1, "A6-Q1.xlsx")
FLAT = "Inès Garnier_1_assignsubmission_file_A6-Q1.xlsx"
BESIDE = "g/06_scorer.ipynb"
COUNTED: dict[str, tuple[dict[str, bytes], list[tuple[str, str, float]], list[str]]] = {
    "alone": ({"A6-Q1.xlsx": template()}, [("Inès Garnier", A6, 20)], ["EXCEL-SEUL"]),
    "empty": ({"A6-Q1.xlsx": template(value=None)}, [], ["COPIE-VIDE"]),
    "Moodle": ({MOODLE_INES: template(student=NOBODY)}, [("Inès Garnier", A6, 20)], ["EXCEL-SEUL"]),
    "Moodle, flat": ({FLAT: template(student=NOBODY)}, [("Inès Garnier", A6, 20)], ["EXCEL-SEUL"]),
    "somebody else's, in Moodle": (
        {moodle("Paul Benali", 2, "A6-Q1.xlsx"): template()}, [("Paul Benali", A6, 20)],
        ["EXCEL-SEUL", "ELEVE-DIFFERENT"],
    ),
    "without a name, in a folder": (
        {"classe/dupont/A6-Q1 (2).xlsx": template(student=NOBODY)}, [("dupont", A6, 20)],
        ["EXCEL-SEUL", "ELEVE-INCONNU"],
    ),
    "two activities": (
        {"g/A4-Q1.xlsx": template("A4-Q1"), "g/A6-Q1.xlsx": template()},
        [("Inès Garnier", A4, 10), ("Inès Garnier", A6, 20)], ["EXCEL-SEUL", "EXCEL-SEUL"],
    ),
    "another activity than the notebook": (
        {BESIDE: notebook({}), "g/A4-Q1.xlsx": template("A4-Q1")},
        [("Inès Garnier", A4, 10)], ["EXCEL-SEUL", "COPIE-VIDE"],
    ),
    "the same answer as the notebook": (
        {BESIDE: notebook(key_answers(A6)), "g/A6-Q1.xlsx": template()}, [("Inès Garnier", A6, 20)], [],
    ),
    "never filled, beside a notebook": (
        {BESIDE: notebook(key_answers(A6)), "g/A6-Q1.xlsx": template(value=None)}, [("Inès Garnier", A6, 20)], [],
    ),
    "several notebooks of one student": (
        {
            moodle("Inès Garnier", 1, "a.ipynb"): notebook({}),
            moodle("Inès Garnier", 1, "b.ipynb"): notebook({}, date="2026-11-21T10:00:00+01:00"),
            MOODLE_INES: template(),
        },
        [("Inès Garnier", A6, 20)], ["EXCEL-COMPLETE"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COUNTED)
def test_whose_a_template_is_and_what_it_earns(tmp_path: Path, case: str):
    files, expected, said = COUNTED[case]
    moodles = all("_assignsubmission_" in name for name in files)
    result = mark(tmp_path, {"c.zip": archive(files)} if moodles else files)
    assert [(one.person.name, one.activity, one.points) for one in result.copies] == expected
    assert codes(result) == said
    if case == "alone":
        said_alone = "Remis sans carnet : la réponse à A6-Q1 est lue dans « A6-Q1.xlsx »."
        assert incident(result, "EXCEL-SEUL").startswith(said_alone)


def test_what_the_notebook_answers_stays_and_it_is_told(tmp_path: Path):
    files = {BESIDE: notebook({"A6-Q1": some_rows(3)}), "g/A6-Q1.xlsx": template()}
    result = mark(tmp_path, files)
    assert result.copies[0].points < 20
    assert codes(result) == ["EXCEL-IGNORE"]


@pytest.mark.parametrize("name", ["A6-Q1.xlsx", "A6-Q1 (1).xlsx", "mon fichier.XLSX", "x.xlsm", "A6-Q1_Garnier.xls"])
def test_the_content_tells_the_question_whatever_the_name(tmp_path: Path, name: str):
    assert mark(tmp_path, {name: template()}).copies[0].points == 20


def test_the_template_of_a_question_whose_name_does_not_say_the_activity_number(tmp_path: Path):
    (one,) = mark(tmp_path, {"R1-Q5.xlsx": template("R1-Q5")}).copies
    assert (one.activity, {question.id: question.points for question in one.questions}["R1-Q5"]) == (R1, 2)


def test_the_templates_of_one_student_and_activity_make_one_copy(tmp_path: Path):
    names = [question.id for question in loaded(A4).activity.marked]
    result = mark(tmp_path, {f"g/{name}.xlsx": template(name) for name in names})
    assert [(one.activity, one.points) for one in result.copies] == [(A4, 20)]
    assert incident(result, "EXCEL-SEUL").startswith(
        "Remis sans carnet : les réponses à A4-Q1, A4-Q2, A4-Q3 et A4-Q4 sont lues dans"
    )


def test_in_a_shared_folder_each_template_is_its_own_students(tmp_path: Path):
    files = {"A4-Q1.xlsx": template("A4-Q1"), "A4-Q2.xlsx": template("A4-Q2", PAUL), "b/A4-Q3.xlsx": template("A4-Q3")}
    result = mark(tmp_path, files)
    assert {one.person.name: one.points for one in result.copies}["Paul Benali"] == 4
    assert len(result.students) == 2


def test_of_two_templates_for_one_question_the_fullest_is_read_and_the_other_told(tmp_path: Path):
    files = {"g/A6-Q1.xlsx": template(value=some_rows(3)), "g/A6-Q1 (1).xlsx": template()}
    result = mark(tmp_path, files)
    assert [one.points for one in result.copies] == [20]
    assert incident(result, "EXCEL-MULTIPLES") == (
        "A6-Q1 : plusieurs classeurs remis, le plus rempli est lu (« A6-Q1 (1).xlsx »), et non « A6-Q1.xlsx »."
    )


def test_formulas_without_results_are_told(tmp_path: Path):
    book = openpyxl.load_workbook(io.BytesIO(template()))
    book["Réponse"]["J2"] = "=1+1"
    buffer = io.BytesIO()
    book.save(buffer)
    assert "EXCEL-REMARQUE" in codes(mark(tmp_path, {"A6-Q1.xlsx": buffer.getvalue()}))


# --- beside a notebook ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("beside", ["06_scorer.ipynb", "06_scorer/06_scorer.ipynb"])
def test_a_template_completes_what_its_notebook_left_blank(tmp_path: Path, zipped: bool, beside: str):
    files = {moodle("Inès Garnier", 1, beside): notebook({}), moodle("Inès Garnier", 1, "A6-Q1.xlsx"): template()}
    if zipped:
        inner = archive({"cahier/06_scorer.ipynb": notebook({})})
        files = {moodle("Inès Garnier", 1, "cahier.zip"): inner, moodle("Inès Garnier", 1, "A6-Q1.xlsx"): template()}
    result = mark(tmp_path, {"c.zip": archive(files)})
    assert ([one.points for one in result.copies], codes(result)) == ([20], ["EXCEL-COMPLETE"])
    assert incident(result, "EXCEL-COMPLETE") == (
        "A6-Q1 : le carnet n’y répondait pas, la réponse vient du classeur « A6-Q1.xlsx » remis à côté."
    )


def test_a_completed_answer_keeps_the_hints_that_were_opened(tmp_path: Path):
    meta = sheet(A6, {"A6-Q1": None}, edition="evaluation")
    meta["reponses"]["A6-Q1"] |= {"indices": 2, "essais": 4}
    raw = json.dumps({"cells": [], "metadata": {"crc_lab": meta}, "nbformat": 4, "nbformat_minor": 5}).encode()
    (one,) = handed(tmp_path, {"g/06_scorer.ipynb": raw, "g/A6-Q1.xlsx": template()})
    assert isinstance(one, HandedIn)
    answer = one.sheet.answers["A6-Q1"]
    assert (one.source, answer.source, answer.hints, answer.tries) == (NOTEBOOK, "excel", 2, 4)


def test_in_a_shared_folder_a_template_completes_its_own_students_notebook_only(tmp_path: Path):
    files = {
        "a.ipynb": notebook({}), "b.ipynb": notebook({}, PAUL), "A6-Q1.xlsx": template(student=PAUL),
        "x/c.ipynb": notebook({}, ("Zoé Roux", "zr")), "x/A6-Q1.xlsx": template(),
    }  # fmt: skip
    result = mark(tmp_path, files)
    assert {one.person.name: one.points for one in result.copies} == {
        "Inès Garnier": 20,
        "Paul Benali": 20,
    }
    assert codes(result).count("EXCEL-COMPLETE") == 1


def test_a_template_that_bears_another_name_is_used_and_told(tmp_path: Path):
    files = {moodle("Paul Benali", 2): notebook({}, PAUL), moodle("Paul Benali", 2, "A6-Q1.xlsx"): template()}
    result = mark(tmp_path, {"c.zip": archive(files)})
    assert codes(result) == ["EXCEL-COMPLETE", "EXCEL-AUTRE-NOM"]
    assert incident(result, "EXCEL-AUTRE-NOM") == (
        "Le classeur « A6-Q1.xlsx » porte le nom « Inès Garnier », et non « Paul Benali »."
    )


def test_a_template_completes_a_sidecar_without_its_notebook(tmp_path: Path):
    sidecar = json.dumps(sheet(A4, {"A4-Q1": key_answers(A4)["A4-Q1"]})).encode()
    files = {moodle("Inès Garnier", 1, "04_qualifier.reponses.json"): sidecar,
             moodle("Inès Garnier", 1, "A4-Q2.xlsx"): template("A4-Q2")}  # fmt: skip
    (one,) = handed(tmp_path, {"c.zip": archive(files)})
    assert isinstance(one, HandedIn)
    assert (one.source, sorted(one.sheet.answers)) == (SIDECAR, ["A4-Q1", "A4-Q2"])
    assert [incident.code for incident in one.incidents] == ["CARNET-ABSENT", "EXCEL-COMPLETE"]


# --- spreadsheets that are no answer ----------------------------------------------------------------------------------


def other_book() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Ville", "Habitants"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b" " * 70_000_000)
    return buffer.getvalue()


def named(text: str) -> bytes:
    """A template that says it is that of another question."""
    return rezipped(template(), "xl/workbook.xml", b'"A6-Q1"', f'"{text}"'.encode())


PROTECTED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100) + "EncryptedPackage".encode("utf-16-le")
BAD = {
    "not ours": (other_book, "EXCEL", "Ce classeur n’est pas un modèle du cahier"),
    "protected": (lambda: PROTECTED, "EXCEL-ILLISIBLE", "protégé par un mot de passe"),
    "old format": (lambda: PROTECTED[:90], "EXCEL-ILLISIBLE", "ancien format"),
    "broken": (lambda: template()[:-300], "EXCEL-ILLISIBLE", "abîmé"),
    "empty": (lambda: b"", "EXCEL-ILLISIBLE", "vide"),
    "huge": (lambda: b"PK" + bytes(11_000_000), "EXCEL-ILLISIBLE", "trop gros"),
    "bomb": (bomb, "EXCEL-ILLISIBLE", "énorme une fois ouvert"),
    "another program": (lambda: b"%PDF-1.7", "EXCEL-ILLISIBLE", "ce n’est pas un tableau"),
    "unknown question": (lambda: named("A6-Q99"), "EXCEL-QUESTION-INCONNUE", "« A6-Q99 »"),
    "unknown activity": (lambda: named("A99-Q1"), "EXCEL-QUESTION-INCONNUE", "« A99-Q1 »"),
    "a path for a question": (lambda: named("../../etc"), "EXCEL-QUESTION-INCONNUE", "« ../../etc »"),
    "the name of another question": (lambda: named("A4-Q1"), "EXCEL-ILLISIBLE", "introuvables"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a notebook"])
def test_every_other_spreadsheet_has_its_own_sentence(tmp_path: Path, case: str, beside: bool):
    content, code, said = BAD[case]
    files = {"g/x.xlsx": content()} | ({"g/06_scorer.ipynb": notebook(key_answers(A6))} if beside else {})
    result = mark(tmp_path, files)
    (rejection,) = result.rejections
    assert (rejection.code, said in rejection.text) == (code, True)
    assert rejection.text.endswith((".ipynb.", "Le carnet remis à côté, lui, est noté."))
    assert [one.points for one in result.copies] == ([20] if beside else [])


def test_the_name_of_the_question_is_where_the_template_puts_it():
    book = openpyxl.load_workbook(io.BytesIO(template()))
    assert book.defined_names[QUESTION_NAME].attr_text == '"A6-Q1"'


# --- questions without their key, other workbooks ---------------------------------------------------------------------


def test_reading_a_template_needs_no_key(tmp_path: Path):
    (tmp_path / "cles").mkdir()
    (one,) = handed(tmp_path / "copies", {"A6-Q1.xlsx": template()}, bank=Bank(tmp_path / "cles"))
    assert isinstance(one, HandedIn)
    assert list(one.sheet.answers) == ["A6-Q1"]


def test_a_schools_own_questions_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(OTHER_WORKBOOK, str(ROOT / "tests" / "cases" / "workbook"))
    bank = Bank()
    question = bank.get("09_essai").activity.question("A9-Q1")
    assert question is not None
    result = mark(tmp_path, {"A9-Q1.xlsx": build_template(question, "42", INES)}, bank=bank)
    assert [(one.activity, one.points, one.pending) for one in result.copies] == [("09_essai", 8, ())]


def test_openpyxl_is_loaded_for_a_spreadsheet_only(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from autograder.marking.batch import mark_class;"
        "from autograder.intake.keys import Bank; mark_class([Path(sys.argv[1])], Bank());"
        "print('openpyxl' in sys.modules)"
    )
    (tmp_path / "a.ipynb").write_bytes(notebook({}))
    (tmp_path / "A6-Q1.xlsx").write_bytes(template())
    for name, expected in (("a.ipynb", "False"), ("A6-Q1.xlsx", "True")):
        command = [sys.executable, "-c", script, str(tmp_path / name)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
