"""``crc-lab purger``: the personal data of a class go when they are no longer needed, those of one student on request;
and results without names (:mod:`autograder.privacy.who`).

Nothing goes without a word: what would be erased is listed first, and only ``--oui`` (or a « oui » typed on the
terminal) erases. For a class, the retention that the teacher chose must be over: article 5 (1) (e) of the GDPR gives no
number. A student's own request (article 17) does not wait. Only files that the register says are ours are touched.
"""

from __future__ import annotations

import calendar
import datetime as dt
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder import gradebook
from autograder.errors import PlaceProblem
from autograder.gradebook.settings import FILE as COURSE_FILE
from autograder.identity import Listed, Roster
from autograder.identity.class_list import read_roster, write_roster
from autograder.intake import HandedIn
from autograder.intake.keys import COURSE, PREPARATION, ROSTER, read_preparation
from autograder.marking.batch import latest_answer
from autograder.open_answers import FILE as OPEN_ANSWERS
from autograder.open_answers import erase_open_answers
from autograder.privacy.who import COPY, PUPIL, REFUSED, Student, Trace, answered, choose, pseudonym, traces_in_register
from autograder.register import FILE as REGISTER
from autograder.register import LAST_TIME, Register
from autograder.reports import drafts, stays_inside
from crc_lab.core.errors import CrcError
from crc_lab.core.text import NBSP, count, fold, french, listing, reason

_KEPT = "tout ce qui a été remis"
"""How the register is called in the list."""
LISTED = 20
_UNITS = {"jour": (1, 0), "semaine": (7, 0), "mois": (0, 1), "an": (0, 12)}
"""Days and months in each unit of time."""
_SPELT = {**{unit.removesuffix("s"): unit for unit in _UNITS}, "j": "jour", "annee": "an"}
"""Each unit by its singular (« moi », cut as a plural is)."""
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_MOST = 100
"""Years: nobody means more."""
_TREES = ("submitted", "autograded", "feedback")
"""Where nbgrader keeps what students handed in, what was marked, what is given back."""
_LOG = ".nbgrader.log"
_ELSEWHERE = (
    "Ce qui est ailleurs n’est pas effacé : les fichiers téléchargés de Moodle, vos copies de sauvegarde, la "
    "corbeille, Moodle lui-même. Pensez-y aussi."
)


# --- how long data are kept -------------------------------------------------------------------------------------------


class WrongDuration(PlaceProblem):
    """A duration or a date that cannot be read."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole number (1 or more) of days, weeks, months or years."""

    number: int
    unit: str

    def __str__(self) -> str:
        return count(self.number, self.unit, "mois" if self.unit == "mois" else None)

    def after(self, day: dt.date) -> dt.date:
        """The day on which the duration that began on ``day`` is over; 31 January + 1 month is the last of February."""
        days, months = (self.number * one for one in _UNITS[self.unit])
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days)


def read_duration(text: str) -> Duration:
    """« 12 mois », « 90 jours », « 1 an », « 6 semaines »; raises :class:`WrongDuration`."""
    found = re.fullmatch(r"([0-9]{1,5})\s*([^\W\d]+)", text.strip())
    unit = _SPELT.get(fold(found[2]).removesuffix("s")) if found else None
    if found is None or unit is None or int(found[1]) < 1:
        what = "cette durée ne se comprend pas. Écrivez par exemple « 12 mois », « 90 jours », « 1 an »."
        raise WrongDuration(text, what)
    number, (days, months) = int(found[1]), _UNITS[unit]
    if number * (days / 366 + months / 12) > _MOST:
        raise WrongDuration(text, f"cette durée dépasse {_MOST} ans. Vérifiez-la.")
    return Duration(number, unit)


def read_day(text: str | None) -> dt.date:
    """« 2027-07-01 », today when there is none; raises :class:`WrongDuration`."""
    try:
        return dt.date.fromisoformat(text.strip()) if text is not None else dt.date.today()
    except ValueError:
        what = "cette date ne se comprend pas. Écrivez-la comme 2027-07-01 (année-mois-jour)."
        raise WrongDuration(text or "", what) from None


def day_text(day: dt.date) -> str:
    """« 1er juillet 2027 »."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


# --- the command ------------------------------------------------------------------------------------------------------


def purge(
    folders: Sequence[Path], duration: Duration, today: dt.date, *, agreed: bool = False, url: str | None = None
) -> int:
    """List what crc-lab left in ``folders``, then erase it where the retention is over and somebody agreed.

    ``url``: the address of the gradebook, when it is not in the course folder. Returns 0, or 1 when a folder could not
    be purged, or not yet.
    """
    due, code = [], 0
    for folder in folders:
        try:
            found = _inventory(folder, url)
        except CrcError as error:
            print(error, file=sys.stderr)
            code = 1
            continue
        last = max(found.days)
        end = day_text(duration.after(last))
        found.show(f"{found.why} : {day_text(last)}. Conservation de {duration} : jusqu’au {end}.")
        if duration.after(last) > today:
            text = f"« {folder} » : rien n’est effacé avant la fin de la conservation, le {end}."
            print(french(text), file=sys.stderr)
            code = 1
        elif found.items:
            due.append(found)
    if due and _agreed(agreed):
        code = max([code, *(found.erase() for found in due)])
    return code


def purge_student(
    folders: Sequence[Path],
    asked: str,
    again: Callable[[Path, Collection[str], str | None], int],
    *,
    agreed: bool = False,
    url: str | None = None,
) -> int:
    """List what crc-lab holds of one student (``asked``: a name or an identifier) in ``folders``, then erase it.

    The files of the whole class go with the student's own; ``again`` makes those of a folder anew, without the ids that
    are gone. Returns 0, or 1 when something is left to do. Raises CrcError: nothing is erased then.
    """
    known = [one for folder in folders if is_file(folder / PREPARATION) for one in _listed(folder)]
    traces = [one for folder in folders for one in _traces(folder, Roster(tuple(known)) if known else None, url)]
    student = choose(traces, asked)
    found = [_inventory(folder, url, student) for folder in folders]
    for one in found:
        one.notes += student.elsewhere([trace for trace in traces if trace.folder == one.folder])
        one.show(str(student))
    due = [one for one in found if one.items]
    if not due or not _agreed(agreed):
        return 0
    codes = [one.erase() for one in due]
    for one in [one for one, code in zip(due, codes, strict=True) if not code and is_file(one.folder / REGISTER)]:
        try:
            codes.append(again(one.folder, student.ids, url))
        except CrcError as error:
            print(error, file=sys.stderr)
            codes.append(1)
    return max(codes)


def _agreed(agreed: bool) -> bool:
    print(french(_ELSEWHERE))
    said = "" if agreed else answered("Effacer définitivement ce qui est listé ? Tapez « oui » : ")
    if agreed or (said or "").casefold() == "oui":
        return True
    print("Rien n’a été effacé. Pour effacer, relancez la même commande avec --oui.")
    return False


# --- what there is in a folder ----------------------------------------------------------------------------------------


@dataclass
class _Inventory:
    """What there is to erase in one folder: how each thing is called, and how it goes (raises OSError or CrcError).

    The register goes last, when all the rest is gone: it knows what is ours. The retention counts from the last of
    ``days``, and ``why``. ``links``: in the place of our files; ``notes``: what stays.
    """

    folder: Path
    kind: str
    days: list[dt.date] = field(default_factory=list)
    why: str = "Dernière modification"
    items: list[tuple[str, Callable[[], None]]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def real(self, paths: Iterable[Path]) -> list[Path]:
        """Those that are there, as themselves and in real folders; links are only noted."""
        found = []
        for path in paths:
            inside = path.relative_to(self.folder)
            if path.is_symlink() or path.parent.resolve() != self.folder.resolve() / inside.parent:
                self.links += [inside.as_posix()] * os.path.lexists(path)
            elif path.exists():
                found.append(path)
        return found

    def add(self, name: str, paths: Iterable[Path]) -> None:
        """Files and folders of one place (``name`` ends with « / »), or one file."""
        paths = self.real(paths)
        files = [file for path in paths for file in (_all_files(path) if path.is_dir() else [path])]
        self.days += map(_modified, files)
        if paths:
            told = f"{name}{NBSP}: {count(len(files), 'fichier')}" if name.endswith("/") else name
            self.items.append((told, partial(_erase, paths)))

    def stays(self, paths: Iterable[Path]) -> None:
        if names := [path.relative_to(self.folder).as_posix() for path in paths]:
            shown = listing(names, LISTED)
            self.notes.append(f"Restent, car crc-lab ne les a pas écrits (des noms y sont peut-être) : {shown}.")

    def show(self, head: str) -> None:
        lines = [f"{self.folder} ({self.kind})", f"  {head}"]
        lines += ["  À effacer :" if self.items else "  Il n’y a rien à effacer."]
        lines += [f"    • {name}" for name, _ in self.items]
        if self.links:
            lines += [f"  Liens laissés tels quels, avec ce vers quoi ils mènent : {listing(self.links, LISTED)}."]
        print(french("\n".join([*lines, *(f"  {note}" for note in self.notes)])))

    def erase(self) -> int:
        problems: list[str] = []
        for name, work in self.items:
            if problems and name.startswith(_KEPT):
                problems.append(f"« {_KEPT} » reste tant que tout le reste n’est pas effacé.")
                break
            try:
                work()
            except OSError as error:
                problems.append(f"« {name} » n’a pas pu être effacé ({reason(error)}). Fermez-le, puis recommencez.")
            except CrcError as error:
                problems.append(str(error))
        for problem in problems:
            print(french(problem), file=sys.stderr)
        print(french(f"{self.folder} : " + ("effacé en partie." if problems else "effacé.")))
        return 1 if problems else 0


def _inventory(folder: Path, url: str | None, student: Student | None = None) -> _Inventory:
    """What crc-lab left in ``folder`` of everybody, or of one student; raises CrcError for any other folder."""
    mine = student.within(folder) if student else None
    if is_file(folder / REGISTER):
        return _results(folder, student, mine)
    return _prepared(folder, _course(folder), url, student, mine)


def _course(folder: Path) -> Path:
    """nbgrader's course of a prepared folder, or the folder itself; raises CrcError when it is neither."""
    if is_file(folder / PREPARATION):
        read_preparation(folder)
        return folder / COURSE
    if is_file(folder / COURSE_FILE):
        return folder
    text = (
        "ce n’est ni un dossier de résultats (« crc-lab corriger ») ni un dossier préparé (« crc-lab preparer »), ou "
        "plus maintenant. crc-lab ne sait pas ce qu’il y aurait écrit, et n’y touche pas."
    )
    raise PlaceProblem(str(folder), text)


def _results(folder: Path, student: Student | None, mine: Student | None) -> _Inventory:
    """A folder of ``corriger``; raises RegisterProblem when the register cannot be read.

    Of one student, every file of ours that names them goes: those of the class can be made again. Of the sheet of open
    answers, only the student's rows do: it holds what was typed for the others.
    """
    found = _Inventory(folder, "résultats de correction")
    with Register(folder) as register:
        day, found.why = _last_activity(register)
        written = register.written()
        hidden = [pseudonym(number) for name, number in register.pseudonyms().items() if mine and name in mine.ids]
        held = _held(register, mine)
    names = {folder / name for name in written if stays_inside(name)}
    ours = [path for path in found.real(sorted(names.union(drafts(folder, written)))) if path.is_file()]
    known = {*ours, folder / REGISTER, *(folder / name for name in found.links)}
    found.stays(path for path in _all_files(folder) if path not in known)
    if student:
        texts = [text for one in hidden for text in (one.name, one.identifier)]
        ours = [path for path in ours if path.name.startswith(".") or student.is_named_in(path, texts)]
    places: dict[str, list[Path]] = {}
    for path in ours:
        if student and path.name.startswith(Path(OPEN_ANSWERS).stem):
            found.items.append((f"{path.name} : ses lignes", partial(erase_open_answers, path, student.ids)))
            continue
        place = path.relative_to(folder).parent.as_posix()
        places.setdefault(path.name if place == "." else f"{place}/", []).append(path)
    for name, paths in sorted(places.items()):
        found.add(name, paths)
    if mine is None or mine.traces:
        found.items.append((f"{_KEPT} ({held})", partial(_erase_register, folder, mine)))
    found.days = [day]  # the files themselves may have been made again since
    return found


def _last_activity(register: Register) -> tuple[dt.date, str]:
    """The day of the last marking, or that of the last answer where it is later and its clock can be believed."""
    remembered = register.fact(LAST_TIME)
    marked = dt.date.fromisoformat(remembered) if remembered else _modified(register.path)
    days = (latest_answer(one.sheet) for one in register if isinstance(one, HandedIn))
    answered = max((day.date() for day in days if day and day.date() <= dt.date.today()), default=marked)
    return (answered, "Dernière réponse") if answered > marked else (marked, "Dernière correction")


def _held(register: Register, mine: Student | None) -> str:
    """What the register holds of everybody, or of one student."""
    copies, refused = (
        (register.copies, register.refusals) if mine is None else (len(mine.keys(COPY)), len(mine.keys(REFUSED)))
    )
    marks = sum(mine is None or student in mine.ids for student, _, _ in register.kept_marks())
    hidden = sum(mine is None or student in mine.ids for student in register.pseudonyms())
    counts = [count(copies, "copie"), count(refused, "fichier refusé", "fichiers refusés")]
    counts += [count(marks, "note à la main", "notes à la main")] * bool(marks)
    return ", ".join([*counts, *[count(hidden, "pseudonyme")] * bool(hidden)])


def _erase_register(folder: Path, mine: Student | None) -> None:
    with Register(folder) as register:
        if mine is None:
            register.erase()
        else:
            files = [name for name in register.written() if not os.path.lexists(folder / name)]  # they name people
            register.forget(mine.ids, mine.keys(COPY), mine.keys(REFUSED), files)
    places = [path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink()]
    for place in sorted(places, reverse=True) if mine is None else ():
        with suppress(OSError):  # somebody's own files are there
            place.rmdir()


def _prepared(folder: Path, course: Path, url: str | None, student: Student | None, mine: Student | None) -> _Inventory:
    """A folder of ``preparer``, or a course of nbgrader; raises RosterProblems and GradebookProblem.

    Subjects, keys and the assignments of the gradebook stay: they speak of nobody.
    """
    kind, place = ("cours nbgrader", "") if course == folder else ("sujet préparé", f"{COURSE}/")
    found = _Inventory(folder, kind)
    pupils = mine.keys(PUPIL) if mine else None
    for root in found.real([course]) if course != folder else [course]:
        held = gradebook.personal_data(root, url, pupils)
        if held.students or held.copies:
            name = f"{place}{held.place} ({count(len(held.students), 'élève')}, {count(held.copies, 'copie')})"
            found.items.append((name, partial(gradebook.purge_data, root, url, pupils)))
            found.days += [held.last] if held.last else []
        for tree in _TREES:
            found.add(f"{place}{tree}/", _entries(root / tree, pupils))
        if is_file(root / _LOG) and (student is None or student.is_named_in(root / _LOG)):
            found.add(f"{place}{_LOG}", [root / _LOG])
        found.stays(sorted(root.glob("gradebook.db.*")))
    if mine is None or (folder / ROSTER).is_symlink():
        found.add(ROSTER, [folder / ROSTER])
    elif any(one.identifier in mine.ids for one in _listed(folder)):
        found.items.append((f"{ROSTER} : sa ligne", partial(_unlist, folder, mine.ids)))
    found.stays(sorted(folder.glob("classe (votre version*).csv")))
    found.days = found.days or [_modified(folder / (COURSE_FILE if course == folder else PREPARATION))]
    return found


def _entries(tree: Path, only: Collection[str] | None = None) -> list[Path]:
    """What a tree of nbgrader holds of each student; the tree itself where it is a link."""
    if tree.is_symlink():
        return [tree]
    return [path for path in sorted(tree.iterdir()) if only is None or path.name in only] if tree.is_dir() else []


def _listed(folder: Path) -> tuple[Listed, ...]:
    """The class list of a prepared folder."""
    return read_roster(folder / ROSTER).students if is_file(folder / ROSTER) else ()


def _unlist(folder: Path, ids: Collection[str]) -> None:
    left = tuple(one for one in _listed(folder) if one.identifier not in ids)
    if left:
        write_roster(Roster(left), folder / ROSTER)
    else:
        (folder / ROSTER).unlink()


def _traces(folder: Path, roster: Roster | None, url: str | None) -> Iterator[Trace]:
    """All that a folder holds of everybody; raises CrcError for a folder that is not ours."""
    if is_file(folder / REGISTER):
        yield from traces_in_register(folder, roster)
        return
    course = _course(folder)
    for listed in _listed(folder) if course != folder else ():
        what = f"liste de classe, groupe {listed.group}" if listed.group else "liste de classe"
        yield Trace(folder, listed.identifier, listed.name, (listed.email,), what=what)
    if course.is_symlink() or not course.is_dir():
        return
    pupils = {one.id: one for one in gradebook.personal_data(course, url).students}
    for name, one in pupils.items():
        yield Trace(folder, one.identifier, one.name, (name, one.email), PUPIL, name, what="nbgrader")
    for tree in [course / tree for tree in _TREES]:
        for name in {path.name for path in _entries(tree) if path.parent == tree} - pupils.keys():
            yield Trace(folder, name, held=PUPIL, key=name, what=f"{tree.name}/")


# --- files ------------------------------------------------------------------------------------------------------------


def is_file(path: Path) -> bool:
    """An ordinary file, not a link to one."""
    return path.is_file() and not path.is_symlink()


def _modified(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.lstat().st_mtime).date()


def _all_files(folder: Path) -> list[Path]:
    """Everything under ``folder`` that is no folder; links are not followed."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _erase(paths: Iterable[Path]) -> None:
    """Remove files and folders; links in them go, what they lead to stays (see :func:`shutil.rmtree`)."""
    for path in paths:
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            continue
        for below in (path, *path.rglob("*")):
            if not below.is_symlink():
                below.chmod(stat.S_IRWXU)  # nbgrader leaves folders and files that are read-only
        shutil.rmtree(path)
