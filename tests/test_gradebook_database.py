"""The gradebook while somebody else uses it, when it is no gradebook, and when the program is killed half way."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exc

from autograder import gradebook
from autograder.gradebook import GradebookProblem, database
from crc_lab.core.resources import OTHER_WORKBOOK
from tests.gradebook_course import ACTIVITY, AUTO, ROOT, WORKBOOK, answers, fresh_course, grades, mark, one_copy, query
from tests.sample_copies import copy

INES = "igarnier"


@pytest.fixture(autouse=True)
def _workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OTHER_WORKBOOK, str(WORKBOOK))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return fresh_course(tmp_path)


def test_the_formgrader_may_be_open(course: Path, tmp_path: Path):
    """A reader in the middle of its reading, then a writer who finishes while we wait."""
    reader = sqlite3.connect(course / "gradebook.db", check_same_thread=False)
    reading = reader.execute("select * from student")
    reading.fetchone()
    writer = sqlite3.connect(course / "gradebook.db", isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("update student set email = 'x' where id = ?", (INES,))

    def finish() -> None:
        time.sleep(0.5)
        reading.fetchall()
        writer.execute("COMMIT")

    thread = threading.Thread(target=finish)
    thread.start()
    gradebook.write_class(mark(tmp_path / "c", one_copy()), course)
    thread.join()
    reader.close()
    writer.close()
    assert grades(course)[INES, AUTO] == (8.0, None, None, False)
    assert query(course, "select email from student where id = ?", INES) == [("x",)]


def test_a_writer_who_does_not_finish_is_told_and_nothing_is_changed(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "WAIT", 0.2)
    result = mark(tmp_path / "c", one_copy())
    writer = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    for act in (lambda: gradebook.write_class(result, course), lambda: gradebook.read_manual_marks(course)):
        with pytest.raises(
            GradebookProblem, match=r"«\u00a0gradebook\.db\u00a0»\u00a0: un autre programme .* Rien n’a été changé"
        ):
            act()
    writer.close()
    assert not (course / "autograded").exists()
    gradebook.write_class(result, course)
    assert grades(course)[INES, AUTO] == (8.0, None, None, False)


def test_copies_that_appear_meanwhile_are_told(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another database than SQLite lets somebody add the same submission between our reading and our writing."""
    from autograder.gradebook import rows

    result = mark(tmp_path / "c", one_copy())
    gradebook.write_class(result, course)
    read = rows._rows

    def before_the_other(*which: Any) -> Any:
        for there in (found := read(*which)).values():
            there._known.clear()
        return found

    monkeypatch.setattr(rows, "_rows", before_the_other)
    with pytest.raises(GradebookProblem, match="un autre programme y a écrit en même temps"):
        gradebook.write_class(result, course)
    assert len(grades(course)) == 2


@pytest.mark.parametrize("attribute", ["sqlstate", "pgcode"])
def test_a_transaction_that_loses_against_another_one_may_be_begun_again(course: Path, attribute: str):
    """As PostgreSQL ends a deadlock, whichever driver says it."""
    lost = type("DeadlockDetected", (Exception,), {attribute: "40P01"})("deadlock detected")
    address = f"sqlite:///{course / 'gradebook.db'}"
    with (
        pytest.raises(GradebookProblem, match="relancez la même commande"),
        database.transaction(address),
    ):
        raise exc.OperationalError("insert", {}, lost)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("pas une adresse", r"l’adresse de la base est illisible"),
        ("sqlite:///{folder}/texte.db", r"«\u00a0texte\.db\u00a0»\u00a0: cette base ne peut pas .*not a database"),
        ("sqlite:///{folder}/absent/x.db", r"«\u00a0x\.db\u00a0»\u00a0: le dossier .* n’existe pas"),
        ("postgresql+inconnu://x@127.0.0.1/y", r"le pilote de cette base .*inconnu.* n’est pas installé"),
        (
            "postgresql+psycopg://prof:secret@127.0.0.1:1/y?connect_timeout=2",
            r"prof:\*\*\*@.* ne peut pas être utilisée",
        ),
    ],
)
def test_a_database_that_cannot_be_used_says_so(course: Path, tmp_path: Path, url: str, said: str):
    (tmp_path / "texte.db").write_text("bonjour" * 200)
    address = url.format(folder=tmp_path)
    result = mark(tmp_path / "c", one_copy())
    for act in (
        lambda: gradebook.write_class(result, course, address),
        lambda: gradebook.read_manual_marks(course, address),
    ):
        with pytest.raises(GradebookProblem, match=said) as caught:
            act()
        assert "secret" not in str(caught.value)


def test_an_old_gradebook_says_how_to_bring_it_up_to_date(course: Path, tmp_path: Path):
    query(course, "alter table grade rename column extra_credit to bonus")
    with pytest.raises(GradebookProblem, match=r"celles d’une autre version.*nbgrader db upgrade"):
        gradebook.write_class(mark(tmp_path / "c", one_copy()), course)


_WRITER = """
import sys
from pathlib import Path
from autograder import gradebook
from autograder.marking.batch import mark_class
from autograder.intake.keys import Bank
result = mark_class([Path(sys.argv[1])], Bank(Path(sys.argv[2])))
print("prêt", flush=True)
gradebook.write_class(result, Path(sys.argv[3]))
print("fini", flush=True)
"""


def test_a_program_killed_half_way_leaves_all_the_marks_or_none(course: Path, tmp_path: Path):
    """Killed by its id at random moments, then run to its end: the same rows as if nothing had happened."""
    copies, chance = tmp_path / "copies", random.Random(3)
    copies.mkdir()
    for number in range(120):
        name = f"eleve{number:03}"
        content = copy(ACTIVITY, answers(str(40 + number % 4)), name=f"Élève {number}", identifier=name)
        (copies / f"{name}.ipynb").write_bytes(content)
    command = [sys.executable, "-c", _WRITER, str(copies), str(WORKBOOK), str(course)]
    for _ in range(4):
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        assert child.stdout is not None
        assert child.stdout.readline() == "prêt\n"
        time.sleep(chance.uniform(0.2, 0.9))
        child.kill()
        child.wait()
        child.stdout.close()
        assert query(course, "pragma integrity_check") == [("ok",)]
        assert len(grades(course)) in (0, 240)
        for path in (course / "autograded").rglob("*.ipynb") if (course / "autograded").exists() else ():
            if not path.name.startswith("."):
                assert path.read_bytes().endswith(b"}\n")
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    marks = [grades(course)[f"eleve{number:03}", AUTO][0] for number in range(120)]
    assert marks == [8.0 if number % 4 == 2 else 0.0 for number in range(120)]
    assert len(list((course / "autograded").glob("*/*/09_essai.ipynb"))) == 120
