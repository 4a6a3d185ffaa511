"""Answers kept aside from those that are handed in: of mock exams, of other days. No display and no marking here.

What is answered in an exam is kept beside the answers of the training, under names of its own (``examen/R1-Q1``), never
in their place: training answers are there again afterwards, and they alone are handed in and marked by the teacher
(:func:`crc_lab.core.sheet.is_exam`). To hand in those of an exam, the student takes them over once it is finished. A
new exam begins on blank answers, so that a notebook never holds more than two of them for a question; of the earlier
exams only dates and marks are left. ``examen`` holds the state, from which a reload finds everything again:

    {"debut": "2026-11-30T09:00:00+01:00", "fin": "", "tentatives": [{"debut", "fin", "points", "sur", "attente"}]}

``debut`` alone: under way; with ``fin``: over, its answers and their verdicts on screen; neither: training.
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
from crc_lab.core.sheet import EXAM, Answer, AnswerSheet, write_atomically

TRAINING, UNDER_WAY, OVER = "", "cours", "fini"
"""What is on screen; the words are those of the page."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A finished exam: ``points`` out of ``maximum``, which ``waiting`` points, to be read by a person, are not in."""

    start: str
    end: str
    points: float
    maximum: float
    waiting: float = 0.0

    @property
    def minutes(self) -> int:
        """How long it lasted, in whole minutes; 0 when a date cannot be read or the clock went back."""
        try:
            lasted = dt.datetime.fromisoformat(self.end) - dt.datetime.fromisoformat(self.start)
        except (ValueError, TypeError):  # a date without its time zone is not compared
            return 0
        return max(0, int(lasted.total_seconds() // 60))

    def to_json(self) -> dict[str, Any]:
        return {
            "debut": self.start, "fin": self.end, "points": self.points, "sur": self.maximum, "attente": self.waiting,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exam:
    """The mock exams of one activity: ``start`` and ``end`` of the one on screen, and the finished ``attempts``."""

    start: str = ""
    end: str = ""
    attempts: tuple[Attempt, ...] = ()

    @classmethod
    def from_json(cls, raw: Json) -> Exam:
        """What can be read of it; the rest is left out, never an error."""
        if not isinstance(raw, Mapping):
            return cls()
        listed = raw.get("tentatives")
        found = (_attempt(one) for one in (listed if isinstance(listed, list) else ()))
        start, end = (str(raw.get(name) or "") for name in ("debut", "fin"))
        return cls(start, end if start else "", tuple(one for one in found if one is not None))

    def to_json(self) -> dict[str, Any]:
        return {"debut": self.start, "fin": self.end, "tentatives": [one.to_json() for one in self.attempts]}

    @property
    def view(self) -> str:
        """TRAINING, UNDER_WAY or OVER."""
        return OVER if self.end else UNDER_WAY if self.start else TRAINING

    @property
    def best(self) -> Attempt | None:
        """The attempt with the most points, the first of equals."""
        return max(self.attempts, key=lambda one: one.points, default=None)

    def begun(self, now: str) -> Exam:
        return replace(self, start=now, end="")

    def ended(self, now: str, points: float, maximum: float, waiting: float) -> Exam:
        return Exam(self.start, now, (*self.attempts, Attempt(self.start, now, points, maximum, waiting)))

    def left(self) -> Exam:
        """Back to the training."""
        return replace(self, start="", end="")


def slot(question_id: str) -> str:
    """Where the answer of an exam to this question is kept."""
    return f"{EXAM}/{question_id}"


def _attempt(raw: Json) -> Attempt | None:
    if not isinstance(raw, Mapping):
        return None
    numbers = [raw.get(name, 0) for name in ("points", "sur", "attente")]
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in numbers):
        return None
    points, maximum, waiting = map(float, numbers)
    return Attempt(str(raw.get("debut") or ""), str(raw.get("fin") or ""), points, maximum, waiting)


# --- copies of the answers of other days ------------------------------------------------------------------------------
# « Retrouver mes réponses d’hier »: one for each day of work. It is taken when a notebook is opened for the first
# time in a day, of what its file holds then, and before older answers are taken back; it stays out of sight in the
# copied workbook. What belongs to a mock exam is left out. Nothing here ever stops the work: a folder that refuses,
# or a damaged file, means no copy.

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
    read = (_copy(one, activity) for one in (found if isinstance(found, list) else ()))
    return tuple(one for one in read if one is not None)[:DAYS]


def keep_copy(workbook: Path, sheet: AnswerSheet, now: str, *, at_once: bool = False) -> None:
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


def shown_copies(known: tuple[Copy, ...], sheet: AnswerSheet) -> list[dict[str, Any]]:
    """The trait ``copies`` of the progress card: those that differ from ``sheet``, [{nom, date, reponses, autres}]."""
    return [
        {
            "nom": one.taken, "date": one.last or one.taken, "autres": len(others),
            "reponses": sum(not is_blank(answer.value) for answer in one.answers.values()),
        }
        for one in known
        if (others := one.differing(sheet))
    ]  # fmt: skip


def _copy(raw: Json, activity: str) -> Copy | None:
    if not isinstance(raw, Mapping):
        return None
    with suppress(SheetProblem, ValueError):
        sheet = AnswerSheet.from_metadata(raw.get("feuille"))
        dt.datetime.fromisoformat(taken := str(raw.get("le")))
        return Copy(taken, sheet.answers) if sheet.activity == activity else None
    return None
