"""One text of one question: for each label yes, no or doubtful, and each doubt with its reason in French.

Yes: in one of the windows of the text the label is likely, and the exemplars of the label explain every word of that
window. No: it is unlikely everywhere. Anything else is a doubt, which is told, and which a teacher decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crc_lab.reading.facts import Fact, settle
from crc_lab.reading.model import Model
from crc_lab.reading.words import Window, clauses_of, stems, tokens, windows

HARDLY, UNLIKELY, LIKELY = 0.03, 0.15, 0.85
"""Below the second a label is not there (the first, in a text of which nothing else is recognised); above the third it
is."""
SURE, EVEN = 0.99, 0.5
UNCERTAIN = "lecture incertaine"
HALF = "~"
"""Before the name of an idea: said vaguely, worth half of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``yes``: the labels that a text holds; ``doubts``: label → why one cannot say; ``likely``: how likely."""

    yes: frozenset[str] = frozenset()
    doubts: Mapping[str, str] = field(default_factory=dict)
    likely: Mapping[str, float] = field(default_factory=dict)


_SENTENCE = re.compile(r"[.!?;\n]+")


def is_mistake(label: str) -> bool:
    """Whether a label is the code of a known mistake (« A1-E5 »), and not an idea."""
    return label[:1].isupper()


class Reader:
    """Reads the short answers of one question; ``facts``: what the key settles by numbers."""

    def __init__(self, model: Model, facts: Sequence[Fact] = ()) -> None:
        self.model, self.facts = model, tuple(facts)
        self._ideas = tuple(label for label in model.labels if not is_mistake(label))

    def read(self, text: str, *, paragraph: bool = False) -> Reading:
        """What one text holds; in a ``paragraph``, sentences that say nothing of the question are no doubt."""
        found = tokens(text)
        parts = windows(found)
        if not parts:
            return Reading()
        exact = self.model.exact(parts[0])
        if exact is not None:
            return Reading(exact, {}, dict.fromkeys(exact, 1.0))
        chances = [self._chances(part) for part in parts]
        likely = {label: max(chance[at] for chance in chances) for at, label in enumerate(self.model.labels)}
        settled = {label: holds for label, holds in settle(self.facts, found).items() if label in likely}
        likely.update({label: float(holds) for label, holds in settled.items()})
        yes = {label for label, holds in settled.items() if holds}
        doubts: dict[str, str] = {}
        for at, label in sorted(enumerate(self.model.labels), key=lambda one: is_mistake(one[1])):
            if is_mistake(label) and label not in settled and any(not is_mistake(one) for one in yes):
                likely[label] = chances[0][at]  # beside an idea, a mistake is one of the whole text
            if label in settled or likely[label] <= UNLIKELY:
                continue
            if likely[label] < LIKELY:
                doubts[label] = UNCERTAIN
                continue
            sure = [(part, chance) for part, chance in zip(parts, chances, strict=True) if chance[at] >= LIKELY]
            reasons = [self._unexplained(part, label, chance) for part, chance in sure]
            if "" in reasons:
                yes.add(label)
            else:
                doubts[label] = min(reasons, key=len)
        if reason := self._beside(parts, chances, yes, paragraph):
            doubts.update(dict.fromkeys((label for label in yes if not is_mistake(label)), reason))
            yes -= {*self._ideas}
        if not yes and not doubts:
            doubts = {one: UNCERTAIN for one in self._ideas if one not in settled and likely[one] > HARDLY}
        if not yes and not doubts and not paragraph and (new := self._new_words(parts[0])):
            doubts.update(dict.fromkeys(self._ideas, f"je ne connais pas « {' '.join(new)} »"))
        return Reading(frozenset(yes), doubts, likely)

    def _chances(self, part: Window) -> list[float]:
        """How likely each label is in a window; those of an exemplar that says the same are sure."""
        found, exact = self.model.probabilities(part), self.model.exact(part)
        if not exact:
            return found
        return [SURE if label in exact else chance for label, chance in zip(self.model.labels, found, strict=True)]

    def _unexplained(self, part: Window, label: str, chance: Sequence[float]) -> str:
        """Why the exemplars of a label, and of the others that are as likely there, do not explain a window; empty when
        they do."""
        if label in (self.model.exact(part) or ()):
            return ""
        also = [
            self.model.stems[one] for one, likely in zip(self.model.labels, chance, strict=True) if likely >= LIKELY
        ]
        missing = [stem for stem in stems(part) if not any(stem in known for known in also)]
        if number := next((stem for stem in missing if stem.strip("!")[0].isdigit()), ""):
            return f"« {number.strip('!')} »\u00a0: nombre inattendu"
        if any(stem[0] == "!" for stem in missing):
            return "phrase négative"
        words = [word for word, _ in part if word[:6] in missing]
        return f"je ne connais pas « {' '.join(words)} » ici" if words else ""

    def _beside(
        self,
        parts: Sequence[Window],
        chances: Sequence[Sequence[float]],
        yes: Collection[str],
        paragraph: bool,
    ) -> str:
        """Why a right idea is doubtful for what stands beside it: a known mistake, a clause that nothing explains."""
        if all(map(is_mistake, yes)):
            return ""
        if any(
            chance >= EVEN and is_mistake(label) for label, chance in zip(self.model.labels, chances[0], strict=True)
        ):
            return "une idée juste à côté d’une erreur connue"
        if paragraph or len(parts) == 1:
            return ""
        for part, chance in zip(clauses_of(parts), chances[1:], strict=False):
            if max(chance) < 0.3 and any(stem not in self.model.known for stem in stems(part)):
                return f"une idée juste à côté de « {' '.join(word for word, _ in part)} »"
        return ""

    def _new_words(self, whole: Window) -> list[str]:
        """The words of a text that no exemplar holds."""
        new = {stem for stem in stems(whole) if stem not in self.model.known}
        return [word for word, denied in whole if ("!" if denied else "") + word[:6] in new]

    def said(self, text: str) -> list[tuple[str, frozenset[str]]]:
        """Each sentence of a text as it is written, and the labels that it likely holds."""
        sentences = [found.strip() for found in _SENTENCE.split(text)]
        return [(one, self.likely_in(one)) for one in sentences if one]

    def likely_in(self, text: str) -> frozenset[str]:
        """The labels that a text holds, doubtful ones included when they are likelier than not."""
        reading = self.read(text, paragraph=True)
        return reading.yes | {label for label, chance in reading.likely.items() if chance >= EVEN}


_READERS: dict[tuple[int, str], tuple[Mapping[str, Any], Reader]] = {}
_MOST_READERS = 64


def reader_of(raw: Mapping[str, Any], facts: Sequence[Fact] = ()) -> Reader:
    """The reader of a model as its file holds it (:mod:`crc_lab.reading.model`), made once for the same model."""
    name = (id(raw), repr(facts))
    if name not in _READERS:
        if len(_READERS) >= _MOST_READERS:
            _READERS.clear()
        _READERS[name] = (raw, Reader(Model(raw), facts))  # the model is kept too, so that its id stays its own
    return _READERS[name][1]
