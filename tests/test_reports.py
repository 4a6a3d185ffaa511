"""What ``corriger`` writes: the contract of the JSON, numbers as numbers, nothing that runs, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from copy import deepcopy as copied
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from autograder.identity import Person
from autograder.marking import ClassResult
from autograder.reports import PAGES, WORKBOOK, figures, page_names, results_json, write_reports
from autograder.reports.pages import class_page, message, student_page
from tests.sample_copies import A3, A4, A6, NOTHING_RIGHT, copy, key_answers, loaded, mark

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 \"' & 李雷"


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> ClassResult:
    """Five students: perfect in two activities, typical blank, hostile name; one rejection."""
    strict = {"A6-Q1": copied(key_answers(A6)["A6-Q1"])}
    for row in strict["A6-Q1"]["lignes"]:
        if row[0] in ("9", "30"):  # bought exactly three months ago: 5 points of recency, not 10
            row[1], row[4] = "10", str(int(row[4]) + 5)
    files = {
        "ines/06_scorer.ipynb": copy(A6),
        "ines/04_qualifier.ipynb": copy(A4),
        "paul/06_scorer.ipynb": copy(A6, strict, name="Paul Benali", identifier="pbenali"),
        "zoe/06_scorer.ipynb": copy(A6, strict, name="Zoé =Petit", identifier="=1+1"),
        "vide/06_scorer.ipynb": copy(A6, NOTHING_RIGHT, name="Élodie Le Goff", identifier="elegoff"),
        "x/06_scorer.ipynb": copy(A6, {**strict, HOSTILE: "x"}, name=HOSTILE, identifier="\t@x"),
        "y/<b>copie.pdf": b"%PDF",
    }
    return mark(tmp_path_factory.mktemp("classe") / "classe", files)


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def page_of(result: ClassResult, name: str) -> bytes:
    """The page of the student whose name holds ``name``."""
    return student_page(next(one for one in result.students if name in one.person.name), result)


def check_self_contained(content: bytes) -> Page:
    page = Page(content)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "link", "img", "form"), tag
        assert not any(name.startswith("on") for name in attributes), attributes
        for name in ("href", "src"):
            assert ":" not in (attributes.get(name) or ""), attributes
    assert b"url(" not in content
    assert b"default-src 'none'" in content
    return page


# --- resultats.json ---------------------------------------------------------------------------------------------------


def test_the_json_follows_the_contract(a_class: ClassResult):
    document = json.loads(results_json(a_class))
    assert list(document) == ["version", "copies", "rejets"]
    assert document["version"] == 1
    first = document["copies"][0]
    assert list(first) == ["fichier", "eleve", "activite", "note", "sur", "questions", "incidents"]
    assert first["eleve"] == {"nom": "Inès Garnier", "identifiant": "igarnier"}
    assert (first["activite"], first["note"], first["sur"]) == (A4, 20, 20)
    paul = next(one for one in document["copies"] if one["eleve"]["identifiant"] == "pbenali")
    question = paul["questions"][0]
    assert list(question) == ["id", "verdict", "points", "sur", "criteres"]
    criterion = question["criteres"][0]
    assert list(criterion) == ["id", "verdict", "points", "sur", "messages"]
    assert list(criterion["messages"][0]) == ["code", "texte", "lignes"]
    assert criterion["messages"][0]["lignes"] == ["9", "30"]
    assert list(document["rejets"][0]) == ["fichier", "code", "texte"]


def test_points_are_not_rounded_in_the_json(a_class: ClassResult):
    marks = [one["note"] for one in json.loads(results_json(a_class))["copies"]]
    assert any(mark != round(mark, 2) for mark in marks)


def test_the_json_has_one_line_per_copy(a_class: ClassResult):
    lines = results_json(a_class).decode().splitlines()
    assert sum(line.startswith('{"fichier"') for line in lines) == len(a_class.copies) + len(a_class.rejections)


# --- notes.xlsx -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workbook(a_class: ClassResult, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_reports(a_class, tmp_path_factory.mktemp("sortie")).folder / WORKBOOK)


def test_the_workbook_has_the_marks_then_a_sheet_per_activity(workbook: openpyxl.Workbook):
    assert workbook.sheetnames == ["Notes", "Activité 4", "Activité 6", "Compétences", "Travail", "À regarder"]
    rows = list(workbook["Notes"].values)
    assert rows[0] == (
        "Nom",
        "Identifiant",
        "Activité 4 (sur 20)",
        "Activité 6 (sur 20)",
        "Moyenne des activités rendues (sur 20)",
    )
    by_name = {row[0]: row[2:] for row in rows[1:]}
    assert by_name["Inès Garnier"] == (20, 20, 20)
    assert by_name["Élodie Le Goff"] == (None, 0, 0)


def test_marks_are_numbers_rounded_for_people(workbook: openpyxl.Workbook):
    paul = next(row for row in workbook["Notes"].iter_rows() if row[0].value == "Paul Benali")
    assert (paul[3].data_type, paul[3].value, paul[3].number_format) == ("n", 19.84, "0.00")
    sheet = workbook["Activité 6"]
    header = [cell.value for cell in sheet[1]]
    assert header[:4] == ["Nom", "Identifiant", "Note (sur 20)", "A6-Q1 (sur 20)"]
    assert header[4] == "A6-Q1 · Récence (R) (sur 4)"
    row = next(row for row in sheet.iter_rows() if row[0].value == "Paul Benali")
    assert [row[column].value for column in (2, 3, 4)] == [19.84, 19.84, 3.84]


def test_no_cell_can_become_a_formula(workbook: openpyxl.Workbook):
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), cell
                assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t")), cell
    assert any(row[1] == "'=1+1" for row in workbook["Notes"].values)


def test_what_deserves_a_look_is_in_the_workbook(workbook: openpyxl.Workbook):
    found = {row[6] for row in workbook["À regarder"].values}
    assert found == {"Code", "PDF", "QUESTION-INCONNUE"}


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_class_page_is_complete_by_itself(a_class: ClassResult):
    page = check_self_contained(class_page(a_class, page_names([student.person for student in a_class.students])))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("svg") == 2
    assert "Récence (R)" in page.text
    assert "3,84" in page.text
    assert "C’est un PDF" in page.text


def test_the_class_page_tells_who_made_a_mistake(a_class: ClassResult):
    text = Page(class_page(a_class, ["p.html"] * len(a_class.students))).text
    assert "Exactement 3 mois" in text
    assert "Paul Benali" in text.split("Exactement 3 mois")[1][:600]


def test_the_heat_map_says_everything_in_text(a_class: ClassResult):
    page = Page(class_page(a_class, ["p.html"] * len(a_class.students)))
    regions = [attributes for tag, attributes in page.tags if attributes.get("role") == "region"]
    assert all(attributes["tabindex"] == "0" and attributes["aria-label"] for attributes in regions)
    assert sum(attributes.get("scope") == "row" for _, attributes in page.tags) >= len(a_class.copies)
    assert all(attributes.get("aria-label") for tag, attributes in page.tags if tag == "svg")
    for sign in "✓~–":
        assert sign in page.text


def test_a_hostile_name_is_only_text(a_class: ClassResult):
    page = check_self_contained(page_of(a_class, "script"))
    assert "<script>alert(1)</script>" in page.text
    check_self_contained(class_page(a_class, ["p.html"] * len(a_class.students)))


def test_a_students_page_tells_verdicts_points_and_messages(a_class: ClassResult):
    page = check_self_contained(page_of(a_class, "Paul Benali"))
    assert "19,84 / 20" in page.text.replace("\u00a0", " ")
    assert "~ En partie juste" in page.text
    assert "Exactement 3 mois" in page.text
    assert "fiches n°\u00a09 et 30" in page_of(a_class, "Paul Benali").decode()
    assert "Pour progresser" in page.text


def test_a_perfect_student_is_congratulated(a_class: ClassResult):
    text = Page(page_of(a_class, "Inès Garnier")).text
    assert "Bravo" in text
    assert "2 activités rendues" in text.replace("\u00a0", " ")


def test_a_blank_copy_is_told_kindly(a_class: ClassResult, tmp_path: Path):
    (blank,) = mark(tmp_path, {"a.ipynb": copy(A6, {"A6-X1": "un exercice"})}).students
    text = Page(student_page(blank, a_class)).text
    assert "– Sans réponse" in text
    assert "Cette question attend votre réponse" in text


def test_the_pages_never_show_the_worked_answer(a_class: ClassResult):
    for student in a_class.students:
        page = student_page(student, a_class).decode()
        for activity in (A4, A6):
            for key in loaded(activity).keys.values():
                first = key.explanation.strip().splitlines()[0][:60]
                assert first not in page


def test_only_bold_is_kept_of_markdown():
    assert message("les NPAI **et** les <PND>") == "les NPAI <strong>et</strong> les &lt;PND&gt;"
    assert message("2 * 3 ** 4") == "2 * 3 ** 4"


def test_the_pages_keep_french_spaces(a_class: ClassResult):
    contents = [class_page(a_class, ["p.html"] * len(a_class.students))]
    contents += [student_page(student, a_class) for student in a_class.students]
    for content in contents:
        body = Page(content.split(b"</style>")[1])
        for text in body.texts:
            assert not re.search(r" [:;?!](\s|$)|« | »", text), text


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_histogram_counts_every_copy_once(a_class: ClassResult):
    copies = [one for one in a_class.copies if one.activity == A6]
    assert figures.histogram(copies) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 4]


def test_remarks_that_sum_up_are_not_mistakes():
    for code in ("A4-BILAN", "A4-RESTE", "A4-RESTE-DOUBLONS", "RFM-VIDE", "A3-VIDES", "NON_REPONDU"):
        assert figures.NOT_MISTAKES.fullmatch(code)
    for code in ("A4-E1", "RFM-SOMME", "A3-TROP"):
        assert not figures.NOT_MISTAKES.fullmatch(code)


def test_homonyms_are_told_apart_by_their_identifier(tmp_path: Path):
    files = {
        f"{one}/06_scorer.ipynb": copy(A6, NOTHING_RIGHT, name="Jean Martin", identifier=one) for one in ("jm1", "jm2")
    }
    result = mark(tmp_path, files)
    assert figures.shown_names(result.students) == ["Jean Martin (jm1)", "Jean Martin (jm2)"]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("Inès Garnier", "ines-garnier.html"),
        ("Kévin D’Almeida", "kevin-d-almeida.html"),
        ("../../etc/passwd", "etc-passwd.html"),
        ("C:\\Windows\\x", "c-windows-x.html"),
        ("CON", "eleve-con.html"),
        ("com1", "eleve-com1.html"),
        ("李雷", "eleve.html"),
        ("...", "eleve.html"),
        ("Œuvre", "oeuvre.html"),
        ("a" * 500, f"{'a' * 60}.html"),
    ],
)
def test_a_pages_name_is_valid_everywhere(name: str, page: str):
    assert page_names([Person(name)]) == [page]


def test_pages_of_homonyms_do_not_overwrite_each_other():
    names = page_names([Person("Jean Martin"), Person("Jean MARTIN"), Person("Jean Martin 2"), Person("Jean Martin")])
    assert names == ["jean-martin.html", "jean-martin-2.html", "jean-martin-2-2.html", "jean-martin-3.html"]


def test_the_same_class_gives_the_same_bytes(a_class: ClassResult, tmp_path: Path):
    folders = [tmp_path / "un", tmp_path / "deux"]
    for folder in folders:
        write_reports(a_class, folder)
    files = [sorted(path.relative_to(folder) for path in folder.rglob("*.*")) for folder in folders]
    assert files[0] == files[1]
    assert len(files[0]) == 3 + len(a_class.students)
    for name in files[0]:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_old_pages_go_and_foreign_files_stay(a_class: ClassResult, tmp_path: Path):
    pages = tmp_path / "retours"
    pages.mkdir()
    (pages / "mes-notes.html").write_text("<p>à moi</p>", encoding="utf-8")
    write_reports(a_class, tmp_path)
    (pages / "ancien.html").write_bytes((pages / "ines-garnier.html").read_bytes())
    write_reports(a_class, tmp_path)
    assert not (pages / "ancien.html").exists()
    assert (pages / "mes-notes.html").exists()


def test_a_report_that_cannot_be_written_is_told_in_french_and_stops_no_other(a_class: ClassResult, tmp_path: Path):
    for name in ("notes.xlsx", "classe.html", "retours/paul-benali.html"):
        (tmp_path / name).mkdir(parents=True)
    written = write_reports(a_class, tmp_path)
    assert [problem.file for problem in written.problems] == ["classe.html", "paul-benali.html", "notes.xlsx"]
    assert all("fermez-le, puis relancez" in str(problem) for problem in written.problems)
    pages = sorted(path.name for path in (tmp_path / PAGES).glob("*.html") if path.is_file())
    assert [path.name for path in written.files][:1] == ["resultats.json"]
    assert sorted(path.name for path in written.files[1:]) == pages
    assert len(written.files) == len(a_class.students)
    assert not list(tmp_path.rglob(".*"))


def test_an_activity_of_two_questions_has_all_its_columns(tmp_path: Path):
    result = mark(tmp_path / "c", {"a.ipynb": copy(A3)})
    book = openpyxl.load_workbook(write_reports(result, tmp_path / "s").folder / WORKBOOK)
    assert len(next(book["Activité 3"].values)) == 3 + 2 + 5
