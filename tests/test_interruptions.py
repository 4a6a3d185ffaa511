"""``corriger`` killed at any moment: no file is half-written, nothing is lost, and the next run ends as if nothing was.

The command runs in a process of its own, which is killed by its id (SIGKILL: it cannot do anything about it) after a
delay drawn by a seeded generator, counted from its first words.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from autograder.demo import spoil
from autograder.register import FILE as REGISTER
from autograder.register import Register
from tests.gradebook_course import comments, fresh_course, grades
from tests.sample_copies import A3, A4, A6, archive, copy, key_answers, mistakes, moodle
from tests.sample_results import OPEN, WORKBOOK, essay, handed_in

ROOT = Path(__file__).resolve().parent.parent
KILLS = 4
"""In each of the two halves of the year."""
STUDENTS = 12
pytestmark = pytest.mark.skipif(
    not hasattr(os, "kill") or sys.platform == "win32", reason="SIGKILL is of POSIX systems"
)


@dataclass(frozen=True)
class Command:
    """One ``corriger``; ``workbook``: another one than the checkout's."""

    arguments: Sequence[str | Path]
    workbook: Path | None = None

    def start(self, output: Path) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "autograder.cli", "corriger"]
        environ = {**os.environ, **({"CRC_LAB_CAHIER": str(self.workbook)} if self.workbook else {})}
        environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", "")])
        command = [*program, *map(str, self.arguments), "--sortie", str(output)]
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, output: Path) -> float:
        """Run to the end; how long it took from the first words on."""
        child = self.start(output)
        began = _first_words(child)
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, (out + err).decode("utf-8", "replace")
        return time.monotonic() - began

    def killed(self, output: Path, delay: float) -> bool:
        """Kill it ``delay`` seconds after its first words; False when it had already ended."""
        child = self.start(output)
        began = _first_words(child)
        time.sleep(max(0.0, delay - (time.monotonic() - began)))
        alive = child.poll() is None
        child.kill()
        child.communicate()
        return alive


def _first_words(child: subprocess.Popen[bytes]) -> float:
    assert child.stderr is not None
    assert child.stderr.readline().startswith(b"Correction de ")
    return time.monotonic()


def visible(folder: Path) -> dict[str, bytes]:
    """Every file but the register, whose bytes depend on its history, and half-written ones, which nobody opens."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", REGISTER))
    }


def check_whole(folder: Path) -> None:
    """Each file can be opened by the program it is for."""
    for name, content in visible(folder).items():
        if name.endswith(".json"):
            json.loads(content)
        elif name.endswith(".xlsx"):
            openpyxl.load_workbook(io.BytesIO(content)).close()
        elif name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                assert opened.testzip() is None
        elif name.endswith(".html"):
            assert content.rstrip().endswith(b"</html>"), name
        else:
            assert content.decode("utf-8-sig").endswith("\n"), name
    if (folder / REGISTER).exists():
        connection = sqlite3.connect(folder / REGISTER)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()


def registered(folder: Path) -> list[object]:
    with Register(folder) as register:
        return list(register)


@pytest.fixture
def year(tmp_path: Path) -> tuple[Command, Command]:
    """Two commands: two activities; then a third one, new versions, and a corrected key."""
    chance = random.Random(4)
    for activity in (A3, A4, A6):
        members = {}
        for number in range(STUDENTS):
            name = f"Élève {number}"
            answers = spoil(key_answers(activity), chance.choice(mistakes(activity)))
            path = moodle(name, 100 + number, f"{activity}.ipynb")
            members[path] = copy(activity, answers, name=name, identifier=f"e{number}")
        members[moodle("Léa Roux", 99, "x.pdf")] = b"%PDF"
        (tmp_path / f"{activity}.zip").write_bytes(archive(members))
    late = {
        moodle(f"Élève {n}", 100 + n, f"{A4}.ipynb"): copy(A4, name=f"Élève {n}", identifier=f"e{n}", date="2026-12-01")
        for n in range(3)
    }
    (tmp_path / f"{A4} (1).zip").write_bytes(archive(late))
    roster = tmp_path / "classe.csv"
    lines = [f"e{number};{number};Élève" for number in range(STUDENTS + 2)]
    roster.write_text("\n".join(["identifiant;nom;prenom", *lines]), encoding="utf-8")
    keys = tmp_path / "cles" / A4
    shutil.copytree(ROOT / "notebooks" / A4, keys)
    text = (keys / "corrige.toml").read_text(encoding="utf-8")
    assert 'A4-BILAN = "Bien entouré : ' in text.replace("\u00a0", " ")
    (keys / "corrige.toml").write_text(text.replace("Bien entouré", "Justes"), encoding="utf-8")
    common = ("--classe", roster, "--pseudonymes")
    first = [tmp_path / f"{A3}.zip", tmp_path / f"{A4}.zip"]
    second = [tmp_path / f"{A6}.zip", tmp_path / f"{A4} (1).zip", "--corriges", _all_keys(tmp_path / "cles")]
    return Command([*first, *common]), Command([*second, *common])


def _all_keys(folder: Path) -> Path:
    for activity in (A3, A6):
        shutil.copytree(ROOT / "notebooks" / activity, folder / activity)
    return folder


def with_secret(folder: Path) -> Path:
    """A folder whose pseudonyms are dealt as in any other one of this test: their secret is drawn, elsewhere."""
    with Register(folder) as register:
        register.connection.execute("INSERT INTO fact VALUES ('secret', 'le même')")
    return folder


def test_a_killed_command_loses_nothing_and_leaves_nothing_half_written(year: tuple[Command, Command], tmp_path: Path):
    calm, stormy = (with_secret(tmp_path / name) for name in ("calme", "tempete"))
    chance, cut = random.Random(20261122), 0
    for command in year:
        before = visible(calm)
        lasted = command.finish(calm)
        after = visible(calm)
        for _ in range(KILLS):
            cut += command.killed(stormy, chance.uniform(0.0, lasted))
            check_whole(stormy)
            for name, content in visible(stormy).items():
                assert content in (before.get(name), after.get(name)), name
        command.finish(stormy)
        assert visible(stormy) == after
        assert registered(stormy) == registered(calm)
        left = [path.name for path in stormy.rglob("*") if path.name.startswith((".", f"{REGISTER}-"))]
        assert left == []
    assert cut >= KILLS, "the commands ended before they were killed"
    text = (stormy / "differences.txt").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "Copies nouvelles" in text
    assert "Messages modifiés, sans effet sur les notes" in text


def test_a_command_killed_while_it_writes_nbgraders_gradebook_can_be_run_again(tmp_path: Path):
    course = fresh_course(tmp_path)
    copies = {f"Élève {n}": (n + 1, essay(f"Élève {n}", f"e{n}", answer=f"Réponse {n}")) for n in range(8)}
    path = handed_in(tmp_path, copies)
    other = tmp_path / "calme" / "prepare"
    shutil.copytree(course.parent, other)

    def command(prepared: Path) -> Command:
        return Command([path, "--nbgrader", prepared / "nbgrader", "--corriges", prepared / "corriges"], WORKBOOK)

    lasted = command(other).finish(tmp_path / "calme" / "r")
    chance = random.Random(7)
    for _ in range(KILLS):
        command(course.parent).killed(tmp_path / "r", chance.uniform(0.4, 1.0) * lasted)
        connection = sqlite3.connect(course / "gradebook.db")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        written = connection.execute("select count(*) from submitted_assignment").fetchone()[0]
        connection.close()
        assert written in (0, 8), "one transaction for the class"
        for notebook in course.glob("autograded/*/*/*.ipynb"):
            json.loads(notebook.read_bytes())
    command(course.parent).finish(tmp_path / "r")
    assert visible(tmp_path / "r") == visible(tmp_path / "calme" / "r")
    assert grades(course) == grades(other / "nbgrader")
    assert comments(course) == comments(other / "nbgrader")
    assert grades(course)["e1", OPEN][3] is True
    notebooks = sorted(notebook.relative_to(course) for notebook in course.glob("autograded/*/*/*"))
    assert notebooks == sorted(
        notebook.relative_to(other / "nbgrader") for notebook in (other / "nbgrader").glob("autograded/*/*/*")
    )
    for notebook in notebooks:
        assert (course / notebook).read_bytes() == (other / "nbgrader" / notebook).read_bytes()
