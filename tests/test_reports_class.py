"""What the reports say of a class with its list, of open answers, of marks given by hand, of changed notebooks."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from autograder.identity import Roster
from autograder.intake import Incident
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.manual import ManualMark
from autograder.reports import WORKBOOK, figures, page_names, results_json, write_reports
from autograder.reports.book import bared, harmless, row_height
from autograder.reports.figures import priorities, remarks
from autograder.reports.pages import class_page
from crc_lab.core.text import clean
from tests.sample_copies import A4, A6, NOTHING_RIGHT, copy, key_answers, mark
from tests.sample_results import A9, NUMBER, OPEN, essay, handed_in, listed, result_of, use_workbook
from tests.test_reports import check_self_contained, page_of

COMMENT = "Bonne idée du coût.\nCitez le <b>RGPD</b> : article 5."


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    return use_workbook(monkeypatch)


@pytest.fixture
def roster() -> Roster:
    people = listed(("Zoé", "Petit"), ("Noé", "Absent"), ("Inès", "Garnier"), ("Aya", "Absente"), ("Paul", "Benali"))
    return Roster(tuple(replace(one, group=f"G{number % 2 + 1}") for number, one in enumerate(people.students)))


@pytest.fixture
def a_class(tmp_path: Path, bank: Bank, roster: Roster) -> ClassResult:
    """Inès is marked by hand, Paul waits, Zoé answered nothing in words, Marc is in no list."""
    handed = handed_in(
        tmp_path,
        {
            "Inès Garnier": (1, essay("Inès Garnier", "ig")),
            "Paul Benali": (2, essay("Paul Benali", "pb")),
            "Zoé Petit": (3, essay("Zoé Petit", "zp", answer=None)),
            "Marc Ailleurs": (4, essay("Marc Ailleurs", "ma", number="41")),
        },
    )
    return result_of(bank, handed, roster=roster, manual={("igarnier", A9, OPEN): ManualMark(9.5, COMMENT)})


def class_text(result: ClassResult) -> str:
    names = page_names([student.person for student in result.students])
    return check_self_contained(class_page(result, names)).text.replace("\u00a0", " ")


def student_text(result: ClassResult, name: str) -> str:
    return check_self_contained(page_of(result, name)).text.replace("\u00a0", " ")


def marks(result: ClassResult, folder: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(write_reports(result, folder / "r").folder / WORKBOOK)["Notes"].values)


# --- the class list ---------------------------------------------------------------------------------------------------


def test_the_class_page_lists_the_absent_and_marks_those_out_of_the_list(a_class: ClassResult):
    text = class_text(a_class)
    assert "2 élèves sans copie" in text
    assert text.index("Noé Absent") < text.index("Aya Absente")
    assert "Marc Ailleurs hors liste" in text
    assert "1 élève hors liste" in text
    assert "Groupe" in text


def test_without_a_list_nobody_is_out_of_it(tmp_path: Path, bank: Bank):
    result = result_of(bank, handed_in(tmp_path, {"Inès Garnier": (1, essay("Inès Garnier", "ig"))}))
    text = class_text(result)
    assert "hors liste" not in text
    assert "sans copie" not in text
    assert "Groupe" not in text
    assert marks(result, tmp_path)[0][:3] == ("Nom", "Identifiant", "Activité 9 (sur 20)")
    assert "À recopier" not in openpyxl.load_workbook(tmp_path / "r" / "notes.xlsx").sheetnames


def test_the_workbook_has_everybody_by_last_name_with_the_rank_in_the_list(a_class: ClassResult, tmp_path: Path):
    head, *rows = marks(a_class, tmp_path)
    assert head == (
        "Nom", "Identifiant", "Groupe", "Rang dans la liste", "Activité 9 (sur 20)",
        "Moyenne des activités rendues (sur 20)", "À savoir",
    )  # fmt: skip
    provisional = "provisoire : 1 réponse à relire"
    assert [(*row[:6], str(row[6] or "").replace("\u00a0", " ")) for row in rows] == [
        ("Noé Absent", "nabsent", "G2", 2, "Abs", None, "sans copie"),
        ("Aya Absente", "aabsente", "G2", 4, "Abs", None, "sans copie"),
        ("Marc Ailleurs", "ma", "", None, 0, 0, f"hors liste ; {provisional}"),
        ("Paul Benali", "pbenali", "G1", 5, 8, 8, provisional),
        ("Inès Garnier", "igarnier", "G1", 3, 17.5, 17.5, ""),
        ("Zoé Petit", "zpetit", "G1", 1, 8, 8, ""),
    ]


def test_final_marks_are_to_be_copied_beside_the_names_in_the_order_of_the_list(a_class: ClassResult, tmp_path: Path):
    book = openpyxl.load_workbook(write_reports(a_class, tmp_path / "r").folder / WORKBOOK)
    assert book.sheetnames[:2] == ["Notes", "À recopier"]
    head, *rows = book["À recopier"].iter_rows()
    mean = "Moyenne des activités rendues (sur 20)"
    assert [cell.value for cell in head] == ["Nom", "Activité 9 (sur 20)", mean, "À savoir"]
    assert [[str(cell.value or "").replace("\u00a0", " ") for cell in row] for row in rows] == [
        ["Zoé Petit", "8", "8", ""],
        ["Noé Absent", "Abs", "", "sans copie"],
        ["Inès Garnier", "17.5", "17.5", ""],
        ["Aya Absente", "Abs", "", "sans copie"],
        ["Paul Benali", "", "", "provisoire : 1 réponse à relire"],
    ]
    # a number, that a French Excel shows and copies with its comma
    assert [(cell.data_type, cell.number_format) for cell in rows[2][1:3]] == [("n", "0.00")] * 2


def test_each_activity_has_its_column_and_their_mean_has_one(tmp_path: Path):
    half = {"A4-Q1": key_answers(A4)["A4-Q1"]}
    files = {
        "a.ipynb": copy(A4, half, name="Zoé Petit", identifier="zpetit"),
        "b.ipynb": copy(A6, name="Zoé Petit", identifier="zpetit"),
        "c.ipynb": copy(A6, NOTHING_RIGHT, name="Inès Garnier", identifier="igarnier"),
    }
    result = mark(tmp_path / "c", files, roster=listed(("Zoé", "Petit"), ("Jean", "Absent"), ("Inès", "Garnier")))
    sheet = openpyxl.load_workbook(write_reports(result, tmp_path / "r").folder / WORKBOOK)["À recopier"]
    assert [cell.value for cell in sheet[1]][1:3] == ["Activité 4 (sur 20)", "Activité 6 (sur 20)"]
    zoe, jean, ines = ([cell.value for cell in row][1:4] for row in sheet.iter_rows(min_row=2))
    assert 0 < zoe[0] < 20
    assert zoe[1:] == [20, pytest.approx((zoe[0] + 20) / 2, abs=0.0051)]
    assert (jean, ines) == (["Abs", "Abs", None], ["Abs", 0, 0])


# --- provisional marks and marks given by hand ------------------------------------------------------------------------


def test_a_provisional_mark_is_said_everywhere(a_class: ClassResult, tmp_path: Path):
    provisional = "provisoire : 1 réponse à relire"
    assert class_text(a_class).count(provisional) == 2
    assert "Moyenne provisoire" in class_text(a_class)
    text = student_text(a_class, "Paul Benali")
    assert f"8 / 20 ({provisional})" in text
    assert "Note provisoire." in text
    assert "À relire par votre professeur" in text
    assert "en attente, sur 12" in text
    assert "Bravo" not in text
    assert "Rien à reprendre dans ce qui est déjà noté" in text
    for name in ("Inès Garnier", "Zoé Petit"):
        assert not re.search(r"rovisoire( :|\.)", student_text(a_class, name)), "a final mark is never called so"
    book = openpyxl.load_workbook(write_reports(a_class, tmp_path / "r").folder / WORKBOOK)
    paul = next(row for row in book["Activité 9"].values if row[0] == "Paul Benali")
    assert paul[2:] == (8, 8, 8, "à relire")


def test_a_mark_given_by_hand_is_shown_with_the_teachers_words(a_class: ClassResult):
    text = student_text(a_class, "Inès Garnier")
    assert "9,5 / 12" in text
    assert "Votre professeur : Bonne idée du coût. Citez le <b>RGPD</b> : article 5." in text
    assert "Idées" not in text  # the question was marked as a whole
    assert text.count("A9-Q2") == 2  # the priority, then the question


def test_a_mark_given_without_a_word_is_said_so(tmp_path: Path, bank: Bank):
    handed = handed_in(tmp_path, {"Inès Garnier": (1, essay("Inès Garnier", "ig"))})
    text = student_text(result_of(bank, handed, manual={("ig", A9, OPEN): ManualMark(12)}), "Inès Garnier")
    assert "Noté par votre professeur." in text
    assert "Bravo" in text


def test_an_automatic_question_marked_by_hand_shows_no_criterion_of_its_own(tmp_path: Path, bank: Bank):
    handed = handed_in(tmp_path, {"Inès Garnier": (1, essay("Inès Garnier", "ig", number="41", answer=None))})
    result = result_of(bank, handed, manual={("ig", A9, NUMBER): ManualMark(4, "Méthode juste.")})
    book = openpyxl.load_workbook(write_reports(result, tmp_path / "r").folder / WORKBOOK)
    assert next(row for row in book["Activité 9"].values if row[0] == "Inès Garnier")[2:] == (4, 4, None, 0)
    assert "Votre professeur : Méthode juste." in student_text(result, "Inès Garnier")
    found = [(one.label, one.missing) for one in priorities([(result.activities[0], result.copies[0])])]
    assert found == [("A9-Q2, Idées", 8), ("A9-Q1, Un calcul", 4), ("A9-Q2, Rédaction", 4)]


def test_an_answer_that_waits_counts_neither_as_a_mistake_nor_in_the_success_of_the_class(a_class: ClassResult):
    activity = a_class.activities[0]
    copies = [pair[1] for pair in figures.copies_of(a_class, activity)]
    parts = [part for question in activity.marked for part in figures.parts_of(question, copies)]
    assert [part.label for part in parts] == ["Résultat", "Un avis rédigé"]
    assert figures.mean_share(copies, parts[1]) == pytest.approx(9.5 / 24)  # Inès, and Zoé who left it blank
    assert all(
        mistake.code not in ("A-RELIRE", "NOTE-MANUELLE") for mistake in figures.mistakes([("x", c) for c in copies])
    )
    assert figures.summary(copies)["provisional"] == 2


def test_the_json_tells_what_waits_and_what_a_person_said(a_class: ClassResult):
    copies = {one["eleve"]["nom"]: one for one in json.loads(results_json(a_class))["copies"]}
    verdicts = {name: [question["verdict"] for question in copies[name]["questions"]] for name in copies}
    assert (verdicts["Inès Garnier"], verdicts["Paul Benali"]) == (["JUSTE", "PARTIEL"], ["JUSTE", "A_RELIRE"])
    (said,) = copies["Inès Garnier"]["questions"][1]["criteres"][0]["messages"]
    assert said == {"code": "NOTE-MANUELLE", "texte": COMMENT, "lignes": []}


# --- notebooks that were changed --------------------------------------------------------------------------------------


@pytest.fixture
def changed(tmp_path: Path) -> ClassResult:
    """Inès changed a cell of her notebook, Paul only did a training exercise."""
    result = mark(
        tmp_path / "c", {"a.ipynb": copy(A6), "b.ipynb": copy(A6, {"A6-X1": "x"}, name="Paul", identifier="p")}
    )
    ines, paul = result.students
    told = (*ines.copies[A6].incidents, Incident("INTEGRITE-CELLULE", "Cellule 3 modifiée, sans effet sur la note."))
    ines = replace(ines, copies={A6: replace(ines.copies[A6], incidents=told)})
    return replace(result, students=(ines, paul))


def test_changed_notebooks_have_their_own_section(changed: ClassResult, tmp_path: Path):
    assert {remark.incident.code[:10] for remark in remarks(changed, integrity=True)} == {"INTEGRITE-"}
    assert {remark.incident.code for remark in remarks(changed)} == {"COPIE-VIDE"}
    text = class_text(changed)
    before, section = text.split("Ces élèves ont changé des cellules")
    assert "n’a d’effet sur la note" in section
    assert "sans effet sur la note" in section
    assert "sans effet sur la note" not in before
    assert "Aucune question notée n’a reçu de réponse." in before
    book = openpyxl.load_workbook(write_reports(changed, tmp_path / "r").folder / WORKBOOK)
    assert book.sheetnames[-2:] == ["À regarder", "Carnets modifiés"]
    assert [row[6] for row in book["À regarder"].values] == ["Code", "COPIE-VIDE"]
    assert all(str(row[4]).startswith("INTEGRITE-") for row in list(book["Carnets modifiés"].values)[1:])


def test_untouched_notebooks_have_no_such_section(tmp_path: Path):
    result = mark(tmp_path / "c", {"a.ipynb": copy(A6)})
    assert remarks(result, integrity=True) == []
    assert "Carnets modifiés" not in class_text(result)
    assert (
        openpyxl.load_workbook(write_reports(result, tmp_path / "r").folder / WORKBOOK).sheetnames[-1] == "À regarder"
    )


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+33", "-1", "@x", "\tx", "＝1", "  =1", "＠x"])
def test_a_text_that_a_spreadsheet_could_take_for_a_formula_gets_an_apostrophe_that_comes_off(text: str):
    assert harmless(text) == f"'{clean(text)}"
    assert bared(harmless(text)) == clean(text)


@pytest.mark.parametrize("text", ["Inès", "", "a=b", "06 39", "(1)", "'x"])
def test_an_ordinary_text_is_left_alone(text: str):
    assert harmless(text) == text == bared(text)


def test_a_row_is_high_enough_for_its_longest_cell_and_no_higher_than_a_sheet_allows():
    assert row_height([("", 10), ("x", 10)]) == 15
    assert row_height([("x" * 25, 10), ("a\nb", 10)]) == 45
    assert row_height([("x\n" * 1000, 10)]) <= 409


# ---- by skill

PERFORMANCE, RELATION = (
    "Apprécier la performance à partir d’indicateurs",
    "Créer et entretenir la relation client à distance",
)


def test_the_class_is_told_by_skill_without_the_absent_and_without_counting_what_waits(a_class: ClassResult) -> None:
    earned = figures.skills_of(a_class, a_class.copies)
    assert [(one.name, one.text) for one in earned] == [
        (RELATION, "9,5 sur 24 (24\u00a0points à relire)"),
        (PERFORMANCE, "24 sur 32"),
    ]
    text = class_text(a_class)
    assert f"{PERFORMANCE} 75 % · 24 sur 32" in text
    assert f"{RELATION} 40 % · 9,5 sur 24 (24 points à relire)" in text


def test_a_student_reads_what_was_earned_of_each_skill(a_class: ClassResult) -> None:
    names = [one.person.name for one in a_class.students]
    pages = {name: check_self_contained(page_of(a_class, name)).text.replace("\u00a0", " ") for name in names}
    assert f"{RELATION} 79 % · 9,5 sur 12" in pages["Inès Garnier"]
    assert f"{RELATION} 12 points à relire" in pages["Paul Benali"]
    assert f"{RELATION} 0 % · 0 sur 12" in pages["Zoé Petit"]


def test_the_workbook_has_the_points_of_each_skill_as_numbers(a_class: ClassResult, tmp_path: Path) -> None:
    write_reports(a_class, tmp_path / "résultats")
    sheet = openpyxl.load_workbook(tmp_path / "résultats" / WORKBOOK)["Compétences"]
    rows = {row[0]: row[2:] for row in sheet.iter_rows(min_row=1, values_only=True)}
    assert rows["Nom"] == (
        RELATION,
        f"{RELATION}, sur",
        PERFORMANCE,
        f"{PERFORMANCE}, sur",
        "Points à relire, non comptés",
    )
    assert rows["Inès Garnier"] == (9.5, 12, 8, 8, None)
    assert rows["Paul Benali"] == (None, None, 8, 8, 12)
    assert rows["Classe"] == (9.5, 24, 24, 32, 24)
    assert "Noé Absent" not in rows


def test_a_workbook_without_skills_has_no_part_by_skill(a_class: ClassResult) -> None:
    bare = tuple(
        replace(one, questions=tuple(replace(question, skill="") for question in one.questions))
        for one in a_class.activities
    )
    assert "compétence" not in class_text(replace(a_class, activities=bare)).casefold()
