"""How a copy was answered: tries, hints, where each answer comes from, when; and what is worth a talk with a student.

The dates are those of the students' own computers: they never change a mark, and what is told here accuses nobody. An
honest copy may be odd. So only what chance hardly explains is told: dates that a whole class shares, or that are all
the same in one copy, were written by some tool and say nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from autograder.intake.handed import Incident
from crc_lab.core.answers import is_blank
from crc_lab.core.model import Activity
from crc_lab.core.sheet import Answer, AnswerSheet
from crc_lab.core.wording import count, listing

if TYPE_CHECKING:
    from autograder.marking.marked import CopyResult

HURRIED, ALIKE = "TEMPS-COURT", "MEMES-INSTANTS"
"""Codes of the incidents made here."""
CARD, CODE, EXCEL = "carte", "code", "excel"
"""Where an answer comes from, as the sheet says it."""
PAUSE = dt.timedelta(hours=2)
"""Between two answers, more than this is no work: a night, another lesson."""
_SECONDS_EACH = 5
"""Nobody reads a question and answers it in less, one question after the other."""
_FEW = 3
"""Answers without which nothing is said of the time that a copy took."""
_SHARED = 20
"""A date that more people share is no coincidence of two."""
_NAMED = 5


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
            found[question.id] = Trace(answer.source, answer.tries, answer.hints, date_of(answer), print_)
    return found


def date_of(answer: Answer) -> dt.datetime | None:
    """When the answer was last changed (UTC where the sheet names no zone); None for a date that cannot be read."""
    try:
        date = dt.datetime.fromisoformat(answer.date)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def durations(found: Mapping[str, Trace]) -> dict[str, dt.timedelta]:
    """The time between each answer and the one given before it, by question id; nothing after a pause."""
    dated = sorted((trace.date, name) for name, trace in found.items() if trace.date and trace.print)
    gaps = {name: date - before for (before, _), (date, name) in pairwise(dated)}
    return {name: gap for name, gap in gaps.items() if dt.timedelta() < gap <= PAUSE}


def hurried(found: Mapping[str, Trace]) -> Incident | None:
    """What to tell of a copy whose answers were all given in a few seconds."""
    typed = [trace.date for trace in found.values() if trace.print and trace.source == CARD and trace.date]
    if len(typed) < _FEW:
        return None
    span = (max(typed) - min(typed)).total_seconds()
    if not 0 < span <= _SECONDS_EACH * (len(typed) - 1):
        return None
    seconds = count(max(1, round(span)), "seconde")
    text = (
        f"Les {len(typed)} réponses ont été données en {seconds}. Peut-être étaient-elles préparées ailleurs : "
        "à vérifier avec l’élève."
    )
    return Incident(HURRIED, text)


def alike(copies: Sequence[CopyResult]) -> dict[int, Incident]:
    """What to tell of copies of one activity that hold the same answers given at the same instants, by position.

    ``copies``: one for each person. Two people may well answer the same at the same time: what is told is what a class
    of this size would show by chance once in a few hundred times.
    """
    pairs = len(copies) * (len(copies) - 1) / 2
    enough = 8 + math.log2(max(pairs, 500))
    friends: dict[int, set[int]] = defaultdict(set)
    for (one, other), instants in _coincidences(copies).items():
        if _surprise(instants) >= enough:
            friends[one].add(other)
            friends[other].add(one)
    return {
        position: _told(copies[position], [copies[other] for other in sorted(others)])
        for position, others in friends.items()
    }


def _coincidences(copies: Sequence[CopyResult]) -> dict[tuple[int, int], dict[dt.datetime, bool]]:
    """For each two copies, the instants at which both were given the same answer, and whether it was a wrong one."""
    places: dict[tuple[str, str, dt.datetime], list[int]] = defaultdict(list)
    for position, copy in enumerate(copies):
        for name, trace in copy.traces.items():
            if trace.print and trace.date:
                places[name, trace.print, trace.date].append(position)
    found: dict[tuple[int, int], dict[dt.datetime, bool]] = defaultdict(dict)
    for (name, _, date), among in places.items():
        if len(among) > _SHARED or (len(among) >= _NAMED and 2 * len(among) > len(copies)):
            continue
        wrong = name in copies[among[0]].wrong
        for pair in combinations(among, 2):
            found[pair][date] = wrong or found[pair].get(date, False)
    return found


def _surprise(instants: Mapping[dt.datetime, bool]) -> float:
    """How many times chance is halved by what two copies share: more for dates told to the second or finer, less once
    a first date is the same (people work at the same pace), more for the same wrong answer."""
    total, first = 0, True
    for date, wrong in sorted(instants.items(), reverse=True, key=lambda pair: bool(pair[0].microsecond)):
        exact = (20, 18) if date.microsecond else (12, 8) if date.second else (9, 3)
        total += exact[0 if first else 1] + (6 if wrong else 0)
        first = False
    return total


def _told(copy: CopyResult, others: Sequence[CopyResult]) -> Incident:
    mine = {(name, trace.print, trace.date) for name, trace in copy.traces.items() if trace.print and trace.date}
    theirs = [{(name, trace.print, trace.date) for name, trace in other.traces.items()} for other in others]
    number = max(len(mine & one) for one in theirs)
    names = listing([other.person.name for other in others], _NAMED)
    answers = count(number, "réponse identique, donnée", "réponses identiques, données")
    text = (
        f"{answers} au même instant que dans la copie de {names}. Travail à deux, fichier prêté ou même ordinateur : "
        "à vérifier avec eux."
    )
    return Incident(ALIKE, text)


def _print_of(answer: Answer) -> str:
    content = json.dumps(answer.value, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def worth_a_talk(copies: Sequence[CopyResult]) -> Iterator[tuple[int, Incident]]:
    """All that is to be told of the copies of one activity (one for each person), with the position of each."""
    for position, copy in enumerate(copies):
        if (told := hurried(copy.traces)) is not None:
            yield position, told
    yield from alike(copies).items()
