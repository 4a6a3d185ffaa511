"""One model a question: TF-IDF of the features, one logistic regression a label, Platt on folds of lines."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression

from autograder.exemplars.lines import KNOWN, Exemplar, draw
from autograder.exemplars.variations import Sample, samples
from crc_lab.reading.words import PAUSE, Window, features, key, stems, tokens

STRENGTH = 20.0
FEATURES = 4500
"""Features that a question keeps: those that weigh most in one of its labels."""
LEAST = 2
SMALL = 2
"""Steps up to which a weight is left out: there are many, and they weigh nothing together."""
FOLDS = 3
NEVER = 4.0
"""Minus the bias of a label that nothing shows."""


def learn(lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> dict[str, Any]:
    """The model of one question as JSON values (the form is told in :mod:`crc_lab.reading.model`)."""
    labels = sorted({label for line in lines for label in line.labels})
    learnt = samples(lines, elsewhere)
    read = [_whole(one.text) for one in learnt]
    counts = [Counter(features(window)) for window in read]
    wanted = np.array([[label in one.labels for label in labels] for one in learnt])
    spread = Counter(name for count in counts for name in count)
    names = sorted(name for name, n in spread.items() if n >= LEAST)
    weights, _ = _fitted(_matrix(counts, names, spread), wanted)
    heavy = np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:FEATURES]
    names = sorted(names[at] for at in heavy)
    matrix = _matrix(counts, names, spread)
    weights, biases = _fitted(matrix, wanted)
    slope, shift = _platt(matrix, wanted, learnt)
    step = float(np.abs(weights).max()) / 127
    rounded = np.rint(weights / step).astype(int)
    return {
        "labels": labels,
        "bias": [round(float(bias), 4) for bias in biases],
        "platt": [round(slope, 4), round(shift, 4)],
        "step": round(step, 6),
        "features": {
            name: [round(100 * _rarity(spread[name], len(counts)))]
            + [
                part
                for at, weight in enumerate(rounded[:, column])
                if abs(weight) > SMALL
                for part in (at, int(weight))
            ]
            for column, name in enumerate(names)
        },
        **_known(lines, learnt, read, labels),
    }


def _whole(text: str) -> Window:
    return tuple(token for token in tokens(text) if token[0] != PAUSE)


def _rarity(spread: int, total: int) -> float:
    return math.log((1 + total) / (1 + spread)) + 1


def _matrix(counts: Sequence[Mapping[str, int]], names: Sequence[str], spread: Mapping[str, int]) -> Any:
    """TF-IDF, sublinear, each row of length 1, over the features that are kept (as the reader computes it)."""
    place = {name: at for at, name in enumerate(names)}
    weight = [round(100 * _rarity(spread[name], len(counts))) / 100 for name in names]
    values, columns, ends = [], [], [0]
    for count in counts:
        row = [(place[name], (1 + math.log(n)) * weight[place[name]]) for name, n in count.items() if name in place]
        length = math.sqrt(sum(value * value for _, value in row)) or 1.0
        columns += [column for column, _ in row]
        values += [value / length for _, value in row]
        ends.append(len(columns))
    return scipy.sparse.csr_matrix((values, columns, ends), shape=(len(counts), len(names)))


def _fitted(matrix: Any, wanted: Any) -> tuple[Any, Any]:
    """The weights (label × feature) and the biases."""
    weights, biases = [], []
    for column in wanted.T:
        if not column.any():  # a rare label of which no line is in this fold
            weights.append(np.zeros(matrix.shape[1]))
            biases.append(-NEVER)
            continue
        model = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=1e-2, random_state=1).fit(
            matrix, column
        )
        weights.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return np.array(weights), np.array(biases)


def _platt(matrix: Any, wanted: Any, learnt: Sequence[Sample]) -> tuple[float, float]:
    """The slope and the shift that make probabilities of what lines that were not learnt score."""
    folds = [frozenset(draw(str(line), "platt") % FOLDS for line in one.lines) for one in learnt]
    scored, true = [], []
    for fold in range(FOLDS):
        kept = [at for at, of in enumerate(folds) if fold not in of]
        unseen = [at for at, of in enumerate(folds) if of == {fold} and len(learnt[at].lines) == 1]
        weights, biases = _fitted(matrix[kept], wanted[kept])
        scored.append((matrix[unseen] @ weights.T + biases).ravel())
        true.append(wanted[unseen].ravel())
    model = LogisticRegression(C=100.0).fit(np.concatenate(scored).reshape(-1, 1), np.concatenate(true))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _is_quoted(one: Sample, lines: Sequence[Exemplar]) -> bool:
    """Whether the key or the tests quote a text: whatever else says the same, it has the labels that they give it."""
    return len(one.lines) == 1 and lines[one.lines[0]].source in KNOWN


def _known(
    lines: Sequence[Exemplar], learnt: Sequence[Sample], read: Sequence[Window], labels: Sequence[str]
) -> dict[str, Any]:
    """The words that the exemplars of each label hold, those of the others, and the exemplars word for word."""
    of_label: dict[str, set[str]] = {label: set() for label in labels}
    every: set[str] = set()
    exact: dict[str, frozenset[str]] = {}
    quoted, twice = set[str](), set[str]()
    for one, window in sorted(zip(learnt, read, strict=True), key=lambda pair: not _is_quoted(pair[0], lines)):
        if not one.lines:
            continue
        found = stems(window)
        every.update(found)
        if len(one.labels) == 1:
            of_label[min(one.labels)].update(found)
        if len(one.lines) == 1 and one.labels == lines[one.lines[0]].labels:
            name = f"{zlib.crc32(key(window).encode()):08x}"
            if _is_quoted(one, lines):
                quoted.add(name)
            if exact.setdefault(name, one.labels) != one.labels and name not in quoted:
                twice.add(name)
    by_labels: dict[str, list[str]] = {}
    for name, of in exact.items():
        if name not in twice:
            by_labels.setdefault(" ".join(sorted(of)) or "-", []).append(name)
    return {
        "stems": {label: " ".join(sorted(found)) for label, found in of_label.items()},
        "others": " ".join(sorted(every - set().union(*of_label.values()))),
        "exact": {of: " ".join(sorted(found)) for of, found in sorted(by_labels.items())},
    }
