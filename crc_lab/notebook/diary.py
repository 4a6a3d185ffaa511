"""What the welcome page keeps from day to day: the days of work, the best marks, what was celebrated.

It is one value of the student's own welcome notebook, and goes nowhere else:

``{"version": 1, "jours": ["2026-11-20"], "notes": {"06_scorer": [["2026-11-20", 12.5, 14.0]]}, "fetes": {"06_scorer":
"2026-11-20"}}``

Two states of it are put together without asking which is the later: nothing that was reached is ever taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from crc_lab.core.model import Json

VERSION = 1
KEPT_DAYS = 400
"""Days of work kept; a longer streak is none of a school year."""


class Mark(NamedTuple):
    """``points`` out of ``maximum`` on a ``day`` (ISO)."""

    day: str
    points: float
    maximum: float


@dataclass(frozen=True)
class Diary:
    """``marks``: by activity, each better than the one before it; ``cheers``: the day each activity was finished."""

    days: frozenset[str] = frozenset()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    cheers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: Json) -> Diary:
        """What can be read of it; the rest is left out, never an error."""
        if not isinstance(raw, dict):
            return cls()
        days, marks, cheers = raw.get("jours"), raw.get("notes"), raw.get("fetes")
        read = {
            str(name): _rising(mark for one in listed if (mark := _mark(one)) is not None)
            for name, listed in (marks.items() if isinstance(marks, dict) else ())
            if isinstance(listed, list)
        }
        return cls(
            frozenset(one for one in (days if isinstance(days, list) else ()) if is_day(one)),
            {name: listed for name, listed in read.items() if listed},
            {str(name): day for name, day in (cheers.items() if isinstance(cheers, dict) else ()) if is_day(day)},
        )

    def to_json(self) -> dict[str, Json]:
        return {
            "version": VERSION,
            "jours": sorted(self.days)[-KEPT_DAYS:],
            "notes": {name: [list(mark) for mark in self.marks[name]] for name in sorted(self.marks)},
            "fetes": dict(sorted(self.cheers.items())),
        }

    def merged_with(self, other: Diary) -> Diary:
        """Both together: every day, the best marks of each, the first time each activity was finished."""
        marks = {
            name: _rising((*self.marks.get(name, ()), *other.marks.get(name, ())))
            for name in (*self.marks, *other.marks)
        }
        cheers = {name: min(day for one in (self, other) if (day := one.cheers.get(name))) for name in (
            *self.cheers, *other.cheers)}  # fmt: skip
        return Diary(self.days | other.days, marks, cheers)

    def with_days(self, days: Iterable[str]) -> Diary:
        return replace(self, days=self.days | {one for one in days if is_day(one)})

    def with_mark(self, activity: str, mark: Mark) -> Diary:
        """As it is, or with a mark that is better than all those before."""
        return self.merged_with(Diary(marks={activity: (mark,)})) if mark.points > 0 else self

    def with_cheer(self, activity: str, day: str) -> Diary:
        return self.merged_with(Diary(cheers={activity: day}))

    def best(self, activity: str) -> Mark | None:
        return self.marks[activity][-1] if activity in self.marks else None


def is_day(text: Json) -> bool:
    """Whether this is a day written as ISO 8601 says (« 2026-11-20 »)."""
    try:
        return bool(dt.date.fromisoformat(text).isoformat() == text)
    except (TypeError, ValueError):
        return False


def streak(days: Iterable[str], today: dt.date) -> int:
    """The days of work in a row that lead to ``today``; one missed day is forgiven each time, two are not."""
    count, later = 0, today
    for day in sorted((dt.date.fromisoformat(one) for one in days), reverse=True):
        if (later - day).days > 2:
            break
        count, later = count + (day <= today), min(day, later)
    return count


def _rising(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks in order of time, only those that beat all before; of one day, the best."""
    found: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.day, one.points)):
        if found and found[-1].day == mark.day and mark.points > found[-1].points:
            found.pop()
        if not found or mark.points > found[-1].points:
            found.append(mark)
    return tuple(found)


def _mark(raw: Json) -> Mark | None:
    try:
        day, points, maximum = raw
        mark = Mark(day, float(points), float(maximum))
    except (TypeError, ValueError):
        return None
    return mark if is_day(mark.day) and 0 <= mark.points <= mark.maximum < 1e6 else None
