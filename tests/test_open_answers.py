"""The sheet of open answers goes out and comes back: nothing that a teacher types is lost, nothing false gets in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.identity import Roster
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from autograder.marking.manual import ManualMark
from autograder.open_answers import OpenAnswerProblems, write_open_answers
from autograder.open_answers.reading import COLUMNS, COMMENT, LONGEST_ANSWER, POINTS, points_of, read_marked_sheet, rows
from tests.excel_cases import through_libreoffice
from tests.sample_copies import copy
from tests.sample_results import A9, OPEN, essay, handed_in, listed, result_of, use_workbook

INES, PAUL, ZOE = ("igarnier", A9, OPEN), ("phamidi", A9, OPEN), ("zpetit", A9, OPEN)


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    return use_workbook(monkeypatch)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_workbook(monkeypatch)
    return handed_in(
        tmp_path,
        {
            "Inès Garnier": (11, essay("Inès Garnier", "igarnier", answer="=cmd|' /C calc'!A0\nLa base vieillit.")),
            "Paul Hamidi": (12, essay("Paul Hamidi", "phamidi")),
            "Zoé Petit": (13, essay("Zoé Petit", "zpetit", answer=None)),
        },
    )


@pytest.fixture
def a_class(archive: Path, bank: Bank) -> ClassResult:
    return result_of(bank, archive)


@pytest.fixture
def sheet(a_class: ClassResult, tmp_path: Path) -> Path:
    path = tmp_path / "reponses-ouvertes.xlsx"
    assert write_open_answers(a_class, path) == [path]
    return path


def typed(path: Path, change: Callable[[Any], None], name: str = "Réponses") -> Path:
    """The file after ``change`` was made to its sheet, saved as a spreadsheet program would."""
    book = openpyxl.load_workbook(path)
    change(book[name])
    book.save(path)
    return path


def give(values: dict[int, Any], comments: dict[int, str] | None = None) -> Callable[[Any], None]:
    def change(page: Any) -> None:
        for row, value in values.items():
            page.cell(row, POINTS + 1).value = value
        for row, text in (comments or {}).items():
            page.cell(row, COMMENT + 1).value = text

    return change


def problems(path: Path, result: ClassResult) -> tuple[str, ...]:
    with pytest.raises(OpenAnswerProblems) as caught:
        read_marked_sheet(path, result)
    return caught.value.problems


# --- writing ----------------------------------------------------------------------------------------------------------


def test_there_is_one_row_for_each_answer_to_read_and_none_for_a_question_left_blank(sheet: Path):
    page = openpyxl.load_workbook(sheet)["Réponses"]
    lines = list(page.values)
    assert lines[0] == tuple(COLUMNS)
    assert [line[1] for line in lines[1:]] == ["Inès Garnier", "Paul Hamidi"]
    assert [line[2:4] for line in lines[1:]] == [("Activité 9", "A9-Q2 · Un avis rédigé")] * 2
    assert lines[2][4] == "La base vieillit."
    assert [line[POINTS - 1 : COMMENT + 1] for line in lines[1:]] == [(12, None, None)] * 2


def test_the_rubric_says_what_each_criterion_looks_for(sheet: Path):
    rubric = list(openpyxl.load_workbook(sheet)["Réponses"].values)[1][5]
    assert rubric.replace("\u00a0", " ").splitlines() == [
        "Idées (8 points)",
        "  1. La base vieillit. (4 points)",
        "  2. Une fiche fausse coûte de l’argent. (4 points)",
        "Rédaction (4 points)",
        "  1. Phrases complètes, ton professionnel. (4 points)",
    ]


def test_an_answer_can_never_become_a_formula(sheet: Path):
    for page in openpyxl.load_workbook(sheet):
        for line in page.iter_rows():
            for cell in line:
                assert cell.data_type in ("s", "n"), cell.coordinate
                assert not str(cell.value or "").startswith(("=", "+", "-", "@")), cell.coordinate


def test_only_the_yellow_cells_can_be_changed_and_the_marks_of_the_rows_are_hidden(sheet: Path):
    page = openpyxl.load_workbook(sheet)["Réponses"]
    assert page.protection.sheet
    assert page.column_dimensions["A"].hidden
    free = {cell.column - 1 for line in page.iter_rows(min_row=2) for cell in line if not cell.protection.locked}
    assert free == {POINTS, COMMENT}
    assert {cell.fill.start_color.rgb for cell in page[2] if not cell.protection.locked} == {"FFFFF4C2"}


def test_excel_refuses_points_above_the_maximum(sheet: Path):
    page = openpyxl.load_workbook(sheet)["Réponses"]
    (rule,) = page.data_validations.dataValidation
    assert (rule.type, rule.formula1, rule.formula2, str(rule.sqref)) == ("decimal", "0", "12.0", "H2:H3")


def test_without_any_open_answer_nothing_is_written(tmp_path: Path, bank: Bank):
    archive = handed_in(tmp_path / "c", {"Zoé Petit": (13, essay("Zoé Petit", "zpetit", answer=None))})
    assert write_open_answers(result_of(bank, archive), tmp_path / "r.xlsx") == []
    assert not (tmp_path / "r.xlsx").exists()


def test_the_same_answers_give_the_same_bytes(a_class: ClassResult, tmp_path: Path):
    paths = [tmp_path / name for name in ("un.xlsx", "deux.xlsx")]
    for path in paths:
        write_open_answers(a_class, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_very_long_answer_is_cut_and_said_so(tmp_path: Path, bank: Bank):
    content = essay("Inès Garnier", "igarnier", answer="mot " * 5_000)
    (row,) = rows(result_of(bank, handed_in(tmp_path / "c", {"Inès Garnier": (11, content)})))
    assert len(row.answer) < LONGEST_ANSWER + 100
    assert row.answer.replace("\u00a0", " ").endswith("[…] (encore 11999 caractères, à lire dans le carnet)")


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("  une phrase  ", "une phrase"),
        (["un", "deux"], "1. un\n2. deux"),
        ({"a": "x", "b": [1]}, "a : x\nb : 1"),
        ({"a": ["un mot", "deux mots"], "b": ["3", "5"]}, "a : un mot ; deux mots\nb : 3, 5"),
        ({"c": {"x": [["sexe", "="], ["âge", "≥"]]}}, "c : x : sexe, = ; âge, ≥"),
        ({"c": [[["x"]], {"y": None}, None]}, "c : x, y :,"),
        (12.5, "12.5"),
        ("droite à gauche \u202e\x00", "droite à gauche"),
    ],
)
def test_an_answer_of_any_shape_is_shown_as_text(tmp_path: Path, bank: Bank, answer: Any, shown: str):
    content = essay("Inès Garnier", "igarnier", answer=answer)
    result = result_of(bank, handed_in(tmp_path, {"Inès Garnier": (11, content)}))
    assert [row.answer.replace("\u00a0", " ") for row in rows(result)] == [shown]


def test_what_the_program_gives_to_a_part_is_told_to_the_person_who_marks_the_other(tmp_path: Path):
    men = ["sexe", "=", "H"]
    answer = {"a": ["Les hommes", "Leur âge"], "b": "Pour eux.", "c": {"criteres": [men], "fiches": ["3", "39"]}}
    path = tmp_path / "copie.ipynb"
    path.write_bytes(copy("05_segmenter", {"A5-Q2": answer}))
    (row,) = rows(mark_class([path], Bank()))
    assert row.answer.replace("\u00a0", " ").splitlines() == [
        "a. Deux critères : Les hommes ; Leur âge",
        "b. Pourquoi ce segment ? Pour eux.",
        "c. La sélection : Sexe = H ; 2 fiches : 3, 39",
    ]
    told = row.rubric.replace("\u00a0", " ")
    assert "a. Deux critères (4 points) : 3 points par la correction automatique, à compter dans le total" in told
    assert "b. Justification (4 points)\n  1. Lien entre le produit et la cible (1,5 point)\n" in told
    assert "c. Sélection des fiches (6 points) : 0 point par la correction automatique" in told


# --- reading ----------------------------------------------------------------------------------------------------------


def test_an_empty_cell_is_a_mark_not_given_yet(sheet: Path, a_class: ClassResult):
    assert read_marked_sheet(sheet, a_class).marks == {}


def test_points_and_comments_come_back(sheet: Path, a_class: ClassResult, archive: Path, bank: Bank):
    typed(sheet, give({2: 4.5, 3: 12}, {2: "Bien vu, =mais court."}))
    found = read_marked_sheet(sheet, a_class)
    assert found.marks == {INES: ManualMark(4.5, "Bien vu, =mais court."), PAUL: ManualMark(12.0)}
    assert found.typed == {INES, PAUL}
    assert found.remarks == ()
    again = result_of(bank, archive, manual=found.marks)
    assert [copy.points for copy in again.copies] == [12.5, 20.0, 8.0]


@pytest.mark.parametrize("text", ["4,5", " 4.5 ", "4,5 pts", "4,5 / 12", "4.5/12", "+4,5"])
def test_points_typed_as_text_are_read(sheet: Path, a_class: ClassResult, text: str):
    typed(sheet, give({2: text}))
    assert read_marked_sheet(sheet, a_class).marks == {INES: ManualMark(4.5)}


@pytest.mark.parametrize("text", ["", "douze", "4,5 / 20", "12/", "/", "1e3", "4 5", "abs"])
def test_any_other_text_is_no_number_of_points(text: str):
    assert points_of(text, 12) is None


def test_every_problem_is_told_at_once_with_its_row_and_its_remedy(sheet: Path, a_class: ClassResult):
    typed(sheet, give({2: "bien", 3: 13}))
    first, second = problems(sheet, a_class)
    assert first.startswith("ligne 2 (Inès Garnier, A9-Q2)")
    assert "« bien » n’est pas un nombre" in first.replace("\u00a0", " ")
    assert second.startswith("ligne 3 (Paul Hamidi, A9-Q2)")
    assert "entre 0 et 12" in second


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-1, "entre 0 et 12"),
        (dt.date(2026, 5, 4), "changé les points en date"),
        (12.01, "entre 0 et 12"),
        ("=1+1", "formule"),
        (True, "« VRAI » n’est pas un nombre"),
    ],
)
def test_what_cannot_be_points_is_refused(sheet: Path, a_class: ClassResult, value: Any, said: str):
    typed(sheet, give({3: value}))
    (problem,) = problems(sheet, a_class)
    assert said in problem.replace("\u00a0", " ")


@pytest.mark.parametrize("comment", ["=Bien", "#NAME?"])
def test_a_comment_that_the_spreadsheet_took_for_a_formula_is_told(sheet: Path, a_class: ClassResult, comment: str):
    (problem,) = problems(typed(sheet, give({}, {2: comment})), a_class)
    assert problem.startswith("ligne 2 (Inès Garnier, A9-Q2)")
    assert "pris le commentaire pour une formule" in problem


def test_rows_may_be_sorted_columns_moved_and_sheets_added(sheet: Path, a_class: ClassResult):
    book = openpyxl.load_workbook(sheet)
    page = book["Réponses"]
    lines = [list(line) for line in page.values]
    lines[1][POINTS], lines[2][POINTS] = 3, 7
    other = book.create_sheet("Ma copie", 0)
    other.append(["Mes notes de l’année"])
    other.append([])
    order = [POINTS, 4, 1, COMMENT, 0, 6, 3]
    for line in (lines[0], lines[2], lines[1]):
        other.append([line[column] for column in order])
    del book["Réponses"]
    book.create_sheet("Brouillon").append(["Points", "rien à voir"])
    book.save(sheet)
    assert read_marked_sheet(sheet, a_class).marks == {INES: ManualMark(3.0), PAUL: ManualMark(7.0)}


def test_a_sheet_sorted_in_part_only_gives_nobody_the_mark_of_another(sheet: Path, a_class: ClassResult):
    def change(page: Any) -> None:
        page["B2"].value, page["B3"].value = page["B3"].value, page["B2"].value
        page.cell(2, POINTS + 1).value = 5

    (problem,) = problems(typed(sheet, change), a_class)
    assert "le nom n’est plus celui de la copie" in problem


def test_points_without_a_mark_of_their_row_are_refused(sheet: Path, a_class: ClassResult):
    typed(sheet, lambda page: page.append([None, "Paul Hamidi", None, "A9-Q2", None, None, 12, 5]))
    (problem,) = problems(sheet, a_class)
    assert problem.startswith("ligne 4 (Paul Hamidi, A9-Q2)")
    assert "reliés à aucune copie" in problem


def test_one_answer_marked_twice_is_told_unless_both_marks_agree(sheet: Path, a_class: ClassResult):
    def twice(points: float) -> Callable[[Any], None]:
        def change(page: Any) -> None:
            page.cell(3, POINTS + 1).value = 5
            for column in range(1, len(COLUMNS) + 1):
                page.cell(4, column).value = page.cell(3, column).value
            page.cell(4, POINTS + 1).value = points

        return change

    assert read_marked_sheet(typed(sheet, twice(5)), a_class).marks == {PAUL: ManualMark(5.0)}
    (problem,) = problems(typed(sheet, twice(6)), a_class)
    assert "déjà notée autrement à la ligne 3" in problem


def test_a_student_who_is_no_longer_there_is_told(sheet: Path, bank: Bank, tmp_path: Path):
    typed(sheet, give({2: 4, 3: 5}))
    only = handed_in(tmp_path / "c", {"Paul Hamidi": (12, essay("Paul Hamidi", "phamidi"))})
    (problem,) = problems(sheet, result_of(bank, only))
    assert problem.startswith("ligne 2 (Inès Garnier, A9-Q2)")
    assert "aucune copie notée ne correspond" in problem


def test_a_student_whose_identifier_changes_with_the_class_list_keeps_the_mark(sheet: Path, archive: Path, bank: Bank):
    typed(sheet, give({2: 4}))
    roster = Roster(tuple(one for one in listed(("Inès", "Garnier"), ("Paul", "Hamidi")).students))
    renamed = Roster(tuple(type(one)(f"E{n}", one.last_name, one.first_name) for n, one in enumerate(roster.students)))
    result = result_of(bank, archive, roster=renamed)
    assert read_marked_sheet(sheet, result).marks == {("E0", A9, OPEN): ManualMark(4.0)}


def test_an_answer_that_has_changed_since_it_was_marked_is_said(sheet: Path, bank: Bank, tmp_path: Path):
    typed(sheet, give({2: 4, 3: 5}))
    later = handed_in(
        tmp_path / "c",
        {
            "Inès Garnier": (11, essay("Inès Garnier", "igarnier", answer="Autre chose.")),
            "Paul Hamidi": (12, essay("Paul Hamidi", "phamidi")),
        },
    )
    found = read_marked_sheet(sheet, result_of(bank, later))
    assert found.marks == {INES: ManualMark(4.0), PAUL: ManualMark(5.0)}
    (remark,) = found.remarks
    assert remark.startswith("Ligne 2 (Inès Garnier, A9-Q2)")
    assert "a changé" in remark


@pytest.mark.parametrize("content", [None, b"", b"Nom;Points\nPaul;12\n", b"PK\x03\x04rien", b"%PDF-1.4"])
def test_a_file_that_is_no_such_sheet_is_refused_in_french(tmp_path: Path, a_class: ClassResult, content: bytes | None):
    path = tmp_path / "notes.xlsx"
    if content is not None:
        path.write_bytes(content)
    (problem,) = problems(path, a_class)
    assert problem.endswith(".")
    assert ("introuvable" in problem) == (content is None)
    with pytest.raises(OpenAnswerProblems, match=r"Notes manuelles «\snotes\.xlsx\s»\s: "):
        read_marked_sheet(path, a_class)


@pytest.mark.parametrize(("points", "number_format"), [(0.5, "0%"), (0.08, "0.0 %"), ("50 %", "@"), ("8%", "General")])
def test_points_in_percents_are_refused_with_their_line_and_never_lost(
    sheet: Path, a_class: ClassResult, points: Any, number_format: str
):
    def percent(page: Any) -> None:
        page.cell(2, POINTS + 1).value = points
        page.cell(2, POINTS + 1).number_format = number_format

    (problem,) = problems(typed(sheet, percent), a_class)
    assert problem.startswith("ligne 2 (Inès Garnier, A9-Q2)")
    assert "est un pourcentage. Écrivez le nombre de points (sur 12)." in problem.replace("\u00a0", " ")
    write_open_answers(a_class, sheet)
    assert str(openpyxl.load_workbook(sheet)["Réponses"].cell(2, POINTS + 1).value).endswith("%")


def test_a_sheet_saved_as_csv_is_read(sheet: Path, a_class: ClassResult, tmp_path: Path):
    import csv

    typed(sheet, give({2: "4,5", 3: "12"}))
    path = tmp_path / "notes.csv"
    with path.open("w", encoding="cp1252", newline="", errors="replace") as file:
        csv.writer(file, delimiter=";").writerows(openpyxl.load_workbook(sheet)["Réponses"].values)
    assert read_marked_sheet(path, a_class).marks == {INES: ManualMark(4.5), PAUL: ManualMark(12.0)}


def test_a_sheet_saved_by_libreoffice_is_read_formulas_included(sheet: Path, a_class: ClassResult, tmp_path: Path):
    typed(sheet, give({2: "=2+2.5", 3: "12"}, {3: "Très bien"}))
    rewritten = through_libreoffice(tmp_path, sheet) / sheet.name
    found = read_marked_sheet(rewritten, a_class)
    assert found.marks == {INES: ManualMark(4.5), PAUL: ManualMark(12.0, "Très bien")}
    page = openpyxl.load_workbook(rewritten)["Réponses"]
    assert page.protection.sheet
    assert not page.cell(2, POINTS + 1).protection.locked


# --- writing again ----------------------------------------------------------------------------------------------------


def test_marks_already_given_are_filled_in_and_are_nobodys_last_word(
    sheet: Path, archive: Path, bank: Bank, a_class: ClassResult
):
    typed(sheet, give({2: 4.1, 3: 12}, {3: "+ 1 pour le style"}))
    marks = read_marked_sheet(sheet, a_class).marks
    again = result_of(bank, archive, manual=marks)
    assert write_open_answers(again, sheet) == [sheet]
    found = read_marked_sheet(sheet, again)
    assert (found.marks, found.typed) == (marks, frozenset())
    typed(sheet, give({2: 5}))
    assert read_marked_sheet(sheet, again).typed == {INES}


def test_what_was_typed_is_carried_over_even_where_nobody_read_it(sheet: Path, a_class: ClassResult):
    typed(sheet, give({2: "bien", 3: 7}, {2: "à revoir ensemble"}))
    assert write_open_answers(a_class, sheet) == [sheet]
    cells = [line[POINTS : COMMENT + 1] for line in openpyxl.load_workbook(sheet)["Réponses"].values]
    assert cells[1:] == [("bien", "à revoir ensemble"), (7, None)]
    assert len(list(sheet.parent.glob("*.xlsx"))) == 1


def test_a_mark_that_the_new_file_cannot_hold_stays_in_the_old_one(sheet: Path, bank: Bank, tmp_path: Path):
    typed(sheet, give({2: 4}))
    before = sheet.read_bytes()
    only = handed_in(tmp_path / "c", {"Paul Hamidi": (12, essay("Paul Hamidi", "phamidi"))})
    result = result_of(bank, only)
    old = tmp_path / "reponses-ouvertes-ancien.xlsx"
    assert write_open_answers(result, sheet) == [sheet, old]
    assert old.read_bytes() == before
    typed(sheet, give({2: 6}))
    other = result_of(bank, only, manual={PAUL: ManualMark(7.0)})
    assert write_open_answers(other, sheet) == [sheet, tmp_path / "reponses-ouvertes-ancien-2.xlsx"]


def test_an_unreadable_file_is_never_overwritten(a_class: ClassResult, tmp_path: Path):
    path = tmp_path / "reponses-ouvertes.xlsx"
    path.write_bytes(b"PK\x03\x04 half of a workbook")
    _, old = write_open_answers(a_class, path)
    assert old.read_bytes() == b"PK\x03\x04 half of a workbook"
    assert read_marked_sheet(path, a_class).marks == {}


def test_a_class_too_large_for_one_sheet_has_several(
    a_class: ClassResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("autograder.open_answers.MAX_ROWS", 1)
    path = tmp_path / "r.xlsx"
    write_open_answers(a_class, path)
    assert openpyxl.load_workbook(path).sheetnames == ["Réponses", "Réponses 2", "Mode d’emploi"]
    typed(path, give({2: 99}), "Réponses 2")
    (problem,) = problems(path, a_class)
    assert problem.replace("\u00a0", " ").startswith("feuille « Réponses 2 », ligne 2 (Paul Hamidi, A9-Q2)")


def test_a_mark_given_to_an_automatic_question_is_in_the_sheet_too(archive: Path, bank: Bank):
    manual = {("igarnier", A9, "A9-Q1"): ManualMark(6.0, "Raisonnement juste.")}
    found = {row.key: row for row in rows(result_of(bank, archive, manual=manual))}
    row = found["igarnier", A9, "A9-Q1"]
    assert row.mark == ManualMark(6.0, "Raisonnement juste.")
    assert row.answer == "(réponse à lire dans le carnet de l’élève)"
