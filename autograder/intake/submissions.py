"""Find the copies in what the teacher gives: notebooks, folders, ZIPs (Moodle's or not), a ZIP inside a ZIP.

Nothing is extracted, nothing is followed, nothing is read before its turn: a :class:`Submission` holds the way to its
bytes. The order is that of the names, so that the same input always gives the same output. What is not a copy becomes
a :class:`Rejection` with a sentence of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.intake.archives import Archive, Entry, Limits, composed, entries_of_folder, read_file
from autograder.intake.handed import Guess, Refused, Rejection, phrase, refusal
from autograder.intake.person_names import Words, is_anonymous, words
from autograder.intake.places import (
    NOBODY,
    Kind,
    course_files,
    group_of,
    guess_of,
    is_archive,
    is_checkpoint,
    kind,
    not_a_copy,
    says_something,
    student_name,
    uncovered,
)
from crc_lab.core.wording import clean_line, listing, reason

_RANKS = {Kind.SIDECAR: 0, Kind.WORKBOOK: 0, Kind.NOTEBOOK: 1, Kind.ARCHIVE: 3}
_OPENED_AT_ONCE = 2
"""Archives of the greatest size that may be in memory together: those of one student."""
SIDE_BY_SIDE = "DEVOIRS-MELES"
"""Code of the refusal of a folder where several assignments of Moodle were unzipped."""
_DOWNLOADED_AGAIN = re.compile(r"[ _]?\(\d{1,3}\)(?=\.zip$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submission:
    """One file that may hold answers.

    ``name`` is what people are shown (input's name, then the path inside it); ``group`` the student's folder; ``alone``
    whether it holds one notebook only, ``beside`` whether a notebook was surely handed in with this file. ``load``
    gives the bytes or raises :class:`~autograder.intake.handed.Refused`; to be called before the next one is asked for.
    """

    name: str
    guess: Guess
    group: str
    kind: Kind
    load: Callable[[], bytes]
    alone: bool
    beside: bool


@dataclass(frozen=True, slots=True)
class _Container:
    """A folder or an archive: ``label`` is shown, ``scope`` tells the archives apart, ``owner`` is its student.

    ``above``: the folders that lead to it; ``nested``: it lay in another archive.
    """

    label: str
    scope: str
    limits: Limits
    owner: Guess = NOBODY
    above: tuple[str, ...] = ()
    nested: bool = False

    def placed(self, entries: Sequence[Entry]) -> list[Entry]:
        """The files that may have been handed in, with the names to show and whose they are."""
        course = course_files(entry.path for entry in entries)
        found = []
        for entry in entries:
            guess = guess_of(uncovered(entry.path), self.scope, self.owner, self.above, entry.raw)
            if guess.sure or entry.path not in course:
                found.append(replace(entry, guess=guess, shown=entry.shown or self.name(entry.path)))
        return found

    def name(self, path: PurePosixPath) -> str:
        return clean_line(f"{self.label}/{path}", 400)


def find(
    inputs: Sequence[Path], exclude: Iterable[Path] = (), limits: Limits | None = None
) -> Iterator[Submission | Rejection]:
    """Every copy and every rejection of ``inputs``, in the order of names; ``exclude``: folders left out (the output).

    What may complete a notebook (sidecars, spreadsheets) comes before the notebooks of its group. Raises nothing for a
    bad file.
    """
    limits = limits or Limits()
    left_out = {path.resolve() for path in exclude}
    labelled = _labels(inputs)
    loose: dict[Path, list[Entry]] = {}
    opened: list[tuple[_Container, Path | list[Entry]]] = []
    for label, path in labelled:
        if path.is_dir():
            place = _Container(label, label, limits, above=_above(path))
            closed: list[OSError] = []
            opened.append((place, entries_of_folder(path, left_out, limits, closed.append)))
            for error in sorted(closed, key=lambda error: str(error.filename)):
                inside = place.name(PurePosixPath(*Path(error.filename).relative_to(path).parts))
                yield Rejection(inside, *phrase("DOSSIER-ILLISIBLE", reason=reason(error)))
        elif is_archive(path):
            opened.append((_Container(label, _scope(label), limits), path))
        else:
            folder, name = path.resolve().parent, PurePosixPath(composed(path.name))
            if folder not in loose:  # those of one folder are together
                above = _above(folder)
                owner = Guess(student_name(PurePosixPath(above[-1]))) if above else NOBODY
                loose[folder] = []
                opened.append((_Container(str(folder), "".join(above[-1:]), limits, owner, above), loose[folder]))
            loose[folder].append(Entry(name, partial(read_file, path.resolve(), limits), path, shown=label))
    placed = [(place, files if isinstance(files, Path) else place.placed(files)) for place, files in opened]
    # Moodle's folders may be given one by one: what is side by side is only seen when all of them are.
    mixed = _mixed(entry.guess for _, files in placed if isinstance(files, list) for entry in files)
    yield from mixed.values()
    for place, files in placed:
        yield from _archive(files, place) if isinstance(files, Path) else _sorted_out(files, place, mixed)


def _above(folder: Path) -> tuple[str, ...]:
    """The last names of a path: enough to see Moodle's folder or nbgrader's tree."""
    return tuple(composed(part) for part in folder.resolve().parts[1:])[-3:]


def count(inputs: Sequence[Path], exclude: Iterable[Path] = ()) -> int:
    """How many files :func:`find` goes through, for a progress bar."""
    return sum(1 for _ in find(inputs, exclude))


def _labels(inputs: Sequence[Path]) -> list[tuple[str, Path]]:
    """Each input once, under its base name; the parent's name is added where two would be alike."""
    distinct = {path.resolve(): path for path in inputs}
    names = Counter(path.name for path in distinct)
    labelled = [
        (composed(path.name if names[path.name] == 1 else f"{path.parent.name}/{path.name}"), given)
        for path, given in distinct.items()
    ]
    return sorted(labelled, key=lambda item: (item[0], str(item[1])))


def _scope(label: str) -> str:
    """What tells an archive from another: its name, the same when a browser downloads it again (« tp (1).zip »)."""
    return _DOWNLOADED_AGAIN.sub("", label)


def _archive(source: Path | Callable[[], bytes], place: _Container) -> Iterator[Submission | Rejection]:
    try:
        with closing(Archive(source if isinstance(source, Path) else source(), place.limits)) as archive:
            files = place.placed(archive.entries())
            # Moodle's own archive is one assignment: two numbers in it are two people, whatever they are called.
            mixed = _mixed(entry.guess for entry in files if entry.guess.scope != place.scope)
            yield from mixed.values()
            yield from _sorted_out(files, place, mixed)
    except Refused as error:
        yield Rejection(clean_line(place.label, 400), error.code, error.text)


def _mixed(guesses: Iterable[Guess]) -> dict[str, Rejection]:
    """The folders where several assignments of Moodle were unzipped together, with what to say of each.

    Moodle's number is that of one student in one assignment. One name with two numbers may be two homonyms, and is left
    to :mod:`autograder.identity.people`; several such names are students who handed in two assignments.
    """
    numbers: dict[str, dict[Words, dict[str, str]]] = {}
    for guess in guesses:
        if guess.moodle_id and words(guess.name) and not is_anonymous(guess.name):
            numbers.setdefault(guess.scope, {}).setdefault(words(guess.name), {})[guess.moodle_id] = guess.name
    found = {}
    for scope, people in numbers.items():
        several = sorted(
            f"« {clean_line(max(names.values()), 60)} » ({listing(sorted(names, key=int), 3)})"
            for names in people.values()
            if len(names) > 1
        )
        if len(several) > 1:
            found[scope] = Rejection(scope, *phrase(SIDE_BY_SIDE, people=listing(several, 3)))
    return found


def _sorted_out(files: Sequence[Entry], place: _Container, mixed: Container[str]) -> Iterator[Submission | Rejection]:
    """Tell the copies of one container from the rest, one student's folder after the other."""
    grouped: dict[str, list[Entry]] = {}
    for entry in files:
        if not (entry.guess.folder and entry.guess.scope in mixed):
            grouped.setdefault(group_of(entry.path, entry.guess, place.label), []).append(entry)
    for group in sorted(grouped):
        with ExitStack() as opened:
            held = []
            left = _OPENED_AT_ONCE * place.limits.file_bytes
            for entry in _ranked(grouped[group]):
                # A student's archives are opened first: a notebook may be in one, its answers beside.
                if kind(entry.path) != Kind.ARCHIVE or not entry.guess.sure or place.nested:
                    held.append(entry)
                    continue
                try:
                    content = entry.load()
                    left -= len(content)
                    if left < 0:
                        raise refusal("ARCHIVE-TROP-GRANDE.eleve")
                    archive = opened.enter_context(closing(Archive(content, place.limits)))
                    for inner in archive.entries():
                        shown = clean_line(f"{entry.shown}/{inner.path}", 400)
                        held.append(replace(inner, guess=entry.guess, shown=shown))
                except Refused as error:
                    yield Rejection(entry.shown, error.code, error.text)
            yield from _told(group, _ranked(held), place)


def _ranked(files: Iterable[Entry]) -> list[Entry]:
    """The order in a student's folder: what completes a notebook, notebooks, the rest, and last the archives."""
    return sorted(files, key=lambda entry: (_RANKS.get(kind(entry.path), 2), str(entry.path)))


def _told(group: str, files: Sequence[Entry], place: _Container) -> Iterator[Submission | Rejection]:
    """What one student's folder holds."""
    notebooks = sum(kind(entry.path) == Kind.NOTEBOOK for entry in files)
    silent = True
    for entry in files:
        guess, sort = entry.guess, kind(entry.path, entry.guess)
        if sort == Kind.NOISE or (sort == Kind.ONLINE and not _speaks(entry)):
            continue
        silent = False
        beside = notebooks == 1 or bool(guess.sure and notebooks)
        if sort == Kind.ARCHIVE and (place.nested or guess.sure):
            yield Rejection(entry.shown, *phrase("ARCHIVE-IMBRIQUEE"))
        elif sort == Kind.ARCHIVE and entry.file and not entry.file.is_symlink():  # a whole class in a folder
            yield from _archive(entry.file, _Container(entry.shown, _scope(entry.shown), place.limits, guess))
        elif sort == Kind.ARCHIVE:
            yield from _archive(entry.load, _Container(entry.shown, place.scope, place.limits, guess, nested=True))
        elif sort in _RANKS:
            yield Submission(entry.shown, guess, group, sort, entry.load, notebooks == 1, beside)
        else:
            yield Rejection(entry.shown, *not_a_copy(entry.path, beside=beside))
    # A student's folder with nothing but noise in it must not vanish without a word.
    old = next((entry for entry in files if is_checkpoint(entry.path)), None)
    if silent and old is not None:
        yield Rejection(place.name(uncovered(old.path.parent)), *phrase("SAUVEGARDE-SEULE"))
    elif silent and files and files[0].guess.sure and not place.owner.sure:
        yield Rejection(place.name(uncovered(files[0].path.parent)), *phrase("RIEN-A-NOTER"))


def _speaks(entry: Entry) -> bool:
    """True for an online text that says something; the pictures pasted in it have no sentence of their own."""
    try:
        return entry.path.suffix.lower() in (".html", ".htm") and says_something(entry.load())
    except Refused:
        return True
