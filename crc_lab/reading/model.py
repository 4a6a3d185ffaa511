"""What is known of one question: a sparse linear model, and the words of its exemplars. Plain Python, from JSON.

``words``: how texts were cut (:data:`crc_lab.reading.words.WAY`); ``labels``; ``bias`` (one a label); ``step``: what a
weight of 1 is worth; ``features``: name → [100 × rarity, label, weight, label, weight…]; ``stems``: label → the words
of its exemplars (six letters); ``others``: those of no label; ``exact``: labels → checksums of the wordings of the
exemplars; ``sounds``: what their words sound like (:func:`units`), and ``near``: labels → exemplars, each the places of
its own in that list.
"""

from __future__ import annotations

import heapq
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crc_lab.reading.words import Window, features, features_of_words, key, units, wording

BASE = 36
"""Of the places in ``near``."""
FEW = 8
"""Exemplars whose labels are counted."""

DECIDED = "decided"
"""Beside what is built: the words that a teacher has decided (:func:`key`) → their labels, separated by spaces."""


class Model:
    """The model of one question."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.labels: tuple[str, ...] = tuple(raw["labels"])
        self.way: int = raw.get("words", 1)
        self.bias: Sequence[float] = raw["bias"]
        self._step: float = raw["step"]
        self._features: Mapping[str, list[int]] = raw["features"]
        self.stems: Mapping[str, frozenset[str]] = {
            label: frozenset(words.split()) for label, words in raw["stems"].items()
        }
        self.known = frozenset(raw["others"].split()).union(*self.stems.values())
        self._decided = {said: frozenset(found.split()) for said, found in raw.get(DECIDED, {}).items()}
        self._exact = {
            int(name, 16): frozenset() if of == "-" else frozenset(of.split())
            for of, names in raw["exact"].items()
            for name in names.split()
        }
        self._exemplars = _Exemplars(raw["sounds"].split(), raw["near"], self.labels)

    def exact(self, window: Window) -> frozenset[str] | None:
        """The labels of the exemplar that says the same, word for word, unless a teacher gave others to these words;
        None when there is none."""
        known = self.decided(window)
        if known is not None:
            return known
        name = wording(window) if self.way > 2 else key(window)
        return self._exact.get(zlib.crc32(name.encode()))

    def decided(self, window: Window) -> frozenset[str] | None:
        """The labels that a teacher gave to the same words; None when nobody decided them."""
        return self._decided.get(key(window)) if self._decided else None

    def weighed(self, window: Window) -> dict[str, float]:
        """What the model sees of a window: feature → weight, of length 1; the nearer two texts, the more they share."""
        found = {
            name: (1 + math.log(times)) * known[0]
            for name, times in Counter(features(window)).items()
            if (known := self._features.get(name))
        }
        length = math.sqrt(sum(value * value for value in found.values())) or 1.0
        return {name: value / length for name, value in found.items()}

    def margins(self, window: Window) -> list[float]:
        """How far each label is from even in a window (log-odds), in the order of ``labels``."""
        score = [0.0] * len(self.labels)
        length = 0.0
        for name, times in Counter(features(window)).items():
            known = self._features.get(name)
            if known:
                value = (1 + math.log(times)) * known[0] / 100 if times > 1 else known[0] / 100
                length += value * value
                for at in range(1, len(known), 2):
                    score[known[at]] += value * known[at + 1]
        scale = self._step / (math.sqrt(length) or 1.0)
        return [bias + one * scale for bias, one in zip(self.bias, score, strict=True)]

    def brought(self, window: Window, at: int) -> list[float]:
        """What each word of a window brings to the margin of one label (by its place)."""
        times = Counter(features(window))
        length, found = 0.0, [0.0] * len(window)
        for place, names in features_of_words(window):
            for name in names:
                known = self._features.get(name)
                if known:
                    value = (1 + math.log(times[name])) / times[name] * known[0] / 100
                    length += times[name] * value * value
                    found[place] += value * sum(known[n + 1] for n in range(1, len(known), 2) if known[n] == at)
        scale = self._step / (math.sqrt(length) or 1.0)
        return [one * scale for one in found]

    def nearest(self, window: Window) -> Nearest:
        """How near the exemplars are."""
        return self._exemplars.nearest(units(window))


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each label, by its place: how near (0 to 1) the nearest exemplar that holds it is (``having``), and the
    nearest that does not (``lacking``); of the :data:`FEW` nearest, the share that holds it, the nearer counting more
    (``votes``)."""

    having: Sequence[float]
    lacking: Sequence[float]
    votes: Sequence[float]


class _Exemplars:
    """The exemplars as sets of sounds, and how rare each sound is among them."""

    def __init__(self, sounds: Sequence[str], near: Mapping[str, str], labels: Sequence[str]) -> None:
        self._labels = labels
        self._groups: list[frozenset[int]] = []
        """For each distinct set of labels, their places."""
        found: list[tuple[int, list[int]]] = []
        for of, lines in sorted(near.items()):
            self._groups.append(frozenset(labels.index(name) for name in of.split() if name != "-"))
            found += [(len(self._groups) - 1, [int(one, BASE) for one in line.split()]) for line in lines.split(",")]
        spread = Counter(place for _, places in found for place in places)
        rare = [math.log((1 + len(found)) / (1 + spread[place])) + 1 for place in range(len(sounds))]
        self._weight = {sound: rare[place] ** 2 for place, sound in enumerate(sounds)}
        self._unknown = (math.log(1 + len(found)) + 1) ** 2
        self._holders: dict[str, list[int]] = {sound: [] for sound in sounds}
        self._group: list[int] = []
        self._length: list[float] = []
        for at, (group, places) in enumerate(found):
            self._group.append(group)
            self._length.append(math.sqrt(sum(rare[place] ** 2 for place in places)) or 1.0)
            for place in places:
                self._holders[sounds[place]].append(at)

    def nearest(self, sounds: Iterable[str]) -> Nearest:
        shared: dict[int, float] = {}
        length = 0.0
        for sound in sounds:
            weight = self._weight.get(sound)
            if weight is None:
                length += self._unknown
                continue
            length += weight
            for at in self._holders[sound]:
                shared[at] = shared.get(at, 0.0) + weight
        own = math.sqrt(length) or 1.0
        best = [0.0] * len(self._groups)
        for at, weight in shared.items():
            one = weight / self._length[at]
            if one > best[self._group[at]]:
                best[self._group[at]] = one
        order = sorted((group for group, one in enumerate(best) if one), key=best.__getitem__, reverse=True)
        ranked = [(min(1.0, best[group] / own), self._groups[group]) for group in order]
        places = range(len(self._labels))
        votes = self._votes(heapq.nlargest(FEW, ((one / self._length[at], at) for at, one in shared.items())))
        having = [next((one for one, held in ranked if place in held), 0.0) for place in places]
        lacking = [next((one for one, held in ranked if place not in held), 0.0) for place in places]
        return Nearest(having, lacking, votes)

    def _votes(self, near: Sequence[tuple[float, int]]) -> list[float]:
        """What share of some exemplars holds each label, each counted by the square of how near it is."""
        votes = [0.0] * len(self._labels)
        for one, at in near:
            for place in self._groups[self._group[at]]:
                votes[place] += one * one
        total = sum(one * one for one, _ in near) or 1.0
        return [one / total for one in votes]
