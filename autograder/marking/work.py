"""How the answers of a copy were given: tries, hints, where each comes from, when.

The dates are those of the students' own computers: they never change a mark.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from crc_lab.core.answers import is_blank
from crc_lab.core.model import Activity
from crc_lab.core.sheet import Answer, AnswerSheet

CARD, CODE, EXCEL = "carte", "code", "excel"
"""Where an answer comes from, as the sheet says it."""
PAUSE = dt.timedelta(hours=2)
"""Between two answers, more than this is no work: a night, another lesson."""


@dataclass(frozen=True, slots=True)
class Trace:
    """How one answer was given. ``date`` is None for one that cannot be read; ``print`` is the same for the same
    answers, and empty for a question left blank."""

    source: str
    tries: int
    hints: int
    date: dt.datetime | None
    print: str


def traces(sheet: AnswerSheet, activity: Activity) -> dict[str, Trace]:
    """The traces of the answers to the questions of the activity, exercises included, by question id."""
    found = {}
    for question in activity.questions:
        if answer := sheet.answers.get(question.id):
            blank = is_blank(answer.value, question.given_columns)
            print_ = "" if blank else _print_of(answer)
            found[question.id] = Trace(answer.source, answer.tries, answer.hints, answer.instant, print_)
    return found


def durations(found: Mapping[str, Trace]) -> dict[str, dt.timedelta]:
    """The time between each answer and the one given before it, by question id; nothing after a pause."""
    dated = sorted((trace.date, name) for name, trace in found.items() if trace.date and trace.print)
    gaps = {name: date - before for (before, _), (date, name) in pairwise(dated)}
    return {name: gap for name, gap in gaps.items() if dt.timedelta() < gap <= PAUSE}


def _print_of(answer: Answer) -> str:
    content = json.dumps(answer.value, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
