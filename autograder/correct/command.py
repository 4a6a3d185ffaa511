"""``crc-lab corriger`` from its arguments to its summary.

Copies are collected into the register, everything in the register is marked, marks given by hand are put in, and every
report is written anew. Each step can be interrupted: running the same command again gives the same files.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.correct import summary
from autograder.correct.class_settings import Options, Settings, read_settings
from autograder.correct.hand_marks_sources import Sources
from autograder.correct.progress import progress
from autograder.intake.collecting import collect
from autograder.intake.handed import HandedIn
from autograder.intake.submissions import Rejection
from autograder.intake.submissions import count as count_files
from autograder.marking.batch import mark_copies, with_manual_marks
from autograder.marking.hand_marks import Decided
from autograder.marking.marked import ClassResult
from autograder.open_answers import FILE as OPEN_ANSWERS
from autograder.open_answers import write_open_answers
from autograder.open_answers.rows import rows as open_rows
from autograder.privacy import pseudonyms
from autograder.register.differences import Differences, compare, told
from autograder.register.differences_text import FILE as DIFFERENCES
from autograder.register.differences_text import text as differences_text
from autograder.register.memory import LAST_TIME, OPTIONS, Memory
from autograder.register.store import Register
from autograder.reports import report_files, write_reports
from autograder.reports.figures import shown_names
from autograder.reports.outputs import Outputs, remove_drafts
from crc_lab.core.wording import count

if TYPE_CHECKING:
    from autograder.gradebook.writing import Written as WrittenGradebook

_NO_LONGER_MADE = "pronote.txt"
"""What earlier versions wrote; the sheet « À recopier » of notes.xlsx is in its place."""


def correct(inputs: Sequence[Path], output: Path, options: Options | None = None) -> int:
    """Mark ``inputs`` and all that was handed in before, write the reports in ``output`` and say what was done.

    Returns 0, or 1 when no copy could be marked or a report could not be written. Raises
    :class:`~crc_lab.core.errors.CrcError` when nothing can be done.
    """
    options = options or Options()
    settings = read_settings(options)
    sources = Sources(settings, options)
    sources.gradebook = sources.read_gradebook()
    with Register(output) as register:
        try:
            return _Correction(register, settings, options, sources).run(inputs)
        finally:
            if register.is_new and not register.copies:
                register.discard()


@dataclass
class _Correction:
    """One run, on a register that is open."""

    register: Register
    settings: Settings
    options: Options
    sources: Sources
    outputs: Outputs = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.register)
        self.output = self.register.folder
        self.outputs = Outputs(self.output)

    def run(self, inputs: Sequence[Path]) -> int:
        written = self.memory.written()
        remove_drafts(self.output, written)
        if _NO_LONGER_MADE in written:  # its marks would be those of another day
            self.outputs.attempt(_NO_LONGER_MADE, lambda: (self.output / _NO_LONGER_MADE).unlink(missing_ok=True))
        known = self.register.copies
        if inputs:
            self._collect(inputs)
        result = self._mark()
        for problem in self.settings.bank.problems:
            print(problem, file=sys.stderr)
        if not result.copies:
            print(summary.nothing(result), file=sys.stderr)
            return 1
        decided = self.sources.decide(self.memory, result, self.output)
        result = with_manual_marks(result, decided.marks)
        self.outputs.problems += self.sources.problems
        story = self._write(result, decided)
        story.known = known
        print("\n".join(summary.lines(story)))
        for problem in self.outputs.problems:
            print(problem, file=sys.stderr)
        return 1 if self.outputs.problems else 0

    # --- copies -------------------------------------------------------------------------------------------------------

    def _collect(self, inputs: Sequence[Path]) -> None:
        exclude = [self.output]
        total = count_files(inputs, exclude)
        with progress("Lecture", total, f"Correction de {count(total, 'fichier')}…") as step:
            found = collect(
                inputs,
                exclude=exclude,
                progress=step,
                pristine=self.settings.pristine,
                bank=self.settings.bank,
            )
            self.register.add_all(found, fresh=self.options.fresh)

    def _mark(self) -> ClassResult:
        with progress("Correction", self.register.copies) as step:

            def copies() -> Iterator[HandedIn | Rejection]:
                for one in self.register:
                    if isinstance(one, HandedIn):
                        step(one.file)
                    yield one

            return mark_copies(
                copies(), self.settings.bank, roster=self.settings.roster, preparation=self.settings.preparation
            )

    # --- files --------------------------------------------------------------------------------------------------------

    def _write(self, result: ClassResult, decided: Decided) -> summary.Story:
        """Write everything; the register then remembers what was told, and not before."""
        names = shown_names(result.students)
        before = list(self.memory.told())
        differences = compare(before, told(result, names)) if before else None
        self._announce(result, differences)
        numbers = {activity.id: activity.number for activity in result.activities}
        told_well = not differences or self.outputs.write(DIFFERENCES, differences_text(differences, numbers))
        self._write_reports(result)
        story = summary.Story(result, self.outputs, decided, differences, numbers, remarks=self.sources.remarks)
        path = self.output / OPEN_ANSWERS
        story.sheet = self.outputs.attempt(path.name, lambda: write_open_answers(result, path))
        if story.sheet is not None:
            self.outputs.files += [path, *([story.sheet.previous] if story.sheet.previous else [])]
        if self._from_moodle(result):
            from autograder.moodle import write_moodle

            story.moodle = write_moodle(result, self.outputs, self.options.worksheets)
        if self.options.pseudonyms or self.options.correspondence:
            self._write_pseudonyms(result)
        story.gradebook = self._write_gradebook(result)
        story.forgotten = [name for name in self._options_last_time() if name not in self.options.given]
        if told_well:
            facts = {OPTIONS: json.dumps(self.options.given)}
            if differences is None or differences:  # looking at the same results again does not keep them longer
                facts[LAST_TIME] = dt.date.today().isoformat()
            self.memory.tell(told(result, names), facts, self.outputs.names)
        return story

    def _announce(self, result: ClassResult, differences: Differences | None) -> None:
        """Name the files in the register before they are written: none can be left that nobody knows."""
        names = [path.relative_to(self.output).as_posix() for path in report_files(result, self.output)]
        names += [DIFFERENCES] if differences else []
        names += [OPEN_ANSWERS] if any(True for _ in open_rows(result)) else []
        if self._from_moodle(result):
            from autograder.moodle import moodle_names

            names += moodle_names(result, self.output, self.options.worksheets)
        self.memory.will_write(names)

    def _from_moodle(self, result: ClassResult) -> bool:
        """True when there is something to give back to Moodle."""
        return bool(self.options.worksheets) or any(copy.identity.guess.folder for copy in result.copies)

    def _write_reports(self, result: ClassResult) -> None:
        written = write_reports(result, self.output)
        self.outputs.files += written.files
        self.outputs.problems += written.problems

    def _write_pseudonyms(self, result: ClassResult) -> None:
        numbers = pseudonyms.numbers_of(result, self.memory)
        if self.options.correspondence:
            self.memory.will_write([pseudonyms.CORRESPONDENCE])
            self.outputs.write(pseudonyms.CORRESPONDENCE, pseudonyms.correspondence(result, numbers))
        if self.options.pseudonyms:
            hidden = pseudonyms.pseudonymised(result, numbers)
            folder = self.output / pseudonyms.FOLDER
            self.memory.will_write(path.relative_to(self.output).as_posix() for path in report_files(hidden, folder))
            written = write_reports(hidden, folder)
            self.outputs.files += written.files
            self.outputs.problems += written.problems

    def _write_gradebook(self, result: ClassResult) -> WrittenGradebook | None:
        course, url = self.settings.course, self.settings.url
        if course is None:
            return None
        from autograder.gradebook import write_class

        known = self.sources.gradebook
        written = self.outputs.attempt(
            course.name,
            lambda: write_class(result, course, url, sheets=lambda copy: self.register.sheet(copy.key), known=known),
        )
        if written is not None:
            after = self.sources.read_gradebook() or {}
            self.memory.say(self.sources.gradebook_name, after)
        return written

    def _options_last_time(self) -> list[str]:
        remembered = self.memory.fact(OPTIONS)
        return json.loads(remembered) if remembered else []
