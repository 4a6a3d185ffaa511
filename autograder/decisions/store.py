"""``decisions.csv``: every text that a teacher has decided, once each.

The columns of exemples.csv, then how many copies said it and when it was decided. Never a name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.decisions.subjects import said
from autograder.reports.book import harmless
from crc_lab.core.text import clean

COLUMNS = ("question", "idees", "texte", "source", "copies", "date")
TEACHER, STUDENT = "enseignant", "eleve"
NONE = "-"
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
            (one.model, " ".join(sorted(one.labels)) or NONE, one.text, TEACHER, str(one.copies), one.date)
            for one in self.settled
        ]
        return csv_bytes([COLUMNS, *rows, *self.aside])


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as people open them with a spreadsheet: « ; », UTF-8 with its mark, no formula."""
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(clean(cell)) if cell != NONE else cell for cell in row] for row in rows)
    return content.getvalue().encode("utf-8-sig")
