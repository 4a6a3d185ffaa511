"""Whose a file is, by the place where it lay: Moodle's folders, nbgrader's tree, else the names of files and folders.

The outermost place that knows its student wins: what a student puts in a folder or an archive of their own (somebody
else's folder included) says nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from autograder.intake.filenames import CHECKPOINTS, bare_name, student_name
from autograder.intake.moodle_names import moodle_name
from crc_lab.core.wording import clean_line

SUBMITTED = "submitted"
"""nbgrader's folder: ``submitted/<student>/<assignment>/<files>``."""
_COURSE_FOLDERS = frozenset({"source", "release", "autograded", "feedback"})
_COURSE_FILES = frozenset({"nbgrader_config.py", "gradebook.db", "nbgrader.log", ".nbgrader.log"})


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

    @property
    def sure(self) -> bool:
        """True when Moodle or nbgrader made the place: it is surely that student's (or that group's)."""
        return bool(self.moodle_id or self.folder or self.identifier)

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, str]) -> Guess:
        return cls(**{name: str(raw.get(name, "")) for name in ("name", "moodle_id", "scope", "folder", "identifier")})


def guess_of(path: PurePosixPath, scope: str, inherited: Guess, above: tuple[str, ...] = (), raw: str = "") -> Guess:
    """The student that a path tells, inside a container called ``scope`` that belongs to ``inherited``.

    ``above``: the folders that lead to the container, outermost first, where they are known; ``raw``: the path byte for
    byte, which may be composed otherwise (NFD).
    """
    if inherited.sure:
        return inherited
    parts = (*above, *path.parts)
    for depth, part in enumerate(parts):
        inner = depth - len(above)
        holder = "/".join((scope, *path.parts[:inner])) if inner >= 0 else (scope, *parts)[depth]
        where = clean_line(holder, 400)
        if (found := moodle_name(part)) is not None:
            return Guess(clean_line(found.name), found.id, where, _as_written(found.own, raw))
        if _is_submitted(parts, depth):
            student = clean_line(parts[depth + 1], 60)
            return Guess(student, "", where, identifier=student)
    name = student_name(path) or inherited.name or bare_name(path.name)
    return Guess(clean_line(name), "", scope)


def group_of(path: PurePosixPath, guess: Guess, label: str) -> str:
    """The student's folder: all the files of a sure place, else those of one folder."""
    if guess.sure:
        return "#".join((guess.scope, guess.name, guess.moodle_id, guess.identifier))
    return f"{label}/{PurePosixPath(*(part for part in path.parts[:-1] if part != CHECKPOINTS))}"


def is_left_by_nbgrader(path: PurePosixPath, guess: Guess) -> bool:
    """True for what nbgrader writes in a student's folder when it collects."""
    return bool(guess.identifier) and path.name in ("timestamp.txt", "submission_secret.txt")


def course_files(paths: Iterable[PurePosixPath]) -> frozenset[PurePosixPath]:
    """The files of an nbgrader course that nobody handed in: the teacher's sources, what nbgrader made."""
    known = list(paths)
    roots = {
        path.parts[:depth] for path in known for depth in range(len(path.parts)) if _is_submitted(path.parts, depth)
    }
    roots |= {path.parts[:-1] for path in known if path.name in _COURSE_FILES}
    return frozenset(path for path in known for root in roots if _is_of_course(path.parts, root))


def _as_written(own: str, raw: str) -> str:
    """Moodle's folder or prefix as the archive writes it: a path that was read is composed, and cut when too long."""
    found = (moodle_name(part) for part in raw.replace("\\", "/").split("/"))
    return next((one.own for one in found if one is not None), own)


def _is_submitted(parts: tuple[str, ...], depth: int) -> bool:
    return parts[depth] == SUBMITTED and len(parts) >= depth + 4


def _is_of_course(parts: tuple[str, ...], root: tuple[str, ...]) -> bool:
    if parts[: len(root)] != root or len(parts) == len(root):
        return False
    name = parts[len(root)]
    return name in _COURSE_FOLDERS or name in _COURSE_FILES
