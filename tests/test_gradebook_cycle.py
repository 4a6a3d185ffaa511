"""The whole life of an assignment through real nbgrader commands: teacher, exchange, students, and back.

One test, in the order of the year: what a command leaves is what the next one needs.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from autograder import gradebook
from autograder.identity import Roster
from autograder.intake.keys import Bank
from autograder.marking.batch import mark_class
from autograder.marking.manual import ManualMark
from crc_lab.core.resources import OTHER_WORKBOOK
from tests.gradebook_course import (
    ACTIVITY,
    AUTO,
    OPEN,
    STUDENTS,
    WORKBOOK,
    fresh_course,
    grades,
    run,
    type_in_formgrader,
)
from tests.sample_copies import sheet

NOTEBOOK = f"{ACTIVITY}.ipynb"
KEY_WORDS = ("corrige.toml", "6 × 7 = 42", "Une base vieillit : des clients déménagent", "On attend l’idée du temps")


class Pupil:
    """A student's own folder and settings: they have nbgrader, and nothing of the teacher's."""

    def __init__(self, base: Path, name: str, exchange: Path) -> None:
        self.name, self.home, self.folder = name, base / name / "maison", base / name / "cours"
        self.home.mkdir(parents=True)
        self.folder.mkdir()
        settings = f"c = get_config()\nc.CourseDirectory.course_id = 'ndrc'\nc.Exchange.root = {str(exchange)!r}\n"
        (self.folder / "nbgrader_config.py").write_text(settings, "utf-8")

    def run(self, *command: str) -> str:
        return run(self.folder, self.home, "nbgrader", *command)

    def answer(self, answers: dict[str, Any]) -> None:
        """What the cards do: answers in the metadata of the notebook that was fetched."""
        path = self.folder / ACTIVITY / NOTEBOOK
        document = json.loads(path.read_text("utf-8"))
        document["metadata"]["crc_lab"] |= sheet(ACTIVITY, answers, "", self.name)
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def texts(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_a_year_with_nbgrader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    exchange, home = tmp_path / "echange", tmp_path / "maison"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    home.mkdir()
    course = fresh_course(tmp_path)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.Exchange.root = {str(exchange)!r}\n")

    def teacher(*command: str) -> str:
        return run(course, home, "nbgrader", *command)

    # The teacher gives the assignment out; the students fetch it, and no key with it.
    teacher("generate_assignment", ACTIVITY, "--force")
    teacher("release_assignment", ACTIVITY)
    assert f"ndrc {ACTIVITY}" in teacher("list")
    ines, jean = (Pupil(tmp_path, name, exchange) for name in ("igarnier", "jdubois"))
    for pupil in (ines, jean):
        pupil.run("fetch_assignment", ACTIVITY)
        assert sorted(path.name for path in (pupil.folder / ACTIVITY).iterdir()) == [NOTEBOOK, "exercices.toml"]
    given = texts(exchange)
    assert not [word for word in KEY_WORDS if word in given]

    # They answer, check that nbgrader accepts the notebook (it runs every cell), hand in.
    ines.answer({AUTO: "42", OPEN: "La base vieillit <b>vite</b>."})
    jean.answer({AUTO: "43", OPEN: ""})
    assert "Success! Your notebook passes all the tests." in ines.run("validate", f"{ACTIVITY}/{NOTEBOOK}")
    for pupil in (ines, jean):
        pupil.run("submit", ACTIVITY, f"--student={pupil.name}")

    # The teacher collects and marks: without running a cell, with the marks of « crc-lab corriger ».
    teacher("collect", ACTIVITY)
    said = teacher("autograde", ACTIVITY)
    assert "Executing" not in said
    result = mark_class([course / "submitted"], Bank(course.parent / "corriges"), roster=Roster(STUDENTS))
    assert result.rejections == ()
    assert {one.id: one.copies[ACTIVITY].points for one in result.students} == {"igarnier": 8.0, "jdubois": 0.0}
    by_nbgrader = grades(course)
    assert by_nbgrader == {
        ("igarnier", AUTO): (8.0, None, None, False),
        ("igarnier", OPEN): (None, None, None, True),
        ("jdubois", AUTO): (0.0, None, None, False),
        ("jdubois", OPEN): (0.0, None, None, False),
    }
    gradebook.write_class(result, course)
    assert grades(course) == by_nbgrader

    # The open answer is marked by hand, the class is marked again, feedback goes back.
    type_in_formgrader(course, "igarnier", OPEN, 9.0, "Juste, un peu bref.")
    known = gradebook.read_manual_marks(course)
    assert known == {("igarnier", ACTIVITY, OPEN): ManualMark(9.0, "Juste, un peu bref.")}
    bank = Bank(course.parent / "corriges")
    result = mark_class([course / "submitted"], bank, roster=Roster(STUDENTS), manual=known)
    gradebook.write_class(result, course, known=known)
    assert {one.id: one.copies[ACTIVITY].points for one in result.students} == {"igarnier": 17.0, "jdubois": 0.0}
    teacher("generate_feedback", ACTIVITY)
    teacher("release_feedback", ACTIVITY)
    ines.run("fetch_feedback", ACTIVITY, "--student=igarnier")
    (page,) = (ines.folder / ACTIVITY / "feedback").rglob("*.html")
    feedback = page.read_text("utf-8")
    assert "(Score: 17.0 / 20.0)" in feedback
    assert "Juste, un peu bref." in feedback
    assert "La base vieillit &lt;b&gt;vite&lt;/b&gt;." in feedback
    given = texts(exchange) + texts(ines.folder) + texts(ines.home)
    assert not [word for word in KEY_WORDS if word in given]
    teacher("export")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        exported = {
            row["student_id"]: (row["assignment"], row["score"], row["max_score"]) for row in csv.DictReader(file)
        }
    assert exported["igarnier"] == (ACTIVITY, "17.0", "20.0")
    assert exported["jdubois"] == (ACTIVITY, "0.0", "20.0")
