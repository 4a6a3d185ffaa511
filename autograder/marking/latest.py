"""Which copy counts when a student hands in several of one activity, and what is told about it.

The latest answer wins. Dates come from the students' own computers: one that cannot be true decides nothing. Marking
never looks at its own clock (the same input always gives the same output): dates are compared with those of the class.
Without dates that tell, the fullest copy wins, then the better one, then the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from autograder.intake.handed import Incident
from autograder.marking.marked import CopyResult
from crc_lab.core.feedback import points_text
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.wording import listing

_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_POSSIBLE = (2020, 2100)
"""Years in which an answer may have been given."""
_MARGIN = dt.timedelta(days=400)
"""After half of the class has answered, nobody is still answering the same activity more than a school year later."""
_ENOUGH = 3
"""People without whom the class says nothing about dates."""


def latest_answer(sheet: AnswerSheet) -> dt.datetime | None:
    """The date of the latest answer; dates that cannot be read are left out."""
    dates = (answer.instant for answer in sheet.answers.values())
    return max((date for date in dates if date is not None), default=None)


def last_possible(people: Iterable[Sequence[CopyResult]]) -> dt.datetime | None:
    """The date after which an answer cannot be of this class; None when there are too few people to tell.

    ``people``: the copies of each. Each counts once, by the earliest date: many copies of one student move nothing.
    """
    firsts = []
    for copies in people:
        if dates := [copy.date for copy in copies if copy.date is not None and _in_range(copy.date)]:
            firsts.append(min(dates))
    return median_low(firsts) + _MARGIN if len(firsts) >= _ENOUGH else None


def best(copies: Sequence[CopyResult], limit: dt.datetime | None = None) -> CopyResult:
    """The copy that counts, with what to tell about the others; ``limit``: see :func:`last_possible`."""

    ranked = [_Ranked(copy, _believed(copy.date, limit)) for copy in copies]
    kept = max(ranked, key=lambda one: (one.date or _LONG_AGO, one.copy.answered, one.copy.points))
    # The same answers handed in twice by the same person are one copy.
    others = [one for one in ranked if one is not kept and not (one.copy.key and one.copy.key == kept.copy.key)]
    if not others:
        return kept.copy
    marks = [f"« {one.copy.file} » ({points_text(one.copy.mark, one.copy.max_points)})" for one in others]
    text = f"{len(others) + 1} copies de cette activité : {_why(kept, others)}. De côté : {listing(marks, 10)}."
    told = [Incident("COPIES-MULTIPLES", text)]
    doubtful = [one.copy for one in (kept, *others) if one.copy.date is not None and one.date is None]
    if doubtful:
        dated = listing([f"« {copy.file} » ({copy.date:%d/%m/%Y})" for copy in doubtful], 5)
        text = f"Dates impossibles (horloge mal réglée ?), qui n’ont pas servi à choisir la copie : {dated}."
        told.append(Incident("DATE-DOUTEUSE", text))
    return replace(kept.copy, incidents=(*kept.copy.incidents, *told))


@dataclass(frozen=True)
class _Ranked:
    """A copy and its date, None when it has none that can be believed."""

    copy: CopyResult
    date: dt.datetime | None


def _why(kept: _Ranked, others: Sequence[_Ranked]) -> str:
    if kept.date is not None:
        when = f"{kept.date:%d/%m/%Y à %H:%M}"
        if all(one.date is None for one in others):
            return f"la seule qui ait une date ({when}) est notée"
        if all(one.date is None or one.date < kept.date for one in others):
            return f"la plus récente ({when}) est notée"
    equal = [one.copy for one in others if one.date == kept.date]
    if all(copy.answered < kept.copy.answered for copy in equal):
        return "aucune date ne les départage, la plus complète est notée"
    if all(copy.points < kept.copy.points for copy in equal if copy.answered == kept.copy.answered):
        return "aucune date ne les départage, la meilleure des plus complètes est notée"
    return "rien ne les départage, la première est notée"


def _believed(date: dt.datetime | None, limit: dt.datetime | None) -> dt.datetime | None:
    if date is None or not _in_range(date) or (limit is not None and date > limit):
        return None
    return date


def _in_range(date: dt.datetime) -> bool:
    return _POSSIBLE[0] <= date.year < _POSSIBLE[1]
