"""Every element of the course is somewhere in the workbook, and every place that is named exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from autograder.prepare.build import build
from crc_lab.core.bank import LoadedActivity, load_activity
from tools.coverage import (
    CITED,
    LEFT,
    PAGE,
    SOURCE,
    WORKED,
    CoverageProblems,
    Part,
    Place,
    Row,
    page,
    places,
    problems,
    read,
)
from tools.coverage import build as build_page

ROOT = Path(__file__).resolve().parent.parent
PARTS = read(ROOT / SOURCE)
ROWS = {row.id: row for part in PARTS for row in part.rows}
PLACES = places(ROOT)
EXPECTED = [
    *(f"D0-{kind}{number:02}" for kind, count in (("Q", 16), ("C", 44), ("R", 15)) for number in range(1, count + 1)),
    *(f"D{course}-{number:03}" for course, count in enumerate((76, 26, 50, 19), 1) for number in range(1, count + 1)),
    *(f"SYS-{number:02}" for number in range(1, 26)),
]
"""The inventory: 16 questions, 44 elements and 15 rules of the case, the four other courses, 25 systems."""


def test_the_inventory_has_271_rows_and_all_of_them_are_here() -> None:
    assert len(EXPECTED) == 271
    assert sorted(ROWS) == sorted(EXPECTED)
    assert sum(len(part.rows) for part in PARTS) == 271


def test_every_row_is_covered_by_something_that_exists() -> None:
    assert list(problems(PARTS, PLACES)) == []


def test_every_question_of_the_case_is_covered_by_a_marked_question() -> None:
    for name in EXPECTED[:16]:
        assert any(re.fullmatch(r"A\d-Q\d[a-z]?", cover) for cover in ROWS[name].covers), name


def test_every_row_is_worked_on_but_for_four_that_say_why() -> None:
    reasons = {row.id: row.reason for row in ROWS.values() if row.state != WORKED}
    assert sorted(reasons) == ["D0-C10", "D0-C20", "D0-R15", "D2-026"]
    assert all(reasons.values())


@pytest.mark.parametrize(
    ("covers", "state"),
    [
        (("A1-Q1a", "lexique:CRC"), WORKED),
        (("R10B-Q11",), WORKED),
        (("F042",), WORKED),
        (("lexique:CRC", "01_crc#Omnicom", "figure:01-stades", "droit:rgpd", "donnees:sirene_mini.csv"), CITED),
        ((), LEFT),
    ],
)
def test_only_questions_and_exercises_make_students_work(covers: tuple[str, ...], state: str) -> None:
    assert Row("D1-001", "Un élément", covers).state == state


def test_every_marked_question_answers_an_element_of_the_course() -> None:
    marked = {name for name in PLACES if re.fullmatch(r"[AR][1-9]\d?[AB]?-Q\d+[a-z]?", name)}
    own = {"A7-Q4"}  # by which channel: what the law of 2026 asks, which the course does not have
    assert marked - own == {cover for row in ROWS.values() for cover in row.covers} & marked


def test_the_page_is_up_to_date_and_names_every_row() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert text.encode() == build_page(ROOT)
    assert [line.split(" | ")[0].strip("| ") for line in text.splitlines() if re.match(r"\| (D\d|SYS)-", line)] == [
        row.id for part in PARTS for row in part.rows
    ]


def test_every_link_of_the_page_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / PAGE).read_text(encoding="utf-8")):
        assert (ROOT / "docs" / target).is_file(), target


# --- the checks can fail ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        ((), "D0-Q01 n’est travaillé nulle part"),
        (("lexique:CRC", "01_crc#Omnicom"), "D0-Q01 n’est travaillé nulle part"),
        (("A1-Q1z",), "« A1-Q1z » n’existe pas dans le cahier. Vouliez-vous dire « A1-Q1"),
        (("A1-Q2", "01_crc#Omnicon"), "Vouliez-vous dire « 01_crc#Omnicom » ?"),
        (("A1-Q2", "lexique:Téléportation"), "« lexique:Téléportation » n’existe pas"),
        (("A1-Q2", "figure:09-rien"), "« figure:09-rien » n’existe pas"),
        (("A1-Q2", "droit:loi-inconnue"), "« droit:loi-inconnue » n’existe pas"),
        (("A1-Q2", "donnees:absent.csv"), "« donnees:absent.csv » n’existe pas"),
        (("A1-Q1a", "xyz"), "« xyz » n’existe pas dans le cahier."),
    ],
)
def test_a_row_without_cover_or_with_a_wrong_one_is_told(covers: tuple[str, ...], said: str) -> None:
    found = list(problems([Part("Une partie", (Row("D0-Q01", "Un élément", covers),))], PLACES))
    assert len(found) == 1
    assert said in found[0].replace("\u00a0", " ")


def test_a_row_with_an_exercise_and_a_reason_to_have_none_is_told() -> None:
    row = Row("D0-Q01", "Un élément", ("A1-Q1a",), reason="une coquille")
    assert "gardez l’un ou l’autre" in next(problems([Part("Une", (row,))], PLACES))


def test_the_page_counts_the_states_and_says_why_there_is_no_exercise() -> None:
    rows = (Row("D0-Q01", "a", ("A1-Q1a",)), Row("D0-Q02", "b", (), reason="une coquille"))
    text = page([Part("Une partie", rows)], PLACES)
    assert "| Une partie | 1 | 0 | 1 | 2 |" in text
    assert "| D0-Q02 | b | absent | aucun exercice\u00a0: une coquille |" in text


def test_a_row_told_twice_is_told() -> None:
    row = Row("D0-Q01", "Un élément", ("A1-Q1a",))
    assert list(problems([Part("Une", (row,)), Part("Deux", (row,))], PLACES)) == ["D0-Q01 figure deux fois."]


Change = Callable[[Path], None]


def replace(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources that covers may name, in a folder of their own."""
    notebooks = ("notebooks/*.toml", "notebooks/*/activite.py", "notebooks/*/*.toml")
    for pattern in (*notebooks, "datasets/*.*", "datasets/corriges/*.*", SOURCE):
        for path in ROOT.glob(pattern):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path


def test_the_copy_is_whole(copy: Path) -> None:
    assert build_page(copy) == (ROOT / PAGE).read_bytes()


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (replace("notebooks/06_scorer/exercices.toml", '"A6-X5"', '"A6-X99"'), "D0-C41"),
        (replace("notebooks/04_qualifier/activite.py", "## 4. Les doublons", "## 4. Autre chose"), "D0-C35"),
        (replace("notebooks/01_crc/activite.py", 'figure("01-stades")', ""), "D0-C03"),
        (replace("datasets/droit.toml", "[entrees.dpo]", "[entrees.delegue]"), "D0-R04"),
        (replace("datasets/lexique.csv", ";CNIL;", ";Autre;"), "D0-C44"),
        (lambda root: (root / "datasets" / "marielle_nature_contacts.xlsx").unlink(), "D0-C32"),
    ],
)
def test_what_disappears_from_the_workbook_is_missed(copy: Path, change: Change, row: str) -> None:
    change(copy)
    with pytest.raises(CoverageProblems) as caught:
        build_page(copy)
    assert any(problem.startswith(row) for problem in caught.value.problems)
    assert str(caught.value).replace("\u00a0", " ").startswith("À revoir dans « docs/couverture.toml » :")


def test_construire_refuses_a_wrong_table(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(SOURCE, '"A1-Q1a"', '"A1-Q1z"')(copy)
    assert build(check=True, root=copy) == 1
    assert "D0-Q01" in capsys.readouterr().err


def test_check_finds_a_missing_and_a_stale_page(
    copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys, which take « construire » most of its time, are those of the checkout: tests/test_keys.py."""

    def read_alone(folders: Iterable[Path], root: Path, _warnings: list[str]) -> list[LoadedActivity]:
        return [load_activity(folder, root / "datasets") for folder in folders]

    monkeypatch.setattr("autograder.prepare.build.proven", read_alone)
    assert build(check=True, root=copy) == 1
    assert PAGE in capsys.readouterr().err
    assert build(root=copy) == 0
    assert build(check=True, root=copy) == 0
    with (copy / PAGE).open("a", encoding="utf-8") as text:
        text.write("ajout\n")
    capsys.readouterr()
    assert build(check=True, root=copy) == 1
    assert PAGE in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("partie = [", "TOML illisible"),
        ("version = 1", "partie"),
        ("[[partie]]\nlignes = []\n", "titre"),
        ('[[partie]]\ntitre = "Une"\nlignes = [{ id = "D0-Q01" }]\n', "element"),
    ],
)
def test_a_file_that_is_not_written_as_it_should_be_is_refused_in_french(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "couverture.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CoverageProblems, match=said):
        read(path)


def test_the_page_keeps_its_table_when_a_text_holds_a_bar() -> None:
    part = Part("Une partie", (Row("D0-Q01", "a | b", ("x",), "c | d"),))
    line = page([part], {"x": Place("e | f", "g")}).splitlines()[-1]
    assert line == r"| D0-Q01 | a \| b *(c \| d)* | cité | [e \| f](g) |"


def test_a_comment_of_a_code_example_is_no_section() -> None:
    narrative = (ROOT / "notebooks" / "03_structurer" / "activite.py").read_text(encoding="utf-8")
    assert "# # … à vous pour la suite" in narrative
    assert not any("à vous pour la suite" in name for name in PLACES)


def test_the_numbers_of_headings_are_left_out_and_spaces_are_ordinary() -> None:
    assert "04_qualifier#Pourquoi qualifier ?" in PLACES
    raw = tomllib.loads((ROOT / SOURCE).read_text(encoding="utf-8"))
    assert raw["version"] == 1
