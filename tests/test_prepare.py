"""``crc-lab preparer``: the whole command, real nbgrader included, on a school's own small workbook."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from autograder.cli import main as crc_lab
from autograder.identity.class_list import read_roster
from autograder.intake.keys import read_preparation
from autograder.prepare.command import chosen_activities, note, roster_bytes
from autograder.prepare.content import PROGRAM_FILE, marked_activities, student_program
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import UnknownName
from tests.loaded import loaded_activity

OWN_WORKBOOK = Path(__file__).parent / "cases" / "workbook"
TWO = "Nom;Prénom;Adresse de courriel\nGARNIER;Inès;ines@ecole.example\nMARTIN;Zoé;zoe@ecole.example\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a class list and the assessment made of it, for the tests that only look."""
    folder = tmp_path_factory.mktemp("preparer")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRC_LAB_CAHIER", str(OWN_WORKBOOK))
        assert prepare(folder) == 0
    return folder


@pytest.fixture(autouse=True)
def _own_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRC_LAB_CAHIER", str(OWN_WORKBOOK))


def prepare(folder: Path, *more: str, people: str = TWO) -> int:
    (folder / "eleves.csv").write_text(people, encoding="utf-8")
    return crc_lab(["preparer", "--classe", str(folder / "eleves.csv"), "--sortie", str(folder / "controle"), *more])


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file but nbgrader's own (its database holds times)."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "nbgrader" not in path.relative_to(folder).parts
    }


def students(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "nbgrader" / "gradebook.db") as base:
        return {name for (name,) in base.execute("select id from student")}


def test_the_folder_holds_what_the_contract_says(place: Path) -> None:
    folder = place / "controle"
    assert {path.name for path in folder.iterdir()} == {
        "LISEZ-MOI.html", "preparation.json", "classe.csv", "corriges", "sujets", "nbgrader",
    }  # fmt: skip
    preparation = read_preparation(folder)
    assert preparation.activities == ("09_essai",)
    assert preparation.subject.startswith("eleves-")
    assert [one.name for one in read_roster(folder / "classe.csv").students] == ["Inès GARNIER", "Zoé MARTIN"]
    assert (folder / "classe.csv").read_bytes().startswith(b"\xef\xbb\xbfidentifiant;nom;prenom;courriel;groupe")
    own = load_activity(folder / "corriges" / "09_essai", folder / "corriges" / "datasets")
    assert own.keys == loaded_activity("09_essai").keys


def test_students_and_nbgrader_get_the_same_files(place: Path) -> None:
    folder = place / "controle"
    with zipfile.ZipFile(folder / "sujets" / "09_essai.zip") as packed:
        given = {name: packed.read(name) for name in packed.namelist()}
    source = folder / "nbgrader" / "source"
    assert given == {p.relative_to(source).as_posix(): p.read_bytes() for p in source.rglob("*") if p.is_file()}
    assert (folder / "nbgrader" / "release" / "09_essai" / "09_essai.ipynb").is_file()
    assert (folder / "nbgrader" / "nbgrader_config.py").is_file()
    assert students(folder) == {one.identifier for one in read_roster(folder / "classe.csv").students}


def test_the_folder_may_be_moved(place: Path) -> None:
    """A USB key, another machine: nothing in it says where it was made."""
    for path in (place / "controle").rglob("*"):
        if path.is_file():
            assert str(place).encode() not in path.read_bytes(), path
            assert b".preparation-" not in path.read_bytes(), path


def test_the_same_command_elsewhere_gives_the_same_bytes(place: Path, tmp_path: Path) -> None:
    assert prepare(tmp_path) == 0
    assert snapshot(tmp_path / "controle") == snapshot(place / "controle")


def test_again_it_brings_the_folder_up_to_date_and_keeps_marks_and_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare(tmp_path) == 0
    folder = tmp_path / "controle"
    subject = read_preparation(folder).subject
    key = folder / "corriges" / "09_essai" / "corrige.toml"
    key.write_text(key.read_text("utf-8") + "\n# plus large\n", encoding="utf-8")
    with sqlite3.connect(folder / "nbgrader" / "gradebook.db") as base:
        base.execute("update student set lms_user_id = 'vu' where first_name = 'Zoé'")
    capsys.readouterr()
    assert prepare(tmp_path, people=TWO + "D'ALMEIDA;Noé;noe@ecole.example\n") == 0
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert read_preparation(folder).subject == subject
    assert "3 élèves" in said
    assert "Refaits : LISEZ-MOI.html, classe.csv." in said
    assert "Gardés tels que vous les avez modifiés : corriges/09_essai/corrige.toml." in said
    assert "# plus large" in key.read_text("utf-8")
    assert len(students(folder)) == 3
    with sqlite3.connect(folder / "nbgrader" / "gradebook.db") as base:
        assert base.execute("select count(*) from student where lms_user_id is not null").fetchone()[0] >= 1


def test_a_failure_of_nbgrader_leaves_no_half_made_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder import gradebook

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gradebook, "create_course", fail)
    assert prepare(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["eleves.csv"]


# --- wrong usage and wrong files --------------------------------------------------------------------------------------


def test_another_name_for_a_subject_already_prepared_is_refused(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(place / "controle")
    assert prepare(place, "--sujet", "rattrapage") == 1
    assert "contient déjà le sujet" in capsys.readouterr().err
    assert snapshot(place / "controle") == before


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--activites", "7"], 2, "« 7 » : nom d’activité notée inconnu"),
        (["--activites", "09_essais"], 2, "Vouliez-vous dire « 09_essai »"),
        (["--sujet", "—!"], 1, "doit contenir au moins une lettre"),
        (["--inconnu"], 2, "n’existe pas"),
    ],
)
def test_wrong_options_are_said_in_french(
    tmp_path: Path, options: list[str], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare(tmp_path, *options) == code
    assert text in capsys.readouterr().err.replace("\u00a0", " ")
    assert not (tmp_path / "controle").exists()


def test_the_list_of_the_folder_gives_itself_back(place: Path) -> None:
    roster = read_roster(place / "eleves.csv")
    assert roster_bytes(roster) == (place / "controle" / "classe.csv").read_bytes()
    assert roster_bytes(read_roster(place / "controle" / "classe.csv")) == roster_bytes(roster)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", marked_activities()),
        ("06_scorer,03_structurer", ("03_structurer", "06_scorer")),
        (" 3, 06 ,3,", ("03_structurer", "06_scorer")),
    ],
)
def test_activities_are_named_by_id_or_number(
    text: str, chosen: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRC_LAB_CAHIER")
    assert chosen_activities(text) == chosen
    with pytest.raises(UnknownName):
        chosen_activities("0")  # the welcome page has no mark to give


# --- the note ---------------------------------------------------------------------------------------------------------


def test_the_note_tells_what_is_protected_and_what_is_not(place: Path) -> None:
    page = (place / "controle" / "LISEZ-MOI.html").read_text("utf-8").replace("\u00a0", " ").replace("&nbsp;", " ")
    for text in (
        "2 élèves", "sujets/09_essai.zip", "crc-lab corriger travaux.zip --preparation controle --sortie resultats",
        "Le sujet ne contient aucune réponse", "Mais le cas est public", "--cahier", "10 % des points",
        "crc-lab purger",
    ):  # fmt: skip
        assert text in page
    assert "Un seul à la fois" not in page, "there is one subject only"
    assert "Garnier" not in page


def test_the_note_quotes_a_folder_with_spaces_and_escapes_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRC_LAB_CAHIER")
    activities = [loaded_activity(name).activity for name in ("03_structurer", "04_qualifier")]
    page = note("<b>", activities, 35, "mon contrôle").decode()
    assert "&#34;mon contrôle&#34;" in page
    assert "&lt;b&gt;" in page
    assert "Un seul à la fois, dans l’ordre" in page


def test_marking_with_the_prepared_keys_gives_the_mark(place: Path, tmp_path: Path) -> None:
    """The student's file, handed in as it is: the automatic question counts, the open one waits for the teacher."""
    with zipfile.ZipFile(place / "controle" / "sujets" / "09_essai.zip") as packed:
        notebook = json.loads(packed.read("09_essai/09_essai.ipynb"))
    sheet = notebook["metadata"]["crc_lab"]
    sheet["eleve"] = {"nom": "Inès Garnier", "identifiant": ""}
    sheet["reponses"] = {"A9-Q1": {"valeur": "42", "indices": 2}, "A9-Q2": {"valeur": "Des clients déménagent."}}
    copy = tmp_path / "copie.ipynb"
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    keys = str(place / "controle" / "corriges")
    assert crc_lab(["corriger", str(copy), "--corriges", keys, "--sortie", str(tmp_path / "notes")]) == 0
    (marked,) = json.loads((tmp_path / "notes" / "resultats.json").read_text("utf-8"))["copies"]
    assert {question["id"]: question["points"] for question in marked["questions"]} == {
        "A9-Q1": pytest.approx(7.2), "A9-Q2": 0,
    }  # fmt: skip
    assert [question["verdict"] for question in marked["questions"]] == ["JUSTE", "A_RELIRE"]


def test_the_students_program_comes_with_the_subject_when_it_is_asked_for(tmp_path: Path) -> None:
    assert prepare(tmp_path, "--programme") == 0
    folder = tmp_path / "controle"
    assert (folder / "programme" / PROGRAM_FILE).read_bytes() == student_program()
    assert f"programme/{PROGRAM_FILE}" in (folder / "LISEZ-MOI.html").read_text(encoding="utf-8")
    assert prepare(tmp_path, "--programme") == 0
    assert [path.name for path in (folder / "programme").iterdir()] == [PROGRAM_FILE]


def test_a_teachers_own_workbook_needs_no_variable_and_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CRC_LAB_CAHIER")
    own = tmp_path / "le mien"
    shutil.copytree(OWN_WORKBOOK, own)
    assert prepare(tmp_path, "--cahier", str(tmp_path)) == 1
    assert "ne contient pas de cahier" in capsys.readouterr().err
    assert prepare(tmp_path, "--cahier", str(own)) == 0
    folder = tmp_path / "controle"
    assert read_preparation(folder).workbook == own
    assert prepare(tmp_path) == 0, "again, without the option"
    assert "CRC_LAB_CAHIER" not in os.environ
    copy = tmp_path / "Inès GARNIER.ipynb"
    with zipfile.ZipFile(folder / "sujets" / "09_essai.zip") as packed:
        notebook = json.loads(packed.read("09_essai/09_essai.ipynb"))
    answer = {"valeur": "42", "source": "carte", "essais": 1, "indices": 0, "date": "2026-11-20T10:00:00+01:00"}
    notebook["metadata"]["crc_lab"] |= {"eleve": {"nom": "Inès GARNIER"}, "reponses": {"A9-Q1": answer}}
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    results = tmp_path / "resultats"
    assert crc_lab(["corriger", str(copy), "--preparation", str(folder), "--sortie", str(results)]) == 0
    (marked,) = json.loads((results / "resultats.json").read_text(encoding="utf-8"))["copies"]
    assert (marked["activite"], marked["questions"][0]["points"]) == ("09_essai", 8)
    own.rename(tmp_path / "ailleurs")
    assert read_preparation(folder).workbook is None
    assert crc_lab(["corriger", "--sortie", str(results)]) == 0, "the prepared folder has all that marks"
    assert json.loads((results / "resultats.json").read_text(encoding="utf-8"))["copies"] == [marked]
    monkeypatch.setattr("crc_lab.lab.open_lab.open_server", lambda server, *_: len(list(server.folder.glob("09_*"))))
    assert crc_lab(["ouvrir", str(tmp_path / "eleve"), "--cahier", str(tmp_path / "ailleurs")]) == 1
    (tmp_path / "eleve" / "09_essai" / "09_essai.ipynb").unlink()
    assert crc_lab(["ouvrir", str(tmp_path / "eleve")]) == 1
    assert (tmp_path / "eleve" / "09_essai" / "09_essai.ipynb").is_file(), "from the workbook that the copy remembers"
    assert not (tmp_path / "eleve" / "06_scorer").exists()
