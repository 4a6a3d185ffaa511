"""What nothing settles is asked in « identites.csv », filled by the teacher, read back, and remembered."""

from __future__ import annotations

import csv
import io
import json
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder.cli import main
from autograder.identity.asked import FILE, HEADER
from autograder.intake import HandedIn
from autograder.register import IDENTITIES, Register
from tests.correcting import Folder
from tests.sample_copies import copy

LIST = "identifiant;Nom;Prénom\nana;Honnête;Ana\neve;Maligne;Eve\nlou;Tiers;Lou\nlp1;Petit;Lucas\nlp2;Petit;Lucas\n"
WRONG = {"colonnes": ["id_contact", "R"], "lignes": [["1", "0"]]}
PLACE = "MALIGNE Eve/06_scorer.ipynb"


@pytest.fixture
def copies(folder: Folder) -> list[str | Path]:
    """A copy in Eve's folder that bears Ana's name, Ana's own, one of Lou: what the command is given."""
    for name, content in {
        PLACE: copy(answers={"A6-Q1": WRONG}, name="Ana Honnête", identifier="ana", date="2026-11-25T10:00:00+01:00"),
        "HONNÊTE Ana/06_scorer.ipynb": copy(name="Ana Honnête", identifier="ana"),
        "TIERS Lou/06_scorer.ipynb": copy(name="", identifier=""),
    }.items():
        path = folder.root / "copies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder.root / "liste.csv").write_text(LIST, encoding="utf-8")
    return [folder.root / "copies", "--classe", folder.root / "liste.csv"]


def rows(folder: Folder) -> list[list[str]]:
    text = (folder.results / FILE).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def fill(folder: Folder, name: str, encode: Callable[[list[list[str]]], bytes] | None = None) -> None:
    """Type a name in the first row, as Excel saves the file."""
    head, first, *rest = rows(folder)
    first[2] = name
    table = [head, first, *rest]
    (folder.results / FILE).write_bytes((encode or saved(";", "utf-8-sig"))(table))


def saved(separator: str, encoding: str, order: tuple[int, ...] = (0, 1, 2, 3)) -> Callable[[list[list[str]]], bytes]:
    def encode(table: list[list[str]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator).writerows([[row[place] for place in order] for row in table])
        return text.getvalue().encode(encoding, "replace")

    return encode


def persons(folder: Folder) -> dict[str, float]:
    return {one["eleve"]["nom"]: round(one["note"], 1) for one in folder.json["copies"]}


def test_a_place_that_contradicts_a_signature_is_asked_and_the_owner_keeps_the_mark(
    folder: Folder, copies: list[str | Path]
):
    said = folder.run(*copies)
    assert persons(folder)["Ana Honnête"] == 20
    assert PLACE in persons(folder)
    assert FILE in said
    head, row = rows(folder)
    assert tuple(head) == HEADER
    assert row[:3] == [f"copies/{PLACE}", "Eve Maligne (eve) ou Ana Honnête (ana)", ""]
    assert "signée" in row[3]


@pytest.mark.parametrize(
    "encode",
    [
        saved(";", "utf-8-sig"), saved(";", "cp1252"), saved(",", "utf-8"), saved("\t", "utf-16"),
        saved(";", "mac_roman"), saved(";", "utf-8", (2, 0, 3, 1)),
    ],
    ids=["as it was", "Excel", "commas", "Unicode text", "an old Mac", "columns moved"],
)  # fmt: skip
def test_the_file_filled_in_excel_is_read_back(
    folder: Folder, copies: list[str | Path], encode: Callable[[list[list[str]]], bytes]
):
    folder.run(*copies)
    fill(folder, "maligne eve", encode)
    folder.run(*copies)
    assert set(persons(folder)) == {"Ana Honnête", "Eve Maligne", "Lou Tiers"}
    assert persons(folder)["Ana Honnête"] == 20
    assert rows(folder)[1][2] == "Eve Maligne (eve)"


def test_a_workbook_is_read_as_well(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    book: Any = openpyxl.Workbook()
    for row in rows(folder):
        book.active.append([*row[:2], "Eve Maligne" if row[0] == f"copies/{PLACE}" else row[2], row[3]])
    (folder.results / FILE).unlink()
    book.save(folder.results / "identites.xlsx")
    folder.run(*copies)
    assert "Eve Maligne" in persons(folder)


def test_what_was_said_is_remembered_without_the_file(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    fill(folder, "Eve Maligne")
    folder.run(*copies)
    (folder.results / FILE).unlink()
    folder.run()  # nothing new, and no class list
    folder.run(*copies)
    assert "Eve Maligne" in persons(folder)
    assert rows(folder)[1][2] == "Eve Maligne (eve)"


def test_an_answer_that_is_removed_is_taken_back(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    fill(folder, "Eve Maligne")
    folder.run(*copies)
    fill(folder, "")
    folder.run(*copies)
    assert PLACE in persons(folder)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Eve Malinge", "identites.csv, ligne 2 : « Eve Malinge » n’est pas dans la liste de classe (peut-être « Eve"),
        ("Zyx", "« Zyx » n’est pas dans la liste de classe. Écrivez le nom comme dans la liste, ou « personne »."),
        ("Lucas Petit", "« Lucas Petit » peut être plusieurs élèves. Écrivez l’un de ces noms, tel quel : « Lucas"),
    ],
)
def test_a_name_that_is_not_understood_is_told_with_its_row_and_stays_typed(
    folder: Folder, copies: list[str | Path], typed: str, said: str
):
    folder.run(*copies)
    fill(folder, typed)
    assert said in folder.run(*copies)
    assert rows(folder)[1][2] == typed
    assert PLACE in persons(folder)


def test_homonyms_are_told_apart_by_what_is_proposed(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    fill(folder, "Lucas Petit (lp2)")
    folder.run(*copies)
    assert {"nom": "Lucas Petit", "identifiant": "lp2"} in [one["eleve"] for one in folder.json["copies"]]


def test_nobody_of_the_class_is_an_answer_too(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    fill(folder, "personne")
    assert "sans savoir à qui" not in folder.run(*copies)
    assert PLACE in persons(folder)


def test_a_file_without_its_columns_is_told_and_left_as_it_is(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    (folder.results / FILE).write_text("n’importe quoi\n", encoding="utf-8")
    assert "les colonnes « fichier » et « à remplir » n’y sont plus" in folder.run(*copies)
    assert (folder.results / FILE).read_text(encoding="utf-8") == "n’importe quoi\n"


def test_the_wrong_list_writes_nothing(folder: Folder, copies: list[str | Path]):
    (folder.root / "liste.csv").write_text("Nom;Prénom\nNguyen;Linh\nRoux;Ali\n", encoding="utf-8")
    path = folder.root / "copies" / "TIERS Lou/06_scorer.ipynb"
    path.write_bytes(copy(name="Lou Tiers", identifier="lou"))
    said = folder.run(*copies, code=1)
    assert "liste.csv" in said
    assert "pas la bonne liste" in said
    assert not folder.results.exists()


def test_no_layout_merges_or_mistakes_anybody():
    """A sample of what benchmarks/identites.py does."""
    measured = runpy.run_path(str(Path(__file__).resolve().parent.parent / "benchmarks" / "identites.py"))
    found = dict(measured["rows"](classes=2, size=20))
    assert {name: (one.wrong, one.merged) for name, one in found.items()} == dict.fromkeys(found, (0, 0))
    assert all(one.right > one.copies / 2 for name, one in found.items() if "sans" not in name and name in LAYOUTS)


LAYOUTS = ("TP1.ipynb", "cahier-crc", "Copie de", "Teams", "un ZIP chacun", "nom du fichier", "groupe")


def test_purging_a_student_forgets_what_was_said_of_them(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    fill(folder, "Eve Maligne")
    folder.run(*copies)
    (folder.root / "liste.csv").write_text(LIST.replace("eve;Maligne;Eve\n", ""), encoding="utf-8")
    assert main(["purger", str(folder.results), "--eleve", "eve", "--oui"]) == 0
    with Register(folder.results) as register:
        assert json.loads(register.fact(IDENTITIES)) == {}
    left = [path for path in folder.results.rglob("*") if path.is_file() and b"aligne" in path.read_bytes().lower()]
    assert left == []


def test_a_copy_that_an_earlier_version_kept_is_not_doubled(folder: Folder, copies: list[str | Path]):
    folder.run(*copies)
    with Register(folder.results) as register:
        old = [replace(one, guess=replace(one.guess, path="")) for one in register if isinstance(one, HandedIn)]
        with register.transaction() as connection:
            connection.execute("DELETE FROM copy")
        register.add_all(old)
    assert "copies de cette activité" not in folder.run(*copies)
    with Register(folder.results) as register:
        assert register.copies == len(old)
