"""One text of one question: for each label yes, no or doubtful, and each doubt with its reason in French.

Yes: in one of the windows of the text the label is likely, and the exemplars of the label explain every word of that
window. No: it is unlikely everywhere. Anything else is a doubt, which is told, and which a teacher decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crc_lab.reading.facts import Fact, settle
from crc_lab.reading.model import Model
from crc_lab.reading.words import PAUSE, Window, clauses_of, key, stems, tokens, windows

UNLIKELY, LIKELY = 0.15, 0.85
"""Below the first a label is not there, above the second it is."""
HALF = "~"
"""Before the name of an idea: said vaguely, worth half of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``yes``: the labels that a text holds; ``doubts``: label → why one cannot say; ``likely``: label → probability."""

    yes: frozenset[str] = frozenset()
    doubts: Mapping[str, str] = field(default_factory=dict)
    likely: Mapping[str, float] = field(default_factory=dict)


def is_mistake(label: str) -> bool:
    """Whether a label is the code of a known mistake (« A1-E5 »), and not an idea."""
    return label[:1].isupper()


class Reader:
    """Reads the short answers of one question.

    ``facts``: what the key settles by numbers; ``lists``: an idea may stand beside another one in the same text.
    """

    def __init__(self, model: Model, facts: Sequence[Fact] = (), strict: bool = True) -> None:
        self.model, self.facts, self.strict = model, tuple(facts), strict

    def read(self, text: str) -> Reading:
        """What one text holds."""
        found = tokens(text)
        parts = windows(found)
        if not parts:
            return Reading()
        whole, labels = parts[0], self.model.labels
        exact = self.model.exact(whole)
        if exact is not None:
            return Reading(exact, {}, dict.fromkeys(exact, 1.0))
        settled = settle(self.facts, found)
        chances = [self._chances(part) for part in parts]
        likely = {label: max(chance[at] for chance in chances) for at, label in enumerate(labels)}
        likely.update({label: float(holds) for label, holds in settled.items() if label in likely})
        yes: set[str] = set()
        doubts: dict[str, str] = {}
        for at, label in enumerate(labels):
            if label in settled:
                yes.update((label,) if settled[label] else ())
            elif likely[label] >= LIKELY:
                sure = [part for part, chance in zip(parts, chances, strict=True) if chance[at] >= LIKELY]
                reasons = [self._unexplained(part, label) for part in sure]
                if "" in reasons:
                    yes.add(label)
                else:
                    doubts[label] = min(reasons, key=len)
            elif likely[label] > UNLIKELY:
                doubts[label] = "lecture incertaine"
        self._beside(parts, chances, likely, yes, doubts)
        self._unknown(whole, yes, doubts)
        return Reading(frozenset(yes), doubts, likely)

    def _chances(self, part: Window) -> list[float]:
        exact = self.model.exact(part)
        if exact is not None and exact:
            return [0.99 if label in exact else chance for label, chance in zip(self.model.labels, self.model.probabilities(part), strict=True)]
        return self.model.probabilities(part)

    def _unexplained(self, part: Window, label: str) -> str:
        """Why the exemplars of a label do not explain a window; empty when they do."""
        exact = self.model.exact(part)
        if exact is not None and label in exact:
            return ""
        known = self.model.stems[label]
        missing = [stem for stem in stems(part) if stem not in known]
        if not missing:
            return ""
        number = next((stem for stem in missing if stem.strip("!")[0].isdigit()), None)
        if number:
            return f"« {number.strip('!')} » : nombre inattendu"
        if any(stem[0] == "!" for stem in missing):
            return "phrase négative"
        words = [word for word, _ in part if word[:6] in missing]
        return f"je ne connais pas « {' '.join(words)} » ici"

    def _beside(
        self, parts: Sequence[Window], chances: Sequence[Sequence[float]], likely: Mapping[str, float], yes: set[str], doubts: dict[str, str]
    ) -> None:
        """A right idea beside a known mistake, or beside a clause that nothing explains, is doubtful."""
        ideas = {label for label in yes if not is_mistake(label)}
        if not ideas:
            return
        wrong = [label for label in self.model.labels if is_mistake(label) and likely[label] >= 0.5]
        odd = ""
        if not wrong and len(parts) > 1:
            first = 1
            for part, chance in zip(clauses_of(parts), chances[first:], strict=False):
                if max(chance) < 0.3 and any(stem not in self.model.known for stem in stems(part)):
                    odd = " ".join(word for word, _ in part)
                    break
        if wrong or odd:
            reason = f"une idée juste à côté de « {odd} »" if odd else "une idée juste à côté d’une erreur connue"
            for label in ideas:
                yes.discard(label)
                doubts[label] = reason

    def _unknown(self, whole: Window, yes: Collection[str], doubts: dict[str, str]) -> None:
        """A text without any idea whose words no exemplar holds; a doubtful one may hold any idea."""
        ideas = [label for label in self.model.labels if not is_mistake(label)]
        new = [word for word, _ in whole if word[:6] not in self.model.known and word[:6] in stems(whole)]
        if not yes and not doubts and new:
            doubts.update(dict.fromkeys(ideas, f"mots inconnus : « {' '.join(new)} »"))
