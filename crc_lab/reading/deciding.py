"""From what the texts of one answer hold to a share of the points: the one proposed, the lowest, the highest.

Every way of settling the doubts is tried: when none changes the share, it is given alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crc_lab.reading.reader import EVEN, HALF, Reading

Labels = frozenset[str]
Way = tuple[tuple[int, str], ...]
"""The doubts, by text and label, that are taken for true."""
FEW, MOST_WAYS = 3, 1500
"""Doubts of one text that may all be true; of more (nothing of it could be read), one. Ways of settling the doubts of
an answer that are tried."""
_SAME = 1e-6


@dataclass(frozen=True)
class Scheme:
    """What a criterion counts: so many ideas ``expected``, each of the tables ``ideas`` once; ``mistakes``: tables.

    An idea: ``id``; ``etiquettes``, the labels that make it (its id alone when there are none), ``au_moins`` so many of
    them. Half of it: « ~ » before one of these names; labels in a text that holds a mistake too which spoils it
    (``gate``); or, where the key has something to say of it (``vague``), too few of the labels. A mistake: ``code``;
    ``part`` of an idea, once, for a text that holds no idea; ``annule``: the ideas that do not count where it is.
    """

    expected: int
    ideas: Sequence[Mapping[str, Any]]
    mistakes: Sequence[Mapping[str, Any]] = ()

    def names(self, idea: Mapping[str, Any]) -> tuple[str, ...]:
        """The labels that make an idea."""
        return tuple(idea.get("etiquettes") or (idea["id"],))

    @property
    def labels(self) -> Labels:
        """Every label that may change the share."""
        names = {name for idea in self.ideas for name in (*self.names(idea), idea["id"])}
        halves = {HALF + name for name in names}
        return frozenset(names | halves | {mistake["code"] for mistake in self.mistakes})

    def held(self, texts: Sequence[Labels]) -> dict[str, float]:
        """Idea → what it is worth, 1 or a half, for those that the texts hold."""
        texts = [labels for labels in texts if labels]
        void = {name for one in self.mistakes if _anywhere(one["code"], texts) for name in one.get("annule", ())}
        spoiling = {one["code"] for one in self.mistakes if one.get("gate")}
        found: dict[str, float] = {}
        for idea in self.ideas:
            names = self.names(idea)
            clean = {name for labels in texts if not spoiling & labels for name in names if name in labels}
            spoilt = {name for labels in texts if spoiling & labels for name in names if name in labels}
            vague = any(HALF + name in labels for labels in texts for name in (*names, idea["id"]))
            if idea["id"] in void:
                continue
            if len(clean) >= idea.get("au_moins", 1):
                found[idea["id"]] = 1.0
            elif vague or (len(clean | spoilt) >= idea.get("au_moins", 1)) or (clean and "vague" in idea):
                found[idea["id"]] = 0.5
        return found

    def holds(self, idea: Mapping[str, Any], labels: Collection[str]) -> bool:
        """Whether a text says something of an idea."""
        names = (*self.names(idea), idea["id"])
        return any(name in labels or HALF + name in labels for name in names)

    def share(self, texts: Sequence[Labels]) -> float:
        """What the texts earn, from 0 to 1."""
        empty = [labels for labels in texts if labels and not any(self.holds(idea, labels) for idea in self.ideas)]
        granted = sum(float(one.get("part", 0.0)) for one in self.mistakes if _anywhere(one["code"], empty))
        return min(1.0, (sum(self.held(texts).values()) + granted) / self.expected)


def _anywhere(label: str, texts: Sequence[Labels]) -> bool:
    return any(label in labels for labels in texts)


@dataclass(frozen=True)
class Decision:
    """``share`` is proposed, between ``low`` and ``high``; ``texts``: the labels that it supposes, text by text;
    ``doubts``: (position of the text, label, reason) of those that change it; ``stakes``: the most that each text in
    doubt may change, whatever the others hold."""

    share: float
    low: float
    high: float
    texts: tuple[Labels, ...] = ()
    doubts: tuple[tuple[int, str, str], ...] = field(default_factory=tuple)
    stakes: Mapping[int, float] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether no doubt can change the share."""
        return self.high - self.low < _SAME


def decide(scheme: Scheme, readings: Sequence[Reading]) -> Decision:
    """The share of an answer whose texts were read so; the likelier side of each doubt is proposed."""
    labels = scheme.labels
    open_ = [
        (at, label, reason)
        for at, reading in enumerate(readings)
        for label, reason in reading.doubts.items()
        if label in labels
    ]
    sure = [reading.yes for reading in readings]
    likely = {(at, label) for at, label, _ in open_ if readings[at].likely.get(label, 0.0) >= EVEN}
    proposed = _with(sure, likely)
    share = scheme.share(proposed)
    options: dict[int, list[Way]] = {}
    for at in dict.fromkeys(at for at, _, _ in open_):
        options[at] = _options([(at, label) for other, label, _ in open_ if other == at])
    low, high, stakes = _bounds(scheme, sure, options)
    low, high = min(low, share), max(high, share)
    if high - low < _SAME:
        return Decision(share, low, high, tuple(proposed))
    return Decision(share, low, high, tuple(proposed), tuple(open_), stakes)


def _bounds(
    scheme: Scheme, sure: Sequence[Labels], options: Mapping[int, Sequence[Way]]
) -> tuple[float, float, Mapping[int, float]]:
    """The lowest and the highest share, and the most that each text changes: every way of settling the doubts is tried,
    or, where there are too many, the worst and the best of each text in its turn."""
    if math.prod(map(len, options.values())) <= MOST_WAYS:
        shares = {ways: scheme.share(_with(sure, sum(ways, ()))) for ways in itertools.product(*options.values())}
        return min(shares.values()), max(shares.values()), _stakes([*options], shares)
    worst: Way = ()
    best: Way = ()
    for ways_of_text in options.values():
        worst = min((worst + one for one in ways_of_text), key=lambda way: scheme.share(_with(sure, way)))
        best = max((best + one for one in ways_of_text), key=lambda way: scheme.share(_with(sure, way)))
    low, high = scheme.share(_with(sure, worst)), scheme.share(_with(sure, best))
    return low, high, dict.fromkeys(options, high - low)


def _stakes(texts: Sequence[int], shares: Mapping[tuple[Way, ...], float]) -> dict[int, float]:
    """The most that each text changes, from the share of every way of settling them all."""
    stakes = {}
    for place, at in enumerate(texts):
        same_others: dict[tuple[Way, ...], list[float]] = {}
        for ways, share in shares.items():
            same_others.setdefault(ways[:place] + ways[place + 1 :], []).append(share)
        stakes[at] = max(max(found) - min(found) for found in same_others.values())
    return stakes


def _options(doubts: Sequence[tuple[int, str]]) -> list[Way]:
    """The ways of settling the doubts of one text."""
    if len(doubts) > FEW:
        return [(), *((one,) for one in doubts)]
    return [chosen for size in range(len(doubts) + 1) for chosen in itertools.combinations(doubts, size)]


def _with(sure: Sequence[Labels], chosen: Collection[tuple[int, str]]) -> list[Labels]:
    found = [*sure]
    for at, label in chosen:
        found[at] |= {label}
    return found
