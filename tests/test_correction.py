"""A year of use: copies that come little by little, keys that are corrected, marks given by hand, files left open."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from autograder.cli import main
from autograder.correct import MissingOption, Options
from autograder.open_answers.reading import POINTS
from autograder.register import FILE as REGISTER
from autograder.register import Register
from tests.correcting import KEYS, OTHER, WORKSHEET, Folder, give, keys_with
from tests.sample_copies import A3, A4, A6, archive, copy, moodle
from tests.sample_results import A9, NUMBER, OPEN

# --- copies that add up -----------------------------------------------------------------------------------------------


@pytest.fixture
def year(tmp_path: Path) -> list[Path]:
    contents = {
        "A3.zip": {moodle("Inès Garnier", 1, "a.ipynb"): copy(A3), moodle("Léa Roux", 2, "x.pdf"): b"%PDF"},
        "A4.zip": {moodle("Inès Garnier", 11, "a.ipynb"): copy(A4), moodle("Léa Roux", 12, "b.ipynb"): b"{"},
        "A6.zip": {moodle("Inès Garnier", 21): copy(), moodle("Léa Roux", 22): copy(name="Léa Roux", identifier="lr")},
        "A6 (1).zip": {moodle("Léa Roux", 22): copy(name="Léa Roux", identifier="lr", date="2026-12-01")},
    }
    for name, members in contents.items():
        (tmp_path / name).write_bytes(archive(members))
    return [tmp_path / name for name in contents]


def test_copies_given_little_by_little_end_in_the_same_files(
    year: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    together, apart = (Folder(tmp_path / name, capsys) for name in ("ensemble", "separes"))
    together.run(*year)
    for path in (year[2], year[0], year[3], year[1], year[0]):
        said = apart.run(path)
    assert "Rien n’a changé" in said
    (apart.results / "differences.txt").unlink()
    assert apart.files() == together.files()
    assert len(apart.json["copies"]) == 4


def test_what_was_added_is_told_and_changes_no_other_mark(year: list[Path], folder: Folder):
    folder.run(year[0], year[1])
    said = folder.run(year[2])
    assert "4 copies notées (activités 3, 4 et 6), 2 élèves" in said
    assert "2 copies nouvelles" in said
    assert "Aucune autre note n’a changé" in said
    again = folder.run(year[3])
    assert "1 copie remise de nouveau" in again
    assert "activité 6 : Léa Roux" in folder.differences


def test_everything_is_marked_again_without_giving_the_copies(year: list[Path], folder: Folder):
    folder.run(*year)
    before = folder.files()
    for path in year:
        path.unlink()
    assert "Rien n’a changé depuis la correction précédente." in folder.run()
    assert folder.files() == before


def test_the_first_correction_has_nothing_to_compare_with(year: list[Path], folder: Folder):
    said = folder.run(*year)
    assert "précédente" not in said
    assert not (folder.results / "differences.txt").exists()


def test_starting_again_forgets_the_copies_handed_in_before(year: list[Path], folder: Folder):
    folder.run(*year)
    said = folder.run(year[0], "--recommencer")
    assert [one["activite"] for one in folder.json["copies"]] == [A3]
    assert "3 copies ne sont plus là" in said


def test_a_refused_file_handed_in_properly_is_no_longer_listed(folder: Folder, tmp_path: Path):
    path = tmp_path / "copies" / "Inès.ipynb"
    path.parent.mkdir()
    path.write_bytes(copy()[:-200])
    assert "Aucune copie n’a pu être notée" in folder.run(path.parent, code=1)
    path.write_bytes(copy())
    folder.run(path.parent)
    assert folder.json["rejets"] == []


# --- a corrected key --------------------------------------------------------------------------------------------------


TOLD = {'valeur = "42"': 'valeur = "42"\nsinon = "FAUX"\n["A9-Q1".messages]\nFAUX = "Recomptez."'}


def test_a_corrected_key_marks_everything_again_and_tells_who_changed_and_why(essays: Path, folder: Folder):
    folder.run(essays, "--corriges", keys_with(folder.root, TOLD))
    before = folder.json
    said = folder.run("--corriges", keys_with(folder.root, OTHER))
    assert "3 notes ont changé (1 en hausse et 2 en baisse)." in said
    assert "• Paul Benali, activité 9 : 0 → 8 / 20 (A9-Q1)" in said
    text = folder.differences
    assert "A9-Q1 : 3 copies (1 en hausse, 2 en baisse)" in text
    assert text.split("Paul Benali, activité 9 : 0 → 8 / 20\n")[1].split("\n\n")[0].splitlines() == [
        "  A9-Q1 : 0 → 8 / 8 (à revoir → juste)",
        "    Résultat : 0 → 8 / 8",
        "      n’est plus dit : Recomptez.",
    ]
    for old, new in zip(before["copies"], folder.json["copies"], strict=True):
        assert old["questions"][1] == new["questions"][1]
        assert old["questions"][0] != new["questions"][0]


def test_a_message_that_changes_alone_is_told_as_such(essays: Path, folder: Folder):
    folder.run(essays, "--corriges", keys_with(folder.root, TOLD))
    kinder = {old: new.replace("Recomptez.", "Recomptez, vous y êtes presque.") for old, new in TOLD.items()}
    said = folder.run("--corriges", keys_with(folder.root, kinder))
    assert "Des messages ont changé dans 1 copie, sans effet sur la note." in said
    assert "est dit maintenant : Recomptez, vous y êtes presque." in folder.differences


def test_a_key_that_is_missing_is_told_and_nothing_is_lost(essays: Path, folder: Folder):
    folder.run(essays)
    before = folder.files()
    (folder.root / KEYS).mkdir()
    assert "--corriges" in folder.run("--corriges", folder.root / KEYS, code=1)
    assert folder.files() == before
    folder.run()
    assert folder.files() == before


# --- marks given by hand ----------------------------------------------------------------------------------------------


def test_open_answers_wait_then_count(essays: Path, folder: Folder):
    said = folder.run(essays)
    assert "2 réponses à lire et à noter à la main" in said
    sheet = folder.results / "reponses-ouvertes.xlsx"
    give(sheet, {"Inès Garnier": (12, ""), "Paul Benali": ("4,5", "Relisez-vous.")})
    said = folder.run()
    assert "2 notes mises à la main depuis la dernière fois." in said
    assert "2 notes ont changé (2 en hausse)." in said
    assert "A9-Q2 : 2 copies (2 en hausse, 2 à la main)" in folder.differences
    assert folder.marks == {"Inès Garnier": 20.0, "Paul Benali": 4.5, "Zoé Petit": 8.0}
    assert "Rien n’a changé" in folder.run()


def test_the_teachers_latest_action_wins(essays: Path, folder: Folder):
    folder.run(essays)
    sheet, mine = folder.results / "reponses-ouvertes.xlsx", folder.root / "mes notes.xlsx"
    shutil.copy(sheet, mine)
    give(mine, {"Inès Garnier": (6, "")})
    for options in (("--notes-manuelles", mine), ()):
        folder.run(*options)
        assert folder.marks["Inès Garnier"] == 14.0
    give(sheet, {"Inès Garnier": (7, "")})
    folder.run("--notes-manuelles", mine)
    assert folder.marks["Inès Garnier"] == 15.0, "the file says nothing new: the sheet was typed later"
    give(mine, {"Inès Garnier": (8, "")})
    folder.run("--notes-manuelles", mine)
    assert folder.marks["Inès Garnier"] == 16.0


def test_a_wrong_file_of_marks_changes_nothing(essays: Path, folder: Folder):
    folder.run(essays)
    before = folder.files()
    mine = folder.root / "mes notes.xlsx"
    shutil.copy(folder.results / "reponses-ouvertes.xlsx", mine)
    give(mine, {"Inès Garnier": (60, ""), "Paul Benali": ("bof", "")})
    said = folder.run("--notes-manuelles", mine, code=1)
    assert "Inès Garnier" in said
    assert "« bof » n’est pas un nombre" in said
    assert folder.files() == before


def test_a_wrong_sheet_in_the_results_stops_nothing_and_stays(essays: Path, folder: Folder):
    folder.run(essays)
    sheet = folder.results / "reponses-ouvertes.xlsx"
    give(sheet, {"Inès Garnier": ("bof", "")})
    said = folder.run(code=1)
    assert "« bof » n’est pas un nombre" in said
    assert "3 copies notées" in said
    assert "bof" in {row[POINTS].value for row in openpyxl.load_workbook(sheet)["Réponses"].iter_rows()}


def test_an_answer_that_changes_after_its_mark_is_told(essays: Path, folder: Folder):
    folder.run(essays)
    give(folder.results / "reponses-ouvertes.xlsx", {"Inès Garnier": (6, "")})
    folder.run()
    newer = copy(
        A9, {NUMBER: "42", OPEN: "Autre chose."}, name="Inès Garnier", identifier="igarnier", date="2026-12-02"
    )
    (folder.root / "nouveau.zip").write_bytes(archive({moodle("Inès Garnier", 11, "x.ipynb"): newer}))
    said = folder.run(folder.root / "nouveau.zip")
    assert "Réponses changées depuis leur note à la main, qui est gardée : igarnier (A9-Q2)." in said
    assert folder.marks["Inès Garnier"] == 14.0


def test_a_mark_follows_a_student_who_gets_another_identifier(essays: Path, folder: Folder):
    folder.run(essays)
    give(folder.results / "reponses-ouvertes.xlsx", {"Inès Garnier": (6, "")})
    folder.run()
    roster = folder.root / "classe.csv"
    roster.write_text("identifiant;nom;prenom\ne001;Garnier;Inès\ne002;Benali;Paul\n", encoding="utf-8")
    said = folder.run("--classe", roster)
    assert folder.marks["Inès Garnier"] == 14.0
    assert "sans copie" not in said.replace("sans aucune copie", "")
    assert "nouvelle" not in said


# --- the class list ---------------------------------------------------------------------------------------------------


def test_absent_students_and_strangers_are_told(essays: Path, folder: Folder):
    roster = folder.root / "classe.csv"
    roster.write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\nmdupont;Dupont;Marc\n", encoding="utf-8")
    said = folder.run(essays, "--classe", roster)
    assert "1 élève de la liste sans aucune copie : Marc Dupont." in said
    assert "2 élèves notés à part, hors de la liste de classe : Paul Benali et Zoé Petit." in said


def test_the_options_of_the_last_time_are_taken_again_and_said_in_one_line(essays: Path, folder: Folder):
    roster, worksheet = folder.root / "classe.csv", folder.root / "Notes-NDRC.csv"
    roster.write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\nmdupont;Dupont;Marc\n", encoding="utf-8")
    worksheet.write_bytes(WORKSHEET.encode("utf-8-sig"))
    keys = keys_with(folder.root, OTHER)
    given = ["--classe", roster, "--corriges", keys, "--formulaire-moodle", worksheet, "--pseudonymes"]
    assert "Repris" not in folder.run(essays, *given)
    before = folder.files()
    said = folder.run().splitlines()
    assert said[0] == (
        "Repris de la dernière fois (--options-neuves pour ne rien reprendre) : --corriges « corriges », --classe "
        "« classe.csv », --formulaire-moodle « Notes-NDRC.csv » et --pseudonymes."
    )
    after = folder.files()
    assert {name for name in before if before[name] != after.get(name)} <= {"differences.txt"}
    assert "hors de la liste" in folder.run(), "and again"
    other = folder.root / "autre.csv"
    other.write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\n", encoding="utf-8")
    said = folder.run("--classe", other)
    assert "--classe" not in said.splitlines()[0], "what is given now wins"
    assert "sans aucune copie" not in said
    said = folder.run("--options-neuves")
    assert "Repris" not in said
    assert "hors de la liste" not in said
    assert "Repris" not in folder.run(), "nothing was given the last time"


@pytest.mark.parametrize("option", ["--classe", "--corriges", "--formulaire-moodle"])
def test_what_was_given_the_last_time_and_is_gone_is_told(essays: Path, folder: Folder, option: str):
    files = {"--classe": folder.root / "classe.csv", "--formulaire-moodle": folder.root / "Notes-NDRC.csv"}
    files["--classe"].write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\n", encoding="utf-8")
    files["--formulaire-moodle"].write_bytes(WORKSHEET.encode("utf-8-sig"))
    files["--corriges"] = keys_with(folder.root, {})
    folder.run(essays, *(part for pair in files.items() for part in pair))
    before, gone = folder.files(), files[option]
    gone.rename(gone.with_name("ailleurs"))
    if option == "--formulaire-moodle":  # no mark depends on it
        assert f"{option} « Notes-NDRC.csv » de la dernière fois est introuvable" in folder.run()
        return
    said = folder.run(code=1)
    assert f"la dernière fois est introuvable : {option} « {gone.name} »" in said
    assert "Redonnez cette option" in said
    assert folder.files() == before, "nothing is written"
    assert "3 copies notées" in folder.run(option, gone.with_name("ailleurs"))


def test_another_prepared_folder_brings_its_own_list_and_keys(essays: Path, folder: Folder, tmp_path: Path):
    roster = folder.root / "classe.csv"
    roster.write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\n", encoding="utf-8")
    folder.run(essays, "--classe", roster, "--corriges", keys_with(folder.root, {}))
    with Register(folder.results) as register:
        last = json.loads(register.fact("options"))
    taken, said = Options(preparation=tmp_path).with_last(last)
    assert (taken, said) == (Options(preparation=tmp_path), [])
    assert Options(url="sqlite://").with_last(last | {"--base": ""})[0].roster == roster
    with pytest.raises(MissingOption, match="--base"):
        Options().with_last(last | {"--base": "", "--nbgrader": str(tmp_path)})


def test_a_damaged_copy_is_told_and_the_others_keep_their_marks(essays: Path, folder: Folder):
    folder.run(essays)
    before = folder.marks
    with closing(sqlite3.connect(folder.results / REGISTER)) as connection, connection:
        change = "UPDATE copy SET content = replace(content, 'Benali', 'Benalj') WHERE file LIKE '%Benali%'"
        assert connection.execute(change).rowcount == 1
    said = folder.run()
    assert "La copie de « Paul Benali » (activité 9), gardée depuis une correction précédente, a été abîmée" in said
    assert folder.marks == {name: mark for name, mark in before.items() if name != "Paul Benali"}
    folder.run(essays)
    assert folder.marks == before


def test_a_wrong_class_list_is_told_before_anything_is_done(essays: Path, folder: Folder):
    roster = folder.root / "classe.csv"
    roster.write_text("rien", encoding="utf-8")
    assert "Liste de classe « classe.csv »" in folder.run(essays, "--classe", roster, code=1)
    assert not folder.results.exists()


# --- files that resist ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notes.xlsx", "classe.html", "retours/ines-garnier.html", "differences.txt"])
def test_a_file_left_open_stops_no_other(essays: Path, folder: Folder, name: str):
    """A folder of that name resists as a file open in Excel does on Windows."""
    folder.run(essays)
    before = folder.files()
    path = folder.results / name
    path.unlink(missing_ok=True)
    path.mkdir()
    keys = keys_with(folder.root, OTHER)
    said = folder.run("--corriges", keys, code=1)
    assert f"« {Path(name).name} » ne peut pas être écrit" in said
    assert "3 copies notées" in said
    changed = {other for other in before if other != name and before[other] != folder.files().get(other)}
    assert changed >= {"resultats.json", "retours/paul-benali.html"} - {name}
    path.rmdir()
    folder.run("--corriges", keys)
    assert path.is_file()
    if name == "differences.txt":
        assert "Paul Benali" in folder.differences, "what could not be written is still told the next time"


def test_a_second_command_on_the_same_folder_waits_its_turn(
    essays: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("autograder.register.file.WAIT", 0.05)
    folder.run(essays)
    connection = sqlite3.connect(folder.results / REGISTER)
    connection.execute("BEGIN EXCLUSIVE")
    assert "une autre commande crc-lab travaille" in folder.run(code=1)
    connection.close()
    folder.run()


def test_what_an_interrupted_run_left_half_written_is_removed(essays: Path, folder: Folder):
    folder.run(essays)
    ours = [".notes.xlsx.abcd1234", "retours/.ines-garnier.html.x_9abcde", ".resultats.json.12345678"]
    others = [".notes.xlsx.txt", ".mes notes.xlsx.abcd1234", "retours/.DS_Store", ".git"]
    for name in [*ours, *others]:
        (folder.results / name).write_text("x")
    folder.run()
    assert not any((folder.results / name).exists() for name in ours)
    assert all((folder.results / name).exists() for name in others)


# --- two assignments of Moodle unzipped into one folder ---------------------------------------------------------------


def test_assignments_unzipped_side_by_side_are_refused_until_their_archives_are_given(folder: Folder, tmp_path: Path):
    """Moodle's number is that of one assignment: « Inès GARNIER_1001… » and « Inès GARNIER_2001… »."""
    work = {
        activity: {moodle(name, start + number): copy(activity, name="", identifier="")
                   for number, name in enumerate(("Inès GARNIER", "Paul BENALI"))}
        for activity, start in ((A3, 1001), (A6, 2001))
    }  # fmt: skip

    def unzip(activity: str) -> None:
        for path, content in work[activity].items():
            (tmp_path / "copies" / path).parent.mkdir(parents=True)
            (tmp_path / "copies" / path).write_bytes(content)

    unzip(A3)
    assert "2 copies notées (activité 3), 2 élèves" in folder.run(tmp_path / "copies")
    unzip(A6)
    said = folder.run(tmp_path / "copies")
    assert "2 copies notées (activité 3), 2 élèves" in said, "what was marked before is kept"
    assert "Donnez les ZIP de Moodle tels quels" in said
    assert "Donnez les ZIP de Moodle tels quels" in folder.run(), "until then, it is not forgotten"
    (tmp_path / "devoir 6.zip").write_bytes(archive(work[A6]))
    said = folder.run(tmp_path / "devoir 6.zip")
    assert "4 copies notées (activités 3 et 6), 2 élèves" in said
    assert folder.json["rejets"] == []
    new = Folder(tmp_path / "autre", folder._capsys)
    assert main(["corriger", str(tmp_path / "copies"), "--sortie", str(new.results)]) == 1
    assert not new.results.exists()
