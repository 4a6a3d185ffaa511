"""One run of « corriger », as far as decisions go: those known, those just made, what is still to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.decisions import FILE, PAGE, SHEET_FILE, Decisions, Settled, Subject, asking, subjects, writing
from autograder.decisions.asking import Group
from autograder.decisions.reading import DecisionProblems, Line, kept_decisions, read_decisions
from autograder.exemplars.lines import FILE as EXEMPLARS
from autograder.exemplars.lines import Exemplar, read_exemplars
from autograder.intake.keys import Bank
from autograder.marking import ClassResult
from autograder.register import differences as changes
from autograder.reports import Outputs, put_aside
from autograder.reports.figures import shown_names
from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import write_atomically
from crc_lab.core.text import count, french


class Round:
    """``news``: the decisions that earlier runs did not know; ``groups``: what is still to decide, once it is known;
    ``remarks``: French sentences on rows that were set aside."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._folder, self._bank = folder, bank
        self.news: list[Settled] = []
        self.groups: list[Group] = []
        self.remarks: list[str] = []
        self._known = Decisions()
        self._typed: dict[tuple[str, str], Line] = {}
        self._unreadable = False
        self._moved: changes.Differences | None = None
        self._subjects: Mapping[str, Subject] = {}
        self._exemplars_of: dict[str, list[Exemplar]] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """What purging a class erases; decisions.csv, which speaks of nobody, stays."""
        return PAGE, SHEET_FILE

    def read(self, given: Path | None) -> list[CrcError]:
        """Read what was decided before, then the sheet of the folder, then the file of ``--decisions``; and have texts
        read as they were decided before. What the sheet of the folder cannot say: its problems, which stop nothing.

        Raises :class:`DecisionProblems` for the other two.
        """
        own = self._folder / SHEET_FILE
        if given is not None or own.is_file() or (self._folder / FILE).is_file():
            self._subjects = subjects(self._bank.readable())
        self._known, self.remarks = kept_decisions(self._folder / FILE, self._subjects)
        problems: list[CrcError] = []
        made: list[Settled] = []
        if own.is_file() and not (given is not None and given.resolve() == own.resolve()):
            try:
                found = read_decisions(own, self._subjects)
                made += found.settled
                self._typed = found.typed
                if found.problems:
                    problems.append(DecisionProblems(own.name, tuple(found.problems)))
            except DecisionProblems as problem:
                self._unreadable = True
                problems.append(problem)
        if given is not None:
            found = read_decisions(given, self._subjects)
            if found.problems:
                raise DecisionProblems(given.name, tuple(found.problems))
            made += found.settled
            self._known = replace(self._known, aside=(*dict.fromkeys((*self._known.aside, *found.aside)),))
        today = dt.date.today().isoformat()
        before = self._known.by_place
        news = {one.place: replace(one, date=one.date or today) for one in made}
        self.news = [one for place, one in news.items() if place not in before or before[place].labels != one.labels]
        self._bank.settle(self._known.for_readers())
        return problems

    def apply(self) -> None:
        """Have texts read as they have just been decided too."""
        if self.news:
            self._known = self._known.with_news(self.news)
            self._bank.settle(self._known.for_readers())

    def tell(self, before: ClassResult, after: ClassResult) -> None:
        """Remember whose mark the new decisions moved."""
        told = [changes.told(result, shown_names(result.students)) for result in (before, after)]
        self._moved = changes.compare(*told)

    def ask(self, result: ClassResult) -> None:
        """Find what is still to decide."""
        known = subjects(self._bank.get(activity.id) for activity in result.activities)
        self.groups = asking.to_decide(result, known, self._model, self._exemplars)

    def said(self, already: Sequence[str]) -> list[str]:
        """What the new decisions did: a sentence, then the marks that moved and were not told ``already``."""
        if not self.news:
            return []
        one, many = "texte vient d’être décidé", "textes viennent d’être décidés"
        found = [f"{count(len(self.news), one, many)}."]
        if self._moved is not None:
            numbers = {activity: self._bank.get(activity).activity.number for activity in self._activities()}
            found += changes.summary(self._moved)[:1] if self._moved.moved else ["Aucune note n’en a changé."]
            found = [" ".join(found)]
            found += [f"  • {line}" for line in changes.shown(self._moved, numbers) if line not in already]
        return [french(line) for line in found]

    @property
    def told(self) -> str:
        """« 34 textes à décider, en 9 groupes »; empty when there is nothing to decide."""
        return french(writing.told(self.groups)) if self.groups else ""

    def _activities(self) -> Iterator[str]:
        yield from {one.after.activity for one in self._moved.changes} if self._moved else ()

    def _model(self, subject: Subject) -> Mapping[str, Any]:
        key = self._bank.get(subject.activity).key(subject.question)
        found: Mapping[str, Any] = key.models[subject.model] if key else {}
        return found

    def _exemplars(self, subject: Subject) -> list[Exemplar]:
        if subject.activity not in self._exemplars_of:
            path = self._bank.beside(subject.activity, EXEMPLARS)
            self._exemplars_of[subject.activity] = read_exemplars(path) if path else []
        return self._exemplars_of[subject.activity]

    # --- files --------------------------------------------------------------------------------------------------------

    def keep(self, outputs: Outputs) -> bool:
        """Write decisions.csv where something was decided; False when it could not be: nothing typed may be lost."""
        return not self.news or outputs.write(FILE, self._known.to_csv())

    def write_questions(self, outputs: Outputs) -> None:
        """Write the page and the sheet of what is to decide; without any, only say so where they were before."""
        path, page = self._folder / SHEET_FILE, self._folder / PAGE
        asked = {one.place for group in self.groups for one in group.texts}
        if path.is_file() and (self._unreadable or not self._typed.keys() <= asked):
            outputs.attempt(path.name, lambda: outputs.files.append(put_aside(path)))
        if self.groups or page.is_file():
            outputs.write(PAGE, writing.page(self.groups))
        if self.groups:
            outputs.write(SHEET_FILE, lambda: writing.book(self.groups, self._typed))
        elif path.is_file():
            outputs.attempt(path.name, path.unlink)

    def give_to(self, course: Path, outputs: Outputs) -> None:
        """Leave what is decided in nbgrader's course too: its own button then marks the same way."""
        if self._known.settled:
            outputs.attempt(course.name, lambda: write_atomically(course / FILE, self._known.to_csv()))


def write_round(one: Round, result: ClassResult, outputs: Outputs) -> None:
    """Write what is decided, then what is still to decide."""
    one.ask(result)
    if one.keep(outputs):
        one.write_questions(outputs)
