"""The line of headers of a table, recognised by its words wherever it was moved: the one place that reads headers.

Case, accents, punctuation, plurals, small words (« date de la création ») and what is said between brackets
(« Panier moyen (€) ») do not matter; « Prénom(s) », « Prénom 1 » and « Premier prénom* » are « prénom ». The usual
wordings of each column are data of the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crc_lab.core.model import EMPTY
from crc_lab.core.text import bare, fold

Wordings = Mapping[str, Sequence[str]]
"""The wordings of each column, by name; the first is the column's own and wins over those that others share."""

MAX_ROW = 200
"""The line of headers is looked for down to there: people and programs write titles above it."""

_INFLECTION = re.compile(r"\((?:s|x|e|es|ne|nes)\)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PLURAL = re.compile(r"(?<=[a-z]{4})[sx]\b")
"""Of long words only: Inès is no INE."""
_SMALL = re.compile(r"a|aux?|d|de|des|du|en|et|l|la|les?|par|s|sur|1|1er|1e?re|premiere?|principale?")
"""Words that change nothing: little ones, and those of the first of several (the second is another column)."""


@dataclass(frozen=True)
class Head:
    """The line of headers: its row, the columns of each name that it has (best first), and all its texts."""

    row: int
    columns: Mapping[str, tuple[int, ...]]
    texts: Mapping[int, str]

    @property
    def first(self) -> dict[str, int]:
        """The column of each name."""
        return {name: places[0] for name, places in self.columns.items()}

    @property
    def others(self) -> dict[int, str]:
        """The headers that bear no name."""
        known = {place for places in self.columns.values() for place in places}
        return {place: text for place, text in self.texts.items() if place not in known}


def find_head(
    lines: Iterable[tuple[int, Mapping[int, str]]],
    wanted: Wordings,
    needed: Iterable[str] = (),
    given: frozenset[str] = frozenset(),
    least: int = 1,
    titles: Mapping[str, str] = EMPTY,
) -> Head | None:
    """The line with every ``needed`` name and the most names (``least`` or more), the first of equals; or None.

    ``lines``: row number and texts by column, from the top. ``given``, ``titles``: see :func:`recognise`.
    """
    best: Head | None = None
    for row, cells in lines:
        if row > MAX_ROW:
            break
        texts = {place: bare(text) for place, text in cells.items() if bare(text)}
        columns = recognise(texts, wanted, given, titles)
        if len(columns) >= max(least, len(best.columns) + 1 if best else 0) and columns.keys() >= set(needed):
            best = Head(row, columns, texts)
    return best


def recognise(
    line: Mapping[int, str],
    wanted: Wordings,
    given: frozenset[str] = frozenset(),
    titles: Mapping[str, str] = EMPTY,
) -> dict[str, tuple[int, ...]]:
    """The columns of ``line`` (texts by place) that bear each name of ``wanted``: the closest wording first.

    A column bears one name. ``given``: columns with which the table was handed out; where most of them stand, as they
    were, none is taken for an answer (« Panier moyen » of the file beside « panier_moyen »). ``titles``: what stands
    above some columns where the program itself writes the table; it is theirs as their name is.
    """
    left = _without_given(line, wanted, given)
    found: dict[str, tuple[int, ...]] = {}
    for form, own_only in ((_same, True), (fold, True), (words, False), (_outside, False)):
        forms: dict[str, tuple[int, ...]] = {}
        for place, text in left.items():
            forms[form(text)] = (*forms.get(form(text), ()), place)
        for name, wordings in wanted.items():
            own = (wordings[0], *((titles[name],) if name in titles else ()))
            for wording in own if own_only else (*wordings, *own[1:]):
                for place in forms.pop((words if form is _outside else form)(wording), ()):
                    found[name] = (*found.get(name, ()), place)
                    del left[place]
    return {name: found[name] for name in wanted if name in found}


@lru_cache(maxsize=4096)
def words(text: str) -> str:
    """What headers are compared on: their words, without those that change nothing nor marks of the plural."""
    folded = fold(_INFLECTION.sub("", text))
    return _PLURAL.sub("", " ".join(word for word in folded.split() if not _SMALL.fullmatch(word)) or folded)


def _same(text: str) -> str:
    return " ".join(text.split())


def _outside(text: str) -> str:
    return words(_BRACKETS.sub(" ", text))


def _without_given(line: Mapping[int, str], wanted: Wordings, given: frozenset[str]) -> dict[int, str]:
    of_file = {name.casefold() for name in given}
    shown = {place for place, text in line.items() if _same(text).casefold() in of_file and _same(text) not in wanted}
    names = {_same(line[place]).casefold() for place in shown}
    # Not the table that was handed out: « Panier moyen » is then the student's own wording of an answer.
    if 2 * len(names) < len(given):
        return dict(line)
    return {place: text for place, text in line.items() if place not in shown}
