"""« À regarder »: decisions first, alike things counted in one line, files named from the student's folder on."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from autograder.intake import Incident, Rejection, phrases
from autograder.marking import ClassResult
from autograder.reports import WORKBOOK, attention, page_names, write_reports
from autograder.reports.attention import ShortFiles, to_decide
from autograder.reports.pages import class_page
from tests.sample_copies import A6, copy, mark

WORDS = tomllib.loads(Path(attention.__file__).with_name("attention.toml").read_text(encoding="utf-8"))
BESIDE = "C’est une image : une capture d’écran ne peut pas être notée. Le carnet remis à côté, lui, est noté."


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> ClassResult:
    """Seven students without anything to say of them."""
    files = {f"{one}/06_scorer.ipynb": copy(A6, name=f"Ali Nom{one}", identifier=f"n{one}") for one in range(7)}
    return mark(tmp_path_factory.mktemp("c"), files)


def telling(result: ClassResult, *codes: tuple[str, ...], rejections: tuple[Rejection, ...] = ()) -> ClassResult:
    """The class with these incidents, student after student."""
    students = []
    for student, names in zip(result.students, [*codes, *[()] * len(result.students)], strict=False):
        incidents = tuple(Incident(code, f"Texte de {code}.") for code in names)
        copies = {name: replace(one, incidents=incidents) for name, one in student.copies.items()}
        students.append(replace(student, copies=copies))
    return replace(result, students=tuple(students), rejections=rejections)


def groups(result: ClassResult) -> dict[str, list[str]]:
    """By title: what there is to read, one item a line."""
    return {
        group.id: [
            text for kind in group.kinds for text in ([kind.text] if kind.text else [one.text for one in kind.lines])
        ]
        for group in attention.attention(result)
    }


def text_of(result: ClassResult) -> str:
    names = page_names([student.person for student in result.students])
    return class_page(result, names).decode().replace("\u00a0", " ")


def test_what_needs_a_decision_comes_first_in_the_order_of_its_weight(a_class: ClassResult):
    told = telling(
        a_class,
        ("CARNET-ENCODAGE", "A-VERIFIER"), ("MEMES-INSTANTS", "EDITION-ENTRAINEMENT"), ("ELEVE-AMBIGU",),
        rejections=(Rejection("x/a.pdf", "PDF", "C’est un PDF."), Rejection("x/b.png", "IMAGE", BESIDE)),
    )  # fmt: skip
    assert list(groups(told)) == ["personne", "illisible", "provisoire", "doute", "parler", "savoir"]
    assert groups(told)["illisible"] == ["C’est un PDF."]
    assert groups(told)["savoir"] == ["Texte de CARNET-ENCODAGE.", BESIDE], "a notebook beside it is marked"
    assert to_decide(attention.attention(told)) == 5
    page = text_of(told)
    assert page.index("À qui est cette copie") < page.index("C’est un PDF.") < page.index("Bon à savoir")
    assert "5 points à décider" in page


def test_a_code_that_nobody_foresaw_is_still_told(a_class: ClassResult):
    told = telling(a_class, ("NOUVEAU",), rejections=(Rejection("x/a.bin", "AUTRE", "Illisible."),))
    assert groups(told) == {"illisible": ["Illisible."], "savoir": ["Texte de NOUVEAU."]}


def test_more_than_five_alike_are_one_line_with_the_details_behind(a_class: ClassResult):
    five, six = (telling(a_class, *[("COPIE-VIDE",)] * number) for number in (5, 6))
    assert len(groups(five)["savoir"]) == 5
    assert [text.replace("\u00a0", " ") for text in groups(six)["savoir"]] == [
        "6 copies sans aucune réponse (6 élèves)."
    ]
    assert text_of(six).count("Texte de COPIE-VIDE.") == 1, "what all of them say is said once"
    assert "<details><summary>6 copies sans aucune réponse" in text_of(six)
    assert "<details><summary>" not in text_of(five).split('id="06_scorer"', 1)[0]


def test_refused_files_alike_are_counted_too(a_class: ClassResult):
    refused = tuple(Rejection(f"x/{number}.pdf", "PDF", "C’est un PDF.") for number in range(8))
    (line,) = groups(replace(telling(a_class), rejections=refused))["illisible"]
    assert line.replace("\u00a0", " ") == "8 fichiers en PDF au lieu du carnet."


def test_paid_hints_are_counted_never_listed(a_class: ClassResult):
    told = telling(a_class, ("INDICE-PAYANT", "INDICE-PAYANT"), ("INDICE-PAYANT",))
    assert [text.replace("\u00a0", " ") for text in groups(told)["savoir"]] == [
        "3 indices payants ouverts par 2 élèves, déjà comptés dans les notes."
    ]
    assert "Texte de INDICE-PAYANT" not in text_of(told)


def test_the_workbook_folds_the_details_under_the_line_that_sums_them_up(a_class: ClassResult, tmp_path: Path):
    told = telling(a_class, *[("COPIE-VIDE",)] * 6, ("A-VERIFIER",))
    sheet = openpyxl.load_workbook(write_reports(told, tmp_path).folder / WORKBOOK)["À regarder"]
    head, first, *others = ([cell.value or "" for cell in row] for row in sheet.iter_rows())
    assert head == ["Quoi", "Élève", "Activité", "Ce qu’il faut savoir", "Fichier", "Dans", "Code"]
    assert first[:4] == ["Points proposés, à confirmer", "Ali Nom6", "Activité 6", "Texte de A-VERIFIER."]
    assert [row[1] for row in others] == ["", *(f"Ali Nom{number}" for number in range(6))]
    folded = [sheet.row_dimensions[row].hidden for row in range(2, 10)]
    assert folded == [False, False, *[True] * 6]
    assert sheet.column_dimensions["G"].hidden, "codes are for programs"


def test_every_code_that_is_counted_exists():
    known = {name.partition(".")[0] for name in phrases()} | {
        "INDICE-PAYANT", "A-VERIFIER", "COPIE-VIDE", "COPIES-MULTIPLES", "QUESTION-INCONNUE", "TEMPS-COURT",
        "MEMES-INSTANTS", "A-NOTER",
    }  # fmt: skip
    assert {*WORDS["semblables"], *WORDS["comptes"]} - {"*", "+"} <= known


def test_a_code_named_by_itself_is_no_matter_of_those_that_start_so(a_class: ClassResult):
    told = telling(a_class, ("ELEVE-DECIDE", "ELEVE-NOUVEAU"))
    assert groups(told) == {"personne": ["Texte de ELEVE-NOUVEAU."], "savoir": ["Texte de ELEVE-DECIDE."]}


MOODLE = "Devoir 1-12.zip/{}_4821{}_assignsubmission_file/{}"


@pytest.mark.parametrize(
    ("files", "short"),
    [
        ([MOODLE.format("Inès Garnier", 7, "x.ipynb")], [("Inès Garnier/x.ipynb", "")]),
        (
            [MOODLE.format("Inès Garnier", 7, "x.ipynb"), "Devoir 2.zip/Zoé_3_assignsubmission_file_y.ipynb"],
            [("Inès Garnier/x.ipynb", "Devoir 1-12.zip"), ("Zoé/y.ipynb", "Devoir 2.zip")],
        ),
        (["cours/submitted/ig/06_scorer/06_scorer.ipynb"], [("ig/06_scorer/06_scorer.ipynb", "")]),
        (
            ["Rendus/BTS 2/GARNIER Inès/TP1.ipynb", "Rendus/BTS 2/PETIT Zoé/cahier-crc/06/06.ipynb"],
            [("GARNIER Inès/TP1.ipynb", ""), ("PETIT Zoé/cahier-crc/06/06.ipynb", "")],
        ),
        (["a/b/c/x.ipynb"], [("c/x.ipynb", "")]),
        (["x.ipynb"], [("x.ipynb", "")]),
        (["un.zip", "deux.zip"], [("un.zip", ""), ("deux.zip", "")]),
        (
            ["C/ines/" + "long/" * 20 + "x.ipynb", "C/zoe/x.ipynb"],
            [("ines/…/x.ipynb", ""), ("zoe/x.ipynb", "")],
        ),
    ],
)  # fmt: skip
def test_a_file_is_named_from_the_students_folder_on(files: list[str], short: list[tuple[str, str]]):
    shown = ShortFiles(files)
    assert [shown(file) for file in files] == short
