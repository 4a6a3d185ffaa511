"""Forty points instead of twenty: the two mock exams in the notebooks, the reports, the spreadsheets and Moodle."""

from __future__ import annotations

import io
import json
import re
import tomllib
from pathlib import Path

import openpyxl
import pytest

from autograder.marking import ClassResult
from autograder.marking.manual import ManualMark
from autograder.moodle.feedback import comment
from autograder.moodle.worksheet import fill_worksheet
from autograder.prepare.content import activity_content
from autograder.reports import WORKBOOK, figures, write_reports
from autograder.reports.pages import class_page
from crc_lab.notebook.cards import question_spec
from crc_lab.notebook.session import documents_of
from tests.dataset_files import ROOT
from tests.sample_copies import A6, NOTHING_RIGHT, archive, copy, loaded, mark, moodle

PAPERS = ("20_sujet_a", "21_sujet_b")
WORKSHEET = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être modifiée",'
    '"Dernière modification (travail remis)","Dernière modification (note)","Feedback par commentaires"\n'
    'Participant1,"Inès Garnier",x@ecole.example,"Remis pour évaluation",,"{maximum}",Oui,-,-,\n'
)


def a_class(folder: Path, *activities: str) -> ClassResult:
    """Inès has everything right, and half the points that the teacher gives in the first paper; Paul has nothing."""
    read = {one.id: one.points for one in loaded(PAPERS[0]).activity.marked if one.criteria[0].check == "relecture"}
    half = {("igarnier", PAPERS[0], name): ManualMark(points / 2) for name, points in read.items()}
    nothing = {PAPERS[0]: {"R10A-Q2": {"a": "1"}}, A6: NOTHING_RIGHT}
    files = {}
    for activity in activities:
        files[moodle("Inès Garnier", 1, f"{activity}.ipynb")] = copy(activity)
        paul = copy(activity, nothing[activity], name="Paul Benali", identifier="pbenali")
        files[moodle("Paul Benali", 2, f"{activity}.ipynb")] = paul
    return mark(folder, {"travaux.zip": archive(files)}, manual=half)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> ClassResult:
    return a_class(tmp_path_factory.mktemp("classe"), PAPERS[0], A6)


def plain(text: str | bytes) -> str:
    text = text.decode() if isinstance(text, bytes) else text
    return re.sub(r"[ \u00a0\n]+", " ", text)


def test_the_mark_is_out_of_forty(marked: ClassResult):
    paper = next(one for one in marked.copies if one.activity == PAPERS[0] and one.person.identifier == "igarnier")
    assert (float(paper.mark), paper.max_points, paper.pending) == (18 + 22 / 2, 40, ())
    assert plain(comment([(loaded(PAPERS[0]).activity, paper)])).startswith("Note du cahier : 29 / 40 (activité 20).")


def test_the_mean_of_a_student_gives_both_activities_the_same_weight(marked: ClassResult):
    ines = next(one for one in marked.students if one.person.identifier == "igarnier")
    assert float(figures.mean_mark(ines)) == (20 + 29 / 2) / 2


def test_the_histogram_has_ten_classes_that_stay_in_its_picture(marked: ClassResult):
    papers = [one for one in marked.copies if one.activity == PAPERS[0]]
    assert figures.histogram(papers) == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    page = plain(class_page(marked, ["ines.html", "paul.html"]))
    assert "Répartition des notes. de 0 à 4 : 1 copie ; de 28 à 32 : 1 copie." in page
    assert "notes sur 40, de 4 en 4" in page
    assert "notes sur 20, de 2 en 2" in page
    assert max(float(x) for x in re.findall(r'<rect x="([\d.]+)"', page)) < 480


def test_the_spreadsheet_says_out_of_what(marked: ClassResult, tmp_path: Path):
    write_reports(marked, tmp_path)
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / WORKBOOK).read_bytes())).worksheets[0]
    titles = [plain(str(cell.value)) for cell in sheet[1]]
    assert [title for title in titles if "(sur" in title] == [
        "Activité 6 (sur 20)", "Activité 20 (sur 40)", "Moyenne des activités rendues (sur 20)",
    ]  # fmt: skip


@pytest.mark.parametrize(("maximum", "expected"), [("40,00", "29"), ("20,00", '"14,5"'), ("100,00", '"72,5"')])
def test_moodle_gets_the_mark_on_the_scale_of_its_assignment(tmp_path: Path, maximum: str, expected: str):
    (tmp_path / "Notes.csv").write_text(WORKSHEET.format(maximum=maximum), encoding="utf-8")
    done = fill_worksheet(tmp_path / "Notes.csv", a_class(tmp_path / "copies", PAPERS[0]), tmp_path / "out.csv")
    assert f',{expected},"{maximum}",Oui,' in done.path.read_text("utf-8")


@pytest.mark.parametrize("activity", PAPERS)
def test_the_annexes_stay_in_the_subject_and_on_its_cards(activity: str):
    content = activity_content(activity, "essai")
    notebook = json.loads(content.files[f"{activity}.ipynb"])
    letter = activity[-1].upper()
    known = documents_of(notebook)
    assert list(known) == [f"annexe {letter.lower()}{number}" for number in range(1, 9)]
    for question in content.loaded.activity.marked:
        spec = question_spec(question, content.loaded.activity, "evaluation", known)
        assert spec["documents"], question.id
    text = plain("".join("".join(cell["source"]) for cell in notebook["cells"]))
    assert "Durée : 3 h." in text
    assert "40 points" in text
    assert "fiche de formules" not in text


def test_the_sheet_of_formulas_is_that_of_r1():
    r1 = ROOT / "notebooks" / "11_tableau_de_bord"
    exercises = tomllib.loads((r1 / "exercices.toml").read_text("utf-8"))["question"]
    answer = tomllib.loads((r1 / "corrige.toml").read_text("utf-8"))["R1-X2"]["reponse"]
    (frame,) = [question["trame"] for question in exercises if question["id"] == "R1-X2"]
    wanted = [plain(line.format(**answer)).rstrip(".") for line in frame.split("\n") if line]
    for activity in PAPERS:
        lines = (ROOT / "notebooks" / activity / "activite.py").read_text("utf-8").splitlines()
        assert [
            plain(line.removeprefix("# - ")) for line in lines if line.startswith("# - **") and "÷" in line
        ] == wanted
