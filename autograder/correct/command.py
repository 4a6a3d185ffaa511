"""``crc-lab corriger`` from its arguments to its summary.

Copies are collected into the register, everything in the register is marked, marks given by hand are put in, and every
report is written anew. Each step can be interrupted: running the same command again gives the same files.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.correct import PATHS, WORKSHEETS, Options, summary
from autograder.decisions.rounds import Round, write_round
from autograder.errors import PlaceProblem
from autograder.identity import Participant, Roster, asked
from autograder.identity.class_list import read_roster
from autograder.intake import HandedIn, Rejection
from autograder.intake.collecting import collect
from autograder.intake.keys import COURSE, KEYS, ROSTER, Bank, Preparation, read_preparation
from autograder.intake.reading import Pristine
from autograder.intake.submissions import count as count_files
from autograder.marking import ClassResult
from autograder.marking.batch import accepting, mark_copies, with_manual_marks
from autograder.marking.manual import Decided, ManualMarks, Place, decide
from autograder.open_answers import FILE as OPEN_ANSWERS
from autograder.open_answers import OpenAnswerProblems, write_open_answers
from autograder.open_answers.reading import read_marked_sheet
from autograder.open_answers.reading import rows as open_rows
from autograder.privacy import who
from autograder.register import IDENTITIES, LAST_TIME, OPTIONS, Register
from autograder.register import differences as changes
from autograder.reports import Outputs, drafts, report_files, write_reports
from autograder.reports.figures import shown_names
from crc_lab.core.errors import CrcError, ImportProblem
from crc_lab.core.text import count, fold, french, listing

if TYPE_CHECKING:
    from autograder.gradebook.notebooks import Written as WrittenGradebook

_NO_LONGER_MADE = "pronote.txt"
"""What earlier versions wrote; the sheet « À recopier » of notes.xlsx is in its place."""
ACCEPTED, ALL = "acceptees", "tous"
"""Fact of the register: the keys of the copies off the subject that count; and what accepts all of them."""
_SOME, _EXAMPLES = 3, 3
"""Strangers beside known students from which on a class list is the wrong one; those who are named as examples."""
_OWN, _GIVEN = "feuille", "fichier"
"""Names in the register of the sheet of the output folder, and of a file given with ``--notes-manuelles``."""


# --- what the teacher gives besides the copies: read before anything is done ------------------------------------------


@dataclass(frozen=True)
class Settings:
    """The same, read: ``course`` and ``url`` are those of nbgrader, None without it."""

    bank: Bank
    roster: Roster | None
    preparation: Preparation | None
    pristine: Pristine
    course: Path | None
    url: str | None

    def marks_in_the_gradebook(self) -> ManualMarks | None:
        """The marks given in nbgrader's formgrader as they are now, None without it; raises GradebookProblem."""
        if self.course is None:
            return None
        from autograder.gradebook import read_manual_marks

        return read_manual_marks(self.course, self.url)

    @property
    def gradebook(self) -> str:
        """The name of this gradebook in the register: a print, because its address may hold a password."""
        address = f"{self.course.resolve() if self.course else ''}|{self.url or ''}"
        return f"nbgrader {hashlib.sha256(address.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def read_settings(options: Options) -> Settings:
    """Read what the options name; an option wins over the same thing in the prepared folder.

    Raises :class:`~crc_lab.core.errors.CrcError` for a class list, a preparation or keys that cannot be used.
    """
    keys, roster, course = options.keys, options.roster, options.course
    preparation, pristine = None, Pristine()
    if folder := options.preparation:
        preparation, pristine = read_preparation(folder), Pristine(folder / COURSE / "source")
        keys = keys or folder / KEYS
        roster = roster or (folder / ROSTER if (folder / ROSTER).exists() else None)
        course = course or (folder / COURSE if (folder / COURSE).exists() else None)
    bank = Bank(keys)
    bank.check(preparation.activities if preparation else None)
    known = read_roster(roster) if roster else None
    return Settings(bank, known, preparation, pristine, course, options.url)


class WrongList(PlaceProblem):
    """Most of those who handed in are not in the class list."""

    kind = "Liste de classe"


# --- the command ------------------------------------------------------------------------------------------------------


def correct(inputs: Sequence[Path], output: Path, options: Options | None = None) -> int:
    """Mark ``inputs`` and all that was handed in before, write the reports in ``output`` and say what was done.

    Returns 0, or 1 when no copy could be marked or a report could not be written. Raises
    :class:`~crc_lab.core.errors.CrcError` when nothing can be done.
    """
    options = options or Options()
    with Register(output) as register, _seldom_collected():
        for_nothing = False
        try:
            if options.repeat:
                options, said = options.with_last(json.loads(register.fact(OPTIONS) or "[]"))
                print(*said, sep="\n", end="\n" * bool(said))
            with options.in_workbook():
                settings = read_settings(options)
                gradebook = settings.marks_in_the_gradebook()
                return _Correction(register, settings, options, gradebook).run(inputs)
        except WrongList:
            for_nothing = True
            raise
        finally:
            if register.is_new and (for_nothing or not register.copies):
                register.discard()


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for circles among objects in memory a hundred times less often: results are many, and make none."""
    before = gc.get_threshold()
    gc.set_threshold(100 * before[0], *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def correct_again(output: Path, gone: Collection[str], url: str | None = None) -> int:
    """As :func:`correct`, on nothing new and with the options of the last time, for a class that some have left.

    Raises CrcError, with what is left to do, when the options are not known or still bring back the ids that are
    ``gone``.
    """
    with Register(output) as register:
        copies, given = register.copies, json.loads(register.fact(OPTIONS) or "{}")
        if isinstance(given, dict) and given.pop(WORKSHEETS, None):  # Moodle's own file still names everybody
            register.remember(OPTIONS, json.dumps(given))
    if not copies:
        return 0
    still, options = [], Options.from_json(given)
    if options is not None and not options.missing and (url is not None or "--base" not in given):
        options = replace(options, url=url)
        with options.in_workbook():
            settings = read_settings(options)
        if settings.roster and any(one.identifier in gone for one in settings.roster.students):
            still.append(f"la liste de classe « {options.roster or options.preparation} »")
        if settings.course:
            from autograder.gradebook import personal_data  # SQLAlchemy takes longer to load than a class to be marked

            if any(one.identifier in gone for one in personal_data(settings.course, url).students):
                still.append(f"le cours nbgrader « {settings.course} »")
        if not still:
            return correct((), output, options)
    before = f"cet élève est encore dans {listing(still)}. Retirez-l’en, puis " if still else ""
    text = (
        f"{before}relancez la correction comme d’habitude (crc-lab corriger --sortie, avec vos options). Elle refait, "
        "sans cet élève, les fichiers de la classe qui viennent d’être effacés."
    )
    raise PlaceProblem(str(output), text)


class _Correction:
    """One run, on a register that is open. ``gradebook``: the marks of nbgrader's, read before anything is marked."""

    def __init__(self, register: Register, settings: Settings, options: Options, gradebook: ManualMarks | None) -> None:
        self.register, self.settings, self.options, self.gradebook = register, settings, options, gradebook
        self.folder = register.folder
        self.outputs = Outputs(self.folder)
        self.remarks = [*register.remarks, *(settings.roster.aside if settings.roster else ())]
        self.said = asked.Answers()
        self.round = Round(self.folder, settings.bank)
        self.asked_file_is_readable = True

    def run(self, inputs: Sequence[Path]) -> int:
        written = self.register.written()
        for path in drafts(self.folder, written):
            path.unlink(missing_ok=True)
        if _NO_LONGER_MADE in written:  # its marks would be those of another day
            self.outputs.attempt(_NO_LONGER_MADE, lambda: (self.folder / _NO_LONGER_MADE).unlink(missing_ok=True))
        self.outputs.problems += self.round.read(self.options.decisions)
        if inputs:
            self._collect(inputs)
        self.said = self._answers()
        before = self._mark() if self.round.news else None
        self.round.apply()
        result = self._mark()
        for problem in self.settings.bank.problems:
            print(problem, file=sys.stderr)
        if not result.copies:
            print(summary.nothing(result), file=sys.stderr)
            return 1
        self._check_list(result)
        result = self._accept(result)
        decided = self._decide(result)
        if before is not None:
            self.round.tell(with_manual_marks(before, decided.marks), with_manual_marks(result, decided.marks))
        print(summary.text(self._write(with_manual_marks(result, decided.marks), decided)))
        for problem in self.outputs.problems:
            print(problem, file=sys.stderr)
        return 1 if self.outputs.problems else 0

    # --- copies and marks ---------------------------------------------------------------------------------------------

    def _collect(self, inputs: Sequence[Path]) -> None:
        exclude = [self.folder]
        total = count_files(inputs, exclude)
        with _progress("Lecture", total, f"Correction de {count(total, 'fichier')}…") as step:
            pristine, bank = self.settings.pristine, self.settings.bank
            found = collect(inputs, exclude=exclude, progress=step, pristine=pristine, bank=bank)
            self.register.add_all(found, fresh=self.options.fresh)

    def _mark(self) -> ClassResult:
        with _progress("Correction", self.register.copies) as step:

            def copies() -> Iterator[HandedIn | Rejection]:
                for one in self.register:
                    if isinstance(one, HandedIn):
                        step(one.file)
                    yield one

            known = self.settings
            return mark_copies(
                copies(), known.bank, roster=known.roster, preparation=known.preparation,
                participants=self._participants(), decided=self.said.people,
            )  # fmt: skip

    def _answers(self) -> asked.Answers:
        """Whom the teacher has named in « identites.csv », now or before, kept in the register before anything else."""
        rows: list[asked.Asked] = []
        try:
            rows = asked.read_asked(self.folder)
        except ImportProblem as problem:
            self.asked_file_is_readable = False
            self.remarks.append(french(f"{problem.file} : {problem.what} {problem.remedy}"))
        if (self.folder / asked.BOOK).is_file():  # it names people: « purger » must know it
            self.register.will_write([asked.BOOK])
        before = self.register.fact(IDENTITIES)
        if not rows and not before:
            return asked.Answers()
        said, kept = asked.answers_of(rows, before, self.register.files(), self.settings.roster)
        self.register.remember(IDENTITIES, kept)
        self.remarks += map(french, said.remarks)
        return said

    def _participants(self) -> Mapping[str, tuple[Participant, ...]]:
        """What Moodle's worksheets, and a class list that is one, say of Moodle's numbers."""
        sources = [*self.options.worksheets, *([self.options.roster] if self.options.roster else [])]
        if not sources or not self.settings.roster:
            return {}
        from autograder.moodle import participants

        return participants(sources)

    def _check_list(self, result: ClassResult) -> None:
        """Raises WrongList when most of those who are named are not in the class list, rather than call it absent."""
        if not self.settings.roster:
            return
        named = [one for one in result.students if one.listed or (one.is_named and not one.asked)]
        strangers = [one.person.name for one in named if not one.listed]
        least = _SOME if len(strangers) < len(named) else 2
        if len(strangers) < least or 2 * len(strangers) <= len(named):
            return
        where = self.options.roster or self.options.preparation
        text = (
            f"ce n’est sans doute pas la bonne liste : {len(strangers)} élèves sur {len(named)} n’y sont pas (par "
            f"exemple {listing(strangers[:_EXAMPLES])}). Donnez à --classe la liste de cette classe, ou complétez "
            "celle-ci ; sans --classe, tout le monde est noté, sans savoir qui est absent. Rien n’a été écrit."
        )
        raise WrongList(where.name if where else "", french(text))

    def _accept(self, result: ClassResult) -> ClassResult:
        """The class where the copies off the subject that the teacher accepted, today or before, count.

        Raises :class:`CrcError` for a name that has no such copy, or that two students have.
        """
        off = [copy for copy in result.copies if copy.off_subject]
        owners = {
            student.id: (student, name)
            for student, name in zip(result.students, shown_names(result.students), strict=True)
            if any(copy.off_subject for copy in student.copies.values())
        }
        keys = set(json.loads(self.register.fact(ACCEPTED) or "[]"))
        for named in self.options.accepted:
            meant = [
                student
                for student, name in owners.values()
                if fold(named) in map(fold, (student.person.name, student.person.identifier, student.id, name, ALL))
            ]
            if len(meant) != 1 and fold(named) != fold(ALL):
                known = listing([name for _, name in owners.values()]) or "personne"
                what = "plusieurs élèves portent ce nom, donnez l’identifiant" if meant else "rien à accepter"
                raise CrcError(f"--accepter-entrainement « {named} » : {what}. Copies d’entraînement : {known}.")
            keys |= {copy.key for student in meant for copy in student.copies.values() if copy.off_subject}
        keys &= {copy.key for copy in off}  # that of a copy that is gone means nothing any more
        self.register.remember(ACCEPTED, json.dumps(sorted(keys)) if keys else "")
        return accepting(result, keys)

    def _decide(self, result: ClassResult) -> Decided:
        """The marks given by hand that count, kept in the register before any file is written again.

        Raises OpenAnswerProblems for the file of ``--notes-manuelles``; the sheet of the folder stops nothing.
        """
        places = []
        if self.gradebook is not None:
            name = self.settings.gradebook
            places.append(Place(name, self.gradebook, self.register.said(name), takes_back=True))
        kept = self.register.kept_marks()
        # A sheet also has the automatic questions that somebody marked: they are in the result with their marks only.
        known = with_manual_marks(result, decide(kept, (), result).marks)
        own, given = self.folder / OPEN_ANSWERS, self.options.manual
        same = given is not None and given.resolve() == own.resolve()
        for name, path in ((_OWN, own if own.is_file() else None), (_GIVEN, None if same and own.is_file() else given)):
            if path is None:
                continue
            try:
                read = read_marked_sheet(path, known)
            except OpenAnswerProblems as problems:
                if name == _GIVEN or same:
                    raise
                self.outputs.problems.append(problems)
            else:
                places.append(Place(name, read.marks, self.register.said(name), candidates=read.typed))
                self.remarks += read.remarks
        decided = decide(kept, places, result)
        # A sheet speaks of the answers that are in it only: what another one said stays said.
        said = {place.name: place.now if place.takes_back else {**place.before, **place.now} for place in places}
        self.register.say(said, decided)
        return decided

    # --- files --------------------------------------------------------------------------------------------------------

    def _write(self, result: ClassResult, decided: Decided) -> summary.Story:
        """Write everything; the register then remembers what was told, and not before."""
        names = shown_names(result.students)
        before = list(self.register.told())
        differences = changes.compare(before, changes.told(result, names)) if before else None
        numbers = {activity.id: activity.number for activity in result.activities}
        told_well = not differences or self._write_file(changes.FILE, changes.text(differences, numbers))
        self._write_reports(result, self.folder)
        self._write_asked(result)
        self.register.will_write(self.round.files)
        write_round(self.round, result, self.outputs)
        remarks = [*self.remarks, *self.round.remarks]
        story = summary.Story(result, self.outputs, decided, differences, numbers, remarks, self.round)
        if any(True for _ in open_rows(result)):
            path = self.folder / OPEN_ANSWERS
            self.register.will_write([path.name])
            self.outputs.files += self.outputs.attempt(path.name, lambda: write_open_answers(result, path)) or []
        if self.options.worksheets or any(copy.identity.guess.folder for copy in result.copies):
            from autograder.moodle import moodle_names, write_moodle

            self.register.will_write(moodle_names(result, self.folder, self.options.worksheets))
            story.moodle = write_moodle(result, self.outputs, self.options.worksheets)
        if self.options.pseudonyms or self.options.correspondence:
            self._write_pseudonyms(result)
        story.gradebook = self._write_gradebook(result)
        last_time = json.loads(self.register.fact(OPTIONS) or "[]")
        if isinstance(last_time, list):  # an older register kept the names alone: they could not be taken again
            story.forgotten = [name for name in PATHS if name in last_time and name not in self.options.given]
        if told_well:
            facts = {OPTIONS: json.dumps(self.options.to_json())}
            if differences is None or differences:  # looking at the same results again does not keep them longer
                facts[LAST_TIME] = dt.date.today().isoformat()
            self.register.tell(changes.told(result, names), facts, self.outputs.names)
        return story

    def _write_asked(self, result: ClassResult) -> None:
        """« identites.csv »: what only the teacher can say, and what was said; nothing where there was never any."""
        rows = summary.asked_rows(result, self.said)
        there = (self.folder / asked.FILE).is_file()
        if self.asked_file_is_readable and (rows or there):
            self._write_file(asked.FILE, asked.asked_bytes(rows))

    def _write_file(self, name: str, content: bytes) -> bool:
        """Write a file that the register knows before: none can be left that nobody knows."""
        self.register.will_write([name])
        return self.outputs.write(name, content)

    def _write_reports(self, result: ClassResult, folder: Path) -> None:
        self.register.will_write(path.relative_to(self.folder).as_posix() for path in report_files(result, folder))
        written = write_reports(result, folder)
        self.outputs.files += written.files
        self.outputs.problems += written.problems

    def _write_pseudonyms(self, result: ClassResult) -> None:
        numbers = who.numbers_of(result, self.register)
        if self.options.correspondence:
            self._write_file(who.CORRESPONDENCE, who.correspondence(result, numbers))
        if self.options.pseudonyms:
            self._write_reports(who.pseudonymised(result, numbers), self.folder / who.FOLDER)

    def _write_gradebook(self, result: ClassResult) -> WrittenGradebook | None:
        course, url = self.settings.course, self.settings.url
        if course is None:
            return None
        from autograder.gradebook import write_class

        written = self.outputs.attempt(
            course.name,
            lambda: write_class(
                result, course, url, sheets=lambda copy: self.register.sheet(copy.key), known=self.gradebook
            ),
        )
        self.round.give_to(course, self.outputs)
        if written is not None:
            self.register.say({self.settings.gradebook: self.settings.marks_in_the_gradebook() or {}})
        return written


@contextmanager
def _progress(what: str, total: int, line: str = "") -> Iterator[Callable[[str], None]]:
    """A bar of ``total`` steps, each to be told by its name; on anything but a terminal, ``line`` (or nothing)."""
    if not sys.stderr.isatty():
        if line:
            print(line, file=sys.stderr)
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    texts = [TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[name]}")]
    columns = (texts[0], BarColumn(), MofNCompleteColumn(), texts[1])
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, name="")
        yield lambda name: bar.update(task, advance=1, name=name.rsplit("/", 1)[-1][:50])
