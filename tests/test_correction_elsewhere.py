"""What « corriger » writes for others, and reads back: Moodle's files, nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.gradebook import GradebookProblem
from autograder.register import Register
from tests.correcting import KEYS, OTHER, WORKSHEET, Folder, give, keys_with
from tests.gradebook_course import fresh_course, grades, type_in_formgrader
from tests.sample_copies import copy
from tests.sample_results import NUMBER, OPEN, use_workbook

# --- what goes elsewhere ----------------------------------------------------------------------------------------------


def test_moodle_gets_its_files_when_copies_came_from_it(essays: Path, folder: Folder):
    worksheet = folder.root / "Notes-NDRC.csv"
    worksheet.write_bytes(WORKSHEET.encode("utf-8-sig"))
    said = folder.run(essays, "--formulaire-moodle", worksheet)
    assert sorted(name for name in folder.files() if name.startswith("moodle/")) == [
        "moodle/Notes-NDRC.csv", "moodle/notes-moodle.csv", "moodle/retours-devoir.zip",
    ]  # fmt: skip
    assert "Pour Moodle :" in said
    assert "Notes-NDRC.csv : 0 note écrite sur 2 élèves" in said, "every mark is provisional"
    give(folder.results / "reponses-ouvertes.xlsx", {"Inès Garnier": (5, "")})
    assert "1 note écrite" in folder.run("--formulaire-moodle", worksheet)
    filled = folder.files()["moodle/Notes-NDRC.csv"].decode("utf-8-sig").splitlines()
    assert filled[1].startswith('Participant11,Inès Garnier,Remis,13,"20,00",-,')


def test_copies_from_elsewhere_make_no_file_for_moodle(folder: Folder, tmp_path: Path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "Inès Garnier.ipynb").write_bytes(copy())
    assert "Moodle" not in folder.run(tmp_path / "c")
    assert not (folder.results / "moodle").exists()


def test_a_wrong_worksheet_stops_no_other_file(essays: Path, folder: Folder):
    worksheet = folder.root / "autre.csv"
    worksheet.write_text("a;b\n1;2\n", encoding="utf-8")
    said = folder.run(essays, "--formulaire-moodle", worksheet, code=1)
    assert "autre.csv" in said
    assert "3 copies notées" in said
    assert "moodle/notes-moodle.csv" in folder.files()


def test_the_columns_that_an_earlier_version_made_for_pronote_do_not_stay_behind(essays: Path, folder: Folder):
    folder.run(essays)
    old, mine = folder.results / "pronote.txt", folder.results / "pronote 2.txt"
    for path in (old, mine):
        path.write_text("12,5\n")
    folder.run()
    assert old.exists(), "crc-lab did not write this one"
    with Register(folder.results) as register:
        register.will_write([old.name])
    folder.run()
    assert (old.exists(), mine.exists()) == (False, True)


# --- nbgrader ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_workbook(monkeypatch)
    return fresh_course(tmp_path)


def test_marks_of_the_formgrader_and_of_the_sheet_meet(essays: Path, course: Path, folder: Folder):
    options = ("--nbgrader", course, "--corriges", course.parent / KEYS)
    said = folder.run(essays, *options)
    assert "nbgrader : 3 copies" in said
    assert grades(course)["pbenali", NUMBER][0] == 0.0
    type_in_formgrader(course, "igarnier", OPEN, 5.0, "Bien.")
    assert "1 note mise à la main" in folder.run(*options)
    assert folder.marks["Inès Garnier"] == 13.0
    give(folder.results / "reponses-ouvertes.xlsx", {"Inès Garnier": (7, "Mieux."), "Paul Benali": (3, "")})
    folder.run(*options)
    assert folder.marks == {"Inès Garnier": 15.0, "Paul Benali": 3.0, "Zoé Petit": 8.0}
    assert (grades(course)["igarnier", OPEN][1], grades(course)["pbenali", OPEN][1]) == (7.0, 3.0)
    type_in_formgrader(course, "igarnier", OPEN, 9.0)
    folder.run(*options)
    assert folder.marks["Inès Garnier"] == 17.0
    assert "Rien n’a changé" in folder.run(*options)
    folder.run("--corriges", keys_with(folder.root, OTHER), "--nbgrader", course)
    assert (folder.marks["Inès Garnier"], folder.marks["Paul Benali"]) == (9.0, 11.0)
    assert grades(course)["igarnier", OPEN][1] == 9.0


def test_an_automatic_question_marked_in_the_formgrader_can_be_marked_in_the_sheet_too(
    essays: Path, course: Path, folder: Folder
):
    options = ("--nbgrader", course, "--corriges", course.parent / KEYS)
    folder.run(essays, *options)
    type_in_formgrader(course, "pbenali", NUMBER, 5.0, "Méthode juste.")
    folder.run(*options)
    assert "Rien n’a changé" in folder.run(*options)
    give(folder.results / "reponses-ouvertes.xlsx", {"Paul Benali": (6, "")})
    folder.run(*options)
    assert folder.question("Paul Benali", NUMBER)["points"] == 6.0


def test_a_mark_taken_back_in_the_formgrader_is_taken_back_everywhere(essays: Path, course: Path, folder: Folder):
    options = ("--nbgrader", course, "--corriges", course.parent / KEYS)
    folder.run(essays, *options)
    for student in ("igarnier", "pbenali"):
        type_in_formgrader(course, student, OPEN, 5.0)
    folder.run(*options)
    type_in_formgrader(course, "igarnier", OPEN, None)
    said = folder.run(*options)
    assert "Notes retirées dans le formgrader : igarnier (A9-Q2)." in said
    assert folder.marks == {"Inès Garnier": 8.0, "Paul Benali": 5.0, "Zoé Petit": 8.0}
    assert "Rien n’a changé" in folder.run(*options)


def test_what_is_no_course_is_told_before_anything_is_done(essays: Path, folder: Folder):
    (folder.root / "rien").mkdir()
    assert "n’est pas celui d’un cours nbgrader" in folder.run(essays, "--nbgrader", folder.root / "rien", code=1)
    assert not folder.results.exists()


def test_a_gradebook_that_cannot_be_written_stops_nothing_else(
    essays: Path, course: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    options = ("--nbgrader", course, "--corriges", course.parent / KEYS)

    def busy(*_: object, **__: object) -> None:
        raise GradebookProblem("gradebook.db", "un autre programme est en train d’y écrire.")

    with monkeypatch.context() as patch:
        patch.setattr("autograder.gradebook.write_class", busy)
        said = folder.run(essays, *options, code=1)
    assert "un autre programme est en train d’y écrire" in said
    assert "3 copies notées" in said
    assert (folder.results / "notes.xlsx").exists()
    assert "Rien n’a changé" in folder.run(*options)
    assert grades(course)["pbenali", NUMBER][0] == 0.0
