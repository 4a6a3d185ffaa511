"""Time to import what marking a copy needs, against a Python that does nothing.

    python benchmarks/import_time.py [--fois 15]

Each line is the median of several fresh processes, taken in turn so that a slow moment is shared by all. The wanted
figure is the difference with the bare interpreter: under 100 ms for the core.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATEMENTS = {
    "python (rien)": "pass",
    "import crc_lab": "import crc_lab",
    "le noyau de la correction": "from crc_lab.core import bank, feedback, grading, sheet",
    "crc-lab corriger": "import autograder.cli, autograder.correct.command",
    "import pandas": "import pandas",
}


def cost(statement: str, environ: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU seconds of one fresh process (CPU is not known on Windows)."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", statement], cwd=ROOT, env=environ)
    cpu = float("nan")
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime
    if child.wait():
        raise SystemExit(f"{statement} : code {child.returncode}")
    return time.perf_counter() - start, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fois", type=int, default=15, help="nombre de processus par ligne")
    times = parser.parse_args().fois
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in STATEMENTS}
    with tempfile.TemporaryDirectory(prefix="crc-bench-") as compiled:
        # Compiled files are kept, as they are at every user's after the first start.
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for statement in STATEMENTS.values():
            cost(statement, environ)
        for _ in range(times):
            for name, statement in STATEMENTS.items():
                measured[name].append(cost(statement, environ))
    medians = {
        name: [statistics.median(column) for column in zip(*all_, strict=True)] for name, all_ in measured.items()
    }
    bare_wall, bare_cpu = next(iter(medians.values()))
    print(f"{'':<28}{'durée':>12}{'CPU':>12}{'de plus que Python seul (durée, CPU)':>42}")
    for name, (wall, cpu) in medians.items():
        more = f"{1000 * (wall - bare_wall):>24.0f} ms{1000 * (cpu - bare_cpu):>12.0f} ms"
        print(f"{name:<28}{1000 * wall:>9.0f} ms{1000 * cpu:>9.0f} ms{more}")


if __name__ == "__main__":
    main()
