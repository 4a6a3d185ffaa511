"""The adversarial suite through ``crc-lab corriger`` and through ``nbgrader autograde``, in the same run.

    python benchmarks/adversarial.py [--cas A01 D41 …] [--sans-nbgrader] [--ecrire]

Prints the headline figures; ``--ecrire`` writes docs/robustesse.md. Takes ten minutes or so. Some cases are hostile
programs: nbgrader executes them (with time limits, in a temporary folder, with a home of its own; the ones that could
harm the machine are left out). crc-lab executes nothing. POSIX only.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import adversarial_nbgrader as peer  # noqa: E402 - the checkout first
from adversarial_page import Figures, Ours, write_page  # noqa: E402

from autograder.intake.keys import Bank  # noqa: E402
from autograder.marking.batch import mark_class  # noqa: E402
from crc_lab.core.bank import load_activity  # noqa: E402
from crc_lab.core.resources import activity_folder, datasets_folder  # noqa: E402
from tests.adversarial.produced import harmful  # noqa: E402
from tests.adversarial.running import correct, outcome  # noqa: E402
from tests.adversarial.suite import Case, all_cases  # noqa: E402
from tests.test_sent import sendings  # noqa: E402

WORKERS = 2
_LEFT_BEHIND = 20
"""Seconds that a process left behind by a copy may still act."""


def measure_ours(case: Case, folder: Path) -> Ours:
    """One run of the real command on the case, under the limits of the test suite."""
    run = correct(case.write(folder / "copies"), folder / "sortie")
    produced = [path for path in (folder / "sortie").rglob("*") if path.is_file()]
    leaks = [path.name for path in folder.rglob("fuite*")]
    secret = _explanation()
    leaks += [path.name for path in produced if path.suffix in (".html", ".json") and secret in path.read_text("utf-8")]
    if run.results is not None:
        found = outcome(run.results)
    elif (
        run.code == 1 and "Traceback" not in run.said
    ):  # nothing to mark: no results are written, only the reasons said
        rejections = mark_class([folder / "copies"], Bank()).rejections
        found = {"copies": [], "rejets": sorted(one.code for one in rejections)}
    else:
        found = {"code": run.code, "dit": run.said[-500:]}
    harm = [f"{path.name} {odd}" for path in produced for odd in harmful(path)]
    return Ours(found, case.expected, tuple(leaks), tuple(harm), run.seconds, run.megabytes)


def _explanation() -> str:
    """A piece of the worked answer: it must not be in what students get."""
    loaded = load_activity(activity_folder("06_scorer"), datasets_folder())
    key = loaded.key("A6-Q1")
    return key.explanation[:60] if key else ""


def our_batch(cases: list[Case], folder: Path) -> tuple[tuple[int, int], tuple[float, float]]:
    """All the cases in one class, an honest copy after each: honest ones at 20, out of how many; seconds, MiB."""
    honest = next(case for case in all_cases() if case.name.startswith("D50")).files()["06_scorer.ipynb"]
    for number, case in enumerate(cases):
        case.write(folder / "copies" / f"{number:03}-{case.name}")
        target = folder / "copies" / f"{number:03}-honnete" / "06_scorer.ipynb"
        target.parent.mkdir()
        target.write_bytes(honest.replace(b"igarnier", b"h%03d" % number).replace("Inès".encode(), b"H%03d" % number))
    run = correct(folder / "copies", folder / "sortie", seconds=600, megabytes=2048)
    copies = run.results["copies"] if run.results else []
    names = {f"h{number:03}" for number in range(len(cases))}
    right = sum(one["note"] == 20 and one["eleve"]["identifiant"] in names for one in copies)
    return (right, len(cases)), (run.seconds, run.megabytes)


def measure_sent(folder: Path) -> dict[str, tuple[int, int]]:
    """Kind of what teachers and students send (tests/cases/sent) → variants that get what is right, out of how many."""
    report = folder / "envois.xml"
    tests = [f"tests/{name}.py" for name in ("test_sent", "test_cell_cases")]
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *tests]
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    passed = {
        case.get("name", "").partition("[")[2].rstrip("]"): len(case) == 0
        for case in ElementTree.parse(report).iter("testcase")
        if case.get("classname") == "tests.test_sent"
    }
    kinds: dict[str, list[bool]] = {}
    for sending in sendings():
        kinds.setdefault(sending.kind, []).append(passed[sending.name.encode("unicode_escape").decode()])
    cells = [
        len(case) == 0 for case in ElementTree.parse(report).iter("testcase") if "cell" in case.get("classname", "")
    ]
    kinds["Cases, nombres, dates et coches, comme les gens et les logiciels les écrivent"] = cells
    return {kind: (sum(right), len(right)) for kind, right in kinds.items()}


def measure(cases: list[Case], folder: Path, *, with_peer: bool) -> Figures:
    with ThreadPoolExecutor(WORKERS) as pool:
        print(f"crc-lab : {len(cases)} cas…")
        ours = dict(
            zip((c.name for c in cases), pool.map(lambda c: measure_ours(c, folder / c.name), cases), strict=True)
        )
        batch, cost = our_batch(cases, folder / "classe")
        theirs: dict[str, peer.Peer] = {}
        peer_batch = None
        if with_peer:
            shared = [case for case in cases if case.nbgrader]
            print(f"nbgrader : {len(shared)} cas…")
            peer.make_course(folder / "cours")
            list(pool.map(lambda case: peer.autograde(folder / "cours", folder / f"nb-{case.name}", case), shared))
            time.sleep(_LEFT_BEHIND)
            theirs = {case.name: peer.result(folder / f"nb-{case.name}", case) for case in shared}
            print("nbgrader : la classe entière…")
            peer_batch = peer.batch(folder / "cours", folder / "nb-classe", shared)
    return Figures(cases, ours, theirs, batch, cost, peer_batch, measure_sent(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cas", nargs="+", default=[], help="débuts de noms de cas (par défaut : tous)")
    parser.add_argument("--sans-nbgrader", action="store_true", help="ne pas mesurer nbgrader")
    parser.add_argument("--ecrire", action="store_true", help="écrire docs/robustesse.md")
    chosen = parser.parse_args()
    cases = [case for case in all_cases() if not chosen.cas or case.name.startswith(tuple(chosen.cas))]
    with tempfile.TemporaryDirectory(prefix="crc-adversaire-", ignore_cleanup_errors=True) as name:
        figures = measure(cases, Path(name), with_peer=not chosen.sans_nbgrader)
    page = write_page(figures)
    for case in cases:
        one, other = figures.ours[case.name], figures.theirs.get(case.name)
        if not one.as_expected:
            print(f"INATTENDU {case.name} : {one}")
        marks = [copy["note"] for copy in one.found.get("copies", [])]
        print(f"{case.name:<40} {one.seconds:6.2f} s {one.megabytes:5.0f} Mio {marks[:3]!s:<22} {other or ''}")
    print(page.split("<!-- détail -->")[0])
    if chosen.ecrire:
        (ROOT / "docs" / "robustesse.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
