"""What comes out of a case: in this process for the light ones, in a process with limits for the heavy ones."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 18, 700
"""What one case may cost: processor time (that of loading the program, two seconds, is not in it), memory of the
process (address space)."""

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


_PROGRAM = """
import json, os, resource, signal, sys, tempfile
from pathlib import Path
from autograder.cli import main
from tests.sample_copies import copy

def loaded():
    # All that a command loads: it has marked one copy already.
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "copie.ipynb").write_bytes(copy())
        sys.stdout = sys.stderr = open(os.devnull, "w")
        main(["corriger", os.path.join(name, "copie.ipynb"), "--sortie", os.path.join(name, "sortie")])
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__

def run(job):
    signal.alarm(30 * job["seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"] + 2))
    resource.setrlimit(resource.RLIMIT_AS, (job["bytes"], job["bytes"]))
    os.chdir(job["folder"])
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(job["said"] + "." + name, os.O_WRONLY | os.O_CREAT), stream)
    code = main(job["arguments"])
    sys.stdout.flush()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = usage.ru_maxrss / 1024  # on Linux, at least what the parent had when it started this process
    try:
        with open("/proc/self/status") as status:
            peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        pass
    print(json.dumps({"seconds": usage.ru_utime + usage.ru_stime, "megabytes": peak}), file=sys.stderr, flush=True)
    os._exit(code)

answers = os.fdopen(os.dup(1), "w")
loaded()
for line in sys.stdin:
    if not (child := os.fork()):
        try:
            run(json.loads(line))
        finally:  # whatever was raised was said: never back in the loop
            import traceback
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(70)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)
"""


@cache
def _program() -> subprocess.Popen[str]:
    """The program, loaded once for all the runs of this process: each is a fork of it, under limits of its own."""
    started = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdin is not None
    assert started.stdout is not None
    atexit.register(lambda: (started.stdin.close(), started.stdout.close(), started.wait(10)))
    return started


def correct(inputs: Path, output: Path, *more: str, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Run:
    """``crc-lab corriger`` on a folder, stopped by the system beyond these limits (POSIX)."""
    program, said = _program(), output.with_name(f"{output.name}.dit")
    job = {
        "arguments": ["corriger", str(inputs), "--sortie", str(output), *more],
        "folder": str(inputs),  # where a module put beside the notebook would be found
        "said": str(said),
        "seconds": seconds,
        "bytes": megabytes << 20,
    }
    program.stdin.write(json.dumps(job) + "\n")
    program.stdin.flush()
    code = int(program.stdout.readline())
    out, err = (
        path.read_text(encoding="utf-8", errors="replace")
        for path in (said.with_name(f"{said.name}.{name}") for name in ("out", "err"))
    )
    cost = {"seconds": float("nan"), "megabytes": float("nan")}
    last = err.strip().splitlines()[-1:] or [""]
    if last[0].startswith('{"seconds"'):
        cost = json.loads(last[0])
    written = output / "resultats.json"
    results = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else None
    return Run(code, out + err, results, cost["seconds"], cost["megabytes"])
