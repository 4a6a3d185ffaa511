"""Time and memory of ``crc-lab corriger`` on 35, 350 and 3 500 copies of activity 6; ``nbgrader autograde`` on 35.

    python benchmarks/corriger.py [--copies 35 350 3500] [--sans-nbgrader]

Both run as real commands in the same run, so that the ratio holds on any machine. The nbgrader copies ask for the same
RFM table: 25 cells, 8 of them tests with ``assert``, executed by nbgrader as it always does. CPU time includes the
kernels. Memory is the peak of the command's process. Needs a POSIX system for CPU and memory; wall time elsewhere.
"""

from __future__ import annotations

import argparse
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

from autograder.simulation import MISTAKES, model_answers, slip, spoil  # noqa: E402 - the checkout first
from crc_lab.bank import load_activity  # noqa: E402
from crc_lab.resources import activity_folder, datasets_folder  # noqa: E402

ACTIVITY = "06_scorer"
PEER_COPIES = 35
TARGET_RATIO, TARGET_MEMORY = 100, 300


@dataclass(frozen=True)
class Measure:
    """One command: seconds of wall clock and of CPU (descendants included), peak memory in MiB."""

    name: str
    copies: int
    wall: float
    cpu: float
    memory: float

    def row(self) -> str:
        each = f"{1000 * self.cpu / self.copies:9.2f} ms {1000 * self.wall / self.copies:9.2f} ms"
        return f"{self.name:<22}{self.copies:>7}{self.wall:>9.2f} s{self.cpu:>9.2f} s{each}{self.memory:>8.0f} Mio"


def measure(name: str, copies: int, command: Sequence[str], folder: Path) -> Measure:
    """Run ``command`` in ``folder`` with this environment's programs first on PATH; stop the benchmark if it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
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
    return Measure(name, copies, wall, cpu, memory)


# --- our copies -------------------------------------------------------------------------------------------------------


def write_class(path: Path, copies: int) -> None:
    """A Moodle archive of ``copies`` notebooks of activity 6, each with mistakes or oversights of its own."""
    loaded = load_activity(activity_folder(ACTIVITY), datasets_folder())
    chance = random.Random(6)
    answers = {question.id: model_answers(loaded)[question.id] for question in loaded.activity.marked}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(copies):
            mistake = MISTAKES[ACTIVITY][number % len(MISTAKES[ACTIVITY])]
            given = slip(spoil(answers, mistake, loaded), chance, chance.uniform(0, 0.2))
            student = f"Élève {number:04}"
            folder = f"{student}_{100_000 + number}_assignsubmission_file"
            archive.writestr(f"{folder}/{ACTIVITY}.ipynb", notebook(given, student))


def notebook(answers: dict[str, Any], student: str) -> str:
    """A notebook as JupyterLab saves it: the workbook's cells, each with the output of its card."""
    built = activity_folder(ACTIVITY) / f"{ACTIVITY}.ipynb"
    document: dict[str, Any] = json.loads(built.read_text(encoding="utf-8")) if built.is_file() else _small_notebook()
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            view = {"model_id": "0" * 32, "version_major": 2, "version_minor": 1}
            data = {"application/vnd.jupyter.widget-view+json": view, "text/plain": ["Carte(…)"]}
            cell["outputs"] = [{"data": data, "metadata": {}, "output_type": "display_data"}]
    document["metadata"]["crc_lab"] = {
        "version": 1, "activite": ACTIVITY, "edition": "entrainement", "variante": None,
        "eleve": {"nom": student, "identifiant": student.replace(" ", "").lower()},
        "reponses": {
            name: {"valeur": value, "source": "carte", "essais": 2, "indices": 0, "date": "2026-11-20T10:00:00+01:00"}
            for name, value in answers.items()
        },
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1)


def _small_notebook() -> dict[str, Any]:
    cell = {"cell_type": "code", "execution_count": 1, "id": "q", "metadata": {}, "source": 'question("A6-Q1")'}
    return {"cells": [dict(cell) for _ in range(10)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def measure_ours(copies: int, folder: Path) -> Measure:
    archive, output = folder / f"classe-{copies}.zip", folder / f"sortie-{copies}"
    write_class(archive, copies)
    command = [sys.executable, "-m", "autograder.cli", "corriger", str(archive), "--sortie", str(output)]
    done = measure("crc-lab corriger", copies, command, folder)
    marked = json.loads((output / "resultats.json").read_text(encoding="utf-8"))["copies"]
    if len(marked) != copies:
        raise SystemExit(f"{len(marked)} copies notées au lieu de {copies}.")
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
    measure("nbgrader generate", 1, [program, "generate_assignment", "rfm", "--create"], course)
    for number in range(PEER_COPIES):
        target = course / "submitted" / f"eleve{number:02}" / "rfm"
        shutil.copytree(course / "release" / "rfm", target)
    return measure("nbgrader autograde", PEER_COPIES, [program, "autograde", "rfm"], course)


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
    parser.add_argument("--copies", type=int, nargs="+", default=[35, 350, 3500], help="tailles de classe à mesurer")
    parser.add_argument("--sans-nbgrader", action="store_true", help="ne pas mesurer nbgrader (une minute)")
    chosen = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    print(f"{'commande':<22}{'copies':>7}{'durée':>11}{'CPU':>11}{'CPU/copie':>12}{'durée/copie':>12}{'mémoire':>12}")
    with tempfile.TemporaryDirectory(prefix="crc-bench-") as name:
        folder = Path(name)
        # Compiled files are kept from one command to the next, as they are at every user's.
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiles")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        measure_ours(1, folder)
        ours = []
        for copies in chosen.copies:
            ours.append(measure_ours(copies, folder))
            print(ours[-1].row())
        if chosen.sans_nbgrader:
            return
        peer = measure_nbgrader(folder)
        print(peer.row())
    print()
    for one in ours:
        ratio = (peer.cpu / peer.copies) / (one.cpu / one.copies)
        print(f"{one.copies} copies : {ratio:.0f} fois moins de CPU par copie que nbgrader autograde.")


if __name__ == "__main__":
    main()
