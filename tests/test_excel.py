"""Excel templates, and reading them back: the round trip, for every kind of question."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crc_lab.core.bank import load_activity
from crc_lab.core.errors import ImportProblem
from crc_lab.core.grading import grade
from crc_lab.core.model import Column, Option, Part, Question, Table, TableSpec
from crc_lab.core.text import bare
from crc_lab.excel import build_template, read_answer, template_question, write_template
from crc_lab.kinds.choices import Form, Options, Sides
from crc_lab.kinds.parts import Parts
from crc_lab.kinds.texts import Texts
from crc_lab.notebook.tables import to_plain
from tests.excel_cases import A6, SEGMENTS, TARGET, key_answer, libreoffice, records, restructure, through_libreoffice
from tests.loaded import loaded_activity

ROOT = Path(__file__).resolve().parent.parent


def sheets(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


# --- the template -----------------------------------------------------------------------------------------------


def test_the_scoring_template_shows_typed_data_and_yellow_cells_ready_for_formulas() -> None:
    book = sheets(build_template(A6))
    assert book.sheetnames == ["Réponse", "Mode d’emploi", "Brouillon"]
    sheet = book["Réponse"]
    assert [cell.value for cell in sheet[1]] == [column.name for column in A6.table.columns]
    assert sheet.max_row == 54
    date, count, basket, recency, segment = (sheet.cell(2, column) for column in (4, 5, 6, 7, 11))
    assert date.is_date
    assert count.value == 6
    assert basket.value == 112.5
    assert recency.value is None
    assert recency.number_format == "General", "a formula must compute in it"
    assert segment.number_format == "@"
    assert [cell.protection.locked for cell in (date, count, basket, recency, segment)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert recency.fill.start_color.rgb == segment.fill.start_color.rgb != date.fill.start_color.rgb


def test_the_restructuring_template_keeps_identifiers_as_text_and_advises_without_forbidding() -> None:
    book = sheets(build_template(restructure(12)))
    sheet = book["Réponse"]
    names = [cell.value for cell in sheet[1]]
    assert names[0] == "id_contact"
    assert names[-32:] == list(TARGET[1:])
    assert sheet.max_row == 13
    for name in TARGET[1:]:
        cell = sheet.cell(2, names.index(name) + 1)
        assert (cell.number_format, cell.protection.locked) == ("@", False), name
    assert sheet.cell(2, names.index("Coordonnées") + 1).data_type == "s"
    rules = sheet.data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == ['"M.,Mme"']
    assert rules[0].errorStyle == "warning", "« M. et Mme » must be accepted: at this step nothing is corrected"


def test_the_template_is_frozen_protected_without_password_and_ready_to_print() -> None:
    sheet = sheets(build_template(A6))["Réponse"]
    assert sheet.freeze_panes == "B2"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"


def test_long_lists_go_to_a_hidden_sheet() -> None:
    column = Column("segment", answer=True, choices=tuple(f"{text}, {n}" for n in range(9) for text in SEGMENTS))
    question = Question(
        "T", "tableau", "", "", 0, (), training=True, table=TableSpec("t", "id", (column,)),
        data={"t": Table(("id",), (("1",),))},
    )  # fmt: skip
    book = sheets(build_template(question))
    assert book["Listes"].sheet_state == "hidden"
    assert book["Réponse"].data_validations.dataValidation[0].formula1 == "Listes!$A$1:$A$45"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+33 6", "-1+1", "@SUM(A1)", "=1+1", "\tx", "'=1"])
def test_nothing_typed_becomes_a_formula(text: str) -> None:
    value = {"colonnes": ["id_contact", "segment", "R"], "lignes": [["1", text, text]]}
    book = sheets(build_template(A6, value, student=(text, text)))
    for sheet in book.worksheets:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert book["Réponse"]["K2"].value == text
    assert book["Réponse"]["K2"].quotePrefix == (text[0] in "=+-@")


def test_control_characters_do_not_break_the_template() -> None:
    value = {"colonnes": ["id_contact", "segment"], "lignes": [["1", "a\x00b\x0bc"]]}
    assert sheets(build_template(A6, value))["Réponse"]["K2"].value == "abc"


def test_the_template_says_its_question_and_its_student() -> None:
    content = build_template(A6, student=("Inès Garnier", "igarnier"))
    assert template_question(content, "rendu.xlsx") == "A6-Q1"
    result = read_answer(content, "rendu.xlsx", A6)
    assert (result.question_id, result.student) == ("A6-Q1", ("Inès Garnier", "igarnier"))
    assert read_answer(build_template(A6), "x.xlsx", A6).student is None


def test_the_template_of_another_question_is_refused() -> None:
    with pytest.raises(ImportProblem, match="modèle de la question A6-Q1, pas celui de la question A3-Q2"):
        read_answer(build_template(A6), "x.xlsx", restructure(0))


# --- the round trip ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (A6, key_answer("rfm.csv")),
        (restructure(0), key_answer("base_restructuree.csv")),
        (restructure(12), key_answer("base_restructuree.csv", 12)),
    ],
    ids=["A6-Q1", "A3-Q2 60 rows", "A3-Q2 12 rows"],
)
def test_the_key_written_in_the_template_reads_back_equal(
    question: Question, value: dict[str, Any], tmp_path: Path
) -> None:
    path = write_template(question, tmp_path / "modèle.xlsx", value)
    result = read_answer(path, None, question)
    assert result.value == value
    assert result.warnings == ()
    assert result.rows == len(value["lignes"])
    assert result.filled == sum(bool(cell) for line in value["lignes"] for cell in line[1:])


def test_a_template_left_empty_says_so() -> None:
    result = read_answer(build_template(A6), "x.xlsx", A6)
    assert result.filled == 0
    assert "Aucune réponse trouvée" in result.warnings[-1]


def test_lines_that_the_source_does_not_have_are_kept() -> None:
    value = {"colonnes": ["id_contact", "segment"], "lignes": [["99", "Bons clients"]]}
    result = read_answer(build_template(A6, value), "x.xlsx", A6)
    assert result.value["lignes"][-1] == ["99", "", "", "", "", "Bons clients"]


def usable(text: str) -> bool:
    """What the eye sees, that a spreadsheet can hold and does not display as something else."""
    return text == bare(text) and not text.upper().startswith("#")


typed = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp", "Cf"), whitelist_characters=" \n"),
    max_size=30,
).filter(usable)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_typed_text_survives_the_round_trip(data: st.DataObject) -> None:
    question = restructure(4)
    names = list(TARGET)
    lines = [[str(n), *(data.draw(typed) for _ in names[1:6]), *[""] * (len(names) - 6)] for n in range(1, 5)]
    value = {"colonnes": names, "lignes": lines}
    assert read_answer(build_template(question, value), "x.xlsx", question).value == value


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.from_regex(r"-?[0-9]{1,17}([.,][0-9]{0,4})?( €)?", fullmatch=True), min_size=4, max_size=4))
def test_any_number_survives_the_round_trip_in_the_columns_made_for_formulas(texts: list[str]) -> None:
    value = {"colonnes": ["id_contact", "R", "F", "M", "score"], "lignes": [["1", *texts]]}
    short = replace(A6, table=replace(A6.table, rows=1))
    read = read_answer(build_template(short, value), "x.xlsx", short).value
    assert read["lignes"][0] == ["1", *texts, ""]


OPTIONS = (Option("a", "Salon, coiffure"), Option("b", "Institut"), Option("c", "Parapharmacie"))
RIGHT = (Option("nettoyer", "Nettoyer"), Option("verifier", "Vérifier (inexactitude)"))
YES_NO = (Option("oui", "Oui"), Option("non", "Non"))
RATE = Part("taux", "nombre", "Taux", "%")
FORMS: dict[str, tuple[dict[str, Any], Any]] = {
    "choix": ({"spec": Options(OPTIONS)}, "b"),
    "choix_multiple": ({"spec": Options(OPTIONS)}, ["a", "c"]),
    "vrai_faux": ({"spec": Options()}, {"choix": "vrai", "raison": "=parce que"}),
    "nombre": ({}, "8,33"),
    "texte": ({}, "Centre de relation client"),
    "ouverte": ({}, "Une ligne\nune autre"),
    "textes": ({"spec": Texts(("Type 1", "Type 2"))}, ["particuliers", ""]),
    "trous": ({"spec": Parts((Part("t1", "texte", "Premier"), Part("t2", "texte", "Second")))}, {"t1": "un", "t2": ""}),
    "association": ({"spec": Sides(OPTIONS, RIGHT)}, {"a": "nettoyer", "c": "verifier"}),
    "ordre": ({"spec": Options(OPTIONS)}, ["c", "a", "b"]),
    "cellules": ({"table": TableSpec("base", "id_contact", ()), "data": A6.data}, [["2", "email"], ["8", "nom"]]),
    "paires": ({}, [["1", "2"], ["13", "37"]]),
    "segment": ({}, {"criteres": [["sexe", "=", "H"], ["age", ">", "30"]], "fiches": ["3", "5"]}),
    "formulaire": (
        {"spec": Form({"conclusion": "Conforme ?"}, OPTIONS, (Option("min", "De trop"), Option("dpo", "DPO")))},
        {"conclusion": "non", "manquements": ["b", "min"]},
    ),
    "parties": (
        {"spec": Parts((RATE, Part("conforme", "choix", "Conforme ?", spec=Options(YES_NO))))},
        {"taux": "8,33", "conforme": "non"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORMS)
def test_every_other_kind_of_answer_survives_the_round_trip(kind: str) -> None:
    fields, value = FORMS[kind]
    question = Question("A0-Q9", kind, "Essai", "", 0, (), training=True, **fields)
    result = read_answer(build_template(question, value), "x.xlsx", question)
    assert result.value == value
    assert result.warnings == ()
    empty = read_answer(build_template(question), "x.xlsx", question)
    assert empty.filled == 0
    assert "Aucune réponse trouvée" in empty.warnings[-1]


@pytest.mark.parametrize("typed", ["b", "B", "Institut", "institut ", "b – Institut", "b - autre chose"])
def test_a_choice_is_understood_by_its_letter_or_its_wording(typed: str) -> None:
    question = Question("A0-Q9", "choix", "Essai", "", 0, (), Options(OPTIONS))
    book = sheets(build_template(question))
    book["Réponses"]["C2"] = typed
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_answer(buffer.getvalue(), "x.xlsx", question).value == "b"


def real_questions() -> dict[str, tuple[Question, Any]]:
    found = {}
    for exercises in sorted((ROOT / "notebooks").glob("*/exercices.toml")):
        loaded = load_activity(exercises.parent, ROOT / "datasets")
        for question in loaded.activity.questions:
            key = loaded.key(question.id)
            found[question.id] = (question, key.answer if key else None)
    return found


REAL = real_questions()
IN_THEIR_CARD = ("A7-Q2", "A7-Q3", "A7-Q4", "A8-CARTES", "A8-QUESTIONS", *(f"R3-Q{n}" for n in range(1, 6)), "R3-X1")


@pytest.mark.parametrize("name", IN_THEIR_CARD)
def test_a_question_answered_by_clicking_has_no_template_and_says_so(name: str) -> None:
    question, answer = REAL[name]
    assert not question.excel
    with pytest.raises(ImportProblem, match=f"{name}.*pas de modèle Excel.*dans sa carte"):
        build_template(question, answer)
    with pytest.raises(ImportProblem, match="dans sa carte"):
        read_answer(b"", "reponse.xlsx", question)


@pytest.mark.parametrize("name", [name for name in REAL if name not in IN_THEIR_CARD])
def test_the_model_answer_of_every_real_question_survives_the_round_trip(name: str) -> None:
    question, answer = REAL[name]
    result = read_answer(build_template(question, answer), f"{name}.xlsx", question)
    assert result.warnings == ()
    if question.kind == "tableau":
        assert records(result.value) == {
            line[0]: {column: line[answer["colonnes"].index(column)] for column in result.value["colonnes"]}
            for line in answer["lignes"]
        }
        assert set(result.value["colonnes"]) >= {c.name for c in question.table.columns if c.answer}
    elif question.kind == "trous":
        assert {gap: text for gap, text in result.value.items() if text} == answer
    else:
        assert _ticked(result.value, question) == _ticked(answer, question)


def _ticked(value: Any, question: Question) -> Any:
    """The same answer, what is ticked in a list without the order of the ticks."""
    several = {part.id for part in question.parts if part.kind == "choix_multiple"}
    return {name: set(one) if name in several else one for name, one in value.items()} if several else value


# --- the file system --------------------------------------------------------------------------------------------


def test_a_template_that_cannot_be_written_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, _data: bytes) -> int:
        raise PermissionError(13, "refused", str(self))

    with pytest.raises(ImportProblem, match="impossible d’écrire ce fichier"):
        write_template(A6, tmp_path / "absent" / "x.xlsx")
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(ImportProblem, match="ouvert dans Excel"):
        write_template(A6, tmp_path / "x.xlsx")


def test_reading_needs_neither_pandas_nor_ipython() -> None:
    code = "import sys, crc_lab.excel; print(sorted({'pandas', 'IPython', 'ipywidgets'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- LibreOffice ------------------------------------------------------------------------------------------------


def test_templates_rewritten_by_libreoffice_read_back_to_the_same_answers(tmp_path: Path) -> None:
    libreoffice()
    cases = {"A6": (A6, key_answer("rfm.csv")), "A3": (restructure(12), key_answer("base_restructuree.csv", 12))}
    for name, (question, value) in cases.items():
        write_template(question, tmp_path / f"{name}.xlsx", value, student=("=Inès", "igarnier"))
    book = openpyxl.load_workbook(tmp_path / "A6.xlsx")
    book["Réponse"]["J2"] = "=G2+H2+I2"  # the score of the first record, computed by LibreOffice
    book["Réponse"]["K6"] = '=IF(D6="","",1)'  # a formula whose result is an empty text
    book.save(tmp_path / "A6.xlsx")
    assert "n’est pas enregistré" in read_answer(tmp_path / "A6.xlsx", None, A6).warnings[0]
    rewritten = through_libreoffice(tmp_path, tmp_path / "A6.xlsx", tmp_path / "A3.xlsx")
    cases["A6"][1]["lignes"][4][5] = ""
    for name, (question, value) in cases.items():
        result = read_answer(rewritten / f"{name}.xlsx", None, question)
        assert result.value == value
        assert result.warnings == ()
        assert (result.question_id, result.student) == (question.id, ("=Inès", "igarnier"))
    sheet = openpyxl.load_workbook(rewritten / "A3.xlsx")["Réponse"]
    assert sheet.protection.sheet
    assert sheet["K2"].number_format == "@"
    assert not sheet["K2"].protection.locked


# --- one answer, three ways in ------------------------------------------------------------------------------------

TABLES = {"03_structurer": "A3-Q2", "06_scorer": "A6-Q1"}


def with_slips(activity):
    """The question, its key, and an answer with a few mistakes of a student (empty, wrong and inverted cells)."""
    loaded = loaded_activity(activity)
    question, key = loaded.activity.question(TABLES[activity]), loaded.keys[TABLES[activity]]
    answer = json.loads(json.dumps(key.answer))
    fillable = [c.name for c in question.table.columns if c.answer]
    for row, name in ((0, fillable[1]), (4, fillable[2]), (8, fillable[0])):
        answer["lignes"][row][answer["colonnes"].index(name)] = ""
    at = answer["colonnes"].index(fillable[-1])
    answer["lignes"][2][at], answer["lignes"][3][at] = answer["lignes"][3][at], answer["lignes"][2][at]
    return question, key, answer


@pytest.mark.parametrize("activity", TABLES)
def test_card_excel_libreoffice_and_frame_give_identical_results(activity, tmp_path):
    question, key, answer = with_slips(activity)
    path = write_template(question, tmp_path / "reponse.xlsx", answer)
    rewritten = through_libreoffice(tmp_path, path) / path.name
    ways = {
        "card": answer,
        "excel": read_answer(path, None, question).value,
        "libreoffice": read_answer(rewritten, None, question).value,
        "frame": to_plain(pd.DataFrame(answer["lignes"], columns=answer["colonnes"]), key=question.table.key),
    }
    results = {way: grade(question, value, key) for way, value in ways.items()}
    assert 0 < results["card"].points < question.points
    assert results["card"].messages
    for way, result in results.items():
        assert result.to_json() == results["card"].to_json(), way
    assert ways["excel"] == ways["libreoffice"]
