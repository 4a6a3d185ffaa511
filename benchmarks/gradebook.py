"""Time of the gradebook: 35 and 350 students, activities 3, 4 and 6; nbgrader's own API writing the same rows.

    python benchmarks/gradebook.py [--eleves 35 350]

All in one run, on one course made by nbgrader itself, so that the ratios hold on any machine. Each way starts from the
same empty gradebook (SQLite) and must leave the same scores. « par copie » opens the gradebook once per copy, as
``nbgrader autograde`` does (more than once, in fact); « une ouverture » keeps one open for the class. The notebooks of
``autograded/`` are measured apart.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder import gradebook  # noqa: E402 - the checkout first
from autograder.demo import model_answers, slip  # noqa: E402
from autograder.gradebook.course import environment  # noqa: E402
from autograder.gradebook.notebooks import Marked, Source, read_source, scores  # noqa: E402
from autograder.gradebook.settings import database_url  # noqa: E402
from autograder.intake import Guess, HandedIn  # noqa: E402
from autograder.intake.keys import Bank  # noqa: E402
from autograder.marking import ClassResult  # noqa: E402
from autograder.marking.batch import mark_copies  # noqa: E402
from crc_lab.core.bank import load_activity  # noqa: E402
from crc_lab.core.resources import activity_folder, datasets_folder  # noqa: E402
from crc_lab.core.sheet import Answer, AnswerSheet, Student  # noqa: E402

ACTIVITIES = ("03_structurer", "04_qualifier", "06_scorer")
SLOW = 35
"""Students above whom the slowest way is not measured: it takes minutes, and its cost per copy is the same."""

SCORES = """select s.student_id, a.name, c.name, g.auto_score, g.needs_manual_grade
  from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
  join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id order by 1, 2, 3"""


@dataclass(frozen=True)
class Measure:
    """One way of writing a class: seconds of wall clock, copies and rows written."""

    name: str
    students: int
    copies: int
    seconds: float

    @property
    def each(self) -> float:
        """Milliseconds per copy."""
        return 1000 * self.seconds / self.copies

    def row(self, reference: float) -> str:
        """``reference``: ours, per copy; the ratio is that of the peer."""
        ratio = f"{self.each / reference:9.0f} ×" if self.name.startswith("nbgrader") else ""
        return f"{self.name:<44}{self.students:>7}{self.copies:>8}{self.seconds:>10.2f} s{self.each:>11.2f} ms{ratio}"


@dataclass(frozen=True)
class Class:
    """A marked class and its answer sheets, by the key of the copy."""

    result: ClassResult
    sheets: dict[str, AnswerSheet]


def make_course(folder: Path, activities: Sequence[str] = ACTIVITIES) -> Path:
    """A course of these activities, made once: nbgrader takes seconds."""
    for activity in activities:
        target = folder / "sujets" / activity
        target.mkdir(parents=True)
        for name in (f"{activity}.ipynb", "exercices.toml"):
            shutil.copy(activity_folder(activity) / name, target)
    gradebook.create_course(
        folder / "cours",
        students=(),
        activities={activity: folder / "sujets" / activity for activity in activities},
        keys=ROOT / "notebooks",
    )
    return folder / "cours"


def make_class(students: int) -> Class:
    """Everybody hands in the three activities, each with oversights of their own."""
    chance, loaded = random.Random(1), {}
    for activity in ACTIVITIES:
        loaded[activity] = load_activity(activity_folder(activity), datasets_folder())
    handed = []
    for number in range(students):
        name = f"eleve{number:04}"
        for activity in ACTIVITIES:
            models = {
                question.id: model_answers(loaded[activity])[question.id]
                for question in loaded[activity].activity.marked
            }
            given = slip(models, chance, chance.uniform(0, 0.3))
            answers = {key: Answer(value, date="2026-11-20T10:00:00+01:00") for key, value in given.items()}
            sheet = AnswerSheet(activity, student=Student(f"Élève {number}", name), answers=answers)
            handed.append(HandedIn(f"{name}/{activity}.ipynb", Guess(name), sheet))
    result = mark_copies(handed, Bank())
    return Class(result, {one.key: one.sheet for one in handed})


def timed(course: Path, fresh: Path, work: Callable[[], object]) -> tuple[float, list[Any]]:
    """Seconds of ``work`` on an empty gradebook, and the scores it leaves."""
    shutil.copy(fresh, course / "gradebook.db")
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    connection = sqlite3.connect(course / "gradebook.db")
    rows = connection.execute(SCORES).fetchall()
    connection.close()
    return seconds, rows


def by_nbgrader(one: Class, address: str, sources: dict[str, Source], *, each: bool) -> None:
    """What its preprocessors do for each copy: the student, the submission, then every score and comment."""
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SAWarning

    # nbgrader adds submissions in a way that SQLAlchemy finds clumsy, once per copy
    warnings.filterwarnings("ignore", "Object of type", SAWarning)
    book = None
    for student in one.result.students:
        for copy in student.copies.values():
            if book is None or each:
                if book is not None:
                    book.close()
                book = Gradebook(address, "ndrc")
            where = (copy.activity, copy.activity, student.id)
            book.update_or_create_student(student.id, first_name="Élève", last_name=student.person.name)
            book.update_or_create_submission(copy.activity, student.id)
            for name, score in scores(sources[copy.activity], Marked({q.id: q for q in copy.questions})).items():
                grade = book.find_grade(name, *where)
                grade.auto_score, grade.needs_manual_grade = score.auto, score.waiting
                book.db.commit()
    if book is not None:
        book.close()


def measure(students: int, course: Path, fresh: Path) -> list[Measure]:
    """Every way for one size of class; stops the benchmark when two ways leave different scores."""
    one = make_class(students)
    address, copies = database_url(course), len(one.result.copies)
    sources = {activity.id: read_source(course, activity) for activity in one.result.activities}
    shutil.rmtree(course / "autograded", ignore_errors=True)

    def ours() -> object:
        return notebooks.write_rows(one.result, course, address, sources, {})

    ways: dict[str, Callable[[], object]] = {"crc-lab : toute la classe, une transaction": ours}
    ways["nbgrader : une ouverture"] = lambda: by_nbgrader(one, address, sources, each=False)
    if students <= SLOW:
        ways["nbgrader : une ouverture par copie"] = lambda: by_nbgrader(one, address, sources, each=True)
    found, expected = [], None
    for name, work in ways.items():
        seconds, rows = timed(course, fresh, work)
        expected = expected or rows
        if rows != expected or len(rows) != sum(len(copy.questions) for copy in one.result.copies):
            raise SystemExit(f"{name} : les notes écrites diffèrent.")
        found.append(Measure(name, students, copies, seconds))
        if work is ours:
            found.append(Measure("  la même classe, une seconde fois", students, copies, _seconds(ours)))

    def notebooks() -> object:
        return notebooks.write_notebooks(one.result, course, sources, lambda copy: one.sheets[copy.key])

    found.append(Measure("crc-lab : les carnets de autograded/", students, copies, _seconds(notebooks)))
    found.append(Measure("  les mêmes, une seconde fois", students, copies, _seconds(notebooks)))
    return found


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eleves", type=int, nargs="+", default=[35, 350], help="tailles de classe à mesurer")
    chosen = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    os.environ["PATH"] = environment()["PATH"]  # nbgrader calls alembic by its name
    print(f"{'':<44}{'élèves':>7}{'copies':>8}{'durée':>12}{'par copie':>14}{'rapport':>11}")
    with tempfile.TemporaryDirectory(prefix="crc-bench-") as name:
        course = make_course(Path(name))
        fresh = Path(name) / "vide.db"
        shutil.copy(course / "gradebook.db", fresh)
        for students in chosen.eleves:
            measures = measure(students, course, fresh)
            for one in measures:
                print(one.row(measures[0].each))
            print()


if __name__ == "__main__":
    main()
