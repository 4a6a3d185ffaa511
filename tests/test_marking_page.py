"""« Corriger » in a browser alone: files handed over by a page are marked as the command marks them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.cli import main as crc_lab
from autograder.correct.in_page import COPIES, KEPT, MANUAL, PREPARATION, ROSTER, WORKSHEETS, mark, mark_page
from autograder.site import page
from autograder.site.wheel import teacher_wheel
from tests.sample_copies import A3, A6, NOTHING_RIGHT, archive, copy

COPIES_OF_A_CLASS = archive({
    "Garnier Inès_1001_assignsubmission_file/06_scorer.ipynb": copy(A6),
    "Benali Karim_1002_assignsubmission_file/06_scorer.ipynb": copy(A6, NOTHING_RIGHT, "Karim Benali", "kbenali"),
    "Petit Zoé_1003_assignsubmission_file/06_scorer.ipynb": b"",
})  # fmt: skip
ROSTER_FILE = "Nom;Prénom\nGARNIER;Inès\nBENALI;Karim\nPETIT;Zoé\n".encode()


def test_the_page_marks_as_the_command_does(tmp_path: Path) -> None:
    (tmp_path / "moodle.zip").write_bytes(COPIES_OF_A_CLASS)
    (tmp_path / "classe.csv").write_bytes(ROSTER_FILE)
    given = {COPIES: {"moodle.zip": COPIES_OF_A_CLASS}, ROSTER: {"classe.csv": ROSTER_FILE}}
    done = mark(given, tmp_path / "page")
    command = ["corriger", str(tmp_path / "moodle.zip"), "--classe", str(tmp_path / "classe.csv")]
    assert crc_lab([*command, "--sortie", str(tmp_path / "resultats")]) == done.code == 0
    written = {path.relative_to(tmp_path / "resultats").as_posix() for path in (tmp_path / "resultats").rglob("*.*")}
    assert set(done.files) == written
    assert done.files["resultats.json"] == (tmp_path / "resultats" / "resultats.json").read_bytes()
    with zipfile.ZipFile(io.BytesIO(done.packed)) as packed:
        assert set(packed.namelist()) == written
    assert "2 copies notées" in done.said.replace("\u00a0", " ")
    assert str(tmp_path) not in done.said, "no place that the teacher does not know"


def test_the_register_given_back_adds_what_comes_late(tmp_path: Path) -> None:
    first = mark({COPIES: {"moodle.zip": COPIES_OF_A_CLASS}}, tmp_path)
    late = {"03_structurer.ipynb": copy(A3)}
    kept = {"registre.sqlite3": first.files["registre.sqlite3"]}
    second = mark({COPIES: late, KEPT: kept}, tmp_path)
    copies = json.loads(second.files["resultats.json"])["copies"]
    assert {(one["eleve"]["nom"], one["activite"]) for one in copies} == {
        ("Inès Garnier", A6), ("Inès Garnier", A3), ("Karim Benali", A6)
    }  # fmt: skip


def test_a_subject_is_marked_with_its_prepared_folder_in_a_zip(tmp_path: Path) -> None:
    roster = tmp_path / "classe.csv"
    roster.write_bytes(ROSTER_FILE)
    command = ["preparer", "--classe", str(roster), "--activites", "6", "--sujet", "essai"]
    assert crc_lab([*command, "--sortie", str(tmp_path / "evaluation")]) == 0
    inside = (path for path in (tmp_path / "evaluation").rglob("*") if path.is_file())
    folder = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in inside}
    with zipfile.ZipFile(tmp_path / "evaluation" / "sujets" / "06_scorer.zip") as subject:
        notebook = json.loads(subject.read("06_scorer/06_scorer.ipynb"))
    answers = json.loads(copy(A6))["metadata"]["crc_lab"]
    notebook["metadata"]["crc_lab"] |= {name: answers[name] for name in ("eleve", "reponses")}
    given = {"06_scorer.ipynb": json.dumps(notebook).encode()}
    done = mark({COPIES: given, PREPARATION: {"evaluation.zip": archive(folder)}}, tmp_path / "page")
    (one,) = json.loads(done.files["resultats.json"])["copies"]
    assert (one["note"], one["eleve"]["nom"]) == (20, "Inès GARNIER")


def test_what_cannot_be_read_is_said_and_nothing_is_given(tmp_path: Path) -> None:
    fields = {COPIES: [("photo.zip", b"not a ZIP")], ROSTER: [("classe.csv", b"\xff\xfe")]}
    code, said, files, _ = mark_page(fields, tmp_path / "page")
    assert code == 1
    assert "classe.csv" in said
    assert "resultats.json" not in files


@pytest.mark.parametrize("name", ["../../etc/x.ipynb", "C:\\dossier\\x.ipynb"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    mark({COPIES: {name: copy(A6)}}, tmp_path / "page")
    assert [path.name for path in (tmp_path / "page" / COPIES).iterdir()] == ["x.ipynb"]
    assert {path.name for path in tmp_path.iterdir()} == {"page"}


def test_the_page_has_a_field_for_each_thing_that_is_handed_over(tmp_path: Path) -> None:
    page.write_marking(tmp_path, "python-1.js")
    text = (tmp_path / "corriger.html").read_text("utf-8")
    for field in (COPIES, ROSTER, WORKSHEETS, MANUAL, PREPARATION, KEPT):
        assert f'id="{field}"' in text
        assert f'for="{field}"' in text
    assert "{{" not in text
    (worker,) = tmp_path.glob("corriger-travail-*.js")
    assert worker.name in text
    script = worker.read_text("utf-8")
    assert 'from "./static/pyodide/python-1.js"' in script
    assert "__" not in script
    with zipfile.ZipFile(io.BytesIO(teacher_wheel())) as packed:
        assert "autograder/correct/in_page.py" in packed.namelist()
        assert not [name for name in packed.namelist() if name.startswith("autograder/site/")]
