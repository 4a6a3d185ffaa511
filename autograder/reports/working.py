"""How each answer was given, in a teacher's words: tries, hints, where it comes from, about how long it took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.marking.marked import CopyResult
from autograder.marking.work import CARD, CODE, EXCEL, Trace, durations
from crc_lab.core.model import Activity
from crc_lab.core.wording import NBSP, count

_SOURCES = {CARD: "carnet", EXCEL: "Excel", CODE: "code"}
OTHER = "autre"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. ``minutes``: about how long after the answer before it, None when nothing tells."""

    question: str
    source: str
    tries: int
    hints: int
    minutes: int | None
    date: dt.datetime | None

    @property
    def text(self) -> str:
        """« 2 essais, 1 indice, 6 min, Excel »: what is out of the ordinary, and the time."""
        said = [count(self.tries, "essai") if self.tries > 1 else "", count(self.hints, "indice") if self.hints else ""]
        said += ["" if self.minutes is None else minutes_text(self.minutes)]
        return ", ".join(filter(None, [*said, "" if self.source == _SOURCES[CARD] else self.source]))


@dataclass(frozen=True, slots=True)
class Working:
    """One copy: its answers by marked question (None for a question left blank), and all in all.

    ``minutes``: the sum of the times that are known, exercises included.
    """

    answers: tuple[Given | None, ...]
    tries: int
    hints: int
    minutes: int | None


def working(activity: Activity, copy: CopyResult) -> Working:
    """How the marked questions of one copy were answered."""
    times = durations(copy.traces)
    answers = tuple(_given(question.id, copy.traces, times) for question in activity.marked)
    known = [one for one in answers if one is not None]
    total = sum(times.values(), dt.timedelta())
    tries, hints = sum(one.tries for one in known), sum(one.hints for one in known)
    return Working(answers, tries, hints, _minutes(total) if times else None)


def _given(question: str, traces: Mapping[str, Trace], times: Mapping[str, dt.timedelta]) -> Given | None:
    trace = traces.get(question)
    if trace is None or not trace.print:
        return None
    minutes = _minutes(times[question]) if question in times else None
    return Given(question, _SOURCES.get(trace.source, OTHER), trace.tries, trace.hints, minutes, trace.date)


def minutes_text(minutes: int) -> str:
    """« 6 min », « 1 h 05 », « moins d’une minute »."""
    if minutes < 1:
        return "moins d’une minute"
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if hours else f"{minutes}{NBSP}min"


def _minutes(time: dt.timedelta) -> int:
    return round(time.total_seconds() / 60)


def has_traces(copies: Sequence[CopyResult]) -> bool:
    """False where nothing is known of how the copies were answered (results without names)."""
    return any(copy.traces for copy in copies)
