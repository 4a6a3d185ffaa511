"""The gradebook in PostgreSQL: a server of our own, on a socket in a temporary folder, without any network.

Debian's ``postgresql`` package is needed. Without it these tests are skipped; with ``CRC_NAVIGATEUR_OBLIGATOIRE=1``
(continuous integration) they fail instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from autograder import gradebook
from autograder.gradebook import GradebookProblem
from autograder.gradebook.course import environment as with_programs
from autograder.gradebook.course import generate
from autograder.marking.manual import ManualMark
from crc_lab.core.resources import OTHER_WORKBOOK
from tests.gradebook_course import (
    ACTIVITY,
    AUTO,
    GRADES,
    OPEN,
    WORKBOOK,
    answers,
    fresh_course,
    mark,
    one_copy,
    run,
)
from tests.sample_copies import copy

INES = "igarnier"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder of a running server's socket. Root may not run a server: « postgres » or « nobody » does then."""
    programs = _programs()
    if programs is None:
        text = "PostgreSQL n’est pas installé ; sous Debian : apt-get install postgresql (no server to start)"
        if os.environ.get("CRC_NAVIGATEUR_OBLIGATOIRE") == "1":
            pytest.fail(text)
        pytest.skip(text)
    folder = Path(tempfile.mkdtemp(prefix="crc-pg-"))
    who: dict[str, Any] = {}
    if os.name == "posix" and os.geteuid() == 0:
        import pwd

        user = next(one for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody"))
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    options = ["--auth=trust", "--username=prof", "--encoding=UTF8", "--no-locale", "--no-sync"]
    subprocess.run([programs / "initdb", "-D", data, *options], cwd=folder, check=True, capture_output=True, **who)
    command = [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with log.open("wb") as stream:
        child = subprocess.Popen(command, cwd=folder, stdout=stream, stderr=stream, **who)
    try:
        _wait(folder, child, log)
        yield folder
    finally:
        child.send_signal(signal.SIGINT)  # « fast »: it does not wait for those who are still connected
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, child: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        assert child.poll() is None, log.read_text()
        try:
            psycopg.connect(host=str(folder), user="prof", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())


@pytest.fixture(scope="module")
def template(server: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database where nbgrader has made its tables and the activity: each test has a copy of it."""
    _execute(server, "create database modele")
    generate(fresh_course(tmp_path_factory.mktemp("modele")), [ACTIVITY], _url(server, "modele"))
    return "modele"


@pytest.fixture
def base(server: Path, template: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """The URL of a gradebook without any student."""
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))
    name = request.node.name[:50]
    _execute(server, f"create database {name} template {template}")
    return _url(server, name)


def _execute(server: Path, statement: str) -> None:
    with psycopg.connect(host=str(server), user="prof", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # a text of ours


def _url(server: Path, name: str) -> str:
    return f"postgresql+psycopg://prof@/{name}?host={server}"


def course_on(base: str, folder: Path) -> Path:
    """A course whose configuration names that database, as its teacher writes it there."""
    course = fresh_course(folder)
    (course / "gradebook.db").unlink()
    settings = course / "nbgrader_config.py"
    text = settings.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("# c.CourseDirectory.db_url"))
    settings.write_text(text.replace(line, f"c.CourseDirectory.db_url = {base!r}"), "utf-8")
    return course


def query(base: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(base.replace("+psycopg", "")) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]  # a text of ours
        return cursor.fetchall() if cursor.description else []


READ_BY_NBGRADER = f"""
import sys
from nbgrader.api import Gradebook
with Gradebook(sys.argv[1], "ndrc") as book:
    for one in sorted(book.assignment_submissions("{ACTIVITY}"), key=lambda one: one.student.id):
        print(one.student.id, one.score, one.max_score, one.needs_manual_grade)
"""


def test_marks_go_in_come_back_and_stay(base: str, tmp_path: Path):
    course = course_on(base, tmp_path)
    copies = one_copy() | one_copy("41", "", name="Jean-Éric Dubois", identifier="jdubois")
    copies |= {"z.ipynb": copy(ACTIVITY, answers(), name="Zoé « D’Ys » 😀", identifier="zoé")}
    result = mark(tmp_path / "c", copies)
    written = gradebook.write_class(result, course)
    assert (written.copies, written.new_students, written.scores) == (3, 3, 6)
    assert not (course / "gradebook.db").exists()
    before = query(base, GRADES)
    assert [row[:1] + row[2:] for row in before if row[0] == INES] == [
        (INES, AUTO, 8.0, None, None, False),
        (INES, OPEN, None, None, None, True),
    ]
    assert gradebook.write_class(result, course).scores == 0
    assert query(base, GRADES) == before

    query(base, "update grade set manual_score = 7.5, needs_manual_grade = false where auto_score is null")
    known = gradebook.read_manual_marks(course)
    assert known == {(name, ACTIVITY, OPEN): ManualMark(7.5) for name in (INES, "zoé")}
    again = mark(tmp_path / "c", {}, manual=known)
    assert {one.person.identifier: one.points for one in again.copies} == {INES: 15.5, "jdubois": 0.0, "zoé": 15.5}
    assert gradebook.write_class(again, course, known=known).scores == 0
    said = subprocess.run(
        [sys.executable, "-c", READ_BY_NBGRADER, base], env=with_programs(), capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [f"{INES} 15.5 20.0 False", "jdubois 0.0 20.0 False", "zoé 15.5 20.0 False"]


def test_nbgrader_marks_in_the_same_database(base: str, tmp_path: Path):
    course = course_on(base, tmp_path)
    (tmp_path / "maison").mkdir()
    folder = course / "submitted" / INES / ACTIVITY
    folder.mkdir(parents=True)
    (folder / f"{ACTIVITY}.ipynb").write_bytes(one_copy()["igarnier.ipynb"])
    run(course, tmp_path / "maison", "nbgrader", "autograde", ACTIVITY)
    assert [row[2:] for row in query(base, GRADES)] == [
        (AUTO, 8.0, None, None, False),
        (OPEN, None, None, None, True),
    ]
    gradebook.write_class(mark(tmp_path / "c", one_copy()), course)
    assert [row[2:4] for row in query(base, GRADES)] == [(AUTO, 8.0), (OPEN, None)]


def test_a_class_is_written_whole_or_not_at_all(base: str, tmp_path: Path):
    course = course_on(base, tmp_path)
    query(base, "alter table grade add constraint bas check (auto_score is null or auto_score < 5)")
    copies = one_copy("41") | one_copy("42", name="Jean-Éric Dubois", identifier="jdubois")
    result = mark(tmp_path / "c", copies)
    with pytest.raises(GradebookProblem, match="prof@"):
        gradebook.write_class(result, course)
    assert query(base, GRADES) == []
    assert query(base, "select count(*) from submitted_assignment") == [(0,)]
    query(base, "alter table grade drop constraint bas")
    gradebook.write_class(result, course)
    assert len(query(base, GRADES)) == 4


def test_two_programs_that_write_at_once_make_no_row_twice(base: str, tmp_path: Path):
    course = course_on(base, tmp_path)
    names = [f"eleve{number:03}" for number in range(60)]
    copies = {f"{name}.ipynb": copy(ACTIVITY, answers(), name=name.title(), identifier=name) for name in names}
    result = mark(tmp_path / "c", copies)
    said: list[str] = []

    def write() -> None:
        try:
            gradebook.write_class(result, course)
        except GradebookProblem as problem:
            said.append(problem.text)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [text for text in said if "relancez la même commande" not in text] == []
    assert len(query(base, GRADES)) == 120
    assert query(base, "select count(*) from student where id like 'eleve%'") == [(60,)]
