"""« À décider »: the short texts that could not be read for sure, grouped, decided once by the teacher, and remembered.

``a-decider.xlsx`` goes out with every run and comes back from the output folder, or with ``--decisions``; what it says
is kept in ``decisions.csv``, of which every later run knows each wording. Texts only: none of these files names anyone.

Here, what a teacher may decide of a text (the ideas of its question and its known mistakes, by their names), and every
text that was decided, once each: the columns of exemples.csv, then how many copies said it and when it was decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from autograder.exemplars.lines import COLUMNS as EXEMPLAR_COLUMNS
from autograder.exemplars.lines import NONE as NO_IDEA
from autograder.reports.book import csv_bytes
from crc_lab.checks.readings import MODEL, NAMES, label_name
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.text import fold
from crc_lab.reading.deciding import Scheme
from crc_lab.reading.reader import HALF, is_mistake
from crc_lab.reading.words import key, tokens, windows

FILE, SHEET_FILE, PAGE = "decisions.csv", "a-decider.xlsx", "a-decider.html"
"""Names in the output folder: what was decided, what to decide, the same to be read."""
NONE, AS_PROPOSED = "aucune", "comme proposé"
_NOTHING = frozenset(map(fold, (NONE, "aucune idée", "aucun", "rien", "non", "-", "–", "0", "hors sujet")))
_YES = frozenset(map(fold, (AS_PROPOSED, "proposé", "oui", "ok", "x", "idem")))
_LISTED = re.compile(r"\s*(?:[,;+/\n|]|(?:^|\s)&(?:\s|$))\s*")
LONGEST_TEXT = 2_000


@dataclass
class Subject:
    """One question, or one field of it, as far as its texts go. ``model``: what reads them, and its name in the files;
    ``labels``: those that may count; ``offered``: those of them that the model knows; ``noms``: their names in the key;
    ``said``: code of a mistake → its message."""

    model: str
    activity: str
    number: int
    question: str
    title: str
    labels: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    noms: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def name(self, label: str) -> str:
        return label_name(label, self.noms)

    def names(self, labels: Iterable[str]) -> str:
        """« rendez-vous, suivi »; « aucune »."""
        return ", ".join(sorted(map(self.name, labels), key=fold)) or NONE

    @property
    def ideas(self) -> list[str]:
        """The labels that are ideas, in the order of their names; then the half ones."""
        found = [label for label in self.offered if not is_mistake(label)]
        return sorted(found, key=lambda label: (label.startswith(HALF), fold(self.name(label))))

    @property
    def mistakes(self) -> list[str]:
        return sorted(filter(is_mistake, self.offered))

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """Label by its name and by itself, folded; names win."""
        found = {_plain(label): label for label in sorted(self.labels)}
        return found | {_plain(self.name(label)): label for label in sorted(self.labels)}

    def meant(self, text: str) -> frozenset[str] | str:
        """The labels that a cell names (« rendez-vous, suivi », « aucune », « rendez_vous suivi »); else the piece that
        names none."""
        if fold(text) in _NOTHING or not fold(text):
            return frozenset()
        found: set[str] = set()
        for piece in filter(str.strip, _LISTED.split(text)):
            labels = self._labels_of(piece)
            if labels is None:
                return piece.strip()
            found |= labels
        return frozenset(found)

    def _labels_of(self, piece: str) -> set[str] | None:
        """What one piece names: as a whole, else each part of it at « et », else each word of it."""
        for parts in ([piece], re.split(r"\s+et\s+", piece), piece.split()):
            labels = [self._known.get(_plain(part)) for part in parts]
            if parts and None not in labels:
                return {label for label in labels if label}
        return None


def accepts(text: str) -> bool:
    """Whether a cell accepts what is proposed."""
    return fold(text) in _YES


def _plain(text: str) -> str:
    half = HALF if text.strip().startswith(HALF) else ""
    return half + fold(text.replace("_", " "))


def subjects(activities: Iterable[LoadedActivity]) -> dict[str, Subject]:
    """All that short texts of these activities may hold, by model."""
    found: dict[str, Subject] = {}
    for loaded in activities:
        for question in loaded.activity.marked:
            key_ = loaded.key(question.id)
            for criterion in question.criteria if key_ else ():
                settings = {**criterion.params, **key_.criteria.get(criterion.id, {})} if key_ else {}
                if key_ is None or not (MODEL in settings and "idees" in settings and "attendus" in settings):
                    continue
                name = settings[MODEL]
                subject = found.setdefault(
                    name, Subject(name, loaded.activity.id, loaded.activity.number, question.id, question.title)
                )
                counted = Scheme(settings["attendus"], settings["idees"], settings.get("erreurs", ())).labels
                subject.labels |= counted
                subject.offered |= counted & {*key_.models[name]["labels"]}
                subject.noms |= settings.get(NAMES, {})
                codes = [one["code"] for one in settings.get("erreurs", ())]
                subject.said |= {code: key_.messages[code] for code in codes if code in key_.messages}
    return found


def said(text: str) -> str:
    """What makes two wordings the same for the reader: their words in order, without the empty ones."""
    parts = windows(tokens(text[:LONGEST_TEXT]))
    return key(parts[0]) if parts else ""


# --- what was decided -------------------------------------------------------------------------------------------------


COLUMNS = (*EXEMPLAR_COLUMNS, "copies", "date")
TEACHER = "enseignant"
MOST = 4_500
"""Decisions kept: the reader of spreadsheets refuses more than 5 000 rows. The oldest go first."""


@dataclass(frozen=True)
class Settled:
    """One text that a teacher decided: the ``labels`` that it holds, how many ``copies`` said it, when (ISO)."""

    model: str
    labels: frozenset[str]
    text: str
    copies: int = 0
    date: str = ""

    @cached_property
    def said(self) -> str:
        """What makes it the same wording as another one."""
        return said(self.text)

    @property
    def place(self) -> tuple[str, str]:
        return self.model, self.said


@dataclass(frozen=True)
class Decisions:
    """What was decided, each wording once; ``aside``: rows of questions or of ideas that are not known here, kept as
    they are."""

    settled: tuple[Settled, ...] = ()
    aside: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str], Settled]:
        return {one.place: one for one in self.settled}

    def with_news(self, news: Iterable[Settled]) -> Decisions:
        """The same, and these: the latest decision on a wording is the one that counts."""
        found = {one.place: one for one in self.settled}
        for one in news:
            found.pop(one.place, None)
            found[one.place] = one
        return Decisions(tuple(found.values())[-MOST:], self.aside)

    def for_readers(self) -> dict[str, dict[str, str]]:
        """As :meth:`autograder.intake.keys.Bank.settle` takes them."""
        found: dict[str, dict[str, str]] = {}
        for one in self.settled:
            found.setdefault(one.model, {})[one.said] = " ".join(sorted(one.labels))
        return found

    def to_csv(self) -> bytes:
        """The file; what a spreadsheet would take for a formula is harmless in it."""
        rows = [
            (one.model, " ".join(sorted(one.labels)) or NO_IDEA, one.text, TEACHER, str(one.copies), one.date)
            for one in self.settled
        ]
        return csv_bytes([COLUMNS, *rows, *self.aside])
