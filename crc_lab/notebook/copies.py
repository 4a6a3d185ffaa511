"""A copy of the answers of an activity for each day of work, kept by the product: « Retrouver mes réponses d’hier ».

It is taken when a notebook is opened for the first time in a day, of what its file holds then, and before older answers
are taken back; it stays out of sight in the copied workbook. What belongs to a mock exam is left out. Nothing here ever
stops the work: a folder that refuses, or a damaged file, means no copy.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crc_lab.core.answers import is_blank
from crc_lab.core.errors import SheetProblem
from crc_lab.core.model import EMPTY, Json
from crc_lab.core.resources import PRIVATE
from crc_lab.core.sheet import Answer, AnswerSheet, write_atomically

DAYS = 7
"""How many copies of an activity are kept, the latest."""
_FOLDER = Path(PRIVATE) / "copies"


@dataclass(frozen=True)
class Copy:
    """What an activity held at ``taken`` (an ISO date and time): the training ``answers``, by question."""

    taken: str
    answers: Mapping[str, Answer]

    @property
    def last(self) -> str:
        """When the latest of its answers was given; "" when no date can be read."""
        dated = [(one.instant, one.date) for one in self.answers.values() if one.instant]
        return max(dated)[1] if dated else ""

    def differing(self, sheet: AnswerSheet) -> dict[str, Answer]:
        """Its answers that are not those of ``sheet``: what taking it back would change."""
        now = {name: one.value for name, one in sheet.answers.items()}
        return {
            name: one for name, one in self.answers.items() if not is_blank(one.value) and now.get(name) != one.value
        }


def copies(workbook: Path, activity: str) -> tuple[Copy, ...]:
    """The copies of one activity, the latest first. ``workbook``: the folder that holds those of the activities."""
    try:
        found = json.loads((workbook / _FOLDER / f"{activity}.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ()
    read = (_read(one, activity) for one in (found if isinstance(found, list) else ()))
    return tuple(one for one in read if one is not None)[:DAYS]


def keep(workbook: Path, sheet: AnswerSheet, now: str, *, at_once: bool = False) -> None:
    """Take a copy of ``sheet``, unless today has one (``at_once``: even then), the latest says the same, or no question
    is answered. Only in a workbook that was copied for somebody to work in."""
    if not (workbook / PRIVATE).is_dir() or all(is_blank(one.value) for one in sheet.answers.values()):
        return
    known = copies(workbook, sheet.activity)
    if known and (known[0].answers == sheet.answers or (not at_once and known[0].taken[:10] == now[:10])):
        return
    kept = [{"le": now, "feuille": replace(sheet, exam=EMPTY).to_metadata()}]
    kept += [
        {"le": one.taken, "feuille": replace(sheet, answers=one.answers, exam=EMPTY).to_metadata()} for one in known
    ]
    with suppress(OSError):
        (workbook / _FOLDER).mkdir(exist_ok=True)
        write_atomically(workbook / _FOLDER / f"{sheet.activity}.json", json.dumps(kept, ensure_ascii=False).encode())


def shown(known: tuple[Copy, ...], sheet: AnswerSheet) -> list[dict[str, Any]]:
    """The trait ``copies`` of the progress card: those that differ from ``sheet``, [{nom, date, reponses, autres}]."""
    return [
        {
            "nom": one.taken, "date": one.last or one.taken, "autres": len(others),
            "reponses": sum(not is_blank(answer.value) for answer in one.answers.values()),
        }
        for one in known
        if (others := one.differing(sheet))
    ]  # fmt: skip


def _read(raw: Json, activity: str) -> Copy | None:
    if not isinstance(raw, Mapping):
        return None
    with suppress(SheetProblem, ValueError):
        sheet = AnswerSheet.from_metadata(raw.get("feuille"))
        dt.datetime.fromisoformat(taken := str(raw.get("le")))
        return Copy(taken, sheet.answers) if sheet.activity == activity else None
    return None
