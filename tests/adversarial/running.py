"""What comes out of a case: in this process for the light ones, in a process with limits for the heavy ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 20, 700
"""What one case may cost: processor time, memory of the process (address space)."""

type_of_outcome = dict[str, Any]


def outcome(results: dict[str, Any]) -> type_of_outcome:
    """What ``attendu.json`` keeps of ``resultats.json``: marks and codes; never the texts."""
    return {
        "copies": [
            {
                "eleve": one["eleve"]["nom"][:60],
                "activite": one["activite"],
                "note": round(one["note"], 6),
                "incidents": [incident["code"] for incident in one["incidents"]],
            }
            for one in results["copies"]
        ],
        "rejets": sorted(one["code"] for one in results["rejets"]),
    }


@dataclass(frozen=True)
class Run:
    """One run of the real command: what it said, its results (none when nothing could be marked), what it cost."""

    code: int
    said: str
    results: dict[str, Any] | None
    seconds: float
    megabytes: float


_LIMITED = """
import json, resource, sys
limits = json.loads(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 2))
resource.setrlimit(resource.RLIMIT_AS, (limits["bytes"], limits["bytes"]))
from autograder.cli import main
code = main(sys.argv[2:])
usage = resource.getrusage(resource.RUSAGE_SELF)
peak = usage.ru_maxrss / 1024  # on Linux, at least what the parent had when it started this process
try:
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
except OSError:
    pass
print(json.dumps({"seconds": usage.ru_utime + usage.ru_stime, "megabytes": peak}), file=sys.stderr)
sys.exit(code)
"""


def correct(inputs: Path, output: Path, *more: str, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Run:
    """``crc-lab corriger`` on a folder, stopped by the system beyond these limits (POSIX)."""
    limits = json.dumps({"seconds": seconds, "bytes": megabytes << 20})
    command = [sys.executable, "-c", _LIMITED, limits, "corriger", str(inputs), "--sortie", str(output), *more]
    done = subprocess.run(
        command,
        cwd=inputs,  # where a module put beside the notebook would be found
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=30 * seconds,
    )
    cost = {"seconds": float("nan"), "megabytes": float("nan")}
    last = done.stderr.strip().splitlines()[-1:] or [""]
    if last[0].startswith('{"seconds"'):
        cost = json.loads(last[0])
    written = output / "resultats.json"
    results = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else None
    return Run(done.returncode, done.stdout + done.stderr, results, cost["seconds"], cost["megabytes"])
