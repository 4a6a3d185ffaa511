"""The folder of ``corriger``: what crc-lab wrote in it, as its register remembers."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from autograder.intake.handed import HandedIn
from autograder.marking.latest import latest_answer
from autograder.privacy.inventory import Inventory, Item, PurgeProblem, all_files, modified, relative
from autograder.register.file import FILE as REGISTER
from autograder.register.store import LAST_TIME, Register
from autograder.reports.outputs import drafts
from crc_lab.core.wording import count

KIND = "résultats de correction"


def results_inventory(folder: Path) -> Inventory:
    """What there is to erase; raises RegisterProblem when the register cannot be read."""
    found = Inventory(folder, KIND)
    with Register(folder) as register:
        written = register.written()
        found.last, found.why = _last_activity(register)
        held = _held(register)
    ours = found.real_files([*written, *relative(folder, drafts(folder, written))])
    for name, paths in _by_place(folder, ours):
        found.add_files(name, paths)
    # The register goes last: until then, it knows what there is left to erase.
    found.items.append(Item(f"{REGISTER} ({held})", lambda: _erase_register(folder, ours)))
    known = {*ours, folder / REGISTER, *(folder / name for name in found.links)}
    found.staying = list(relative(folder, (path for path in all_files(folder) if path not in known)))
    return found


def _held(register: Register) -> str:
    marks, pseudonyms = len(register.kept_marks()), len(register.pseudonyms())
    held = [count(register.copies, "copie"), count(register.refusals, "fichier refusé", "fichiers refusés")]
    if marks:
        held.append(count(marks, "note à la main", "notes à la main"))
    if pseudonyms:
        held.append(count(pseudonyms, "pseudonyme"))
    return ", ".join(held)


def _last_activity(register: Register) -> tuple[dt.date, str]:
    """The day of the last marking, or that of the last answer where it is later and its clock can be believed."""
    remembered = register.fact(LAST_TIME)
    marked = dt.date.fromisoformat(remembered) if remembered else modified(register.path)
    days = (latest_answer(one.sheet) for one in register if isinstance(one, HandedIn))
    answered = max((day.date() for day in days if day and day.date() <= dt.date.today()), default=marked)
    return (answered, "Dernière réponse") if answered > marked else (marked, "Dernière correction")


def _by_place(folder: Path, files: Iterable[Path]) -> Iterator[tuple[str, list[Path]]]:
    """The files at the root one by one, the others by folder."""
    places: dict[str, list[Path]] = {}
    for path in files:
        place = path.relative_to(folder).parent.as_posix()
        places.setdefault(path.name if place == "." else f"{place}/", []).append(path)
    yield from sorted(places.items())


def _erase_register(folder: Path, ours: Iterable[Path]) -> None:
    if any(os.path.lexists(path) for path in ours):
        text = "le registre reste tant que tout le reste n’est pas effacé : lui seul sait ce que crc-lab a écrit ici."
        raise PurgeProblem(folder.name, text)
    with Register(folder) as register:
        register.erase()
    places = [path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()]
    for place in sorted(places, reverse=True):
        with suppress(OSError):  # somebody's own files are there
            place.rmdir()
