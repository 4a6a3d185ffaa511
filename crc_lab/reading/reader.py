"""One text of one question: for each label yes, no or doubtful, and each doubt with its reason in French.

Two readers look at a text: the weights of the question's model, and its nearest exemplars. How far what they see may be
trusted was learnt once for all questions (:mod:`crc_lab.reading.trust`). A label that is likely enough is there, one
that is unlikely is not; anything else is a doubt, which is told, and which a teacher decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from crc_lab.core.text import clean_line
from crc_lab.reading.facts import Fact, settle
from crc_lab.reading.model import Model
from crc_lab.reading.trust import Trust, trust
from crc_lab.reading.words import WAY, Window, clauses_of, is_evasive, listed, stems, tokens, windows

EVEN = 0.5
FAINT, FAR = -3.0, 0.3
"""A label whose margin is below the first in every window, and whose exemplars are all farther than the second, is not
looked at: it is not there."""
UNCERTAIN, NEGATIVE, TWO = "lecture incertaine", "phrase négative", "deux idées dans une case"
LISTING, ROLES = "des mots sans phrase", "qui le fait\u00a0?"
MOSTLY_NEW = 0.75
"""Share of new words from which a text is doubted, however little it looks like an idea."""
HALF = "~"
"""Before the name of an idea: said vaguely, worth half of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``yes``: the labels that a text holds; ``doubts``: label → why one cannot say; ``likely``: how likely."""

    yes: frozenset[str] = frozenset()
    doubts: Mapping[str, str] = field(default_factory=dict)
    likely: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of a text before anything is decided: place of a label → its row (:data:`trust.EVIDENCE`), and the
    window where it is likeliest with the words that nothing explains there; ``rest``: :data:`trust.REST`."""

    rows: Mapping[int, tuple[float, ...]]
    best: Mapping[int, tuple[Window, Sequence[str]]]
    rest: tuple[float, ...]


_LONGEST_QUOTE = 60
"""Characters of unknown words that a doubt quotes."""
_THEMSELVES = frozenset((who, "meme") for who in ("elle", "lui", "eux", "soi"))
"""« Elle-même »: a word on who does what, which the idea alone does not settle."""
_SENTENCE = re.compile(r"[.!?;\n]+")
_DEFINITION = re.compile(r"\s*([^:=]{1,40}?)\s*(?:[:=]|\bc['’]est\b)\s*(.+)", re.DOTALL)


def _quoted(words: Iterable[str]) -> str:
    return clean_line(" ".join(words), _LONGEST_QUOTE)


def is_mistake(label: str) -> bool:
    """Whether a label is the code of a known mistake (« A1-E5 »), and not an idea."""
    return label[:1].isupper()


class Reader:
    """Reads the short answers of one question; ``facts``: what the key settles by numbers; ``definitions``: a text is
    one idea and what defines it (« X : Y »)."""

    def __init__(
        self, model: Model, facts: Sequence[Fact] = (), judge: Trust | None = None, *, definitions: bool = False
    ) -> None:
        self.model, self.facts = model, tuple(facts)
        self._definitions = definitions
        self._judge = judge
        self._mistakes = [is_mistake(label) for label in model.labels]
        self._ideas = tuple(label for label in model.labels if not is_mistake(label))
        self._estimated: dict[tuple[Window, ...], tuple[Seen, Mapping[str, float]]] = {}

    @property
    def judge(self) -> Trust:
        """How far what is seen is trusted: as the package says, unless told otherwise."""
        return self._judge or trust()

    def read(self, text: str, *, paragraph: bool = False, sentence: bool = False) -> Reading:
        """What one text holds; in a ``paragraph``, sentences that say nothing of the question are no doubt. Where a
        ``sentence`` is asked for, words in a row are: nothing says what links them."""
        found = tokens(text)
        parts = windows(found)
        if not parts:
            return Reading()
        decided = self.model.decided(parts[0])
        if decided is not None:  # by a teacher: for good
            return Reading(decided, {}, dict.fromkeys(decided, 1.0))
        if self.model.way != WAY:
            found = tokens(text, self.model.way)
            parts = windows(found)
        exact = self.model.exact(parts[0])
        if exact is not None and not (sentence and listed(text)):
            return Reading(exact, {}, dict.fromkeys(exact, 1.0))
        if is_evasive(found):
            return Reading()
        labels = self.model.labels
        seen, estimated = self._estimate(parts)
        likely = dict(estimated)
        settled = {label: holds for label, holds in settle(self.facts, found).items() if label in likely}
        likely.update({label: float(holds) for label, holds in settled.items()})
        yes = {label for label, chance in likely.items() if chance >= self.judge.sure}
        doubts: dict[str, str] = {}
        for at in seen.best:
            label = labels[at]
            if label not in settled and label not in yes and likely[label] > self.judge.unlikely:
                doubts[label] = self._unexplained(at, seen) or UNCERTAIN
        yes -= doubts.keys()
        beside = self._spoilt(text, found, sentence)
        if beside:
            doubts.update(dict.fromkeys((one for one in yes if not is_mistake(one)), beside))
            yes -= doubts.keys()
        new = self._new_words(parts[0])
        strange = len(new) >= MOSTLY_NEW * len(stems(parts[0])) > 0
        reason = f"je ne connais pas « {_quoted(new)} »" if new else UNCERTAIN
        if 2 * len(new) > len(stems(parts[0])):  # a word that looks like an idea, among more that nobody ever wrote
            doubts.update(dict.fromkeys((one for one in yes if one not in settled), reason))
            yes -= doubts.keys()
        silent = not yes and all(map(is_mistake, doubts)) and not paragraph
        if silent and (strange or self.judge.rest(seen.rest) > self.judge.nothing):
            doubts.update(dict.fromkeys((one for one in self._ideas if one not in settled), reason))
        return Reading(frozenset(yes), doubts, likely)

    def _estimate(self, parts: Sequence[Window]) -> tuple[Seen, Mapping[str, float]]:
        """What is seen of a text, and how likely it makes each label; remembered, as a class writes the same words."""
        place = tuple(parts)
        if place not in self._estimated:
            if len(self._estimated) >= _MOST_TEXTS:
                self._estimated.clear()
            seen = self.look(parts)
            likely = dict.fromkeys(self.model.labels, 0.0)
            likely.update({self.model.labels[at]: self.judge.label(row) for at, row in seen.rows.items()})
            self._estimated[place] = seen, likely
        return self._estimated[place]

    def _spoilt(self, text: str, found: Window, sentence: bool) -> str:
        """Why a person must look at the ideas of a text, however likely; empty for most texts."""
        if sentence and listed(text):
            return LISTING
        if any(pair in _THEMSELVES for pair in pairwise(word for word, _ in found)):
            return ROLES
        return TWO if self._defines_another(text) else ""

    def _defines_another(self, text: str) -> bool:
        """Whether « X : Y » names one idea and defines another."""
        cut = _DEFINITION.match(text) if self._definitions else None
        if not cut:
            return False
        name, meaning = (self._held(part) for part in cut.groups())
        return bool(name and meaning and name.isdisjoint(meaning))

    def _held(self, part: str) -> set[str]:
        """The ideas that a part of a text likely holds, said vaguely or not."""
        seen = windows(tokens(part, self.model.way))
        if not seen:
            return set()
        found = self.model.exact(seen[0])
        if found is None:
            rows = self.look(seen).rows.items()
            found = frozenset(self.model.labels[at] for at, row in rows if self.judge.label(row) >= EVEN)
        return {label.removeprefix(HALF) for label in found if not is_mistake(label)}

    def look(self, parts: Sequence[Window]) -> Seen:
        """What is seen of a text cut into windows."""
        labels, model = self.model.labels, self.model
        margins = [model.margins(part) for part in parts]
        clauses = clauses_of(parts)
        near = [model.nearest(part) for part in ([parts[0], *clauses] if len(parts) > 1 else parts)]
        whole, whole_near = margins[0], near[0]
        words = stems(parts[0])
        new = sum(word not in model.known for word in words)
        dullest = min(max(one) for one in (margins[1 : 1 + len(clauses)] if len(parts) > 1 else margins))
        rows: dict[int, tuple[float, ...]] = {}
        best: dict[int, tuple[Window, list[str]]] = {}
        for at, label in enumerate(labels):
            place = _largest([one[at] for one in margins])
            close = _largest([one.having[at] for one in near])
            if margins[place][at] < FAINT and near[close].having[at] < FAR:
                continue
            part = parts[place]
            here = stems(part)
            missing = self._missing(here, at, margins[place])
            best[at] = (part, missing)
            brought = model.brought(part, at)
            rows[at] = (
                margins[place][at],
                whole[at],
                self._rival(whole, at, mistake=False),
                self._rival(whole, at, mistake=True),
                near[close].having[at],
                near[close].lacking[at],
                whole_near.having[at],
                whole_near.lacking[at],
                len(missing) / (len(here) or 1),
                float(len(missing)),
                new / (len(words) or 1),
                float(new),
                float(any(denied for _, denied in part)),
                float(any(stem[0] == "!" for stem in missing)),
                float(any(stem.strip("!")[:1].isdigit() for stem in missing)),
                float(len(parts[0])),
                float(len(parts)),
                float(self._mistakes[at]),
                float(label.startswith(HALF)),
                model.bias[at],
                dullest,
                float(len(here)),
                whole_near.votes[at],
                max(brought),
                min(brought),
                float(sum(stem not in model.known for stem in missing)),
                self._rival(margins[place], at, mistake=False),
            )
        tops = [max(one[at] for one in margins) for at in range(len(labels))]
        ideas = sorted((top for top, wrong in zip(tops, self._mistakes, strict=True) if not wrong), reverse=True)
        rest = (
            ideas[0] if ideas else FAINT,
            ideas[1] if len(ideas) > 1 else FAINT,
            new / (len(words) or 1),
            float(new),
            float(len(parts[0])),
            float(len(words)),
            min(whole_near.lacking, default=0.0),
            max((top for top, wrong in zip(tops, self._mistakes, strict=True) if wrong), default=FAINT),
            float(len(ideas)),
            float(any(denied for _, denied in parts[0])),
        )
        return Seen(rows, best, rest)

    def _rival(self, margins: Sequence[float], at: int, *, mistake: bool) -> float:
        """The largest margin of another idea, or of another mistake."""
        others = (margin for place, margin in enumerate(margins) if place != at and self._mistakes[place] == mistake)
        return max(others, default=2 * FAINT)

    def _missing(self, words: Iterable[str], at: int, margins: Sequence[float]) -> list[str]:
        """The words that no exemplar of a label holds, nor one of the other labels that are as likely."""
        also = [self.model.stems[label] for label, margin in zip(self.model.labels, margins, strict=True) if margin > 0]
        known = self.model.stems[self.model.labels[at]]
        return [word for word in words if word not in known and not any(word in stems_ for stems_ in also)]

    def _unexplained(self, at: int, seen: Seen) -> str:
        """Why the exemplars of a label do not explain the window where it is likeliest; empty when they do."""
        part, missing = seen.best[at]
        if self.model.labels[at] in (self.model.exact(part) or ()):
            return ""
        if number := next((stem for stem in missing if stem.strip("!")[0].isdigit()), ""):
            return f"« {number.strip('!')} »{_NUMBER}"
        if any(stem[0] == "!" for stem in missing):
            return NEGATIVE
        if seen.rows[at][_BESIDE] > 0 and not self._mistakes[at]:
            return "une idée juste à côté d’une erreur connue"
        words = [word for word, _ in part if word[:6] in missing]
        return f"je ne connais pas « {_quoted(words)} » ici" if words else ""

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


def _largest(values: Sequence[float]) -> int:
    """The place of the largest value, the first one of equals."""
    return max(range(len(values)), key=values.__getitem__)


_NUMBER = "\u00a0: nombre inattendu"
_BESIDE = 3
"""The place in a row of the margin of the likeliest mistake."""
_READERS: dict[tuple[int, str, bool], tuple[Mapping[str, Any], Reader]] = {}
_MOST_READERS = 64
_MOST_TEXTS = 2_000


def reader_of(raw: Mapping[str, Any], facts: Sequence[Fact] = (), *, definitions: bool = False) -> Reader:
    """The reader of a model as its file holds it (:mod:`crc_lab.reading.model`), made once for the same model."""
    name = (id(raw), repr(facts), definitions)
    if name not in _READERS:
        if len(_READERS) >= _MOST_READERS:
            _READERS.clear()
        _READERS[name] = (
            raw,
            Reader(Model(raw), facts, definitions=definitions),
        )  # the model is kept too, so that its id stays its own
    return _READERS[name][1]
