"""One model a question: TF-IDF of the features, one logistic regression a label, and the exemplars themselves."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression

from autograder.exemplars.lines import KNOWN, PAGE, Exemplar
from autograder.exemplars.variations import READINGS, Sample, samples
from crc_lab.reading.model import BASE
from crc_lab.reading.words import PAUSE, WAY, Window, features, stems, tokens, units, wording

STRENGTH = 20.0
FEATURES = 3300
"""Features that a question keeps: those that weigh most in one of its labels."""
LEAST = 2
SMALL = 2
"""Steps up to which a weight is left out: there are many, and they weigh nothing together."""
NEVER = 4.0
"""Minus the bias of a label that nothing shows."""
NEIGHBOURS = 3
"""Variants of a line that are kept as exemplars to be near."""


def learn(lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> dict[str, Any]:
    """The model of one question as JSON values (the form is told in :mod:`crc_lab.reading.model`)."""
    return Material(lines, elsewhere).model()


class Material:
    """What is learnt from the lines of one question, read once: models that leave some lines out are learnt from it."""

    def __init__(self, lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> None:
        self.lines = lines
        self._samples = samples(lines, elsewhere)
        self._read = [_whole(one.text) for one in self._samples]
        places: dict[str, int] = {}
        columns, values, ends = [], [], [0]
        for window in self._read:
            for name, times in Counter(features(window)).items():
                columns.append(places.setdefault(name, len(places)))
                values.append(1 + math.log(times) if times > 1 else 1.0)
            ends.append(len(columns))
        self._names = np.array([*places])
        self._counts = scipy.sparse.csr_matrix((values, columns, ends), shape=(len(self._read), len(places)))

    def model(self, without: Collection[int] = ()) -> dict[str, Any]:
        """The model learnt from the lines whose places are not in ``without``."""
        out = frozenset(without)
        rows = [at for at, one in enumerate(self._samples) if out.isdisjoint(one.lines)]
        learnt, read = [self._samples[at] for at in rows], [self._read[at] for at in rows]
        labels = sorted({label for at, line in enumerate(self.lines) if at not in out for label in line.labels})
        wanted = np.array([[label in one.labels for label in labels] for one in learnt])
        counts = self._counts[rows]
        spread = np.asarray((counts > 0).sum(axis=0)).ravel()
        kept = np.flatnonzero(spread >= LEAST)
        rarity = np.round(100 * (np.log((1 + len(rows)) / (1 + spread)) + 1)) / 100
        weights, _ = _fitted(_weighed(counts, kept, rarity), wanted)
        heavy = np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:FEATURES])
        kept = kept[heavy]
        weights, biases = _fitted(_weighed(counts, kept, rarity), wanted)
        step = float(np.abs(weights).max()) / 127
        rounded = np.rint(weights / step).astype(int)
        return {
            "words": WAY,
            "labels": labels,
            "bias": [round(float(bias), 4) for bias in biases],
            "step": round(step, 6),
            "features": {
                str(self._names[column]): [round(100 * rarity[column])]
                + [
                    part
                    for label in range(len(labels))
                    if abs(n := rounded[label, at]) > SMALL
                    for part in (label, int(n))
                ]
                for at, column in enumerate(kept)
            },
            **self._known(learnt, read, labels),
        }

    def _known(self, learnt: Sequence[Sample], read: Sequence[Window], labels: Sequence[str]) -> dict[str, Any]:
        """The words that the exemplars of each label hold, those of the others, and the exemplars word for word."""
        of_label: dict[str, set[str]] = {label: set() for label in labels}
        every: set[str] = set()
        exact: dict[str, frozenset[str]] = {}
        near: dict[tuple[str, ...], frozenset[str]] = {}
        kept_of: Counter[int] = Counter()
        quoted, twice = set[str](), set[str]()
        for one, window in sorted(zip(learnt, read, strict=True), key=lambda pair: not self._is_quoted(pair[0])):
            if not one.lines:
                continue
            found = stems(window)
            every.update(found)
            if len(one.labels) == 1:
                of_label[min(one.labels)].update(found)
            if len(one.lines) == 1 and one.labels == self.lines[one.lines[0]].labels:
                name = _checksum(window)
                if self._is_quoted(one):
                    quoted.add(name)
                if exact.setdefault(name, one.labels) != one.labels and name not in quoted:
                    twice.add(name)
                if kept_of[one.lines[0]] < NEIGHBOURS and (sounds := tuple(sorted(units(window)))) not in near:
                    near[sounds] = one.labels
                    kept_of[one.lines[0]] += 1
        exact = {name: of for name, of in exact.items() if name not in twice} | self._copied()
        return {
            "stems": {label: " ".join(sorted(found)) for label, found in of_label.items()},
            "others": " ".join(sorted(every - set().union(*of_label.values()))),
            "exact": {of: " ".join(sorted(found)) for of, found in _by_labels(exact).items()},
            **_neighbours(near),
        }

    def _copied(self) -> dict[str, frozenset[str]]:
        """What the page says, word for word."""
        of_page = [line for line in self.lines if line.source == PAGE]
        return {_checksum(_whole(text)): line.labels for line in of_page for text in line.readings(READINGS)}

    def _is_quoted(self, one: Sample) -> bool:
        """Whether the key or the tests quote a text: whatever else says the same, it has the labels that they give."""
        return len(one.lines) == 1 and self.lines[one.lines[0]].source in KNOWN


def _whole(text: str) -> Window:
    return tuple(token for token in tokens(text) if token[0] != PAUSE)


def _checksum(window: Window) -> str:
    """The name of a wording among the exemplars that are known word for word."""
    return f"{zlib.crc32(wording(window).encode()):08x}"


def _weighed(counts: Any, kept: Any, rarity: Any) -> Any:
    """TF-IDF, sublinear, each row of length 1, over the features that are kept (as the reader computes it)."""
    matrix = counts[:, kept] @ scipy.sparse.diags_array(rarity[kept])
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return scipy.sparse.csr_matrix(scipy.sparse.diags_array(1 / np.where(length > 0, length, 1.0)) @ matrix)


def _fitted(matrix: Any, wanted: Any) -> tuple[Any, Any]:
    """The weights (label × feature) and the biases."""
    weights, biases = [], []
    for column in wanted.T:
        if not column.any():  # a rare label of which no line is left
            weights.append(np.zeros(matrix.shape[1]))
            biases.append(-NEVER)
            continue
        model = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=1e-2, random_state=1).fit(
            matrix, column
        )
        weights.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return np.array(weights), np.array(biases)


def _by_labels(exemplars: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    """The labels, written as in the file, → what holds them; sorted."""
    found: dict[str, list[str]] = {}
    for name, of in exemplars.items():
        found.setdefault(" ".join(sorted(of)) or "-", []).append(name)
    return dict(sorted(found.items()))


def _neighbours(near: dict[tuple[str, ...], frozenset[str]]) -> dict[str, Any]:
    """The exemplars as the places of their sounds, the commonest sounds first."""
    spread = Counter(sound for sounds in near for sound in sounds)
    order = sorted(spread, key=lambda sound: (-spread[sound], sound))
    places = {sound: _based(at) for at, sound in enumerate(order)}
    written = {" ".join(places[sound] for sound in sounds): of for sounds, of in near.items() if sounds}
    return {
        "sounds": " ".join(order),
        "near": {of: ",".join(sorted(found)) for of, found in _by_labels(written).items()},
    }


def _based(number: int) -> str:
    """A number in base 36, as ``int(…, 36)`` reads it."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    found = digits[number % BASE]
    while number := number // BASE:
        found = digits[number % BASE] + found
    return found
