"""nbgrader's side of benchmarks/adversarial.py: the same attacks and damage on an nbgrader assignment of the same work.

Each case has a course of its own, so that what one does never touches another. The assignment is that of
benchmarks/corriger.py (activity 6 with ``assert`` tests), with one hidden test, as nbgrader hides them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corriger import peer_notebook

from crc_lab.core.resources import datasets_folder
from tests.adversarial.damage import damage
from tests.adversarial.suite import Case

ASSIGNMENT = "rfm"
SECRET = "TEST-CACHE-7391"
"""In the hidden test: where it is found, the test was read."""
TRAP = "SORTIE-PIEGEE"
ONE_CASE, BATCH, CELL = 90, 1500, 10
"""Seconds: one copy, the whole class, one cell (nbgrader's own limit, 30 by default)."""
FEEDBACK = 26
"""The case of the study that looks at what is given back to the student."""
EVERY = 4
"""In the class, an honest copy comes after so many cases."""
_HIDDEN = f'\n### BEGIN HIDDEN TESTS\nassert clients["R"].sum() > 0, "{SECRET}"\n### END HIDDEN TESTS'
_WRONG = {
    'clients = base.dropna(subset=["date"]).copy()': "clients = base.copy()",
    'clients["R"] =': 'clients["R"] = 7 #',
    'clients["F"] =': 'clients["F"] = 7 #',
    'clients["M"] =': 'clients["M"] = 7 #',
    'clients["score"] =': 'clients["score"] = 99 #',
    'clients["segment"] =': 'clients["segment"] = "or" #',
}
_SCORES = """
select a.student_id, sum(coalesce(g.manual_score, g.auto_score)), count(coalesce(g.manual_score, g.auto_score))
from submitted_assignment a
join submitted_notebook n on n.assignment_id = a.id
join grade g on g.notebook_id = n.id
group by a.student_id"""


@dataclass(frozen=True)
class Peer:
    """What nbgrader made of one case: the mark (None: no mark), the leaks found, how it ended."""

    mark: float | None
    leaks: tuple[str, ...]
    stopped: bool
    html: bool = False


def make_course(folder: Path) -> None:
    """The assignment, released."""
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    shutil.copy(datasets_folder() / "base_qualifiee.csv", source)
    notebook = peer_notebook()
    test = next(cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"])
    test["source"] += _HIDDEN
    (source / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    limit = f"c.ExecutePreprocessor.timeout = {CELL}\nc.Execute.timeout = {CELL}\n"
    (folder / "nbgrader_config.py").write_text(f'c = get_config()\nc.CourseDirectory.course_id = "ndrc"\n{limit}')
    code, said = _run(folder, 120, "generate_assignment", ASSIGNMENT, "--create")
    if code:
        raise SystemExit(f"nbgrader generate_assignment : code {code}\n{said[-2000:]}")


def hand_in(course: Path, case: Case | None, student: str) -> None:
    """Put in ``submitted/`` what the case does to the released assignment; without a case, an honest copy."""
    target = course / "submitted" / student / ASSIGNMENT
    shutil.copytree(course / "release" / ASSIGNMENT, target)
    path = target / f"{ASSIGNMENT}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    files = case.files() if case is not None and not case.copy else {}
    operation = case.copy.get("operation", "") if case is not None else ""
    if case is not None and (case.kind in ("forge", "fuite") or case.copy.get("reponses") == "faux"):
        _answer_wrongly(notebook["cells"])
    for name, content in files.items():
        if name.endswith(".ipynb"):
            notebook["cells"][:0] = [c for c in json.loads(content)["cells"] if c["id"].startswith("attaque-")]
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
    path.write_bytes(damage(notebook, operation))


def _answer_wrongly(cells: list[dict[str, Any]]) -> None:
    for cell in cells:
        text = "".join(cell["source"])
        for right, wrong in _WRONG.items():
            if not cell["metadata"].get("nbgrader"):
                text = text.replace(right, wrong)
        cell["source"] = text


def autograde(template: Path, folder: Path, case: Case) -> None:
    """One case in a course of its own, autograded; the result is read later by :func:`result`."""
    shutil.copytree(template, folder)
    hand_in(folder, case, "eleve")
    code, said = _run(folder, ONE_CASE, "autograde", ASSIGNMENT, "--student", "eleve")
    (folder / "fin.json").write_text(json.dumps({"code": code}), encoding="utf-8")
    if case.group in ("B", "E") and code == 0:
        _run(folder, ONE_CASE, "generate_feedback", ASSIGNMENT, "--student", "eleve")
    del said


def result(folder: Path, case: Case) -> Peer:
    """What came out, once processes left behind have had time to act."""
    leaks = [path.name for path in folder.rglob("fuite*") if path.is_file() and path.stat().st_size]
    pages = "".join(path.read_text(encoding="utf-8") for path in (folder / "feedback").rglob("*.html"))
    if case.number == FEEDBACK and SECRET in pages:
        leaks.append("retour de l’élève")
    marks = scores(folder)
    code = json.loads((folder / "fin.json").read_text(encoding="utf-8"))["code"]
    return Peer(
        marks.get("eleve"), tuple(sorted(set(leaks))), code == STOPPED, f"<script>document.title = '{TRAP}" in pages
    )


def batch(template: Path, folder: Path, cases: Sequence[Case]) -> tuple[int, int]:
    """One class of all the cases and honest copies: how many honest ones got their mark, out of how many."""
    shutil.copytree(template, folder)
    honest = []
    for number, case in enumerate(cases):
        hand_in(folder, case, f"{number:03}-{case.name}")
        if number % EVERY == EVERY - 1:
            honest.append(f"{number:03}-honnete")
            hand_in(folder, None, honest[-1])
    _run(folder, BATCH, "autograde", ASSIGNMENT)
    marks = scores(folder)
    return sum(marks.get(name) == 20 for name in honest), len(honest)


def scores(folder: Path) -> dict[str, float]:
    """The marks in gradebook.db, as nbgrader adds them up."""
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db", timeout=30)) as base:
        return {student: float(total) for student, total, number in base.execute(_SCORES) if number}


STOPPED = -9


def _run(folder: Path, seconds: float, *arguments: str) -> tuple[int, str]:
    """``nbgrader …`` in ``folder``, with all that it started, for so long at most; its code and what it said."""
    home = folder / "maison"
    home.mkdir(exist_ok=True)
    kept = {name: item for name, item in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PYTHON"))}
    places = {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "execution"), "IPYTHONDIR": str(home / "ipython")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    child = subprocess.Popen(
        [str(Path(sys.executable).with_name("nbgrader")), *arguments],
        cwd=folder,
        env={**kept, **places, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        said, _ = child.communicate()
        return STOPPED, said
    return child.returncode, said
