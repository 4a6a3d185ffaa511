"""Find the copies in what the teacher gives: notebooks, folders, ZIPs (Moodle's or not), a ZIP inside a ZIP.

Nothing is extracted, nothing is followed, nothing is read before its turn: a :class:`Submission` holds the way to its
bytes. The order is that of the names, so that the same input always gives the same output. What is not a copy becomes
a :class:`Rejection` with a sentence of its own.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.archives import Archive, Limits, Refused, too_big
from autograder.filenames import (
    MOODLE,
    bare_name,
    is_archive,
    is_noise,
    is_noise_folder,
    is_notebook,
    is_sidecar,
    not_a_copy,
    rank,
    student_name,
)
from autograder.wording import clean_line, reason


@dataclass(frozen=True, slots=True)
class Guess:
    """Who a file seems to come from: a name, and Moodle's own id when Moodle made the archive.

    ``scope`` tells the archives apart: an id only means something inside its archive. ``folder`` is Moodle's own folder
    name (or prefix, when the archive is flat), byte for byte; ``identifier`` the student's folder in nbgrader's tree.
    """

    name: str = ""
    moodle_id: str = ""
    scope: str = ""
    folder: str = ""
    identifier: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, str]) -> Guess:
        return cls(**{name: str(raw.get(name, "")) for name in ("name", "moodle_id", "scope", "folder", "identifier")})


@dataclass(frozen=True, slots=True)
class Submission:
    """One file that may hold an answer sheet.

    ``name`` is what people are shown (input's name, then the path inside it); ``group`` the student's folder,
    ``alone`` whether it holds one notebook only; ``sidecar``: answers saved beside a notebook. ``load`` gives the bytes
    or raises :class:`~autograder.archives.Refused`; to be called before the next one is asked for.
    """

    name: str
    guess: Guess
    group: str
    alone: bool
    sidecar: bool
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that could not be marked: why, in French, with what to do."""

    file: str
    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"fichier": self.file, "code": self.code, "texte": self.text}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of a container: its path inside; its place on the disk when it has one; another name to show."""

    path: PurePosixPath
    load: Callable[[], bytes]
    file: Path | None = None
    shown: str = ""


def find(
    inputs: Sequence[Path], exclude: Iterable[Path] = (), limits: Limits | None = None
) -> Iterator[Submission | Rejection]:
    """Every copy and every rejection of ``inputs``, in the order of names; ``exclude``: folders left out (the output).

    A sidecar comes before the notebooks of its group. Raises nothing for a bad file.
    """
    limits = limits or Limits()
    left_out = {path.resolve() for path in exclude}
    for label, path in _labels(inputs):
        if path.is_dir():
            yield from _folder(path, label, left_out, limits)
        elif is_archive(path):
            yield from _archive(path, label, label, Guess(), limits, nested=False)
        else:
            inside = PurePosixPath(_composed(path.resolve().parent.name), _composed(path.name))
            entry = _Entry(inside, partial(_read_file, path.resolve(), limits), shown=label)
            yield from _sorted_out([entry], label, label, Guess(), limits)


def count(inputs: Sequence[Path], exclude: Iterable[Path] = ()) -> int:
    """How many files :func:`find` will go through, for a progress bar: a nested archive counts for one."""
    left_out = {path.resolve() for path in exclude}
    total = 0
    for path in inputs:
        files = _walk(path, left_out) if path.is_dir() else [path]
        for file in files:
            if is_noise(PurePosixPath(file.name)):
                continue
            total += _count_members(file) if is_archive(file) else 1
    return total


def _count_members(path: Path) -> int:
    try:
        archive = Archive(path, Limits())
        try:
            return sum(not is_noise(member.path) for member in archive.members())
        finally:
            archive.close()
    except Refused:
        return 1


def _labels(inputs: Sequence[Path]) -> list[tuple[str, Path]]:
    """Each input once, under its base name; the parent's name is added where two would be alike."""
    distinct = {path.resolve(): path for path in inputs}
    names = Counter(path.name for path in distinct)
    labelled = [
        (_composed(path.name if names[path.name] == 1 else f"{path.parent.name}/{path.name}"), given)
        for path, given in distinct.items()
    ]
    return sorted(labelled, key=lambda item: (item[0], str(item[1])))


def _folder(root: Path, label: str, left_out: set[Path], limits: Limits) -> Iterator[Submission | Rejection]:
    closed: list[OSError] = []
    entries = []
    for path in _walk(root, left_out, closed.append):
        inside = PurePosixPath(_composed(path.relative_to(root).as_posix()))
        entries.append(_Entry(inside, partial(_read_file, path, limits), path))
    for error in sorted(closed, key=lambda error: str(error.filename)):
        inside = PurePosixPath(label, *Path(error.filename).relative_to(root).parts)
        text = f"Ce dossier ne peut pas être ouvert ({reason(error)})."
        yield Rejection(clean_line(str(inside), 400), "DOSSIER-ILLISIBLE", text)
    yield from _sorted_out(entries, label, label, Guess(), limits)


def _walk(root: Path, left_out: set[Path], on_error: Callable[[OSError], None] | None = None) -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=on_error, followlinks=False):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not is_noise_folder(name))
        if left_out:
            folders[:] = [name for name in folders if (here / name).resolve() not in left_out]
        found.extend(here / name for name in files)
    return sorted(found)


def _read_file(path: Path, limits: Limits) -> bytes:
    try:
        mode = path.lstat()
        if stat.S_ISLNK(mode.st_mode):
            raise Refused(
                "LIEN", "C’est un lien vers un autre fichier : il n’est pas suivi. Donnez le fichier lui-même."
            )
        if not stat.S_ISREG(mode.st_mode):
            raise Refused("FICHIER-SPECIAL", "Ce n’est pas un fichier ordinaire : il n’a pas été lu.")
        if mode.st_size > limits.file_bytes:
            raise too_big(limits)
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise Refused("FICHIER-ILLISIBLE", f"Le fichier ne peut pas être ouvert ({reason(error)}).") from None


def _archive(
    source: Path | bytes, label: str, scope: str, guess: Guess, limits: Limits, *, nested: bool
) -> Iterator[Submission | Rejection]:
    try:
        archive = Archive(source, limits)
    except Refused as refusal:
        yield Rejection(clean_line(label, 400), refusal.code, refusal.text)
        return
    try:
        entries = [_Entry(member.path, partial(archive.read, member)) for member in archive.members()]
        yield from _sorted_out(entries, label, scope, guess, limits, nested=nested)
    except Refused as refusal:
        yield Rejection(clean_line(label, 400), refusal.code, refusal.text)
    finally:
        archive.close()


def _sorted_out(
    entries: Sequence[_Entry],
    label: str,
    scope: str,
    guess: Guess,
    limits: Limits,
    *,
    nested: bool = False,
) -> Iterator[Submission | Rejection]:
    """Tell the copies of one container from the rest; ``guess``: the student when the container is theirs."""
    kept = [entry for entry in entries if not is_noise(entry.path)]
    who = {entry.path: _guess(entry.path, scope, guess) for entry in entries}
    groups = {entry.path: _group(entry.path, who[entry.path], label) for entry in entries}
    notebooks = Counter(groups[entry.path] for entry in kept if is_notebook(entry.path))
    seen = {groups[entry.path] for entry in kept}
    for entry in sorted(kept, key=lambda entry: (groups[entry.path], rank(entry.path), str(entry.path))):
        name = clean_line(entry.shown or f"{label}/{entry.path}", 400)
        group, author = groups[entry.path], who[entry.path]
        if is_archive(entry.path):
            yield from _inner_archive(entry, name, scope, author, limits, nested)
        elif is_sidecar(entry.path) or is_notebook(entry.path):
            yield Submission(name, author, group, notebooks[group] == 1, is_sidecar(entry.path), entry.load)
        else:
            with_notebook = notebooks[group] == 1 or bool(author.moodle_id and notebooks[group])
            yield Rejection(name, *not_a_copy(entry.path, beside=with_notebook))
    for entry in entries:
        # A student's folder with nothing but noise in it must not vanish without a word.
        if groups[entry.path] not in seen and who[entry.path].moodle_id and not guess.moodle_id:
            seen.add(groups[entry.path])
            folder = clean_line(f"{label}/{entry.path.parent}", 400)
            yield Rejection(folder, "RIEN-A-NOTER", "Ce dossier ne contient aucun carnet : demandez le fichier .ipynb.")


def _inner_archive(
    entry: _Entry, name: str, scope: str, author: Guess, limits: Limits, nested: bool
) -> Iterator[Submission | Rejection]:
    if nested:
        yield Rejection(
            name, "ARCHIVE-IMBRIQUEE", "Archive dans une archive dans une archive : remettez le carnet seul."
        )
    elif entry.file is not None and not entry.file.is_symlink():
        yield from _archive(entry.file, name, name, author, limits, nested=False)
    else:
        try:
            content = entry.load()
        except Refused as refusal:
            yield Rejection(name, refusal.code, refusal.text)
            return
        yield from _archive(content, name, scope, author, limits, nested=True)


def _guess(path: PurePosixPath, scope: str, inherited: Guess) -> Guess:
    for depth, part in enumerate(path.parts):
        if found := MOODLE.fullmatch(part):
            where = "/".join((scope, *path.parts[:depth]))
            own = part[: len(part) - len(found["rest"])]
            return Guess(clean_line(found["name"].replace("_", " ")), found["id"], where, own)
    if inherited.moodle_id:
        return inherited
    name = student_name(path) or inherited.name or bare_name(path.name)
    return Guess(clean_line(name), "", scope)


def _group(path: PurePosixPath, guess: Guess, label: str) -> str:
    """The student's folder: all the files of one Moodle id, else those of one folder."""
    return f"{label}#{guess.name}#{guess.moodle_id}" if guess.moodle_id else f"{label}/{path.parent}"


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)
