"""What is known of one question: a sparse linear model, and the words of its exemplars. Plain Python, from JSON.

``labels``; ``bias`` (one a label); ``platt``: [slope, shift]; ``step``: what a weight of 1 is worth; ``features``:
name → [100 × rarity, label, weight, label, weight…]; ``stems``: label → the words of its exemplars (six letters);
``others``: those of no label; ``exact``: labels → checksums of the wordings of the exemplars.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from crc_lab.reading.words import Window, features, key


class Model:
    """The model of one question."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.labels: tuple[str, ...] = tuple(raw["labels"])
        self._bias: list[float] = raw["bias"]
        self._slope, self._shift = raw["platt"]
        self._step: float = raw["step"]
        self._features: Mapping[str, list[int]] = raw["features"]
        self.stems: Mapping[str, frozenset[str]] = {
            label: frozenset(words.split()) for label, words in raw["stems"].items()
        }
        self.known = frozenset(raw["others"].split()).union(*self.stems.values())
        self._exact = {
            int(name, 16): frozenset() if of == "-" else frozenset(of.split())
            for of, names in raw["exact"].items()
            for name in names.split()
        }

    def exact(self, window: Window) -> frozenset[str] | None:
        """The labels of the exemplar that says the same, word for word; None when there is none."""
        return self._exact.get(zlib.crc32(key(window).encode()))

    def probabilities(self, window: Window) -> list[float]:
        """How likely each label is in a window, in the order of ``labels``."""
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
        return [
            1 / (1 + math.exp(-max(-30.0, min(30.0, self._slope * (bias + one * scale) + self._shift))))
            for bias, one in zip(self._bias, score, strict=True)
        ]
