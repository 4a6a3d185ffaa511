"""How well short texts are read: on the lines that no model has learnt, one text at a time, by question and by writer.

A text is decided alone when no doubt can change what it earns; else it is left to the teacher, with a proposed mark.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.exemplars.lines import FILE, Exemplar, read_exemplars
from crc_lab.core.problems import KEYS, READING
from crc_lab.core.text import NBSP
from crc_lab.reading.deciding import Decision, Scheme, decide
from crc_lab.reading.reader import Reading, is_mistake, reader_of

RIGHT, DENIED = 0.97, 0.01
"""On ordinary lines: of the texts decided alone, the least share that is right; of those that hold an idea, the largest
that is denied."""
FEW, FEW_TRAPS = 40, 10
"""Lines a label under which the author is told that there are too few; traps an idea."""
SENTENCE = "phrase"
"""Added to the settings of a criterion: whether its question asks for one text, and not for a list."""
_SAME = 1e-6


@dataclass
class Figures:
    """Counts of texts: « right », « denied » (a right idea), « over » (a wrong one counted), « left » to a teacher."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str, holds: bool) -> None:
        self.counts[outcome] += 1
        self.counts["ideas"] += holds

    @property
    def total(self) -> int:
        return sum(self.counts[name] for name in ("right", "denied", "over", "left"))

    @property
    def left(self) -> float:
        """The share that is left to the teacher."""
        return self.counts["left"] / (self.total or 1)

    @property
    def right(self) -> float:
        """Of the texts decided alone, the share that is right."""
        return self.counts["right"] / ((self.total - self.counts["left"]) or 1)

    @property
    def denied(self) -> float:
        """Of the texts that hold an idea, the share that is denied alone."""
        return self.counts["denied"] / (self.counts["ideas"] or 1)

    def __str__(self) -> str:
        alone, right, denied = map(percent, (1 - self.left, self.right, self.denied))
        return f"{self.total:5} textes, décidés seuls {alone:>7}, dont justes {right:>7}, idées refusées {denied:>6}"


def percent(share: float) -> str:
    """« 97,1 % »."""
    return f"{100 * share:.1f}{NBSP}%".replace(".", ",")


def criteria(folder: Path) -> dict[str, list[Mapping[str, Any]]]:
    """Model → the settings of the criteria that read with it, from the corrige.toml of a folder, and whether the
    question asks for a sentence (:data:`SENTENCE`)."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for key in tomllib.loads((folder / KEYS).read_text(encoding="utf-8")).values():
        for settings in key.get("criteres", {}).values() if isinstance(key, dict) else ():
            if isinstance(settings, dict) and "lecture" in settings and "idees" in settings:
                one = {**settings, SENTENCE: not isinstance(key["reponse"], list)}
                found.setdefault(settings["lecture"], []).append(one)
    return found


def judged(
    lines: Iterable[Exemplar], models: Mapping[str, Any], settings: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[Exemplar, Reading, str, bool]]:
    """Each line that some criterion counts: how it was read, its outcome, and whether it holds an idea."""
    for line in lines:
        counted = settings.get(line.question, ())
        if not counted or line.question not in models:
            continue
        reading = read(line.readings(1)[0], models[line.question], counted)
        pairs = [_decided(one, line, reading) for one in counted]
        if any(not decision.alone for decision, _ in pairs):
            outcome = "left"
        elif all(abs(decision.share - true) < _SAME for decision, true in pairs):
            outcome = "right"
        else:
            outcome = "denied" if any(decision.share < true - _SAME for decision, true in pairs) else "over"
        yield line, reading, outcome, any(true > 0 for _, true in pairs)


def read(text: str, model: Mapping[str, Any], counted: Sequence[Mapping[str, Any]]) -> Reading:
    """How a text is read for the criteria that count it."""
    facts = [fact for one in counted for fact in one.get("faits", ())]
    reader = reader_of(model, facts, definitions=any(one.get("definitions") for one in counted))
    return reader.read(
        text,
        paragraph=any(one.get("inconnu") == 0 for one in counted),
        sentence=any(one[SENTENCE] for one in counted),
    )


def _decided(settings: Mapping[str, Any], line: Exemplar, reading: Reading) -> tuple[Decision, float]:
    """What one criterion gives to a line alone, and what its labels give."""
    scheme = Scheme(len(settings["idees"]), settings["idees"], settings.get("erreurs", ()))
    return decide(scheme, [reading]), scheme.share([line.labels])


def figures(
    outcomes: Iterable[tuple[Exemplar, Reading, str, bool]], group: Callable[[Exemplar], str]
) -> dict[str, Figures]:
    """The figures of each group of lines."""
    found: dict[str, Figures] = {}
    for line, _, outcome, holds in outcomes:
        found.setdefault(group(line), Figures()).add(outcome, holds)
    return found


def sort_of(line: Exemplar) -> str:
    """« pièges » or « ordinaires »."""
    return "pièges" if line.trap else "ordinaires"


def remarks(lines: Sequence[Exemplar]) -> Iterator[str]:
    """What an author may complete: labels with few lines, ideas with few traps."""
    for question in sorted({line.question for line in lines}):
        of = [line for line in lines if line.question == question]
        spread = Counter(label for line in of for label in line.labels)
        few = [f"{label} ({n})" for label, n in sorted(spread.items()) if n < FEW and not label.startswith("~")]
        if few:
            yield f"{question} : moins de {FEW} exemples pour {', '.join(few)}."
        traps = Counter(label for line in of if line.trap for label in line.labels)
        without = [label for label in sorted(spread) if traps[label] < FEW_TRAPS and not is_mistake(label)]
        without = [label for label in without if not label.startswith("~")]
        if without:
            yield f"{question} : moins de {FEW_TRAPS} pièges autour de {', '.join(without)}."


def confusions(outcomes: Iterable[tuple[Exemplar, Reading, str, bool]]) -> Counter[str]:
    """What is taken for what, alone and wrongly: « vente → suivi » (« rien » for none)."""
    found: Counter[str] = Counter()
    for line, reading, outcome, _ in outcomes:
        if outcome in ("denied", "over"):
            missed = " ".join(sorted(line.labels - reading.yes)) or "rien"
            taken = " ".join(sorted(reading.yes - line.labels)) or "rien"
            found[f"{line.question} {missed} → {taken}"] += 1
    return found


def under_the_bar(ordinary: Figures) -> list[str]:
    """What is not as good as it must be: French sentences."""
    found = []
    if ordinary.right < RIGHT:
        found.append(f"{percent(ordinary.right)} des textes décidés seuls sont justes, il en faut {percent(RIGHT)}.")
    if ordinary.denied > DENIED:
        found.append(
            f"{percent(ordinary.denied)} des idées justes sont refusées, il en faut moins de {percent(DENIED)}."
        )
    return found


def held_out(root: Path) -> Iterator[tuple[Exemplar, Reading, str, bool]]:
    """The lines of the workbook under ``root`` that no model has learnt, as its models read them (:func:`judged`)."""
    for path in sorted((root / "notebooks").glob(f"*/{FILE}")):
        lines = [line for line in read_exemplars(path) if line.held_out]
        models = json.loads((path.parent / READING).read_text(encoding="utf-8"))["questions"]
        yield from judged(lines, models, criteria(path.parent))


def told(root: Path) -> list[str]:
    """Print how well the texts of the workbook are read; what is under the bar: French sentences."""
    outcomes = [*held_out(root)]
    for group in (lambda line: line.question, lambda line: line.source, sort_of):
        for name, found in sorted(figures(outcomes, group).items()):
            print(f"{name:11} {found}")
    for text, n in confusions(outcomes).most_common(20):
        print(f"{n:3} × {text}")
    for path in sorted((root / "notebooks").glob(f"*/{FILE}")):
        print(*remarks(read_exemplars(path)), sep="\n")
    return under_the_bar(figures(outcomes, sort_of).get("ordinaires", Figures()))
