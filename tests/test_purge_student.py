"""One student erased on request: nothing of ours names them any more, and nothing is lost of anybody else."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from autograder.intake.keys import PREPARATION
from autograder.open_answers.reading import POINTS
from autograder.register import FILE as REGISTER
from autograder.register import OPTIONS, Register
from tests.correcting import give
from tests.gradebook_course import fresh_course, grades, query, type_in_formgrader
from tests.sample_copies import A3, A4, A6, archive, copy, moodle
from tests.sample_results import A9, NUMBER, OPEN, essay, handed_in, use_workbook
from tests.test_privacy import Teacher, Terminal, files
from tests.test_privacy import teacher as teacher

LIST = "identifiant;nom;prenom;courriel;groupe\nigarnier;Garnier;Inès;ines@ecole.example;A\n"
OTHERS = "pbenali;Benali;Paul;paul@ecole.example;B\nmdupont;Dupont;Marc;;B\n"
HERS = re.compile(r"\bin(è|e|\\u00e8)s\b|garnier|chapeau")


def everything(folder: Path) -> dict[str, str]:
    """Every file, and every file inside it, as text."""
    found = {}
    for name in files(folder):
        content = (folder / name).read_bytes()
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                content = b"\n".join(item.encode() + b"\n" + opened.read(item) for item in opened.namelist())
        found[name] = content.decode("utf-8", "replace").casefold()
    return found


def naming(folder: Path, who: re.Pattern[str] = HERS) -> list[str]:
    """The files that name her, in their content or by their own name."""
    return [name for name, text in everything(folder).items() if who.search(text) or who.search(name.casefold())]


def marks(results: Path) -> dict[str, float]:
    copies = json.loads((results / "resultats.json").read_bytes())["copies"]
    return {f"{one['eleve']['nom']} {one['activite'][:2]}": one["note"] for one in copies}


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared folder with its class list and nbgrader's course."""
    use_workbook(monkeypatch)
    folder = fresh_course(tmp_path).parent
    subject = {"version": 1, "sujet": "essai", "variante": None, "activites": [A9], "edition": "entrainement"}
    (folder / PREPARATION).write_text(json.dumps(subject), encoding="utf-8")
    (folder / "classe.csv").write_text(LIST + OTHERS, encoding="utf-8-sig")
    return folder


@pytest.fixture
def results(tmp_path: Path, prepared: Path, teacher: Teacher) -> Path:
    """A class marked with all that can be written; Inès has two versions, a refused file, marks given by hand."""
    members = {
        moodle("Inès Garnier", 11, f"{A9}.ipynb"): essay("Inès Garnier", "igarnier"),
        moodle("Inès Garnier", 11, "ancien.ipynb"): copy(
            A9, {NUMBER: "41"}, name="I. Garnier", identifier="ines@ecole.example", date="2026-11-01"
        ),
        moodle("Inès Garnier", 11, "scan.pdf"): b"%PDF",
        moodle("Paul Benali", 12, f"{A9}.ipynb"): essay("Paul Benali", "pbenali"),
        moodle("Paul Benali", 12, "photo.pdf"): b"%PDF",
    }
    (tmp_path / "Devoir.zip").write_bytes(archive(members))
    worksheet = tmp_path / "Notes.csv"
    rows = (
        "Identifiant,Nom complet,Statut,Note,Note maximale,Dernière modification (note),Feedback par commentaires\r\n"
    )
    rows += 'Participant11,"Inès Garnier",Remis,,"20,00",-,\r\nParticipant12,"Paul Benali",Remis,,"20,00",-,\r\n'
    worksheet.write_bytes(rows.encode("cp1252"))
    folder = tmp_path / "r"
    options = ("--sortie", folder, "--preparation", prepared, "--pseudonymes", "--correspondance")
    teacher("corriger", tmp_path / "Devoir.zip", *options)
    give(folder / "reponses-ouvertes.xlsx", {"Inès Garnier": (9.5, "Chapeau, Inès.")})
    teacher("corriger", *options, "--formulaire-moodle", worksheet)
    type_in_formgrader(prepared / "nbgrader", "igarnier", NUMBER, 5.0, "Chapeau.")
    teacher("corriger", *options)
    for name in ("submitted/igarnier/09_essai/x.ipynb", "submitted/pbenali/09_essai/x.ipynb"):
        (prepared / "nbgrader" / name).parent.mkdir(parents=True)
        (prepared / "nbgrader" / name).write_text("Inès Garnier" if "igarnier" in name else "Paul Benali")
    (prepared / "nbgrader" / "submitted" / "igarnier").chmod(0o500)
    (prepared / "nbgrader" / ".nbgrader.log").write_text("[INFO] igarnier\n[INFO] pbenali\n")
    return folder


# --- all that names her, and nothing else -----------------------------------------------------------------------------


def test_the_search_for_her_name_finds_it_everywhere(results: Path, prepared: Path):
    assert set(files(results)) - set(naming(results)) == {
        "pseudonymes/classe.html", "pseudonymes/notes.xlsx", "pseudonymes/resultats.json", "retours/paul-benali.html",
        *(name for name in files(results) if name.startswith("pseudonymes/retours/")),
    }  # fmt: skip
    assert {"classe.csv", "nbgrader/gradebook.db", "nbgrader/.nbgrader.log"} < set(naming(prepared))


def test_nothing_names_her_any_more_and_the_others_lose_nothing(results: Path, prepared: Path, teacher: Teacher):
    give(results / "reponses-ouvertes.xlsx", {"Paul Benali": (6, "")})  # not read by « corriger » yet
    subject = [name for name in files(prepared) if name.startswith(("corriges/", "sujets/", "nbgrader/source/"))]
    with Register(results) as register:
        number = register.pseudonyms()["igarnier"]
    said = teacher("purger", results, prepared, "--eleve", "garnier INES", "--oui")
    assert "1 copie notée (activité 9), 1 élève." in said, "the files of the class are made again"
    assert naming(results) == []
    assert naming(prepared) == []
    assert not [name for name, text in everything(results).items() if f"eleve-{number:02}" in name + text]
    assert marks(results) == {"Paul Benali 09": 14.0}, "the points typed for Paul were not lost"
    assert {"retours/paul-benali.html", "moodle/retours-devoir.zip", "notes.xlsx", "classe.html"} < set(files(results))
    names = [row[0] for row in openpyxl.load_workbook(results / "notes.xlsx")["À recopier"].values]
    assert names == ["Nom", "Paul Benali", "Marc Dupont"]
    assert (prepared / "classe.csv").read_text("utf-8-sig").split() == [*LIST.split()[:1], *OTHERS.split()]
    assert set(subject) < set(files(prepared))
    assert "nbgrader/submitted/pbenali/09_essai/x.ipynb" in files(prepared)
    assert {student for student, _ in grades(prepared / "nbgrader")} == {"pbenali"}
    assert query(prepared / "nbgrader", "select count(*) from student where id = 'jdubois'") == [(1,)]
    with Register(results) as register:
        assert [one.file.split("_")[0] for one in register] == ["Devoir.zip/Paul Benali"] * 2
        assert [one.content["note"] for one in register.told()] == [14.0]
        assert [number for _, number, _ in register.rows("SELECT * FROM seen")] == ["12"], "her number of Moodle"
    assert "personne ne s’appelle ainsi" in teacher("purger", results, "--eleve", "igarnier", code=1)


def test_what_would_go_is_listed_and_stays(results: Path, prepared: Path, teacher: Teacher):
    before = everything(results), everything(prepared)
    said = teacher("purger", results, prepared, "--eleve", "igarnier")
    for line in (
        "Inès Garnier (igarnier)", "• reponses-ouvertes.xlsx : ses lignes", "• notes.xlsx", "• retours/ : 1 fichier",
        "• differences.txt", "• pseudonymes/retours/ : 1 fichier", "• moodle/ : 3 fichiers",
        "• tout ce qui a été remis (2 copies, 1 fichier refusé, 2 notes à la main, 1 pseudonyme)",
        "• nbgrader/gradebook.db (1 élève, 1 copie)", "• nbgrader/submitted/ : 1 fichier", "• classe.csv : sa ligne",
        "• nbgrader/autograded/ : 1 fichier", "• nbgrader/.nbgrader.log", "les fichiers téléchargés de Moodle",
    ):  # fmt: skip
        assert line in said
    assert "Rien n’a été effacé" in said
    assert (everything(results), everything(prepared)) == before


def test_nobody_else_gets_her_number(results: Path, prepared: Path, teacher: Teacher, tmp_path: Path):
    with Register(results) as register:
        register.connection.execute("UPDATE pseudonym SET number = 9 WHERE student = 'igarnier'")  # the last one
        before = register.pseudonyms()
    teacher("purger", results, prepared, "--eleve", "igarnier", "--oui")
    late = handed_in(tmp_path, {"Zoé Petit": (13, essay("Zoé Petit", "zpetit"))}, "Devoir (1).zip")
    teacher("corriger", late, "--sortie", results, "--preparation", prepared, "--pseudonymes")
    with Register(results) as register:
        after = register.pseudonyms()
    assert (after["pbenali"], after["mdupont"]) == (before["pbenali"], before["mdupont"])
    assert after["zpetit"] == 10
    assert "igarnier" not in after


def test_one_who_handed_in_nothing_is_erased_too(results: Path, prepared: Path, teacher: Teacher):
    assert "mdupont" in everything(results)["correspondance.csv"]
    teacher("purger", results, prepared, "--eleve", "Marc Dupont", "--oui")
    assert naming(results, re.compile("dupont")) == naming(prepared, re.compile("dupont")) == []
    assert sorted(marks(results)) == ["Inès Garnier 09", "Paul Benali 09"]


@pytest.mark.usefixtures("results")
def test_a_student_whom_nbgrader_knows_under_another_id(prepared: Path, teacher: Teacher):
    """Its ids are folder names: « paul bis » has another one there."""
    course = prepared / "nbgrader"
    assert "1 élève, 0 copie" in teacher("purger", course, "--eleve", "paul bis", "--oui")
    assert query(course, "select id from student where last_name like '%Aquin%'") == []
    assert "igarnier" in {student for student, _ in grades(course)}


# --- without a class list ---------------------------------------------------------------------------------------------


@pytest.fixture
def loose(tmp_path: Path, teacher: Teacher) -> Path:
    """Results of copies from elsewhere: two homonyms, one of whom has two activities, and somebody else."""
    copies = {
        "a.ipynb": copy(A6, name="Jean Martin", identifier="jm1"),
        "b.ipynb": copy(A4, name="Jean Martin", identifier="jm1"),
        "c.ipynb": copy(A3, name="Martin Jean", identifier="jm2"),
        "d.ipynb": copy(A3, name="Léa Roux", identifier="lroux"),
    }
    for name, content in copies.items():
        (tmp_path / "c").mkdir(exist_ok=True)
        (tmp_path / "c" / name).write_bytes(content)
    teacher("corriger", tmp_path / "c", "--sortie", tmp_path / "r")
    return tmp_path / "r"


def test_homonyms_are_told_apart_and_nothing_goes(loose: Path, teacher: Teacher):
    before = everything(loose)
    said = teacher("purger", loose, "--eleve", "Jean Martin", "--oui", code=1)
    assert f"1. Jean Martin (jm1) : r, copie de {A6} et r, copie de {A4}" in said
    assert f"2. Martin Jean (jm2) : r, copie de {A3}" in said
    assert "Relancez avec, après --eleve, l’identifiant qui est entre parenthèses." in said
    assert everything(loose) == before
    teacher("purger", loose, "--eleve", "jm2", "--oui")
    assert sorted(marks(loose)) == ["Jean Martin 04", "Jean Martin 06", "Léa Roux 03"]


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ("1\noui\n", ["Léa Roux 03", "Martin Jean 03"]),
        ("2\nnon\n", ["Jean Martin 04", "Jean Martin 06", "Léa Roux 03", "Martin Jean 03"]),
        ("3\noui\n", ["Jean Martin 04", "Jean Martin 06", "Léa Roux 03", "Martin Jean 03"]),
        ("", ["Jean Martin 04", "Jean Martin 06", "Léa Roux 03", "Martin Jean 03"]),
    ],
)
def test_somebody_at_the_terminal_is_asked_which_homonym(
    loose: Path, teacher: Teacher, monkeypatch: pytest.MonkeyPatch, answers: str, left: list[str]
):
    monkeypatch.setattr("sys.stdin", Terminal(answers))
    teacher("purger", loose, "--eleve", "jean martin", code=0 if answers[:1] in ("1", "2") else 1)
    assert sorted(marks(loose)) == left


@pytest.mark.parametrize("asked", ["Léa Rou", "lrou", "Roux"])
def test_an_unknown_name_gets_the_near_ones(loose: Path, teacher: Teacher, asked: str):
    before = everything(loose)
    said = teacher("purger", loose, "--eleve", asked, "--oui", code=1)
    assert f"Élève « {asked} » : personne ne s’appelle ainsi" in said
    assert "Noms proches : Léa Roux (lroux)." in said
    assert everything(loose) == before


def test_a_copy_of_somebody_else_that_bears_her_name_stays_and_is_told(tmp_path: Path, teacher: Teacher):
    members = {moodle("Inès Garnier", 1): copy(), moodle("Kévin Dalle", 2): copy()}
    (tmp_path / "a.zip").write_bytes(archive(members))
    teacher("corriger", tmp_path / "a.zip", "--sortie", tmp_path / "r")
    said = teacher("purger", tmp_path / "r", "--eleve", "Inès Garnier", "--oui")
    assert (
        f"Restent, car elles sont comptées à d’autres, même si ce nom y est écrit : Kévin Dalle, copie de {A6}." in said
    )
    assert sorted(marks(tmp_path / "r")) == ["Kévin Dalle 06"]


def test_a_copy_that_the_reports_counted_to_another_homonym_stays(tmp_path: Path, teacher: Teacher):
    """The class list told the two apart; without it, both copies would seem to be one student's."""
    roster = tmp_path / "classe.csv"
    roster.write_text("identifiant;nom;prenom\njm1;Martin;Jean\njm2;Martin;Jean\n", encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.ipynb").write_bytes(copy(A6, name="Jean Martin", identifier="jm1"))
    (tmp_path / "c" / "b.ipynb").write_bytes(copy(A4, name="Jean Martin", identifier=""))
    teacher("corriger", tmp_path / "c", "--sortie", tmp_path / "r", "--classe", roster)
    teacher("purger", tmp_path / "r", "--eleve", "jm1", "--oui", code=1)
    with Register(tmp_path / "r") as register:
        assert [one.file for one in register] == ["c/b.ipynb"]


def test_the_last_student_leaves_an_empty_class(tmp_path: Path, teacher: Teacher):
    (tmp_path / "a.ipynb").write_bytes(copy())
    teacher("corriger", tmp_path / "a.ipynb", "--sortie", tmp_path / "r")
    teacher("purger", tmp_path / "r", "--eleve", "igarnier", "--oui")
    assert files(tmp_path / "r") == [REGISTER]
    assert naming(tmp_path / "r") == []


# --- what cannot be done at once --------------------------------------------------------------------------------------


def test_a_file_that_resists_is_told_and_goes_the_next_time(results: Path, prepared: Path, teacher: Teacher):
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == results / "notes.xlsx":
            raise PermissionError(13, "ouvert ailleurs")
        real(self, missing_ok=missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        said = teacher("purger", results, prepared, "--eleve", "igarnier", "--oui", code=1)
    assert "« notes.xlsx » n’a pas pu être effacé (accès refusé). Fermez-le, puis recommencez." in said
    assert naming(results) == ["notes.xlsx", REGISTER]
    teacher("purger", results, prepared, "--eleve", "igarnier", "--oui")
    assert naming(results) == []
    assert marks(results) == {"Paul Benali 09": 8.0}


def test_a_sheet_of_open_answers_that_cannot_be_read_stops_it(results: Path, prepared: Path, teacher: Teacher):
    (results / "reponses-ouvertes.xlsx").write_bytes(b"Ines Garnier")
    said = teacher("purger", results, prepared, "--eleve", "igarnier", "--oui", code=1)
    assert "ce classeur ne peut pas être lu. Supprimez-le, ou supprimez vous-même les lignes de l’élève." in said
    assert "« tout ce qui a été remis » reste tant que tout le reste n’est pas effacé" in said
    (results / "reponses-ouvertes.xlsx").unlink()
    teacher("purger", results, prepared, "--eleve", "igarnier", "--oui")
    assert naming(results) == []


def test_a_damaged_report_goes_as_one_that_names_her(results: Path, prepared: Path, teacher: Teacher):
    content = (results / "notes.xlsx").read_bytes()
    (results / "notes.xlsx").write_bytes(content[:200] + b"\xff" * 400 + content[600:])
    teacher("purger", results, prepared, "--eleve", "igarnier", "--oui")
    assert naming(results) == []
    openpyxl.load_workbook(results / "notes.xlsx").close()


def test_an_old_register_does_not_know_its_options_and_says_so(
    tmp_path: Path, teacher: Teacher, monkeypatch: pytest.MonkeyPatch
):
    """Version 1 of the register kept their names alone."""
    use_workbook(monkeypatch)
    folder = tmp_path / "r"
    (folder / "retours").mkdir(parents=True)
    with closing(sqlite3.connect(folder / REGISTER)) as connection:
        connection.executescript((Path(__file__).parent / "cases" / "registre-version-1.sql").read_text("utf-8"))
    for name in ("notes.xlsx", "classe.html", "retours/ines-garnier.html", "retours/paul-benali.html", "mes notes.txt"):
        (folder / name).write_text("Paul Benali" if "paul" in name else "Inès Garnier")
    said = teacher("purger", folder, "--eleve", "Inès Garnier", "--oui", code=1)
    assert "relancez la correction comme d’habitude" in said
    assert "Restent, car crc-lab ne les a pas écrits (des noms y sont peut-être) : mes notes.txt." in said
    assert naming(folder) == ["mes notes.txt"]
    assert "retours/paul-benali.html" in files(folder)
    teacher("corriger", "--sortie", folder)
    assert marks(folder) == {"Paul Benali 09": 0.0}
    assert naming(folder) == ["mes notes.txt"]


def test_a_list_that_still_has_her_would_bring_her_back(tmp_path: Path, teacher: Teacher):
    """The teacher's own file is not ours to write."""
    roster = tmp_path / "eleves.csv"
    roster.write_text(LIST + OTHERS, encoding="utf-8")
    members = {moodle("Inès Garnier", 1): copy(), moodle("Paul Benali", 2): copy(name="Paul Benali", identifier="")}
    (tmp_path / "a.zip").write_bytes(archive(members))
    teacher("corriger", tmp_path / "a.zip", "--sortie", tmp_path / "r", "--classe", roster)
    said = teacher("purger", tmp_path / "r", "--eleve", "Inès Garnier", "--oui", code=1)
    assert f"cet élève est encore dans la liste de classe « {roster} ». Retirez-l’en, puis relancez" in said
    assert naming(tmp_path / "r") == []
    roster.write_text(LIST.splitlines()[0] + "\n" + OTHERS, encoding="utf-8")
    teacher("corriger", "--sortie", tmp_path / "r", "--classe", roster)
    assert naming(tmp_path / "r") == []
    assert marks(tmp_path / "r") == {"Paul Benali 06": 20.0}


def test_a_prepared_folder_that_was_not_given_would_bring_her_back(results: Path, prepared: Path, teacher: Teacher):
    said = teacher("purger", results, "--eleve", "Inès Garnier", "--oui", code=1)
    assert f"encore dans la liste de classe « {prepared} » et le cours nbgrader « {prepared / 'nbgrader'} »" in said
    assert naming(results) == []
    teacher("purger", prepared, "--eleve", "Inès Garnier", "--oui")
    teacher("corriger", "--sortie", results, "--preparation", prepared)
    assert naming(results) == []


def test_the_address_of_a_gradebook_is_never_remembered(
    results: Path, prepared: Path, teacher: Teacher, tmp_path: Path
):
    course = shutil.copytree(prepared / "nbgrader", tmp_path / "cours")
    url = f"sqlite:///{course / 'gradebook.db'}"
    options = ("--nbgrader", course, "--corriges", prepared / "corriges", "--base", url)
    teacher("corriger", "--sortie", results, *options)
    with Register(results) as register:
        assert url not in register.fact(OPTIONS)
    said = teacher("purger", results, course, "--eleve", "pbenali", "--oui", code=1)
    assert "relancez la correction comme d’habitude" in said
    teacher("corriger", "--sortie", results, *options)
    teacher("purger", results, course, "--eleve", "igarnier", "--base", url, "--oui")
    assert naming(results) == []


def test_a_folder_that_is_not_ours_stops_everything(results: Path, tmp_path: Path, teacher: Teacher):
    (tmp_path / "photos").mkdir()
    before = everything(results)
    said = teacher("purger", results, tmp_path / "photos", "--eleve", "Inès Garnier", "--oui", code=1)
    assert "n’y touche pas" in said
    assert everything(results) == before


def test_the_rows_of_the_others_stay_as_they_were_typed(results: Path, prepared: Path, teacher: Teacher):
    sheet = results / "reponses-ouvertes.xlsx"
    give(sheet, {"Paul Benali": ("à revoir", "Relisez.")})
    said = teacher("purger", results, prepared, "--eleve", "igarnier", "--oui", code=1)
    assert "« à revoir » n’est pas un nombre" in said
    rows = [row for row in openpyxl.load_workbook(sheet)["Réponses"].iter_rows(min_row=2) if row[1].value]
    assert [(row[1].value, row[POINTS].value) for row in rows] == [("Paul Benali", "à revoir")]
    assert OPEN in str(rows[0][3].value)
