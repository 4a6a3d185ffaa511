"""What a teacher is asked: the texts whose doubt can change a mark, each wording once, the alike together, and what
weighs most first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.decisions import Subject, said
from autograder.exemplars.lines import Exemplar
from autograder.marking import ClassResult
from crc_lab.core.model import InDoubt
from crc_lab.core.text import clean
from crc_lab.reading.model import Model
from crc_lab.reading.words import PAUSE, Window, stems, tokens

LARGEST, SMALLEST = 12, 3
"""Texts in one group, at most; of those for which the same is proposed, at least."""
LOOKED_AT = 12
"""Exemplars that are compared with a text: those that share the most words with it."""
MOST = 2_000
"""Texts that are asked at once; the rest comes once these are decided."""
_VARIANTS = re.compile(r"\{([^{}|]*)[^{}]*\}")
"""« {tri|mise à jour} » in an exemplar: the first one is shown."""
_FEW = 2
"""Ideas that a doubt names: one about more of them is about all."""


@dataclass(frozen=True)
class Asked:
    """One wording to decide. ``copies``: how many said it; ``points``: what it may change in all of them; ``doubts``:
    label → why; ``ticked``: label → in how many copies the student says that it is there; ``nearest``: the exemplar
    that looks most like it, and its labels."""

    subject: Subject
    text: str
    said: str
    copies: int
    points: float
    sure: frozenset[str]
    proposed: frozenset[str]
    doubts: Mapping[str, str]
    ticked: Mapping[str, int] = field(default_factory=dict)
    nearest: tuple[str, frozenset[str]] = ("", frozenset())

    @property
    def place(self) -> tuple[str, str]:
        return self.subject.model, self.said

    @property
    def proposal(self) -> frozenset[str]:
        """What is proposed: what the students say themselves, else what the reader supposes."""
        return frozenset(self.ticked) or self.proposed

    @property
    def proposal_told(self) -> str:
        """« rendez-vous », « suivi (dit par l’élève) »."""
        told = self.subject.names(self.proposal)
        if not self.ticked:
            return told
        times = sum(self.ticked.values())
        return f"{told} (dit par l’élève{f', {times} fois' if times > 1 else ''})"

    @property
    def doubt_told(self) -> str:
        """Why it is asked, in words: each reason with the ideas that it is about, where they are few."""
        reasons: dict[str, list[str]] = defaultdict(list)
        for label, reason in self.doubts.items():
            reasons[reason].append(self.subject.name(label))
        return " ; ".join(
            f"{reason} ({', '.join(names)} ?)" if len(names) <= _FEW else reason for reason, names in reasons.items()
        )

    @property
    def nearest_told(self) -> str:
        text, labels = self.nearest
        return f"« {text} » : {self.subject.names(labels)}" if text else ""


@dataclass(frozen=True)
class Group:
    """Texts of one question that say, or seem to say, the same."""

    number: int
    texts: tuple[Asked, ...]

    @property
    def subject(self) -> Subject:
        return self.texts[0].subject

    @property
    def size(self) -> int:
        return len(self.texts)

    @property
    def proposal(self) -> str:
        """What is proposed for all of its texts; empty when that differs."""
        proposals = {one.proposal for one in self.texts}
        return self.subject.names(proposals.pop()) if len(proposals) == 1 else ""

    @property
    def points(self) -> float:
        return sum(one.points for one in self.texts)


def to_decide(
    result: ClassResult,
    subjects: Mapping[str, Subject],
    models: Callable[[Subject], Mapping[str, Any]],
    exemplars: Callable[[Subject], Iterable[Exemplar]],
) -> list[Group]:
    """The groups, the heaviest first. ``models``: the model of a subject as its file holds it; ``exemplars``: those
    of its activity (none: nothing is shown beside the texts)."""
    asked = sorted(_wordings(result, subjects), key=lambda one: (-one.points, one.place))[:MOST]
    found: list[tuple[Asked, ...]] = []
    for name in dict.fromkeys(one.subject.model for one in asked):
        own = [one for one in asked if one.subject.model == name]
        found += _grouped(own, Model(models(own[0].subject)), exemplars(own[0].subject))
    found.sort(key=lambda texts: (-sum(one.points for one in texts), texts[0].place))
    return [Group(number, texts) for number, texts in enumerate(found, start=1)]


def _wordings(result: ClassResult, subjects: Mapping[str, Subject]) -> Iterator[Asked]:
    """Every wording that some copy leaves in doubt, whatever its spelling of the small words."""
    found: dict[tuple[str, str], list[tuple[int, InDoubt]]] = defaultdict(list)
    for number, copy in enumerate(result.copies):
        for criterion in (criterion for question in copy.questions for criterion in question.criteria):
            for one in criterion.in_doubt:
                if one.model in subjects and (words := said(one.text)):
                    found[one.model, words].append((number, one))
    for (model, words), places in found.items():
        texts = Counter(clean(one.text).strip() for _, one in places)
        ticked = Counter(label for one in {(n, one.line): one for n, one in places}.values() for label in one.ticked)
        yield Asked(
            subjects[model],
            min(texts, key=lambda text: (-texts[text], text.swapcase())),  # small letters first
            words,
            len({number for number, _ in places}),
            sum(one.points for _, one in places),
            frozenset().union(*(one.sure for _, one in places)),
            frozenset().union(*(one.proposed for _, one in places)),
            {label: reason for _, one in places for label, reason in one.doubts},
            ticked,
        )


def _grouped(asked: Sequence[Asked], model: Model, exemplars: Iterable[Exemplar]) -> Iterator[tuple[Asked, ...]]:
    """The texts of one question, in groups; ``asked``: the heaviest first.

    Those for which the same is proposed go together, then the few that are left: the nearest to the heaviest, each
    time.
    """
    seen = [model.weighed(_window(one.text)) for one in asked]
    known = _Known(exemplars, asked[0].subject.model)
    shown = [replace(one, nearest=known.nearest(one.text, text, model)) for one, text in zip(asked, seen, strict=True)]
    near = _Near(seen)
    left: list[int] = []
    for proposal in dict.fromkeys(one.proposal for one in asked):
        for group in _chunks([at for at, one in enumerate(asked) if one.proposal == proposal], near):
            if len(group) < SMALLEST:
                left += group
            else:
                yield tuple(shown[at] for at in group)
    for group in _chunks(sorted(left), near):
        yield tuple(shown[at] for at in group)


def _chunks(places: Sequence[int], near: _Near) -> Iterator[list[int]]:
    """These texts, so many at a time: the first one that is left and those that are nearest to it."""
    left = dict.fromkeys(places)
    while left:
        first = next(iter(left))
        like = near.to(first)
        group = sorted(left, key=lambda at: (at != first, -like.get(at, 0.0), at))[:LARGEST]
        for at in group:
            del left[at]
        yield group


def _window(text: str) -> Window:
    return tuple(token for token in tokens(text) if token[0] != PAUSE)


class _Known:
    """The exemplars of one question, to be found by the words that they share with a text."""

    def __init__(self, exemplars: Iterable[Exemplar], name: str) -> None:
        self._lines = [
            (_VARIANTS.sub(r"\1", line.text), line.labels)
            for line in exemplars
            if line.question == name and not line.held_out
        ]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for at, (text, _) in enumerate(self._lines):
            for stem in {*stems(_window(text))}:
                self._holding[stem].append(at)

    def nearest(self, text: str, seen: Mapping[str, float], model: Model) -> tuple[str, frozenset[str]]:
        """The exemplar that looks most like a text, and its labels; empty when no word is shared."""
        shared: Counter[int] = Counter()
        for stem in {*stems(_window(text))}:
            for at in self._holding.get(stem, ()):
                shared[at] += 1
        best, like = ("", frozenset[str]()), 0.0
        for at, _ in sorted(shared.items(), key=lambda one: (-one[1], len(self._lines[one[0]][0]), one[0]))[:LOOKED_AT]:
            weights = model.weighed(_window(self._lines[at][0]))
            near = sum(weight * seen.get(name, 0.0) for name, weight in weights.items())
            if near > like:
                best, like = self._lines[at], near
        return best


class _Near:
    """Texts, as a model sees them, to be found by what they share with one of them."""

    def __init__(self, texts: Sequence[Mapping[str, float]]) -> None:
        self._texts = texts
        self._holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, text in enumerate(texts):
            for name, weight in text.items():
                self._holding[name].append((at, weight))

    def to(self, place: int) -> dict[int, float]:
        """How near each of them is to one, from 0 to 1; those that share nothing with it are left out."""
        found: dict[int, float] = defaultdict(float)
        for name, weight in self._texts[place].items():
            for at, other in self._holding.get(name, ()):
                found[at] += weight * other
        return found
