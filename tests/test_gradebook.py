"""nbgrader's course and gradebook: made once, written in bulk, never losing what a person typed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder import gradebook
from autograder.gradebook import GradebookProblem, nbgrader_id
from autograder.identity import Listed, Roster
from autograder.marking import ClassResult
from autograder.marking.manual import ManualMark
from crc_lab.core.resources import OTHER_WORKBOOK
from crc_lab.core.sheet import AnswerSheet
from tests.gradebook_course import (
    ACTIVITY,
    AUTO,
    OPEN,
    STUDENTS,
    WORKBOOK,
    answers,
    comments,
    fresh_course,
    grades,
    make_course,
    mark,
    one_copy,
    query,
    type_in_formgrader,
)
from tests.sample_copies import copy

INES, PAUL = "igarnier", nbgrader_id("paul bis")
STUDENT_ROWS = "select id, first_name, last_name, email, lms_user_id from student order by id"


@pytest.fixture(autouse=True)
def _workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return fresh_course(tmp_path)


def dump(course: Path) -> list[Any]:
    """Every row of the tables that hold marks, ids included."""
    tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    return [query(course, f"select * from {table} order by 1") for table in tables]


def shown(course: Path, student: str = INES) -> str:
    return (course / "autograded" / student / ACTIVITY / f"{ACTIVITY}.ipynb").read_text("utf-8")


# --- the course -------------------------------------------------------------------------------------------------------


def test_a_course_holds_the_notebook_to_give_out_the_students_and_no_key(course: Path):
    names = {path.relative_to(course).as_posix() for path in course.rglob("*") if path.is_file()}
    files = [f"{ACTIVITY}/{name}" for name in (f"{ACTIVITY}.ipynb", "exercices.toml")]
    assert names == {"nbgrader_config.py", "gradebook.db", *(f"{d}/{f}" for d in ("source", "release") for f in files)}
    assert query(course, STUDENT_ROWS) == [
        (INES, "Inès", "Garnier", "ines.garnier@example.org", None),
        ("jdubois", "Jean-Éric", "Dubois", "", None),
        (PAUL, "Paul", "D’Aquin", "", "paul bis"),
    ]
    assert query(course, "select name, course_id from assignment") == [(ACTIVITY, "ndrc")]
    cells = "select c.name, c.type, coalesce(g.max_score, t.max_score) from base_cell c left join grade_cells g "
    cells += "on g.id = c.id left join task_cells t on t.id = c.id order by 1"
    assert query(course, cells) == [(AUTO, "GradeCell", 8.0), (OPEN, "TaskCell", 12.0)]


def test_the_same_course_made_again_is_brought_up_to_date_and_keeps_its_settings(course: Path):
    folder, settings = course.parent, course / "nbgrader_config.py"
    changed = settings.read_text("utf-8").replace("# c.Exchange.root", "c.Exchange.root")
    settings.write_text(changed, "utf-8")
    listed = [Listed(INES, "Garnier-Roy", "Inès", "nouvelle@example.org"), Listed("nouveau", "Petit", "Noa")]
    source = folder / "sujets" / ACTIVITY
    (source / "exercices.toml").write_text("# changé\n" + (source / "exercices.toml").read_text("utf-8"), "utf-8")
    gradebook.create_course(course, students=listed, activities={ACTIVITY: source}, keys=folder / "corriges")
    rows = query(course, STUDENT_ROWS)
    assert [row[0] for row in rows] == [INES, "jdubois", "nouveau", PAUL]
    assert rows[0] == (INES, "Inès", "Garnier-Roy", "nouvelle@example.org", None)
    for place in ("source", "release"):
        assert (course / place / ACTIVITY / "exercices.toml").read_text("utf-8").startswith("# changé")
    assert not [path for path in course.rglob(".*") if path.name.startswith(f".{ACTIVITY}")]
    assert settings.read_text("utf-8") == changed


def test_a_course_that_has_another_database_says_so(course: Path):
    folder, before = course.parent, sorted(course.rglob("*"))
    with pytest.raises(GradebookProblem, match="désigne une autre base que celle qui est demandée"):
        gradebook.create_course(
            course,
            students=STUDENTS,
            activities={ACTIVITY: folder / "sujets" / ACTIVITY},
            keys=folder / "corriges",
            url="sqlite:////autre.db",
        )
    assert sorted(course.rglob("*")) == before


def test_a_course_moved_with_its_keys_still_finds_them(course: Path, tmp_path: Path):
    from traitlets.config.loader import PyFileConfigLoader

    moved = tmp_path / "ailleurs, à l’école"
    course.parent.rename(moved)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(moved / "nbgrader")).load_config()
    assert config.CopyExporter.keys_folder == str(moved / "corriges")
    assert config.CopyExporter.prepared_folder == str(moved)
    assert config.CourseDirectory.root == str(moved / "nbgrader")
    gradebook.write_class(mark(tmp_path / "c", one_copy()), moved / "nbgrader")
    assert grades(moved / "nbgrader")[INES, AUTO] == (8.0, None, None, False)


@pytest.mark.parametrize("name", ["corrige.toml", "corriges/table.csv", "datasets/corriges/x.csv"])
def test_a_key_among_what_students_receive_is_refused(tmp_path: Path, name: str):
    folder = tmp_path / ACTIVITY
    shutil.copytree(WORKBOOK / "notebooks" / ACTIVITY, folder)
    (folder / "corrige.toml").unlink()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("")
    with pytest.raises(GradebookProblem, match="est un corrigé"):
        gradebook.create_course(tmp_path / "cours", students=(), activities={ACTIVITY: folder}, keys=tmp_path)
    assert not (tmp_path / "cours" / "release").exists()


def test_a_folder_without_its_notebook_is_refused(tmp_path: Path):
    (tmp_path / ACTIVITY).mkdir()
    with pytest.raises(GradebookProblem, match=f"pas de carnet {ACTIVITY}.ipynb"):
        gradebook.create_course(
            tmp_path / "cours", students=(), activities={ACTIVITY: tmp_path / ACTIVITY}, keys=tmp_path
        )


def test_what_nbgrader_refuses_is_told(tmp_path: Path):
    """A notebook with twice the same graded cell."""
    folder = tmp_path / "sujet" / ACTIVITY
    shutil.copytree(WORKBOOK / "notebooks" / ACTIVITY, folder)
    (folder / "corrige.toml").unlink()
    path = folder / f"{ACTIVITY}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"] += notebook["cells"]
    path.write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(GradebookProblem, match=r"(?s)nbgrader n’a pas pu faire l’énoncé.*Duplicate grade id"):
        gradebook.create_course(tmp_path / "cours", students=(), activities={ACTIVITY: folder}, keys=tmp_path)


# --- writing a class --------------------------------------------------------------------------------------------------


def test_marks_go_to_the_gradebook_and_notebooks_to_autograded(course: Path, tmp_path: Path):
    copies = one_copy() | one_copy("41", "", name="Jean-Éric Dubois", identifier="jdubois")
    written = gradebook.write_class(mark(tmp_path / "c", copies), course)
    assert (written.copies, written.new_students, written.scores, written.notebooks) == (2, 0, 4, 2)
    assert grades(course) == {
        (INES, AUTO): (8.0, None, None, False),
        (INES, OPEN): (None, None, None, True),
        ("jdubois", AUTO): (0.0, None, None, False),
        ("jdubois", OPEN): (0.0, None, None, False),
    }
    assert comments(course) == {INES: (None, None), "jdubois": ("Sans réponse.", None)}
    times = query(course, "select timestamp from submitted_assignment")
    assert times == [("2026-11-20 09:00:00.000000",)] * 2  # UTC
    assert "La base vieillit." in shown(course)


def test_writing_the_same_class_again_changes_nothing(course: Path, tmp_path: Path):
    result = mark(tmp_path / "c", one_copy())
    gradebook.write_class(result, course)
    before, path = dump(course), course / "autograded" / INES / ACTIVITY / f"{ACTIVITY}.ipynb"
    os.utime(path, ns=(1, 1))
    written = gradebook.write_class(result, course)
    assert (written.scores, written.notebooks) == (0, 0)
    assert dump(course) == before
    assert path.stat().st_mtime_ns == 1


def test_a_new_copy_corrects_the_rows_of_the_former_one(course: Path, tmp_path: Path):
    gradebook.write_class(mark(tmp_path / "c", one_copy("41", "")), course)
    later = one_copy("42", "Une idée.", date="2026-11-25T10:00:00+01:00")
    gradebook.write_class(mark(tmp_path / "d", later), course)
    assert grades(course) == {(INES, AUTO): (8.0, None, None, False), (INES, OPEN): (None, None, None, True)}
    assert comments(course)[INES] == (None, None)
    assert query(course, "select timestamp from submitted_assignment") == [("2026-11-25 09:00:00.000000",)]
    assert "Une idée." in shown(course)


def test_rows_lost_or_spoilt_are_put_right(course: Path, tmp_path: Path):
    result = mark(tmp_path / "c", one_copy())
    gradebook.write_class(result, course)
    before = grades(course), comments(course)
    query(course, "update grade set auto_score = 3, needs_manual_grade = 1")
    query(course, "delete from comment")
    query(course, "delete from grade where auto_score is null")
    gradebook.write_class(result, course)
    assert (grades(course), comments(course)) == before


def test_students_who_are_not_in_the_class_list_are_added(course: Path, tmp_path: Path):
    hostile = copy(ACTIVITY, answers(), name='Zoé <b>"X"</b>', identifier="../zoe 1")
    nameless = copy(ACTIVITY, answers(), name="Sans Identifiant", identifier="")
    result = mark(tmp_path / "c", {"1.ipynb": hostile, "2.ipynb": nameless})
    assert gradebook.write_class(result, course).new_students == 2
    rows = {row[0]: row[1:3] for row in query(course, STUDENT_ROWS)}
    assert rows["zoe-1"] == ("Zoé", "‹b›”X”‹/b›")
    assert rows["sans-identifiant"] == ("Sans", "Identifiant")
    assert {path.name for path in (course / "autograded").iterdir()} == {"zoe-1", "sans-identifiant"}


def test_an_answer_sheet_shows_every_answer(course: Path, tmp_path: Path):
    result = mark(tmp_path / "c", one_copy("41,99"))
    sheet = AnswerSheet.from_metadata(json.loads(copy(ACTIVITY, answers("41,99")))["metadata"]["crc_lab"])
    gradebook.write_class(result, course)
    assert "41,99" not in shown(course)
    gradebook.write_class(result, course, sheets=lambda one: sheet if one.key == result.copies[0].key else None)
    assert "41,99" in shown(course)


def test_what_the_exchange_put_beside_a_copy_is_kept(course: Path, tmp_path: Path):
    folder = course / "submitted" / INES / ACTIVITY
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2026-11-22 10:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text("0123")
    (folder / "autre.txt").write_text("?")
    gradebook.write_class(mark(tmp_path / "c", one_copy()), course)
    names = sorted(path.name for path in (course / "autograded" / INES / ACTIVITY).iterdir())
    assert names == [f"{ACTIVITY}.ipynb", "submission_secret.txt", "timestamp.txt"]
    assert query(course, "select timestamp from submitted_assignment") == [(None,)]  # nbgrader's to say


def test_notebooks_that_nbgrader_left_read_only_are_replaced(course: Path, tmp_path: Path):
    gradebook.write_class(mark(tmp_path / "c", one_copy("41")), course)
    path = course / "autograded" / INES / ACTIVITY / f"{ACTIVITY}.ipynb"
    path.chmod(0o444)
    gradebook.write_class(mark(tmp_path / "d", one_copy("42")), course)
    assert "Juste, 8 / 8" in shown(course)


def test_a_class_without_copies_writes_nothing(course: Path):
    before = dump(course)
    assert gradebook.write_class(ClassResult((), (), ()), course).copies == 0
    assert dump(course) == before


# --- marks given by hand ----------------------------------------------------------------------------------------------


def regrade(course: Path, folder: Path, number: str = "42", opinion: str = "La base vieillit.") -> ClassResult:
    """What « crc-lab corriger » does: read the marks given by hand, mark, write."""
    known = gradebook.read_manual_marks(course)
    result = mark(folder, one_copy(number, opinion), manual=known)
    gradebook.write_class(result, course, known=known)
    return result


def test_a_mark_typed_in_the_formgrader_survives_and_counts(course: Path, tmp_path: Path):
    regrade(course, tmp_path / "c")
    assert gradebook.read_manual_marks(course) == {}
    type_in_formgrader(course, INES, OPEN, 7.5, "Bien vu, mais court.")
    assert gradebook.read_manual_marks(course) == {(INES, ACTIVITY, OPEN): ManualMark(7.5, "Bien vu, mais court.")}
    before = dump(course)
    for _ in range(2):
        (student,) = regrade(course, tmp_path / "c").students
        assert (student.copies[ACTIVITY].points, student.copies[ACTIVITY].pending) == (15.5, ())
        assert dump(course) == before


def test_an_automatic_mark_changed_in_the_formgrader_counts_too(course: Path, tmp_path: Path):
    regrade(course, tmp_path / "c", "41")
    type_in_formgrader(course, INES, AUTO, 2.0)
    (one,) = regrade(course, tmp_path / "c", "41").copies
    assert one.points == 2.0
    assert grades(course)[INES, AUTO] == (0.0, 2.0, None, False)


@pytest.mark.parametrize(
    ("score", "bonus", "points"),
    [(10.0, 1.5, 11.5), (10.0, 5.0, 12.0), (None, 2.0, 2.0), (-3.0, None, 0.0), (99.0, None, 12.0)],
)
def test_a_bonus_is_added_up_to_the_points_of_the_question(
    course: Path, tmp_path: Path, score: float | None, bonus: float | None, points: float
):
    regrade(course, tmp_path / "c")
    type_in_formgrader(course, INES, OPEN, score, bonus=bonus)
    before = dump(course)
    for _ in range(3):  # never added twice
        assert regrade(course, tmp_path / "c").copies[0].points == 8.0 + points
        assert dump(course) == before


@pytest.mark.parametrize("score", ["nan", "inf", "abc", ""])
def test_what_is_no_number_is_no_mark(course: Path, tmp_path: Path, score: str):
    regrade(course, tmp_path / "c")
    value: Any = float(score) if score in ("inf",) else score
    query(course, "update grade set manual_score = ? where auto_score is null", value)
    assert gradebook.read_manual_marks(course) == {}
    assert regrade(course, tmp_path / "c").copies[0].pending == (OPEN,)


def test_a_mark_given_by_excel_is_shown_in_the_formgrader(course: Path, tmp_path: Path):
    manual = {(INES, ACTIVITY, OPEN): ManualMark(9.0, "Lu sur papier.")}
    gradebook.write_class(mark(tmp_path / "c", one_copy(), manual=manual), course)
    assert grades(course)[INES, OPEN] == (None, 9.0, None, False)
    assert comments(course)[INES] == (None, "Lu sur papier.")
    assert gradebook.read_manual_marks(course) == manual


def test_a_later_mark_by_excel_replaces_the_one_of_the_formgrader(course: Path, tmp_path: Path):
    regrade(course, tmp_path / "c")
    type_in_formgrader(course, INES, OPEN, 5.0, "Court.", bonus=1.0)
    known = gradebook.read_manual_marks(course)
    manual = {**known, (INES, ACTIVITY, OPEN): ManualMark(10.0)}
    gradebook.write_class(mark(tmp_path / "c", one_copy(), manual=manual), course, known=known)
    assert grades(course)[INES, OPEN] == (None, 10.0, None, False)
    assert comments(course)[INES] == (None, "Court.")  # Excel said nothing about it


def test_what_is_typed_while_the_class_is_being_marked_wins(course: Path, tmp_path: Path):
    regrade(course, tmp_path / "c")
    type_in_formgrader(course, INES, OPEN, 5.0, "Court.")
    known = gradebook.read_manual_marks(course)
    result = mark(tmp_path / "c", one_copy(), manual=known)
    type_in_formgrader(course, INES, OPEN, 6.0, "Un peu court.")
    type_in_formgrader(course, INES, AUTO, 1.0)
    gradebook.write_class(result, course, known=known)
    assert grades(course) == {(INES, AUTO): (8.0, 1.0, None, False), (INES, OPEN): (None, 6.0, None, False)}
    assert comments(course)[INES] == (None, "Un peu court.")
    assert regrade(course, tmp_path / "c").copies[0].points == 7.0


def test_a_mark_taken_back_in_the_formgrader_waits_again(course: Path, tmp_path: Path):
    regrade(course, tmp_path / "c")
    type_in_formgrader(course, INES, OPEN, 5.0)
    regrade(course, tmp_path / "c")
    query(course, "update grade set manual_score = null, needs_manual_grade = 1 where auto_score is null")
    (one,) = regrade(course, tmp_path / "c").copies
    assert one.pending == (OPEN,)
    assert grades(course)[INES, OPEN] == (None, None, None, True)


def test_another_answer_than_the_one_that_was_marked_is_to_be_looked_at_again(course: Path, tmp_path: Path):
    regrade(course, tmp_path / "c")
    type_in_formgrader(course, INES, OPEN, 5.0)
    regrade(course, tmp_path / "d", opinion="Une tout autre réponse.")
    assert grades(course)[INES, OPEN] == (None, 5.0, None, True)  # the mark stays, and asks for attention
    regrade(course, tmp_path / "d", opinion="Une tout autre réponse.")
    assert grades(course)[INES, OPEN] == (None, 5.0, None, True)  # until somebody looks
    type_in_formgrader(course, INES, OPEN, 5.0)
    regrade(course, tmp_path / "d", opinion="Une tout autre réponse.")
    assert grades(course)[INES, OPEN] == (None, 5.0, None, False)


def test_marks_are_read_back_under_our_own_identifiers(course: Path, tmp_path: Path):
    roster = Roster(STUDENTS)
    result = mark(tmp_path / "c", one_copy(name="Paul D’Aquin", identifier="paul bis"), roster=roster)
    assert gradebook.write_class(result, course).new_students == 0
    type_in_formgrader(course, PAUL, OPEN, 3.0)
    assert gradebook.read_manual_marks(course) == {("paul bis", ACTIVITY, OPEN): ManualMark(3.0)}


def test_a_course_without_a_gradebook_yet_has_no_marks(course: Path):
    (course / "gradebook.db").unlink()
    assert gradebook.read_manual_marks(course) == {}


# --- problems ---------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_course_says_so(tmp_path: Path):
    result = mark(tmp_path / "c", one_copy())
    for act in (lambda: gradebook.read_manual_marks(tmp_path), lambda: gradebook.write_class(result, tmp_path)):
        with pytest.raises(GradebookProblem, match=r"pas celui d’un cours nbgrader \(pas de nbgrader_config.py\)"):
            act()


def test_a_mistake_in_the_configuration_says_so(course: Path):
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.Exchange.root = /srv\n")
    with pytest.raises(GradebookProblem, match=r"nbgrader_config.py contient une erreur \(SyntaxError"):
        gradebook.read_manual_marks(course)


def test_an_activity_that_the_course_does_not_have_says_so(course: Path, tmp_path: Path):
    shutil.rmtree(course / "source")
    with pytest.raises(GradebookProblem, match=f"source/{ACTIVITY}"):
        gradebook.write_class(mark(tmp_path / "c", one_copy()), course)


def test_questions_that_differ_from_the_gradebooks_change_nothing(course: Path, tmp_path: Path):
    query(course, "update base_cell set name = 'A9-Q3' where name = ?", OPEN)
    before = dump(course)
    with pytest.raises(GradebookProblem, match=r"pas les mêmes questions que le corrigé \(A9-Q2, A9-Q3\)"):
        gradebook.write_class(mark(tmp_path / "c", one_copy(identifier="nouveau")), course)
    assert dump(course) == before


def test_a_notebook_that_cannot_be_written_leaves_the_marks(course: Path, tmp_path: Path):
    (course / "autograded").write_text("pas un dossier")
    with pytest.raises(GradebookProblem, match=r"ne peut pas être écrit .* Les notes, elles, y sont déjà"):
        gradebook.write_class(mark(tmp_path / "c", one_copy()), course)
    assert grades(course)[INES, AUTO] == (8.0, None, None, False)
    (course / "autograded").unlink()
    assert gradebook.write_class(mark(tmp_path / "c", one_copy()), course).notebooks == 1


def test_a_new_database_is_made_from_the_course(course: Path, tmp_path: Path):
    """« --base » with a database that does not exist yet."""
    other = f"sqlite:///{tmp_path / 'autre.db'}"
    assert gradebook.read_manual_marks(course, other) == {}
    gradebook.write_class(mark(tmp_path / "c", one_copy()), course, other)
    assert grades(course) == {}
    (tmp_path / "autre.db").rename(course / "gradebook.db")
    assert grades(course)[INES, AUTO] == (8.0, None, None, False)


def test_the_configuration_may_name_another_database(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'ailleurs.db'}"
    course = make_course(tmp_path / "prepare", url=url)
    gradebook.write_class(mark(tmp_path / "c", one_copy()), course)
    assert not (course / "gradebook.db").exists()
    (tmp_path / "ailleurs.db").rename(course / "gradebook.db")
    assert grades(course)[INES, AUTO] == (8.0, None, None, False)
