"""``crc-lab purger``: the personal data of a class go when the teacher no longer needs them.

Nothing goes without a word: what would be erased is listed first, the retention that the teacher chose must be over,
and only ``--oui`` (or a « oui » typed on the terminal) erases.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from autograder.intake.preparation import FILE as PREPARATION
from autograder.privacy.inventory import Inventory, PurgeProblem, is_file
from autograder.privacy.prepared import prepared_inventory
from autograder.privacy.results import results_inventory
from autograder.privacy.retention import Duration, day_text
from autograder.register.file import FILE as REGISTER
from crc_lab.core.errors import CrcError
from crc_lab.core.wording import french, listing, reason

LISTED = 20
ELSEWHERE = (
    "Ce qui est ailleurs n’est pas effacé : les fichiers téléchargés de Moodle, vos copies de sauvegarde, la "
    "corbeille, Moodle lui-même. Pensez-y aussi."
)


def purge(
    folders: Sequence[Path],
    duration: Duration,
    today: dt.date,
    *,
    agreed: bool = False,
    url: str | None = None,
    ask: Callable[[str], str] | None = None,
) -> int:
    """List what crc-lab left in ``folders``, then erase it where the retention is over and somebody agreed.

    ``ask`` puts a question to the person at the terminal, None when there is nobody. Returns 0, or 1 when a folder
    could not be purged, or not yet.
    """
    due, code = [], 0
    for folder in folders:
        try:
            found = inventory(folder, url)
        except CrcError as error:
            print(error, file=sys.stderr)
            code = 1
            continue
        print("\n".join(french(line) for line in _described(found, duration)))
        if duration.after(found.last) > today:
            when = day_text(duration.after(found.last))
            print(
                french(f"« {folder} » : rien n’est effacé avant la fin de la conservation, le {when}."), file=sys.stderr
            )
            code = 1
        elif found.items:
            due.append(found)
    if not due:
        return code
    print(french(ELSEWHERE))
    if not agreed and ask is not None:
        agreed = _agrees(ask)
    if not agreed:
        print("Rien n’a été effacé. Pour effacer, relancez la même commande avec --oui.")
        return code
    return max([code, *(_erase(found) for found in due)])


def _agrees(ask: Callable[[str], str]) -> bool:
    try:
        said = ask(french("Effacer définitivement ce qui est listé ? Tapez « oui » : "))
    except EOFError:
        return False
    return said.strip().casefold() == "oui"


def inventory(folder: Path, url: str | None = None) -> Inventory:
    """What crc-lab left in ``folder``; raises :class:`~crc_lab.core.errors.CrcError` for any other folder.

    ``url``: the address of the gradebook, when it is not in the course folder.
    """
    if is_file(folder / REGISTER):
        return results_inventory(folder)
    if is_file(folder / PREPARATION):
        return prepared_inventory(folder, url)
    text = (
        f"il n’y a ici ni {REGISTER} (dossier de résultats) ni {PREPARATION} (dossier préparé). crc-lab ne sait pas ce "
        "qu’il y aurait écrit, et n’y touche pas."
    )
    raise PurgeProblem(str(folder), text)


def _described(found: Inventory, duration: Duration) -> Iterator[str]:
    yield f"{found.folder} ({found.kind})"
    end = day_text(duration.after(found.last))
    yield f"  {found.why} : {day_text(found.last)}. Conservation de {duration} : jusqu’au {end}."
    if found.items:
        yield "  À effacer :"
        yield from (f"    • {item.name}" for item in found.items)
    else:
        yield "  Il n’y a rien à effacer."
    if found.links:
        yield f"  Liens laissés tels quels, avec ce vers quoi ils mènent : {listing(found.links, LISTED)}."
    if found.staying:
        names = listing(found.staying, LISTED)
        yield f"  Restent, car crc-lab ne les a pas écrits (des noms y sont peut-être) : {names}."


def _erase(found: Inventory) -> int:
    problems = []
    for item in found.items:
        try:
            item.erase()
        except OSError as error:
            problems.append(f"« {item.name} » n’a pas pu être effacé ({reason(error)}). Fermez-le, puis recommencez.")
        except CrcError as error:
            problems.append(str(error))
    for problem in problems:
        print(french(problem), file=sys.stderr)
    print(french(f"{found.folder} : " + ("effacé en partie." if problems else "effacé.")))
    return 1 if problems else 0
