"""One byte of a class's register changed on the disk: is it told, refused, or without effect on anything?

    python benchmarks/registre_octets.py [--endroits 200] [--graine 1] [--eleves 12]

The class of « crc-lab demo » is marked, some answers by hand. Then one byte of the register is changed at a time, and
the register is opened again. It is *unchanged* when all that it gives back is the same, *told* when a copy is set
aside with a sentence and all the rest is the same, *refused* when it is not opened at all, with a sentence, and
*silent* otherwise: there must be none. What is given back the same is marked the same (tests/test_register.py).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.correct import Options
from autograder.correct.command import correct
from autograder.demo import make_class
from autograder.intake import HandedIn, Rejection
from autograder.marking.manual import Decided, Kept, ManualMark
from autograder.register import FILE, Register, RegisterProblem

UNCHANGED, TOLD, REFUSED, SILENT = "inchangé", "dit", "refusé", "SILENCIEUX"
VERDICTS = (UNCHANGED, TOLD, REFUSED, SILENT)
DAMAGED = "COPIE-ABIMEE"


def make_register(folder: Path, students: int, seed: int = 1) -> Path:
    """The register of an invented class that was marked once, with marks given by hand and a pseudonym for each."""
    archives = []
    for name, content in make_class(seed, students):
        archives.append(folder / name)
        archives[-1].write_bytes(content)
    output = folder / "resultats"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        correct(archives, output, Options(pseudonyms=True))
    with Register(output) as register:
        marks = {
            (one.student, one.activity, f"A{n}"): ManualMark(n / 2, "Bien.") for n, one in enumerate(register.told())
        }
        kept = {key: Kept(mark, "0123456789abcdef", "") for key, mark in marks.items()}
        register.say({"feuille": marks}, Decided({}, kept))
    return output / FILE


def content(folder: Path) -> dict[str, Any]:
    """All that a register gives back; raises RegisterProblem."""
    with Register(folder) as register:
        found = list(register)
        return {
            "copies": {one.key: one for one in found if isinstance(one, HandedIn)},
            "refused": [one for one in found if isinstance(one, Rejection)],
            "told": {(one.student, one.activity): one for one in register.told()},
            "hand": (register.kept_marks(), register.said("feuille")),
            "rest": (register.pseudonyms(), register.written(), register.fact("options"), register.fact("secret")),
            "remarks": register.remarks,
        }


def verdict(before: dict[str, Any], folder: Path) -> str:
    """What becomes of a register whose bytes may have changed, ``before`` being what it gave back."""
    try:
        now = content(folder)
    except RegisterProblem:
        return REFUSED
    if now == before:
        return UNCHANGED
    said = [one for one in now["refused"] if one not in before["refused"]]
    same = all(now[name] == before[name] for name in ("hand", "rest"))
    lost = len(before["copies"]) - len(now["copies"]), len(before["told"]) - len(now["told"])
    others = now["copies"].items() <= before["copies"].items() and now["told"].items() <= before["told"].items()
    told = lost == (len(said), int(bool(now["remarks"]))) and all(one.code == DAMAGED for one in said)
    return TOLD if same and others and told else SILENT


def trials(register: Path, places: int, seed: int) -> Iterator[tuple[int, int, str]]:
    """(place, the bits that were changed there, verdict) of each single-byte change of the file."""
    chance = random.Random(seed)
    before = content(register.parent)
    sound = register.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(places):
            place, bits = chance.randrange(len(sound)), chance.randrange(1, 256)
            changed = bytearray(sound)
            changed[place] ^= bits
            (folder / FILE).write_bytes(changed)
            yield place, bits, verdict(before, folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endroits", type=int, default=200, help="octets changés, un à la fois")
    parser.add_argument("--graine", type=int, default=1)
    parser.add_argument("--eleves", type=int, default=12, help="élèves de la classe inventée")
    options = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        register = make_register(Path(name), options.eleves)
        size, found = register.stat().st_size, Counter[str]()
        for place, bits, result in trials(register, options.endroits, options.graine):
            found[result] += 1
            if result == SILENT:
                print(f"octet {place}, bits {bits:08b} : changement silencieux")
    print("".join(f"{name:>12}" for name in VERDICTS))
    print("".join(f"{found[name]:>12}" for name in VERDICTS))
    print(f"{found.total()} octets sur {size}, en {time.perf_counter() - start:.0f} s")
    return 1 if found[SILENT] else 0


if __name__ == "__main__":
    sys.exit(main())
