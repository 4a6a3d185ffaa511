"""A mock exam of an activity, as the student's own notebook keeps it. No display and no marking here.

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
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crc_lab.core.model import Json
from crc_lab.core.sheet import EXAM

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
