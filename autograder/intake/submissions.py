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

from autograder.intake import Guess, Refused, Rejection, phrase, refusal
from autograder.intake.archives import Archive, Entry, Limits, composed, entries_of_folder, first_bytes, read_file
from autograder.intake.person_names import Words, is_anonymous, words
from autograder.intake.places import (
    GATHERED,
    NOBODY,
    SUBMITTED,
    Form,
    Kind,
    course_files,
    group_of,
    guess_of,
    is_checkpoint,
    kind,
    not_a_copy,
    says_something,
    student_name,
    uncovered,
)
from crc_lab.core.text import clean_line, listing, reason

_RANKS = {Kind.SIDECAR: 0, Kind.WORKBOOK: 0, Kind.NOTEBOOK: 1, Kind.ARCHIVE: 3}
_OPENED_AT_ONCE = 2
"""Archives of the greatest size that may be in memory together: those of one student."""
_DEEPEST = 3
"""How many archives may lie one in another, inside the one that the teacher gives: people zip a ZIP, or its folder."""
_LONGEST = 400
"""Characters of a path that people are shown."""
SIDE_BY_SIDE = "DEVOIRS-MELES"
"""Code of the refusal of a folder where several assignments of Moodle were unzipped."""
_DOWNLOADED_AGAIN = re.compile(r"[ _]?\(\d{1,3}\)(?=\.zip$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submission:
    """One file that may hold answers.

    ``name`` is what people are shown (input's name, then the path inside it); ``group`` the student's folder; ``alone``
    whether it holds one notebook only, ``beside`` whether a notebook was surely handed in with this file. ``load``
    gives the bytes or raises :class:`~autograder.intake.Refused`; to be called before the next one is asked for.
    """

    name: str
    guess: Guess
    group: str
    kind: Kind
    load: Callable[[], bytes]
    alone: bool
    beside: bool


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file whose first bytes were looked at, once."""

    entry: Entry
    kind: Kind
    form: Form = Form.UNKNOWN

    @classmethod
    def at(cls, entry: Entry) -> _Looked:
        if entry.noise or kind(entry.path, entry.guess) is Kind.NOISE:
            return cls(entry, Kind.NOISE)
        form = entry.form()
        return cls(entry, kind(entry.path, entry.guess, form), form)


@dataclass(slots=True)
class _Room:
    """The bytes that one student's archives may still take in memory."""

    left: int

    def take(self, content: bytes) -> bytes:
        self.left -= len(content)
        if self.left < 0:
            raise refusal("ARCHIVE-TROP-GRANDE.eleve")
        return content


@dataclass(frozen=True, slots=True)
class _Container:
    """A folder or an archive: ``label`` is shown, ``scope`` tells the archives apart, ``owner`` is its student.

    ``above``: the folders that lead to it; ``depth``: how many archives it lay in.
    """

    label: str
    scope: str
    limits: Limits
    owner: Guess = NOBODY
    above: tuple[str, ...] = ()
    depth: int = 0

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
        return _shown(f"{self.label}/{path}")


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
            place = _Container(label, label, limits, above=_of_server(path) or _above(path))
            closed: list[OSError] = []
            opened.append((place, entries_of_folder(path, left_out, limits, closed.append)))
            for error in sorted(closed, key=lambda error: str(error.filename)):
                inside = place.name(PurePosixPath(*Path(error.filename).relative_to(path).parts))
                yield Rejection(inside, *phrase("DOSSIER-ILLISIBLE", reason=reason(error)))
        elif _Looked.at(_given(path, label, limits)).kind is Kind.ARCHIVE:
            opened.append((_Container(label, _scope(label), limits), path))
        else:
            folder = path.resolve().parent
            if folder not in loose:  # those of one folder are together
                above = _above(folder)
                owner = Guess(student_name(PurePosixPath(above[-1]))) if above else NOBODY
                loose[folder] = []
                opened.append((_Container(str(folder), "".join(above[-1:]), limits, owner, above), loose[folder]))
            loose[folder].append(_given(path, label, limits))
    placed = [(place, files if isinstance(files, Path) else place.placed(files)) for place, files in opened]
    # Moodle's folders may be given one by one: what is side by side is only seen when all of them are.
    mixed = _mixed(entry.guess for _, files in placed if isinstance(files, list) for entry in files)
    yield from mixed.values()
    for place, files in placed:
        yield from _archive(files, place) if isinstance(files, Path) else _sorted_out(files, place, mixed)


def _given(path: Path, label: str, limits: Limits) -> Entry:
    """One file that the teacher gives by itself; behind a link that they made, they mean the file."""
    real = path.resolve()
    name = PurePosixPath(composed(path.name))
    return Entry(name, partial(read_file, real, limits), path, shown=label, start=partial(first_bytes, real))


def _shown(place: str) -> str:
    """What people are shown: of an absurdly long path, the beginning and the file."""
    line = clean_line(place, 4_000)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST // 3]}…{line[-_LONGEST // 2 :]}"


def _of_server(folder: Path) -> tuple[str, ...]:
    """For a folder filled by « ramasser », the place that it stands for: nbgrader's, whose folders are accounts that a
    server asked the password of, so that they say for sure who handed in."""
    return (SUBMITTED,) if (folder / GATHERED).is_file() else ()


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
            room = _Room(_OPENED_AT_ONCE * place.limits.file_bytes)
            # A student's archives are opened first: a notebook may be in one, its answers beside.
            for found in _ranked(map(_Looked.at, grouped[group])):
                for one in _unpacked(found, place, place.depth, opened, room):
                    if isinstance(one, Rejection):
                        yield one
                    else:
                        held.append(one)
            yield from _told(group, _ranked(held), place)


def _unpacked(
    found: _Looked, place: _Container, depth: int, opened: ExitStack, room: _Room
) -> Iterator[_Looked | Rejection]:
    """The file itself, or what a student's archive holds, and the archives in it."""
    entry = found.entry
    if found.kind is not Kind.ARCHIVE or not entry.guess.sure or depth >= _DEEPEST:
        yield found
        return
    try:
        archive = opened.enter_context(closing(Archive(room.take(entry.load()), place.limits)))
        inside = archive.entries()
    except Refused as error:
        yield Rejection(entry.shown, error.code, error.text)
        return
    for inner in inside:
        looked = _Looked.at(replace(inner, guess=entry.guess, shown=_shown(f"{entry.shown}/{inner.path}")))
        yield from _unpacked(looked, place, depth + 1, opened, room)


def _ranked(files: Iterable[_Looked]) -> list[_Looked]:
    """The order in a student's folder: what completes a notebook, notebooks, the rest, and last the archives."""
    return sorted(files, key=lambda found: (_RANKS.get(found.kind, 2), str(found.entry.path)))


def _told(group: str, files: Sequence[_Looked], place: _Container) -> Iterator[Submission | Rejection]:
    """What one student's folder holds."""
    notebooks = sum(found.kind is Kind.NOTEBOOK for found in files)
    silent = True
    for found in files:
        entry, guess, sort = found.entry, found.entry.guess, found.kind
        if sort == Kind.NOISE or (sort == Kind.ONLINE and not _speaks(entry)):
            continue
        silent = False
        beside = notebooks == 1 or bool(guess.sure and notebooks)
        if sort == Kind.ARCHIVE and (guess.sure or place.depth >= _DEEPEST):
            yield Rejection(entry.shown, *phrase("ARCHIVE-IMBRIQUEE"))
        elif sort == Kind.ARCHIVE and entry.file and not entry.file.is_symlink():  # a whole class in a folder
            yield from _archive(entry.file, _Container(entry.shown, _scope(entry.shown), place.limits, guess))
        elif sort == Kind.ARCHIVE:
            inner = _Container(entry.shown, place.scope, place.limits, guess, depth=place.depth + 1)
            yield from _archive(entry.load, inner)
        elif sort in _RANKS:
            yield Submission(entry.shown, guess, group, sort, entry.load, notebooks == 1, beside)
        else:
            yield Rejection(entry.shown, *not_a_copy(entry.path, found.form, beside=beside))
    # A student's folder with nothing but noise in it must not vanish without a word.
    paths = [found.entry.path for found in files]
    old = next(filter(is_checkpoint, paths), None)
    if silent and old is not None:
        yield Rejection(place.name(uncovered(old.parent)), *phrase("SAUVEGARDE-SEULE"))
    elif silent and files and files[0].entry.guess.sure and not place.owner.sure:
        yield Rejection(place.name(uncovered(paths[0].parent)), *phrase("RIEN-A-NOTER"))


def _speaks(entry: Entry) -> bool:
    """True for an online text that says something; the pictures pasted in it have no sentence of their own."""
    try:
        return entry.path.suffix.lower() in (".html", ".htm") and says_something(entry.load())
    except Refused:
        return True
