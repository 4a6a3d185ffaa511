"""How far to trust what is seen of a label in a text: small trees, learnt on texts of writers whom no model had read.

``trust.json`` is common to all questions: it holds no word and no answer. ``label``: the trees that say how likely a
label is, from an :data:`EVIDENCE` row; ``rest``: how likely it is that a text of which nothing was recognised holds an
idea all the same, from a :data:`REST` row. A tree is a list of nodes, [feature, threshold, left, right] or a leaf.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

EVIDENCE = (
    "best",  # the margin of the label in the window where it is largest
    "whole",  # in the whole text
    "rival",  # the largest margin of another idea in the whole text
    "mistake",  # the largest margin of another known mistake there
    "near",  # how near the nearest exemplar that holds the label is, in the best window for that
    "apart",  # how near the nearest exemplar that does not hold it is, in the same window
    "near_whole",
    "apart_whole",
    "missing",  # words of the best window that no exemplar of a label likely there holds: their share,
    "missing_n",  # and how many they are
    "new",  # words of the whole text that no exemplar of the question holds: their share,
    "new_n",  # and how many they are
    "denied",  # whether something is denied in the best window
    "denied_new",  # in words that no exemplar denies
    "number_new",  # whether it holds a number that no exemplar of the label holds
    "words",  # of the whole text
    "windows",
    "is_mistake",
    "is_half",
    "bias",  # of the label: how frequent it is
    "dullest",  # the largest margin of any label, in the clause where that is smallest
    "content",  # words that say something in the best window
    "votes",  # of the nearest exemplars to the whole text, the share that holds the label
    "peak",  # what the word that brings most brings to the margin of the best window,
    "against",  # and the one that brings least
    "unknown",  # of the missing words, how many no exemplar of the question holds
    "rival_here",  # the largest margin of another idea in the best window
)
"""What is seen of a label in a text, in the order of the rows."""
REST = ("top", "second", "new", "new_n", "words", "content", "apart", "mistake", "ideas", "denied")
"""What is seen of a text without any recognised idea: the two likeliest ideas, its new words, how near the nearest
exemplar of nothing is, the likeliest mistake, how many ideas the question has, whether it denies."""

FILE = "trust.json"


class Trust:
    """The trees of ``trust.json`` and the chances between which a label is in doubt."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._label, self._rest = _Trees(raw["label"]), _Trees(raw["rest"])
        self.sure: float = raw["sure"]
        self.unlikely: float = raw["unlikely"]
        self.nothing: float = raw["nothing"]

    def label(self, row: Sequence[float]) -> float:
        """How likely the label is."""
        return self._label.chance(row)

    def rest(self, row: Sequence[float]) -> float:
        """How likely it is that a text holds an idea that was not recognised."""
        return self._rest.chance(row)


class _Trees:
    def __init__(self, raw: dict[str, Any]) -> None:
        self._start: float = raw["start"]
        self._trees = [_nested(tree, 0) for tree in raw["trees"]]

    def chance(self, row: Sequence[float]) -> float:
        total = self._start
        for node in self._trees:
            while isinstance(node, tuple):
                feature, threshold, below, above = node
                node = below if row[feature] <= threshold else above
            total += node
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _nested(tree: Sequence[Sequence[float]], at: int) -> Any:
    """A tree as tuples within tuples, its leaves numbers: half the time of following places in a list."""
    node = tree[at]
    if len(node) == 1:
        return node[0]
    return int(node[0]), node[1], _nested(tree, int(node[2])), _nested(tree, int(node[3]))


@lru_cache(maxsize=1)
def trust() -> Trust:
    """The trust of the package."""
    return Trust(json.loads(Path(__file__).with_name(FILE).read_text(encoding="utf-8")))
