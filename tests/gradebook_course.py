"""A small nbgrader course for the tests: the activity 09_essai of ``tests/cases/workbook``, made as ``preparer`` does.

It has an automatic question (A9-Q1, 8 points, the answer is 42) and an open one (A9-Q2, 12 points).
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from autograder import gradebook
from autograder.gradebook.course import QUICK
from autograder.identity import Listed
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.marking.batch import mark_class
from tests.sample_copies import copy

ROOT = Path(__file__).resolve().parent.parent
WORKBOOK = ROOT / "tests" / "cases" / "workbook"
ACTIVITY, AUTO, OPEN = "09_essai", "A9-Q1", "A9-Q2"
SUBJECT_FILES, KEY_FILES = (f"{ACTIVITY}.ipynb", "exercices.toml"), ("exercices.toml", "corrige.toml")
STUDENTS = (
    Listed("igarnier", "Garnier", "Inès", "ines.garnier@example.org"),
    Listed("jdubois", "Dubois", "Jean-Éric"),
    Listed("paul bis", "D’Aquin", "Paul"),
)


def make_course(folder: Path, **options: Any) -> Path:
    """A prepared folder (keys, subject, course); gives the course."""
    source = WORKBOOK / "notebooks" / ACTIVITY
    for place, files in (("sujets", SUBJECT_FILES), ("corriges", KEY_FILES)):
        target = folder / place / ACTIVITY
        target.mkdir(parents=True)
        for name in files:
            shutil.copy(source / name, target)
    course = folder / "nbgrader"
    gradebook.create_course(
        course,
        students=STUDENTS,
        activities={ACTIVITY: folder / "sujets" / ACTIVITY},
        keys=folder / "corriges",
        prepared=folder,
        **options,
    )
    return course


@cache
def _template() -> Path:
    """The course, made once per process: nbgrader takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="crc-cours-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make_course(folder / "prepare")
    return folder / "prepare"


def fresh_course(folder: Path) -> Path:
    """A course of one's own, in ``folder``/prepare/nbgrader."""
    shutil.copytree(_template(), folder / "prepare")
    return folder / "prepare" / "nbgrader"


def answers(number: str = "42", opinion: str = "La base vieillit.") -> dict[str, Any]:
    return {AUTO: number, OPEN: opinion}


def mark(folder: Path, copies: Mapping[str, bytes], **options: Any) -> ClassResult:
    """Write the copies in ``folder`` and mark it, as ``crc-lab corriger`` does."""
    folder.mkdir(exist_ok=True)
    for name, content in copies.items():
        (folder / name).write_bytes(content)
    return mark_class([folder], Bank(WORKBOOK), **options)


def one_copy(number: str = "42", opinion: str = "La base vieillit.", **more: Any) -> dict[str, bytes]:
    """A class of one copy, that of Inès Garnier unless ``more`` says otherwise."""
    return {f"{more.get('identifier', 'igarnier')}.ipynb": copy(ACTIVITY, answers(number, opinion), **more)}


def environment(home: Path) -> dict[str, str]:
    """That of a program of this environment, started by somebody who has no settings of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PYTEST"))}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join([str(QUICK), str(ROOT)]),
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(home / "execution"),
        "CRC_LAB_CAHIER": str(WORKBOOK),
    }


def run(folder: Path, home: Path, *command: str, status: int = 0) -> str:
    """Run a program of this environment in ``folder``; what it said, both streams together."""
    program = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )
    assert done.returncode == status, f"{command}: {done.stdout[-3000:]}"
    return done.stdout


def query(course: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement on gradebook.db, which may also change it."""
    connection = sqlite3.connect(course / "gradebook.db")
    try:
        with connection:
            return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


GRADES = """select s.student_id, a.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
  from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
  join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id
  order by 1, 2, 3"""
COMMENTS = """select s.student_id, c.name, m.auto_comment, m.manual_comment
  from comment m join base_cell c on c.id = m.cell_id join submitted_notebook n on n.id = m.notebook_id
  join submitted_assignment s on s.id = n.assignment_id order by 1, 2"""


def grades(course: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(automatic, manual, bonus, waiting) by (nbgrader's student id, question)."""
    return {(row[0], row[2]): (*row[3:6], bool(row[6])) for row in query(course, GRADES)}


def comments(course: Path) -> dict[str, tuple[Any, ...]]:
    """(ours, the teacher's) of the open question, by nbgrader's student id."""
    return {row[0]: row[2:] for row in query(course, COMMENTS) if row[1] == OPEN}


def type_in_formgrader(
    course: Path,
    student: str,
    question: str,
    score: float | None,
    comment: str | None = None,
    bonus: float | None = None,
) -> None:
    """What the formgrader's page writes when a teacher types a mark."""
    _change(
        course, "grade", "manual_score = ?, extra_credit = ?, needs_manual_grade = 0", student, question, score, bonus
    )
    if comment is not None:
        _change(course, "comment", "manual_comment = ?", student, question, comment)


def _change(course: Path, table: str, change: str, student: str, question: str, *values: Any) -> None:
    which = f"""select {table}.id from {table} join base_cell c on c.id = {table}.cell_id
      join submitted_notebook n on n.id = {table}.notebook_id join submitted_assignment s on s.id = n.assignment_id
      where s.student_id = ? and c.name = ?"""
    query(course, f"update {table} set {change} where id = ({which})", *values, student, question)
