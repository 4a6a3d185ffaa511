"""``trust.json``: how far what is seen of a text may be trusted, learnt on writers whose lines the models had not read.

    .venv/bin/python -m autograder.exemplars.trusting        # some minutes; after a change of what is seen

Each writer in turn is left out of the models of every question; what they then see of this writer's lines, and of two
of them joined, is compared with the labels. Held-out lines have no part in it.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from autograder.exemplars.building import elsewhere_of
from autograder.exemplars.learning import Material
from autograder.exemplars.lines import FILE, KNOWN, Exemplar, read_exemplars
from crc_lab.core.resources import workbook_root
from crc_lab.reading import trust
from crc_lab.reading.model import Model
from crc_lab.reading.reader import Reader, is_mistake
from crc_lab.reading.words import tokens, windows

JOINED = 3
"""One line in so many is also read joined to another of its writer."""
_JOINS = (" et ", ", ", ". ", " : ", " puis ", ", mais aussi ")
TREES = {"label": (120, 4), "rest": (40, 3)}
"""How many, and how deep."""
_RATE, _LEAF, _SHRINK = 0.08, 30, 5.0
_RISING, _FALLING = ("best", "whole", "near", "near_whole"), ("missing", "missing_n", "apart_whole")
"""What may only raise, or only lower, the chance of a label."""


@dataclass(frozen=True)
class Unread:
    """A text that the model had not learnt: the writer left out, its labels, what was seen of each label."""

    question: str
    writer: str
    text: str
    holds: frozenset[str]
    labels: tuple[str, ...]
    rows: Mapping[int, tuple[float, ...]]
    rest: tuple[float, ...]


def unread(lines: Sequence[Exemplar], elsewhere: Sequence[str]) -> Iterator[Unread]:
    """Every line of one question, as a model sees it that learnt nothing of its writer."""
    material = Material(lines, elsewhere)
    for writer in sorted({line.writer for line in lines} - KNOWN):
        own = [at for at, line in enumerate(lines) if line.writer == writer]
        if 2 * len(own) > len(lines):  # written by one person: nothing would be left to learn from
            continue
        reader = Reader(Model(material.model(without=own)))
        for text, labels in texts([lines[at] for at in own]):
            parts = windows(tokens(text))
            if parts and reader.model.exact(parts[0]) is None:
                seen = reader.look(parts)
                yield Unread(lines[0].question, writer, text, labels, reader.model.labels, seen.rows, seen.rest)


def texts(lines: Sequence[Exemplar]) -> Iterator[tuple[str, frozenset[str]]]:
    """The lines of one writer, and some of them joined two by two."""
    rng = random.Random(11)
    for line in lines:
        text = line.readings(1)[0]
        yield text, line.labels
        if not rng.randrange(JOINED):
            other = rng.choice(lines)
            yield text + rng.choice(_JOINS) + other.readings(1)[0], line.labels | other.labels


def fitted(texts_: Sequence[Unread]) -> dict[str, Any]:
    """The trees of both sorts, as JSON values."""
    rows = [(row, one.labels[at] in one.holds) for one in texts_ for at, row in one.rows.items()]
    silent = [one for one in texts_ if not likely_ideas(one)]
    return {
        "label": _trees("label", [row for row, _ in rows], [holds for _, holds in rows]),
        "rest": _trees("rest", [one.rest for one in silent], [_holds_idea(one) for one in silent]),
    }


def likely_ideas(one: Unread) -> list[int]:
    """The places of the ideas that are likelier than not, as far as the model alone sees."""
    return [at for at, row in one.rows.items() if row[0] > 0 and not is_mistake(one.labels[at])]


def _holds_idea(one: Unread) -> bool:
    return any(not is_mistake(label) for label in one.holds)


def _trees(sort: str, rows: Sequence[Sequence[float]], holds: Sequence[bool]) -> dict[str, Any]:
    number, depth = TREES[sort]
    names = trust.EVIDENCE if sort == "label" else trust.REST
    ways = [int(name in _RISING) - int(name in _FALLING) if sort == "label" else 0 for name in names]
    model = HistGradientBoostingClassifier(
        max_iter=number,
        max_depth=depth,
        learning_rate=_RATE,
        min_samples_leaf=_LEAF,
        l2_regularization=_SHRINK,
        monotonic_cst=ways,
        early_stopping=False,
        random_state=1,
    ).fit(np.array(rows), np.array(holds))
    # the trees themselves are in no public attribute; a version that moves them fails here, before anything is written
    trees = [_nodes(predictor.nodes) for (predictor,) in model._predictors]
    return {"start": round(float(model._baseline_prediction.ravel()[0]), 4), "trees": trees}


def _nodes(nodes: Any) -> list[list[float]]:
    return [
        [round(float(node["value"]), 4)]
        if node["is_leaf"]
        else [int(node["feature_idx"]), round(float(node["num_threshold"]), 4), int(node["left"]), int(node["right"])]
        for node in nodes
    ]


def gathered(root: Path) -> list[Unread]:
    """The texts of every question, each seen by a model that did not know its writer."""
    folders = {path.parent: read_exemplars(path) for path in sorted((root / "notebooks").glob(f"*/{FILE}"))}
    found: list[Unread] = []
    for folder, lines in folders.items():
        others = [line for other, of in folders.items() if other != folder for line in of]
        for question in sorted({line.question for line in lines}):
            learnt = [line for line in lines if line.question == question and not line.held_out]
            found += unread(learnt, elsewhere_of(question, others))
            print(f"{question} : {len(found)} textes lus", file=sys.stderr)
    return found


def main() -> int:
    """Write ``trust.json`` anew, with the chances that it holds already."""
    path = Path(trust.__file__).with_name(trust.FILE)
    before = json.loads(path.read_text(encoding="utf-8"))
    raw = {name: before[name] for name in ("sure", "unlikely", "nothing")} | fitted(gathered(workbook_root()))
    path.write_text(json.dumps(raw, sort_keys=True, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
