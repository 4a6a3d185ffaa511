"""What the dates of the answers make worth a talk with a student; it changes no mark and accuses nobody.

An honest copy may be odd. So only what chance hardly explains is told: dates that a whole class shares, or that are all
the same in one copy, were written by some tool and say nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from autograder.intake.handed import Incident
from autograder.marking.marked import CopyResult
from autograder.marking.work import CARD, Trace
from crc_lab.core.text import count, listing

HURRIED, ALIKE = "TEMPS-COURT", "MEMES-INSTANTS"
"""Codes of the incidents made here."""
_SECONDS_EACH = 5
"""Nobody reads a question and answers it in less, one question after the other."""
_FEW = 3
"""Answers without which nothing is said of the time that a copy took."""
_SHARED = 20
"""A date that more people share is no coincidence of two."""
_NAMED = 5


def worth_a_talk(copies: Sequence[CopyResult]) -> Iterator[tuple[int, Incident]]:
    """All that is to be told of the copies of one activity (one for each person), with the position of each."""
    for position, copy in enumerate(copies):
        if (told := hurried(copy.traces)) is not None:
            yield position, told
    yield from alike(copies).items()


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
        f"{answers} au même instant que dans une autre copie ({names}). Travail à deux, fichier prêté ou même "
        "ordinateur : à vérifier avec eux."
    )
    return Incident(ALIKE, text)
