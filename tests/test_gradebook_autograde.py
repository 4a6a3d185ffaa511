"""``nbgrader autograde`` with the course's configuration: the marks of ``crc-lab corriger``, whatever was handed in.

One real command on a class of damaged, hostile and ordinary folders; every test then looks at what it left.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder import gradebook
from autograder.intake import HandedIn
from autograder.intake.collecting import collect
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from autograder.marking.manual import ManualMark
from crc_lab.core.resources import OTHER_WORKBOOK
from tests.gradebook_course import (
    ACTIVITY,
    AUTO,
    OPEN,
    WORKBOOK,
    answers,
    comments,
    fresh_course,
    grades,
    mark,
    one_copy,
    run,
    type_in_formgrader,
)
from tests.sample_copies import notebook, sheet

NOTEBOOK = f"{ACTIVITY}.ipynb"
SCRIPT = "<script>document.title = 'pris'</script>"
UNREADABLE = {"tronque", "vide", "sans-feuille", "autre-activite", "plus-recent", "pdf"}
Change = Callable[[dict[str, Any]], object]


@dataclass
class School:
    """A course whose ``submitted/`` is being filled; ``trap``: the folder that executed cells would write in."""

    course: Path
    trap: Path

    def folder(self, student: str) -> Path:
        path = self.course / "submitted" / student / ACTIVITY
        path.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, student: str, content: bytes, name: str = NOTEBOOK) -> Path:
        (self.folder(student) / name).write_bytes(content)
        return self.folder(student)

    def copy(self, student: str, number: str = "42", change: Change | None = None, **more: Any) -> Path:
        """The notebook that was given out, with answers: A9-Q1 ``number``, and an opinion."""
        document = json.loads((self.course / "release" / ACTIVITY / NOTEBOOK).read_text("utf-8"))
        document["metadata"]["crc_lab"] |= sheet(
            ACTIVITY, answers(number, f"{SCRIPT} {student}"), student, student, **more
        )
        if change:
            change(document)
        return self.put(student, json.dumps(document, ensure_ascii=False).encode())


def cells(document: dict[str, Any], **metadata: Any) -> None:
    for cell in document["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= metadata


def fill(school: School) -> None:
    """One folder per way to harm nbgrader; the first ones are read, the last ones (UNREADABLE) cannot be."""
    school.copy("igarnier")
    school.copy("juste-faux", "41")
    school.copy("copie-double", change=lambda nb: nb["cells"].extend(json.loads(json.dumps(nb["cells"]))))
    school.copy("sans-cellule", change=lambda nb: nb.update(cells=[]))
    school.copy("cellules-nulles", change=lambda nb: nb.update(cells=[None, 3, "x", {}]))
    school.copy("points-1000", "41", lambda nb: cells(nb, points=1000, grade_id="A9-Q2", grade=True))
    school.copy("schema-trop-neuf", change=lambda nb: cells(nb, schema_version=99))
    school.copy("schema-trop-vieux", change=lambda nb: cells(nb, schema_version=1))
    school.copy("sans-metadonnees", change=lambda nb: [cell.update(metadata={}) for cell in nb["cells"]])
    school.copy("tout-markdown", change=lambda nb: [cell.update(cell_type="markdown") for cell in nb["cells"]])
    school.copy("nbformat-3", change=lambda nb: nb.update(nbformat=3, worksheets=[{"cells": []}]))
    school.copy("noyau-inconnu", change=lambda nb: nb["metadata"].update(kernelspec={"name": "R", "x": [1]}))
    traps = [f"open({str(school.trap / 'cree')!r}, 'w').write('!')", f"!touch {school.trap / 'cree'}"]
    school.copy("piege", change=lambda nb: nb["cells"].extend(_code(text) for text in traps * 3))
    forged = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "8.0"}}
    school.copy("note-forgee", "41", lambda nb: [cell.update(outputs=[forged]) for cell in nb["cells"]])
    school.copy("indice-paye", edition="evaluation", change=lambda nb: _hint(nb, 2))
    path = school.copy("utf-16") / NOTEBOOK
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    (school.copy("renomme") / NOTEBOOK).rename(school.folder("renomme") / f"{ACTIVITY} (1).ipynb")
    school.copy("deux-fichiers", "41", date="2026-11-01T10:00:00+01:00")
    later = sheet(ACTIVITY, answers(), "deux-fichiers", "deux-fichiers", date="2026-11-20T10:00:00+01:00")
    school.put("deux-fichiers", notebook(later), "copie (1).ipynb")
    special(school)
    path = school.copy("tronque") / NOTEBOOK
    path.write_bytes(path.read_bytes()[:-300])
    school.put("vide", b"")
    school.put("pdf", b"%PDF-1.7 ...")
    school.put("sans-feuille", notebook(None))
    school.put("autre-activite", notebook(sheet("04_qualifier", {}, "autre-activite", "autre-activite")))
    school.put("plus-recent", notebook(sheet(ACTIVITY, answers(), "plus-recent", "plus-recent") | {"version": 99}))


def special(school: School) -> None:
    """Files around the notebook that nbgrader would follow, stop at, or hand back."""
    folder = school.copy("fichiers-speciaux")
    os.mkfifo(folder / "tuyau")
    (folder / "config.html").symlink_to(school.course / "nbgrader_config.py")
    (folder / "sans-fin").symlink_to("/dev/zero")
    (folder / "racine").symlink_to("/")
    (folder / "page.html").write_text(SCRIPT)
    (folder / "sous").mkdir()
    (folder / "sous" / "x.csv").write_text("1")
    (folder / "timestamp.txt").write_bytes(b"\xff\xfe hier")
    here = Path.cwd()
    os.chdir(folder)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("prise")
    finally:
        os.chdir(here)


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "piege",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _hint(document: dict[str, Any], level: int) -> None:
    document["metadata"]["crc_lab"]["reponses"][AUTO]["indices"] = level


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[School, ClassResult, str]:
    """The class after ``nbgrader autograde``, what ``corriger`` finds in the same folder, and what nbgrader said."""
    base = tmp_path_factory.mktemp("autograde")
    (base / "maison").mkdir()
    (base / "piege").mkdir()
    school = School(fresh_course(base), base / "piege")
    fill(school)
    said = run(school.course, base / "maison", "nbgrader", "autograde", ACTIVITY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
        result = mark_class([school.course / "submitted"], Bank(school.course.parent / "corriges"))
    return school, result, said


def test_every_folder_is_gone_through(marked: tuple[School, ClassResult, str]):
    school, _, said = marked
    students = {path.name for path in (school.course / "submitted").iterdir()}
    assert {student for student, _ in grades(school.course)} == students
    assert {path.name for path in (school.course / "autograded").iterdir()} == students
    assert "ERROR" not in said


def test_the_marks_are_those_of_corriger(marked: tuple[School, ClassResult, str]):
    school, result, _ = marked
    found = grades(school.course)
    for student in result.students:
        for question in student.copies[ACTIVITY].questions:
            waiting = question.id in student.copies[ACTIVITY].pending
            expected = (None if waiting else question.points, None, None, waiting)
            assert found.pop((student.id, question.id)) == expected, (student.id, question.id)
    assert {student for student, _ in found} == UNREADABLE
    assert set(found.values()) == {(None, None, None, True)}


def test_the_mark_is_that_of_the_answers(marked: tuple[School, ClassResult, str]):
    points = {student: row[0] for (student, question), row in grades(marked[0].course).items() if question == AUTO}
    wrong = {"juste-faux": 0.0, "points-1000": 0.0, "note-forgee": 0.0, "indice-paye": 7.2}
    assert points == {name: wrong.get(name, None if name in UNREADABLE else 8.0) for name in points}


def test_nothing_was_executed(marked: tuple[School, ClassResult, str]):
    school, _, said = marked
    assert list(school.trap.iterdir()) == []
    assert "Executing notebook" not in said
    assert "kernel" not in said.lower()


def test_an_unreadable_copy_waits_for_its_teacher_and_says_why(marked: tuple[School, ClassResult, str]):
    course = marked[0].course
    reasons = {"tronque": "coupé avant la fin", "vide": "fichier est vide", "plus-recent": "Mettez crc-lab à jour"}
    for student in UNREADABLE:
        text = (course / "autograded" / student / ACTIVITY / NOTEBOOK).read_text("utf-8")
        assert "Copie illisible" in text
        assert reasons.get(student, "") in text
        assert comments(course)[student][0] == "Copie illisible : à noter à la main."


def test_what_nbgrader_shows_holds_no_cell_of_the_student(marked: tuple[School, ClassResult, str]):
    course = marked[0].course
    pristine = json.loads((course / "source" / ACTIVITY / NOTEBOOK).read_text("utf-8"))["cells"]
    for path in (course / "autograded").rglob("*.ipynb"):
        document = json.loads(path.read_text("utf-8"))
        assert ["".join(cell["source"]) for cell in document["cells"]] == ["".join(c["source"]) for c in pristine]
        shown = ["".join(o["data"]["text/html"]) for cell in document["cells"] for o in cell.get("outputs", ())]
        assert len(shown) == 2
        assert not any("<script" in text for text in shown)


def test_only_the_notebook_and_the_exchanges_files_stay_in_autograded(marked: tuple[School, ClassResult, str]):
    """A link that would show the teacher's files, a page that would be handed back as feedback."""
    course = marked[0].course
    for folder in (course / "autograded").iterdir():
        names = {path.relative_to(folder / ACTIVITY).as_posix() for path in (folder / ACTIVITY).rglob("*")}
        assert names == {NOTEBOOK}
    kept = {path.name for path in (course / "submitted" / "fichiers-speciaux" / ACTIVITY).iterdir()}
    assert kept == {NOTEBOOK, "page.html", "sous", "timestamp.illisible"}


def test_corriger_writes_the_same_rows_and_notebooks(
    marked: tuple[School, ClassResult, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """On a course of its own: what it writes for a copy is, cell for cell, what nbgrader wrote."""
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    school, _, _ = marked
    other = fresh_course(tmp_path)
    result = mark(tmp_path / "c", one_copy(opinion=f"{SCRIPT} igarnier", name="igarnier"))
    sheets = {one.key: one.sheet for one in collect([tmp_path / "c"]) if isinstance(one, HandedIn)}
    gradebook.write_class(result, other, sheets=lambda one: sheets[one.key])
    by_nbgrader, ours = (
        json.loads((course / "autograded" / "igarnier" / ACTIVITY / NOTEBOOK).read_text("utf-8"))
        for course in (school.course, other)
    )
    assert ours["metadata"] == by_nbgrader["metadata"]
    assert [_outputs(cell) for cell in ours["cells"]] == [_outputs(cell) for cell in by_nbgrader["cells"]]
    assert {key: row for key, row in grades(school.course).items() if key[0] == "igarnier"} == grades(other)


def _outputs(cell: dict[str, Any]) -> list[dict[str, str]]:
    return [{name: "".join(text) for name, text in one["data"].items()} for one in cell.get("outputs", ())]


def test_a_mark_given_by_hand_survives_nbgrader_and_feedback_shows_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    home = tmp_path / "maison"
    home.mkdir()
    school = School(fresh_course(tmp_path), tmp_path)
    school.copy("igarnier", "41")
    run(school.course, home, "nbgrader", "autograde", ACTIVITY)
    type_in_formgrader(school.course, "igarnier", OPEN, 7.5, "Des idées, **bien** dites.")
    type_in_formgrader(school.course, "igarnier", AUTO, 3.0)
    school.copy("igarnier", "42")
    run(school.course, home, "nbgrader", "autograde", ACTIVITY, "--force")
    # the automatic mark is up to date; nbgrader asks for another look at what a person marked
    assert grades(school.course) == {
        ("igarnier", AUTO): (8.0, 3.0, None, True),
        ("igarnier", OPEN): (None, 7.5, None, True),
    }
    assert gradebook.read_manual_marks(school.course) == {
        ("igarnier", ACTIVITY, AUTO): ManualMark(3.0),
        ("igarnier", ACTIVITY, OPEN): ManualMark(7.5, "Des idées, **bien** dites."),
    }
    run(school.course, home, "nbgrader", "generate_feedback", ACTIVITY)
    folder = school.course / "feedback" / "igarnier" / ACTIVITY
    assert [path.name for path in folder.iterdir()] == [f"{ACTIVITY}.html"]
    page = (folder / f"{ACTIVITY}.html").read_text("utf-8")
    assert "(Score: 10.5 / 20.0)" in page
    assert "Des idées, <strong>bien</strong> dites." in page
    assert "Correction automatique" in page
    assert "&lt;script&gt;document.title" in page
    assert SCRIPT not in page
    for key in ("6 × 7 = 42", "Une base vieillit : des clients déménagent", "On attend l’idée du temps"):
        assert key not in page
