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
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path, PurePosixPath

from autograder.intake.archives import Archive, Entry, Limits, Refused, composed, entries_of_folder, read_file, walk
from autograder.intake.person_names import Words, is_anonymous, words
from autograder.intake.places import (
    CHECKPOINTS,
    course_files,
    group_of,
    guess_of,
    is_archive,
    is_checkpoint,
    is_left_by_nbgrader,
    is_noise,
    is_notebook,
    is_online_text,
    is_sidecar,
    is_workbook,
    not_a_copy,
    rank,
    says_something,
    student_name,
)
from autograder.intake.places import Guess as Guess
from crc_lab.core.wording import clean_line, listing, reason

_OPENED_AT_ONCE = 2
"""Archives of the greatest size that may be in memory together: those of one student."""
SIDE_BY_SIDE = "DEVOIRS-MELES"
"""Code of the refusal of a folder where several assignments of Moodle were unzipped."""
_DOWNLOADED_AGAIN = re.compile(r"[ _]?\(\d{1,3}\)(?=\.zip$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submission:
    """One file that may hold answers.

    ``name`` is what people are shown (input's name, then the path inside it); ``group`` the student's folder; ``alone``
    whether it holds one notebook only, ``beside`` whether a notebook was surely handed in with this file. ``sidecar``:
    answers saved beside a notebook; ``workbook``: a spreadsheet. ``load`` gives the bytes or raises
    :class:`~autograder.intake.archives.Refused`; to be called before the next one is asked for.
    """

    name: str
    guess: Guess
    group: str
    alone: bool
    sidecar: bool
    load: Callable[[], bytes]
    workbook: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that could not be marked: why, in French, with what to do."""

    file: str
    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"fichier": self.file, "code": self.code, "texte": self.text}


_NOBODY = Guess()


@dataclass(frozen=True, slots=True)
class _Container:
    """A folder or an archive: ``label`` is shown, ``scope`` tells the archives apart, ``owner`` is its student.

    ``above``: the folders that lead to it; ``nested``: it lay in another archive.
    """

    label: str
    scope: str
    limits: Limits
    owner: Guess = _NOBODY
    above: tuple[str, ...] = ()
    nested: bool = False

    def guess(self, entry: Entry) -> Guess:
        path = PurePosixPath(*(part for part in entry.path.parts if part != CHECKPOINTS))
        return guess_of(path, self.scope, self.owner, self.above, entry.raw)

    def name(self, path: PurePosixPath) -> str:
        return clean_line(f"{self.label}/{path}", 400)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A container, its files with whose they are, and its folders that could not be opened."""

    place: _Container
    placed: Sequence[tuple[Guess, Entry]]
    closed: list[Rejection] = field(default_factory=list)


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
    loose: dict[Path, list[tuple[str, Path]]] = {}
    for label, path in labelled:
        if not path.is_dir() and not is_archive(path):
            loose.setdefault(path.resolve().parent, []).append((label, path))
    opened: list[_Opened | partial[Iterator[Submission | Rejection]]] = []
    for label, path in labelled:
        if path.is_dir():
            opened.append(_folder(path, _Container(label, label, limits, above=_above(path)), left_out))
        elif is_archive(path):
            opened.append(partial(_archive, path, _Container(label, _scope(label), limits)))
        elif path.resolve().parent in loose:
            opened.append(_loose(path.resolve().parent, loose.pop(path.resolve().parent), limits))
    # Moodle's folders may be given one by one: what is side by side is only seen when all of them are.
    mixed = _mixed(guess for one in opened if isinstance(one, _Opened) for guess, _ in one.placed)
    yield from mixed.values()
    for one in opened:
        yield from _sorted_out(one, mixed) if isinstance(one, _Opened) else one()


def _loose(folder: Path, files: Sequence[tuple[str, Path]], limits: Limits) -> _Opened:
    """Files given one by one, those of one folder together."""
    above = _above(folder)
    owner = Guess(student_name(PurePosixPath(above[-1]))) if above else _NOBODY
    place = _Container(str(folder), above[-1] if above else "", limits, owner, above)
    entries = [
        Entry(PurePosixPath(composed(path.name)), partial(read_file, path.resolve(), limits), path, shown=label)
        for label, path in files
    ]
    return _opened(entries, place)


def _above(folder: Path) -> tuple[str, ...]:
    """The last names of a path: enough to see Moodle's folder or nbgrader's tree."""
    return tuple(composed(part) for part in folder.resolve().parts[1:])[-3:]


def count(inputs: Sequence[Path], exclude: Iterable[Path] = ()) -> int:
    """How many files :func:`find` will go through, for a progress bar: a nested archive counts for one."""
    left_out = {path.resolve() for path in exclude}
    total = 0
    for path in inputs:
        files = walk(path, left_out) if path.is_dir() else [path]
        for file in files:
            if is_noise(PurePosixPath(file.parent.name, file.name)):
                continue
            total += _count_members(file) if is_archive(file) else 1
    return total


def _count_members(path: Path) -> int:
    try:
        with closing(Archive(path, Limits())) as archive:
            return sum(not is_noise(entry.path) for entry in archive.entries())
    except Refused:
        return 1


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


def _folder(root: Path, place: _Container, left_out: set[Path]) -> _Opened:
    closed: list[OSError] = []
    opened = _opened(entries_of_folder(root, left_out, place.limits, closed.append), place)
    for error in sorted(closed, key=lambda error: str(error.filename)):
        inside = PurePosixPath(*Path(error.filename).relative_to(root).parts)
        text = f"Ce dossier ne peut pas être ouvert ({reason(error)}). Vérifiez vos droits sur ce dossier."
        opened.closed.append(Rejection(place.name(inside), "DOSSIER-ILLISIBLE", text))
    return opened


def _archive(source: Path | bytes, place: _Container) -> Iterator[Submission | Rejection]:
    try:
        with closing(Archive(source, place.limits)) as archive:
            opened = _opened(archive.entries(), place)
            # Moodle's own archive is one assignment: two numbers in it are two people, whatever they are called.
            mixed = _mixed(guess for guess, _ in opened.placed if guess.scope != place.scope)
            yield from mixed.values()
            yield from _sorted_out(opened, mixed)
    except Refused as refusal:
        yield Rejection(clean_line(place.label, 400), refusal.code, refusal.text)


def _opened(entries: Sequence[Entry], place: _Container) -> _Opened:
    course = course_files(entry.path for entry in entries)
    placed = [(place.guess(entry), entry) for entry in entries]
    return _Opened(place, [(guess, entry) for guess, entry in placed if guess.sure or entry.path not in course])


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
            text = (
                "Plusieurs devoirs de Moodle ont été décompressés dans ce même dossier : des élèves y ont plusieurs "
                f"numéros, {listing(several, 3)}. Rien de ces devoirs n’y a été lu. Donnez les ZIP de Moodle tels "
                "quels, sans les décompresser : un seul, ou plusieurs dans la même commande."
            )
            found[scope] = Rejection(scope, SIDE_BY_SIDE, text)
    return found


def _sorted_out(opened: _Opened, mixed: Container[str]) -> Iterator[Submission | Rejection]:
    """Tell the copies of one container from the rest, one student's folder after the other."""
    place = opened.place
    yield from opened.closed
    kept = [(guess, entry) for guess, entry in opened.placed if not (guess.folder and guess.scope in mixed)]
    grouped = sorted(
        ((group_of(entry.path, guess, place.label), guess, entry) for guess, entry in kept),
        key=lambda item: (item[0], rank(item[2].path), str(item[2].path)),
    )
    for group, members in groupby(grouped, key=lambda item: item[0]):
        yield from _student(group, [(guess, entry) for _, guess, entry in members], place)


def _student(group: str, members: Sequence[tuple[Guess, Entry]], place: _Container) -> Iterator[Submission | Rejection]:
    """What one folder holds. A student's archives are opened first: a notebook may be in one, its answers beside."""
    with ExitStack() as opened:
        files: list[tuple[Guess, Entry]] = []
        left = _OPENED_AT_ONCE * place.limits.file_bytes
        for guess, entry in members:
            if is_noise(entry.path) or not is_archive(entry.path) or not guess.sure or place.nested:
                files.append((guess, entry))
                continue
            try:
                content = entry.load()
                left -= len(content)
                if left < 0:
                    raise Refused(
                        "ARCHIVE-TROP-GRANDE", "Trop d’archives pour un seul élève : demandez le carnet seul."
                    )
                files += [(guess, inner) for inner in _inside(content, entry, place, opened)]
            except Refused as refusal:
                yield Rejection(entry.shown or place.name(entry.path), refusal.code, refusal.text)
        yield from _told(group, files, place)


def _inside(content: bytes, entry: Entry, place: _Container, opened: ExitStack) -> list[Entry]:
    """The files of an archive that a student put in their folder; raises :class:`Refused`."""
    archive = opened.enter_context(closing(Archive(content, place.limits)))
    shown = entry.shown or place.name(entry.path)
    return [replace(inner, shown=clean_line(f"{shown}/{inner.path}", 400)) for inner in archive.entries()]


def _told(group: str, files: Sequence[tuple[Guess, Entry]], place: _Container) -> Iterator[Submission | Rejection]:
    notebooks = sum(is_notebook(entry.path) and not is_noise(entry.path) for _, entry in files)
    silent = True
    for guess, entry in sorted(files, key=lambda item: (rank(item[1].path), str(item[1].path))):
        path, name = entry.path, entry.shown or place.name(entry.path)
        if is_noise(path) or is_left_by_nbgrader(path, guess) or (is_online_text(path) and not _speaks(entry)):
            continue
        silent = False
        beside = notebooks == 1 or bool(guess.sure and notebooks)
        if is_archive(path):
            yield from _inner_archive(entry, name, guess, place)
        elif is_sidecar(path) or is_notebook(path) or is_workbook(path):
            kinds = {"sidecar": is_sidecar(path), "workbook": is_workbook(path)}
            yield Submission(name, guess, group, notebooks == 1, load=entry.load, beside=beside, **kinds)
        else:
            yield Rejection(name, *not_a_copy(path, beside=beside))
    # A student's folder with nothing but noise in it must not vanish without a word.
    if silent and files:
        guess, entry = files[0]
        folder = PurePosixPath(*(part for part in entry.path.parts[:-1] if part != CHECKPOINTS))
        if any(is_checkpoint(entry.path) for _, entry in files):
            yield Rejection(place.name(folder), "SAUVEGARDE-SEULE", _ONLY_CHECKPOINTS)
        elif guess.sure and not place.owner.sure:
            yield Rejection(place.name(folder), "RIEN-A-NOTER", _NOTHING)


_ONLY_CHECKPOINTS = (
    "Ce dossier ne contient qu’une ancienne version, gardée par Jupyter (.ipynb_checkpoints) : demandez à l’élève le "
    "carnet lui-même, le fichier .ipynb."
)
_NOTHING = "Ce dossier ne contient aucun carnet : demandez à l’élève le fichier .ipynb."


def _speaks(entry: Entry) -> bool:
    """True for an online text that says something; the pictures pasted in it have no sentence of their own."""
    try:
        return entry.path.suffix.lower() in (".html", ".htm") and says_something(entry.load())
    except Refused:
        return True


def _inner_archive(entry: Entry, name: str, guess: Guess, place: _Container) -> Iterator[Submission | Rejection]:
    """An archive that is no student's: a whole class in a folder, or an archive under a student's name."""
    if place.nested or guess.sure:
        text = "Archive dans une archive dans une archive : demandez à l’élève le carnet seul, le fichier .ipynb."
        yield Rejection(name, "ARCHIVE-IMBRIQUEE", text)
    elif entry.file is not None and not entry.file.is_symlink():
        yield from _archive(entry.file, _Container(name, _scope(name), place.limits, guess))
    else:
        try:
            content = entry.load()
        except Refused as refusal:
            yield Rejection(name, refusal.code, refusal.text)
            return
        yield from _archive(content, _Container(name, place.scope, place.limits, guess, nested=True))
