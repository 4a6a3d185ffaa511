"""Time and memory of ``crc-lab corriger``, every activity at once; ``nbgrader autograde`` on 35 copies beside it.

    python benchmarks/corriger.py [--eleves 35 50 286] [--sans-nbgrader]

Each student hands in every marked activity, one Moodle archive per activity. For each size: the first correction
(reading, register, marking, every report, what goes to Moodle); the same with nbgrader's gradebook and its notebooks
written as well (``--nbgrader``), which is what ``nbgrader autograde`` does; then « corriger » again without giving the
copies (everything is marked anew from the register), then one late copy added to the class. All run as real commands
in the same run, so that the ratios hold on any machine. The nbgrader copies ask for the RFM table of activity 6: 25
cells, 8 of them tests with ``assert``, executed as nbgrader always does. CPU time includes the kernels. Memory is the
peak of the command's process. Needs a POSIX system for CPU and memory; wall time elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.demo import mistakes_of, model_answers, slip, spoil  # noqa: E402 - the checkout first
from benchmarks.gradebook import make_course  # noqa: E402
from crc_lab.core.bank import load_activity  # noqa: E402
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder  # noqa: E402

STUDENTS = (35, 50, 286)
"""A class; about 350 and 2 000 copies with seven activities."""
PEER_COPIES = 35
_ROW = "{:<26}{:>8}{:>8}{:>11}{:>10}{:>13}{:>13}{:>12}"


@dataclass(frozen=True)
class Measure:
    """One command: seconds of wall clock and of CPU (descendants included), peak memory in MiB."""

    name: str
    students: int
    copies: int
    wall: float
    cpu: float
    memory: float

    def row(self) -> str:
        each = [f"{1000 * value / self.copies:.1f} ms" for value in (self.cpu, self.wall)]
        total = [f"{value:.2f} s" for value in (self.wall, self.cpu)]
        return _ROW.format(self.name, self.students, self.copies, *total, *each, f"{self.memory:.0f} Mio")


def measure(name: str, students: int, copies: int, command: Sequence[str], folder: Path) -> Measure:
    """Run ``command`` in ``folder`` with this environment's programs first on PATH; stop the benchmark if it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as a teacher's: the code is compiled once, by the first command
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=subprocess.STDOUT)
        cpu = memory = float("nan")
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
            memory = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
        else:
            child.wait()
        wall = time.perf_counter() - start
        if child.returncode:
            log.seek(0)
            said = log.read().decode("utf-8", "replace")[-3000:]
            raise SystemExit(f"{' '.join(command)} : code {child.returncode}\n{said}")
    return Measure(name, students, copies, wall, cpu, memory)


# --- our copies -------------------------------------------------------------------------------------------------------


def marked_activities() -> list[str]:
    """The activities that have marked questions: the typical mistakes of those are known."""
    return [name for name in activity_ids() if load_activity(activity_folder(name), datasets_folder()).activity.marked]


def write_class(folder: Path, students: int) -> None:
    """A Moodle archive per activity, each notebook with mistakes or oversights of its own."""
    folder.mkdir()
    for activity in marked_activities():
        loaded = load_activity(activity_folder(activity), datasets_folder())
        mistakes, chance = mistakes_of(loaded), random.Random(activity)
        answers = {question.id: model_answers(loaded)[question.id] for question in loaded.activity.marked}
        number = loaded.activity.number * 100_000
        with zipfile.ZipFile(folder / f"{activity}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for rank in range(students):
                mistake = mistakes[rank % len(mistakes)]
                given = slip(spoil(answers, mistake), chance, chance.uniform(0, 0.2))
                student = f"Élève {rank:04}"
                place = f"{student}_{number + rank}_assignsubmission_file"
                archive.writestr(f"{place}/{activity}.ipynb", notebook(activity, given, student))


def notebook(activity: str, answers: dict[str, Any], student: str, date: str = "2026-11-20T10:00:00+01:00") -> str:
    """A notebook as JupyterLab saves it: the workbook's cells, each with the output of its card."""
    built = activity_folder(activity) / f"{activity}.ipynb"
    document: dict[str, Any] = json.loads(built.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            view = {"model_id": "0" * 32, "version_major": 2, "version_minor": 1}
            data = {"application/vnd.jupyter.widget-view+json": view, "text/plain": ["Carte(…)"]}
            cell["outputs"] = [{"data": data, "metadata": {}, "output_type": "display_data"}]
    document["metadata"]["crc_lab"] = {
        "version": 1, "activite": activity, "edition": "entrainement", "variante": None,
        "eleve": {"nom": student, "identifiant": student.replace(" ", "").lower()},
        "reponses": {
            name: {"valeur": value, "source": "carte", "essais": 2, "indices": 0, "date": date}
            for name, value in answers.items()
        },
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1)


def measure_ours(students: int, folder: Path, course: Path) -> list[Measure]:
    """The first correction, the same with a fresh copy of ``course``, then from the register, then one copy more."""
    copies, output = folder / f"classe-{students}", folder / f"sortie-{students}"
    write_class(copies, students)
    late = folder / f"retard-{students}.ipynb"
    activity = marked_activities()[-1]
    first, value = next(iter(model_answers(load_activity(activity_folder(activity), datasets_folder())).items()))
    late.write_text(notebook(activity, {first: value}, "Élève en retard"), encoding="utf-8")
    command = [sys.executable, "-m", "autograder.cli", "corriger", "--sortie", str(output)]
    both, here = folder / f"sortie-nbgrader-{students}", folder / f"cours-{students}"
    shutil.copytree(course, here)
    with_nbgrader = [*command[:-1], str(both), "--nbgrader", str(here), str(copies)]
    total = students * len(marked_activities())
    return [
        _checked(measure("crc-lab corriger", students, total, [*command, str(copies)], folder), output),
        _checked(measure("  avec --nbgrader", students, total, with_nbgrader, folder), both),
        _checked(measure("  de nouveau, sans ENTRÉE", students, total, command, folder), output),
        _checked(measure("  une copie de plus", students, total + 1, [*command, str(late)], folder), output),
    ]


def _checked(done: Measure, output: Path) -> Measure:
    marked = json.loads((output / "resultats.json").read_text(encoding="utf-8"))["copies"]
    if len(marked) != done.copies:
        raise SystemExit(f"{len(marked)} copies notées au lieu de {done.copies}.")
    print(done.row())
    return done


# --- the peer ---------------------------------------------------------------------------------------------------------

_CODE = """import pandas as pd
base = pd.read_csv("base_qualifiee.csv", sep=";", dtype=str)
base["date"] = pd.to_datetime(base["date_dernier_achat"])
base["achats"] = pd.to_numeric(base["nb_achats_12m"])
base["panier"] = pd.to_numeric(base["panier_moyen"])
clients = base.dropna(subset=["date"]).copy()"""
_ANSWERS = (
    'clients["R"] = [10 if d > pd.Timestamp("2026-08-01") else 5 if d >= pd.Timestamp("2025-11-01") else 0 '
    'for d in clients["date"]]',
    'clients["F"] = [20 if n > 4 else 10 if n >= 1 else 0 for n in clients["achats"]]',
    'clients["M"] = [20 if m > 100 else 10 if m >= 25 else 0 for m in clients["panier"]]',
    'clients["score"] = clients[["R", "F", "M"]].sum(axis=1)',
    'clients["segment"] = pd.cut(clients["score"], [-1, 0, 24, 40, 50], labels=["inactifs", "tiedes", "bons", "tres"])',
)
_TESTS = (
    "assert len(clients) == 49",
    'assert clients["R"].isin([0, 5, 10]).all()',
    'assert clients.set_index("id_contact").loc["9", "R"] == 5',
    'assert clients["F"].isin([0, 10, 20]).all()',
    'assert clients.set_index("id_contact").loc["5", "F"] == 10',
    'assert clients["M"].isin([0, 10, 20]).all()',
    'assert (clients["score"] == clients["R"] + clients["F"] + clients["M"]).all()',
    'assert dict(clients["segment"].value_counts()) == {"bons": 29, "tres": 9, "tiedes": 9, "inactifs": 2}',
)


def measure_nbgrader(folder: Path) -> Measure:
    """``nbgrader autograde`` on 35 copies; making the course and the copies is not counted."""
    course = folder / "cours"
    source = course / "source" / "rfm"
    source.mkdir(parents=True)
    shutil.copy(datasets_folder() / "base_qualifiee.csv", source)
    (source / "rfm.ipynb").write_text(json.dumps(peer_notebook()), encoding="utf-8")
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "ndrc"\n')
    program = str(Path(sys.executable).with_name("nbgrader"))
    measure("nbgrader generate", 1, 1, [program, "generate_assignment", "rfm", "--create"], course)
    for number in range(PEER_COPIES):
        target = course / "submitted" / f"eleve{number:02}" / "rfm"
        shutil.copytree(course / "release" / "rfm", target)
    return measure("nbgrader autograde", PEER_COPIES, PEER_COPIES, [program, "autograde", "rfm"], course)


def peer_notebook() -> dict[str, Any]:
    """25 cells: 11 of text, the reading of the data and 5 answers, 8 tests."""
    cells = [_cell("markdown", f"# Étape {number}", f"t{number}") for number in range(11)]
    cells += [_cell("code", source, f"c{number}") for number, source in enumerate((_CODE, *_ANSWERS))]
    cells += [_cell("code", source, f"test{number}", points=2.5) for number, source in enumerate(_TESTS)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(kind: str, source: str, name: str, points: float | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    if points is not None:
        cell["metadata"]["nbgrader"] = {
            "grade": True, "solution": False, "locked": True, "task": False, "grade_id": name, "points": points,
            "schema_version": 3, "cell_type": "code",
        }  # fmt: skip
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eleves", type=int, nargs="+", default=list(STUDENTS), help="tailles de classe à mesurer")
    parser.add_argument("--sans-nbgrader", action="store_true", help="ne pas mesurer nbgrader (une minute)")
    chosen = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    print(f"Activités : {', '.join(marked_activities())}")
    print(_ROW.format("commande", "élèves", "copies", "durée", "CPU", "CPU/copie", "durée/copie", "mémoire"))
    with tempfile.TemporaryDirectory(prefix="crc-bench-") as name:
        folder = Path(name)
        # Compiled files are kept from one command to the next, as they are at every user's.
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiles")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        course = make_course(folder / "modele", marked_activities())
        with contextlib.redirect_stdout(io.StringIO()):
            measure_ours(1, folder, course)
        ours = [measure_ours(students, folder, course) for students in chosen.eleves]
        if chosen.sans_nbgrader:
            return
        peer = measure_nbgrader(folder)
        print(peer.row())
    print()
    for alone, with_nbgrader, *_ in ours:
        ratios = [(peer.cpu / peer.copies) / (one.cpu / one.copies) for one in (alone, with_nbgrader)]
        print(
            f"{alone.copies} copies : {ratios[0]:.0f} fois moins de CPU par copie que nbgrader autograde, "
            f"{ratios[1]:.0f} fois quand le carnet de notes de nbgrader est écrit aussi."
        )


if __name__ == "__main__":
    main()
