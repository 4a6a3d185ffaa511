"""Personal data go when their retention is over: exactly what is listed, all of it, and nothing of anybody else."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import sys
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.intake.keys import PREPARATION
from autograder.privacy import Duration, WrongDuration, day_text, read_day, read_duration
from autograder.register import FILE as REGISTER
from autograder.register import LAST_TIME, Register
from tests.gradebook_course import fresh_course, grades, query, type_in_formgrader
from tests.sample_copies import archive, copy, moodle
from tests.sample_results import OPEN, use_workbook

LATER, IN_TIME = ("--au", "2031-01-01"), ("--au", "2027-01-01")
links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Teacher:
    """The command line, and all that it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        done = main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        assert done == code, out + err
        return re.sub(r"[ \u00a0]+", " ", out + err)

    def purge(self, *arguments: str | Path, code: int = 0, keep: str = "1 an") -> str:
        return self("purger", *arguments, "--conservation", keep, code=code)


@pytest.fixture
def teacher(capsys: pytest.CaptureFixture[str]) -> Teacher:
    return Teacher(capsys)


@pytest.fixture
def results(tmp_path: Path, teacher: Teacher) -> Path:
    """Results with everything that can be written: Moodle, pseudonyms, a refusal."""
    path, roster = tmp_path / "remise.zip", tmp_path / "eleves.csv"
    members = {moodle("Inès Garnier", 1): copy(), moodle("Léa Roux", 2, "x.pdf"): b"%PDF"}
    path.write_bytes(archive(members))
    roster.write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\n", encoding="utf-8")
    options = ("--classe", roster, "--pseudonymes", "--correspondance")
    teacher("corriger", path, "--sortie", tmp_path / "r", *options)
    teacher("corriger", "--sortie", tmp_path / "r", *options)
    return tmp_path / "r"


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


# --- durations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("12 mois", "2027-01-31"), ("1 mois", "2026-02-28"), ("13 mois", "2027-02-28"), ("1 an", "2027-01-31"),
        ("2 ANS", "2028-01-31"), ("1 année", "2027-01-31"), ("90 jours", "2026-05-01"), ("90jours", "2026-05-01"),
        ("2 semaines", "2026-02-14"), ("25\u00a0mois", "2028-02-29"), ("1 j", "2026-02-01"),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(text: str, end: str):
    assert read_duration(text).after(dt.date(2026, 1, 31)) == dt.date.fromisoformat(end)


@pytest.mark.parametrize(
    "text", ["", "mois", "12", "0 jours", "-1 an", "1,5 an", "douze mois", "12 lunes", "99999 ans", "1 an 2 mois", "²j"]
)
def test_a_duration_that_means_nothing_is_refused(text: str):
    with pytest.raises(WrongDuration, match=r"Écrivez par exemple|dépasse"):
        read_duration(text)


def test_durations_and_days_are_written_in_french():
    durations = [Duration(1, "mois"), Duration(12, "mois"), Duration(2, "an"), Duration(1, "jour")]
    assert [str(one).replace("\u00a0", " ") for one in durations] == ["1 mois", "12 mois", "2 ans", "1 jour"]
    assert (day_text(dt.date(2027, 7, 1)), day_text(dt.date(2027, 8, 12))) == ("1er juillet 2027", "12 août 2027")
    assert read_day(None) == dt.date.today()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["r", "--conservation", "longtemps"], "cette durée ne se comprend pas"),
        (["r", "--conservation", "1 an", "--au", "demain"], "cette date ne se comprend pas"),
        (["r", "--conservation", "1 an", "--au", "2026-02-31"], "cette date ne se comprend pas"),
        (["nulle-part", "--conservation", "1 an"], "Introuvable"),
        (["r"], "Donnez « --conservation » (toute la classe) ou « --eleve » (un seul élève)"),
        (["r", "--conservation", "1 an", "--eleve", "Inès Garnier"], "l’un des deux"),
    ],
)
def test_a_wrong_usage_is_explained(results: Path, teacher: Teacher, arguments: list[str], told: str):
    given = [results if item == "r" else item for item in arguments]
    before = files(results)
    assert told in teacher("purger", *given, "--oui", code=2)
    assert files(results) == before


# --- results ----------------------------------------------------------------------------------------------------------


def test_nothing_goes_before_the_retention_is_over(results: Path, teacher: Teacher):
    before = files(results)
    said = teacher.purge(results, "--oui", code=1)
    end = day_text(Duration(1, "an").after(dt.date.today()))
    assert f"rien n’est effacé avant la fin de la conservation, le {end}." in said
    assert files(results) == before


def test_what_would_go_is_listed_and_stays(results: Path, teacher: Teacher):
    before = files(results)
    said = teacher.purge(results, *LATER)
    for name in (
        "classe.html", "correspondance.csv", "moodle/ : 2 fichiers", "notes.xlsx", "pseudonymes/ : 3",
        "pseudonymes/retours/ : 1 fichier", "resultats.json", "retours/ : 1 fichier",
        "tout ce qui a été remis (1 copie, 1 fichier refusé, 1 pseudonyme)",
    ):  # fmt: skip
        assert f"• {name}" in said
    assert "Rien n’a été effacé" in said
    assert "les fichiers téléchargés de Moodle" in said
    assert files(results) == before


def test_everything_that_was_listed_goes(results: Path, teacher: Teacher, tmp_path: Path):
    said = teacher.purge(results, "--oui", *LATER)
    assert "effacé." in said
    assert list(results.iterdir()) == []
    assert (tmp_path / "remise.zip").exists()
    assert (tmp_path / "eleves.csv").exists()
    assert "ni un dossier de résultats" in teacher.purge(results, "--oui", *LATER, code=1)


def test_files_of_the_teacher_stay_and_are_named(results: Path, teacher: Teacher):
    mine = ["retours/mes remarques.html", "notes (copie).xlsx", "moodle/lisez.txt", "pronote.txt"]
    for name in mine:
        (results / name).write_text("à moi", encoding="utf-8")
    said = teacher.purge(results, "--oui", *LATER)
    assert all(name in said.split("Restent")[1] for name in mine)
    assert files(results) == sorted(mine)


def test_a_file_that_crc_lab_never_wrote_is_not_its_own_by_its_name(tmp_path: Path, teacher: Teacher):
    (tmp_path / "a.ipynb").write_bytes(copy())
    results = tmp_path / "r"
    results.mkdir()
    for name in ("notes.csv", "reponses-ouvertes-2.xlsx", "differences.txt", "correspondance.csv"):
        (results / name).write_text("à moi", encoding="utf-8")
    teacher("corriger", tmp_path / "a.ipynb", "--sortie", results)
    teacher.purge(results, "--oui", *LATER)
    assert files(results) == ["correspondance.csv", "differences.txt", "notes.csv", "reponses-ouvertes-2.xlsx"]


@pytest.mark.parametrize(
    ("answer", "gone"), [("oui\n", True), ("OUI \n", True), ("\n", False), ("non\n", False), ("", False)]
)
def test_somebody_at_the_terminal_is_asked(
    results: Path, teacher: Teacher, monkeypatch: pytest.MonkeyPatch, answer: str, gone: bool
):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    teacher.purge(results, *LATER)
    assert (list(results.iterdir()) == []) is gone


@links
def test_links_are_never_followed(results: Path, teacher: Teacher, tmp_path: Path):
    outside = tmp_path / "ailleurs"
    (outside / "retours").mkdir(parents=True)
    (outside / "retours" / "ines-garnier.html").write_text("précieux")
    (outside / "these.docx").write_text("précieux")
    for path in (results / "retours").iterdir():
        path.unlink()
    (results / "retours").rmdir()
    (results / "retours").symlink_to(outside / "retours", target_is_directory=True)
    (results / "notes.xlsx").unlink()
    (results / "notes.xlsx").symlink_to(outside / "these.docx")
    (results / "moodle" / "autre").symlink_to(outside, target_is_directory=True)
    said = teacher.purge(results, "--oui", *LATER)
    assert "Liens laissés tels quels" in said
    assert files(outside) == ["retours/ines-garnier.html", "these.docx"]
    assert all(path.read_text() == "précieux" for path in outside.rglob("*.*") if path.is_file())
    assert not (results / REGISTER).exists()


@links
def test_a_register_that_is_a_link_is_not_ours(results: Path, teacher: Teacher, tmp_path: Path):
    real = tmp_path / "autre.sqlite3"
    (results / REGISTER).rename(real)
    (results / REGISTER).symlink_to(real)
    before = files(results)
    teacher.purge(results, "--oui", *LATER, code=1)
    assert files(results) == before
    assert real.stat().st_size > 0


@pytest.mark.parametrize("name", ["../../precieux.txt", "/etc/hostname", "retours/../../precieux.txt", "."])
def test_a_register_forged_by_hand_leads_nowhere(results: Path, teacher: Teacher, tmp_path: Path, name: str):
    (tmp_path / "precieux.txt").write_text("précieux")
    (tmp_path.parent / "precieux.txt").write_text("précieux")
    with Register(results) as register:
        register.connection.execute("INSERT INTO written VALUES (?)", (name,))
    teacher.purge(results, "--oui", *LATER)
    assert (tmp_path / "precieux.txt").exists()
    assert (tmp_path.parent / "precieux.txt").exists()


def test_what_cannot_be_erased_is_told_and_can_be_erased_later(results: Path, teacher: Teacher):
    """A folder in the place of a file resists like a file open in Excel."""
    said_before = teacher.purge(results, *LATER)
    assert "notes.xlsx" in said_before
    resists, real = results / "notes.xlsx", Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == resists:
            raise PermissionError(13, "ouvert ailleurs")
        real(self, missing_ok=missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        said = teacher.purge(results, "--oui", *LATER, code=1)
    assert "« notes.xlsx » n’a pas pu être effacé (accès refusé)" in said
    assert "effacé en partie" in said
    assert files(results) == ["notes.xlsx", REGISTER]
    teacher.purge(results, "--oui", *LATER)
    assert list(results.iterdir()) == []


@links
def test_the_register_is_overwritten_before_it_is_removed(results: Path, teacher: Teacher, tmp_path: Path):
    os.link(results / REGISTER, tmp_path / "trace")
    assert b"igarnier" in (tmp_path / "trace").read_bytes()
    teacher.purge(results, "--oui", *LATER)
    assert not re.search(rb"igarnier|Garnier|A6-Q1|L\\u00e9a", (tmp_path / "trace").read_bytes())


def test_half_written_files_go_too(results: Path, teacher: Teacher):
    (results / ".notes.xlsx.abcd1234").write_text("Inès Garnier")
    (results / "pseudonymes" / ".classe.html.abcd1234").write_text("Inès Garnier")
    teacher.purge(results, "--oui", *LATER)
    assert list(results.iterdir()) == []


def test_looking_at_the_results_again_does_not_keep_them_longer(teacher: Teacher, tmp_path: Path):
    results = tmp_path / "r"
    for name, date in (("tot", "2020-01-10"), ("tard", "2020-01-20")):
        (tmp_path / f"{name}.zip").write_bytes(archive({moodle("Inès Garnier", 1): copy(date=date)}))
    teacher("corriger", tmp_path / "tot.zip", "--sortie", results)
    with Register(results) as register:
        register.connection.execute("UPDATE fact SET value = '2020-01-15' WHERE name = ?", (LAST_TIME,))
    assert "Rien n’a changé" in teacher("corriger", "--sortie", results)
    assert "Dernière correction : 15 janvier 2020" in teacher.purge(results)
    teacher("corriger", tmp_path / "tard.zip", "--sortie", results)
    assert f"Dernière correction : {day_text(dt.date.today())}" in teacher.purge(results, code=1)


def test_an_answer_later_than_the_last_marking_counts(teacher: Teacher, tmp_path: Path):
    (tmp_path / "a.ipynb").write_bytes(copy(date="2020-01-10"))
    teacher("corriger", tmp_path / "a.ipynb", "--sortie", tmp_path / "r")
    with Register(tmp_path / "r") as register:
        register.connection.execute("UPDATE fact SET value = '2020-01-05' WHERE name = ?", (LAST_TIME,))
    assert "Dernière réponse : 10 janvier 2020" in teacher.purge(tmp_path / "r")


def test_a_clock_that_is_wrong_keeps_nothing_for_ever(tmp_path: Path, teacher: Teacher):
    (tmp_path / "a.ipynb").write_bytes(copy(date="2099-01-01T10:00:00+01:00"))
    teacher("corriger", tmp_path / "a.ipynb", "--sortie", tmp_path / "r")
    assert f"Dernière correction : {day_text(dt.date.today())}" in teacher.purge(tmp_path / "r", code=1)


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, teacher: Teacher):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "notes.xlsx").write_text("x")
    (tmp_path / "photos" / "resultats.json").write_text("{}")
    said = teacher.purge(tmp_path / "photos", "--oui", *LATER, code=1)
    assert "crc-lab ne sait pas ce qu’il y aurait écrit, et n’y touche pas." in said
    assert files(tmp_path / "photos") == ["notes.xlsx", "resultats.json"]


def test_a_folder_that_cannot_be_purged_stops_no_other(results: Path, tmp_path: Path, teacher: Teacher):
    (tmp_path / "photos").mkdir()
    teacher.purge(tmp_path / "photos", results, "--oui", *LATER, code=1)
    assert list(results.iterdir()) == []


def test_a_purged_folder_can_serve_again(results: Path, teacher: Teacher, tmp_path: Path):
    teacher.purge(results, "--oui", *LATER)
    said = teacher("corriger", tmp_path / "remise.zip", "--sortie", results)
    assert "1 copie notée" in said
    assert "précédente" not in said


# --- a prepared folder ------------------------------------------------------------------------------------------------


@pytest.fixture
def prepared(tmp_path: Path, teacher: Teacher, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared folder whose course has marks, a copy collected by nbgrader, feedback and a log."""
    use_workbook(monkeypatch)
    course = fresh_course(tmp_path)
    folder = course.parent
    subject = {"version": 1, "sujet": "essai", "variante": None, "activites": ["09_essai"], "edition": "entrainement"}
    (folder / PREPARATION).write_text(json.dumps(subject), encoding="utf-8")
    (folder / "classe.csv").write_text("identifiant;nom;prenom\nigarnier;Garnier;Inès\n", encoding="utf-8-sig")
    answers = {"A9-Q1": "42", OPEN: "La base vieillit."}
    path = tmp_path / "remise.zip"
    path.write_bytes(archive({moodle("Inès Garnier", 1, "x.ipynb"): copy("09_essai", answers)}))
    teacher("corriger", path, "--sortie", tmp_path / "r", "--preparation", folder)
    type_in_formgrader(course, "igarnier", OPEN, 5.0, "Bien, Inès.")
    for name in ("submitted/igarnier/09_essai/x.ipynb", "feedback/igarnier/09_essai/x.html"):
        (course / name).parent.mkdir(parents=True)
        (course / name).write_text("Inès Garnier")
    (course / "submitted/igarnier").chmod(0o500)
    (course / ".nbgrader.log").write_text("igarnier")
    return folder


def test_a_prepared_folder_loses_its_students_and_keeps_its_subject(prepared: Path, teacher: Teacher):
    course = prepared / "nbgrader"
    kept = [name for name in files(prepared) if name.startswith(("corriges/", "sujets/", "nbgrader/source/"))]
    said = teacher.purge(prepared, *LATER)
    for name in (
        "classe.csv", "nbgrader/.nbgrader.log", "nbgrader/autograded/ : 1 fichier", "nbgrader/feedback/ : 1 fichier",
        "nbgrader/gradebook.db (3 élèves, 1 copie)", "nbgrader/submitted/ : 1 fichier",
    ):  # fmt: skip
        assert f"• {name}" in said
    assert grades(course)["igarnier", OPEN][1] == 5.0
    teacher.purge(prepared, "--oui", *LATER)
    assert set(kept) <= set(files(prepared))
    assert not re.search("classe.csv|igarnier|nbgrader.log", "\n".join(files(prepared)))
    assert grades(course) == {}
    assert query(course, "select count(*) from student") == [(0,)]
    assert query(course, "select name from assignment") == [("09_essai",)]
    assert not re.search(b"Garnier|igarnier|Bien, In", (course / "gradebook.db").read_bytes())
    assert "Il n’y a rien à effacer." in teacher.purge(prepared, "--oui", *LATER)


def test_a_prepared_folder_keeps_its_students_until_the_retention_is_over(prepared: Path, teacher: Teacher):
    before = files(prepared)
    teacher.purge(prepared, "--oui", *IN_TIME, code=1)
    assert files(prepared) == before
    assert grades(prepared / "nbgrader")


def test_a_purged_course_serves_the_next_class(prepared: Path, teacher: Teacher, tmp_path: Path):
    teacher.purge(prepared, "--oui", *LATER)
    teacher("corriger", tmp_path / "remise.zip", "--sortie", tmp_path / "r2", "--preparation", prepared)
    assert grades(prepared / "nbgrader")["igarnier", "A9-Q1"][0] == 8.0


@links
def test_links_of_a_course_are_never_followed(prepared: Path, teacher: Teacher, tmp_path: Path):
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    (outside / "precieux.txt").write_text("précieux")
    course = prepared / "nbgrader"
    (course / "autograded" / "igarnier" / "lien").symlink_to(outside, target_is_directory=True)
    (course / "feedback" / "fichier").symlink_to(outside / "precieux.txt")
    (prepared / "classe.csv").unlink()
    (prepared / "classe.csv").symlink_to(outside / "precieux.txt")
    teacher.purge(prepared, "--oui", *LATER)
    assert (outside / "precieux.txt").read_text() == "précieux"
    assert not (course / "autograded" / "igarnier").exists()
    assert (prepared / "classe.csv").is_symlink()
