"""nbgrader's formgrader in a real browser: an open answer is marked there, and its mark is found in notes.xlsx.

The server is a JupyterLab started in the course's folder, as a teacher starts it, with nbgrader's own extensions.
"""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder import gradebook
from autograder.identity import Roster
from autograder.intake import HandedIn
from autograder.intake.collecting import collect
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_copies
from autograder.marking.manual import ManualMark, ManualMarks
from autograder.moodle import write_moodle
from autograder.reports import WORKBOOK as MARKS
from autograder.reports import Outputs, write_reports
from crc_lab.core.resources import OTHER_WORKBOOK
from tests.gradebook_course import (
    ACTIVITY,
    AUTO,
    OPEN,
    STUDENTS,
    WORKBOOK,
    answers,
    environment,
    fresh_course,
    grades,
    query,
)
from tests.sample_copies import sheet

OPINION = "Une base vieillit <script>document.title = 'pris'</script> et $x$ coûte 5 $.\n\n# Fin <b>grasse</b>"
INES, JEAN = "igarnier", "jdubois"
MATHJAX = """window.MathJax = {Hub: {
  Config() {}, Queue() {}, Startup: {signal: {Interest(call) { setTimeout(call, 0, "End"); }}}}};"""
WORKSHEET = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être modifiée",'
    '"Dernière modification (note)","Feedback par commentaires"\n'
    'Participant48210,"Inès Garnier",ines.garnier@example.org,"Remis pour évaluation",,"20,00",Oui,-,\n'
)
READY = "typeof formgrader === 'object' && formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded"


@dataclass(frozen=True)
class Formgrader:
    """A course, and the server that shows it."""

    course: Path
    url: str
    token: str

    def address(self, path: str) -> str:
        return f"{self.url}/formgrader/{path}"

    def corriger(self) -> tuple[ClassResult, ManualMarks]:
        """What « crc-lab corriger --preparation » does with the copies that were collected."""
        known = gradebook.read_manual_marks(self.course)
        handed = [one for one in collect([self.course / "submitted"]) if isinstance(one, HandedIn)]
        bank = Bank(self.course.parent / "corriges")
        result = mark_copies(handed, bank, roster=Roster(STUDENTS), manual=known)
        sheets = {one.key: one.sheet for one in handed}
        gradebook.write_class(result, self.course, sheets=lambda copy: sheets[copy.key], known=known)
        return result, known


def hand_in(course: Path, student: str, number: str, opinion: str) -> None:
    document = json.loads((course / "release" / ACTIVITY / f"{ACTIVITY}.ipynb").read_text("utf-8"))
    document["metadata"]["crc_lab"] |= sheet(ACTIVITY, answers(number, opinion), "", student)
    folder = course / "submitted" / student / ACTIVITY
    folder.mkdir(parents=True)
    (folder / f"{ACTIVITY}.ipynb").write_text(json.dumps(document, ensure_ascii=False), "utf-8")


@pytest.fixture
def formgrader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Formgrader]:
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    course, home, log = fresh_course(tmp_path), tmp_path / "maison", tmp_path / "serveur.log"
    home.mkdir()
    hand_in(course, INES, "42", OPINION)
    hand_in(course, JEAN, "41", "Pour ne pas payer des envois inutiles.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = "0123456789abcdef"
    options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    options += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    with log.open("wb") as stream:
        child = subprocess.Popen(
            [str(Path(sys.executable).with_name("jupyter-lab")), *options],
            cwd=course,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    server = Formgrader(course, f"http://127.0.0.1:{port}", token)
    try:
        _wait(child, server, log)
        yield server
    finally:
        child.terminate()
        child.wait(timeout=30)


def _wait(child: subprocess.Popen[bytes], server: Formgrader, log: Path) -> None:
    address = f"{server.url}/formgrader/api/status?token={server.token}"
    for _ in range(300):
        assert child.poll() is None, log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert json.load(answer) == {"status": True}
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    pytest.fail(log.read_text()[-2000:])


@pytest.fixture
def teacher(page: Any, formgrader: Formgrader) -> Any:
    """A window where the teacher is known. nbgrader's page takes MathJax from a public server: here, from MATHJAX."""
    page.route("https://**/*", lambda route: route.fulfill(status=200, content_type="text/javascript", body=MATHJAX))
    page.goto(f"{formgrader.url}/login?token={formgrader.token}&next=/formgrader")
    return page


def test_an_open_answer_marked_in_the_formgrader_reaches_the_reports(
    formgrader: Formgrader, teacher: Any, tmp_path: Path, attendre: Callable[..., Any], photo: Callable[..., None]
):
    page, course = teacher, formgrader.course

    # The formgrader's own button gives the marks of « corriger », and starts no kernel.
    page.goto(formgrader.address(f"manage_submissions/{ACTIVITY}"))
    for student in (INES, JEAN):
        page.locator("tr", has_text=student).locator(".autograde a").click()
        page.wait_for_selector(".modal.in >> text=Successfully autograded", timeout=60_000)  # a process starts
        page.locator(".modal.in .modal-footer button").click()
        page.wait_for_selector(".modal", state="detached")
    by_button = grades(course)
    assert by_button[INES, AUTO] == (8.0, None, None, False)
    assert by_button[INES, OPEN] == (None, None, None, True)
    result, _ = formgrader.corriger()
    assert {one.id: one.copies[ACTIVITY].points for one in result.students} == {INES: 8.0, JEAN: 0.0}
    assert grades(course) == by_button

    # The page of manual marking shows the answer, word for word, and obeys none of it.
    page.goto(formgrader.address(f"gradebook/{ACTIVITY}/{ACTIVITY}"))
    page.wait_for_selector("td.name a")
    photo(page, "liste")
    page.goto(formgrader.address(f"submissions/{_submission(course, INES)}/"))
    page.wait_for_function(READY)
    shown = page.locator(".tex2jax_ignore", has_text="Une base vieillit")
    assert shown.inner_text().strip() == OPINION
    assert shown.locator("*").count() == 1  # the paragraph that keeps its line breaks: nothing of the student's
    assert page.title() == ACTIVITY
    assert page.locator("text=Ce qui est attendu").count() == 1
    assert page.locator("text=Correction automatique").count() == 1
    assert page.locator(".tex2jax_ignore").first.inner_text().strip() == "42"

    # A score and a comment are typed, and saved by the page.
    score, comment = page.locator(f"#{OPEN}.score"), page.locator(f"#{OPEN}-comment")
    score.fill("9.5")
    score.press("Tab")
    comment.fill("Juste, « un peu » bref.")
    comment.press("Tab")
    key = (INES, ACTIVITY, OPEN)
    mark = ManualMark(9.5, "Juste, « un peu » bref.")
    attendre(lambda: gradebook.read_manual_marks(course) == {key: mark}, "la note dans le carnet de notes", page=page)
    shown.scroll_into_view_if_needed()
    photo(page, "notation")

    # The class is marked again while the formgrader is open: the mark is in the result, in notes.xlsx, and stays there.
    result, known = formgrader.corriger()
    assert known == {key: mark}
    (copy,) = (one.copies[ACTIVITY] for one in result.students if one.id == INES)
    assert (copy.points, copy.pending) == (17.5, ())
    book = openpyxl.load_workbook(write_reports(result, tmp_path / "rapports").folder / MARKS)
    sheet_of_marks = book.worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet_of_marks.iter_rows()]
    (line,) = [row for row in cells if "Inès Garnier" in row]
    assert 17.5 in line
    # It also goes to Moodle's own worksheet.
    worksheet = tmp_path / "Notes-NDRC1-7.csv"
    worksheet.write_text(WORKSHEET, encoding="utf-8-sig")
    write_moodle(result, Outputs(tmp_path / "rapports"), [worksheet])
    (row,) = [
        row
        for row in csv.DictReader(io.StringIO((tmp_path / "rapports/moodle" / worksheet.name).read_text("utf-8-sig")))
        if row["Nom complet"] == "Inès Garnier"
    ]
    assert (row["Identifiant"], row["Note"]) == ("Participant48210", "17,5")
    page.reload()
    page.wait_for_function(f"document.querySelector('#{OPEN}.score').value === '9.5'")
    assert page.locator(f"#{OPEN}-comment").input_value() == mark.comment

    # A mark that was automatic is changed by the teacher: it counts as well.
    page.goto(formgrader.address(f"submissions/{_submission(course, JEAN)}/"))
    page.wait_for_function(READY)
    given = page.locator(f"#{AUTO}.score")
    assert given.get_attribute("placeholder") == "0"
    given.fill("2")
    given.press("Tab")
    attendre(lambda: grades(course)[JEAN, AUTO][1] == 2.0, "la note changée", page=page)
    result, _ = formgrader.corriger()
    assert {one.id: one.copies[ACTIVITY].points for one in result.students} == {INES: 17.5, JEAN: 2.0}


def _submission(course: Path, student: str) -> str:
    """The formgrader's id of a student's notebook."""
    statement = """select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id
      where s.student_id = ?"""
    ((name,),) = query(course, statement, student)
    return str(name)
