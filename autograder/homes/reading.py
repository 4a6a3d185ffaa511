"""What the home of one account holds: the notebooks of its workbooks, each read once, within bounds, never leaving it.

A student owns a home and may put anything in it, at any moment: a link to another home or to a key, a named pipe, a
file of many gigabytes. A folder is therefore held open, what is in it is reached from it (``openat``), and neither a
folder nor a file is opened through a link: what is swapped meanwhile leads nowhere. Where the system cannot do that
(Windows), links and junctions are refused before opening, and again after reading.

A home is ``HOMES/USER``; a workbook in it is the folder ``cahier-crc`` (or « cahier-crc 2 »…), or any folder with the
mark that « ouvrir » and the server leave in the workbooks that they copy, whatever it is called now. In a workbook, the
notebooks are one folder down.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Self

from autograder.intake import Refused, refusal
from autograder.intake.archives import MEGA, Limits
from autograder.intake.reading import read_sheet
from crc_lab.core.answers import is_blank
from crc_lab.core.errors import SheetProblem
from crc_lab.core.resources import PRIVATE
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import reason

FROM_A_HANDLE = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether this system opens a file from a folder that is open already."""
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _SAFELY
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _SAFELY
"""Opening a named pipe without O_NONBLOCK would wait for ever."""
_MOUNT_POINT = 0xA0000003
"""What Windows writes in a junction (:data:`stat.IO_REPARSE_TAG_MOUNT_POINT`, which other systems do not have)."""


class Sort(Enum):
    """What a name stands for; FILE is all that is neither a folder nor a link."""

    FOLDER, FILE, LINK = "folder", "file", "link"


class Folder:
    """A folder held open, which :meth:`close` lets go; also a context manager.

    Every method raises :class:`OSError`, and :class:`~autograder.intake.Refused` for a link.
    """

    def __init__(self, path: Path, handle: int | None, above: Folder | None = None) -> None:
        self.path, self._handle, self._above = path, handle, above

    @classmethod
    def given(cls, path: Path) -> Folder:
        """The folder that the teacher names; a link in its own path was made by who may."""
        real = path.resolve(strict=True)
        return cls(real, os.open(real, _FOLDER) if FROM_A_HANDLE else None)

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def names(self) -> list[str]:
        """What is in it, in the order of names."""
        self._stay()
        with os.scandir(self.path if self._handle is None else self._handle) as found:
            return sorted(one.name for one in found)

    def sort(self, name: str) -> Sort:
        """What is there under that name, at this moment."""
        info = self._info(name)
        if stat.S_ISLNK(info.st_mode) or _is_junction(info):
            return Sort.LINK
        return Sort.FOLDER if stat.S_ISDIR(info.st_mode) else Sort.FILE

    def inside(self, name: str) -> Folder:
        """The folder of that name in it."""
        if self.sort(name) is Sort.LINK:
            raise refusal("LIEN.compte")
        if self._handle is not None:
            return Folder(self.path / name, os.open(name, _FOLDER, dir_fd=self._handle), self)
        found = Folder(self.path / name, None, self)
        found._stay()
        return found

    def read(self, name: str, limits: Limits) -> bytes:
        """The bytes of the ordinary file of that name, refused when it is none, or too big."""
        with self._opened(name) as file:
            info = os.fstat(file)
            if not stat.S_ISREG(info.st_mode):
                raise refusal("FICHIER-SPECIAL")
            if info.st_size > limits.file_bytes:
                raise refusal("FICHIER-TROP-GROS", mega=limits.file_bytes // (1 << 20))
            with os.fdopen(os.dup(file), "rb") as stream:
                content = stream.read(limits.file_bytes + 1)
        if len(content) > limits.file_bytes:  # it grew meanwhile
            raise refusal("FICHIER-TROP-GROS", mega=limits.file_bytes // (1 << 20))
        self._stay()
        return content

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        before = self._info(name)
        if stat.S_ISLNK(before.st_mode) or _is_junction(before):
            raise refusal("LIEN.compte")
        place, handle = (name, self._handle) if self._handle is not None else (str(self.path / name), None)
        file = os.open(place, _FILE, dir_fd=handle)
        try:
            if not os.path.samestat(before, os.fstat(file)):
                raise refusal("LIEN.compte")
            yield file
        finally:
            os.close(file)

    def _info(self, name: str) -> os.stat_result:
        if self._handle is not None:
            return os.stat(name, dir_fd=self._handle, follow_symlinks=False)
        self._stay()
        return (self.path / name).lstat()

    def _stay(self) -> None:
        """Where folders are not held: that none of them has become a link."""
        if self._handle is None and self._above is not None:
            info = self.path.lstat()
            if not stat.S_ISDIR(info.st_mode) or _is_junction(info):
                raise refusal("LIEN.compte")
            self._above._stay()


def _is_junction(info: os.stat_result) -> bool:
    """A folder of Windows that leads elsewhere, without being a symbolic link (only Windows says it)."""
    return bool(getattr(info, "st_reparse_tag", 0) == _MOUNT_POINT)


# --- what a home holds ------------------------------------------------------------------------------------------------


LIMITS = Limits(total_bytes=500 * MEGA, members=500)
"""What one home may cost: the size of a notebook is that of « corriger », then all of them together."""
_WORKBOOK = re.compile(r"cahier[-_ ]crc.*", re.IGNORECASE)
_TRIES, _PAUSE = 3, 0.3
"""JupyterLab writes a notebook in place: one that is being saved is whole a moment later (seconds)."""


@dataclass(frozen=True, slots=True)
class Found:
    """One notebook. ``file``: where it is, from the folder of the homes, with « / »; ``why`` it has no ``sheet``."""

    file: str
    content: bytes
    sheet: AnswerSheet | None = None
    why: str = ""

    @property
    def name(self) -> str:
        return self.file.rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        return self.file.split("/")[-2]

    @property
    def answered(self) -> int:
        """How many questions have an answer; 0 for a notebook that cannot be read."""
        return sum(not is_blank(one.value) for one in self.sheet.answers.values()) if self.sheet else 0

    @property
    def untouched(self) -> bool:
        """A notebook as it was given: nothing to collect."""
        return self.sheet is not None and not self.answered


@dataclass(slots=True)
class Home:
    """The home of one account: its notebooks, and what could not be read of it (path or nothing, French sentence)."""

    user: str
    workbooks: int = 0
    notebooks: list[Found] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False
    """It could not be looked into to the end: what was collected before still holds."""


def read_home(homes: Folder, user: str, limits: Limits = LIMITS, pause: Callable[[float], None] = time.sleep) -> Home:
    """All that is to be read in the home of ``user``; raises nothing: what cannot be read is told in the result."""
    home = Home(user)
    with _told(home, user), homes.inside(user) as place:
        for name in place.names():
            with _told(home, f"{user}/{name}"):
                if _is_workbook(place, name):
                    home.workbooks += 1
                    with place.inside(name) as workbook:
                        _read_workbook(home, workbook, f"{user}/{name}", limits, pause)
    return home


def _is_workbook(home: Folder, name: str) -> bool:
    """Whether that folder of a home is a workbook. Raises :class:`Refused` for a link that is called as one."""
    sort, named = home.sort(name), bool(_WORKBOOK.fullmatch(name))
    if sort is Sort.LINK and named:
        raise refusal("LIEN.compte")
    if sort is not Sort.FOLDER or name.startswith("."):
        return False
    if named:
        return True
    try:
        with home.inside(name) as folder:
            return folder.sort(PRIVATE) is Sort.FOLDER
    except (OSError, Refused):  # a folder of their own without the mark, or closed: nobody's business
        return False


def _read_workbook(home: Home, workbook: Folder, label: str, limits: Limits, pause: Callable[[float], None]) -> None:
    for name in workbook.names():
        if name.startswith("."):
            continue
        with _told(home, f"{label}/{name}"):
            sort = workbook.sort(name)
            if sort is Sort.LINK:
                raise refusal("LIEN.compte")
            if sort is Sort.FOLDER:
                with workbook.inside(name) as activity:
                    _read_activity(home, activity, f"{label}/{name}", limits, pause)


def _read_activity(home: Home, activity: Folder, label: str, limits: Limits, pause: Callable[[float], None]) -> None:
    for name in activity.names():
        if name.startswith(".") or not name.lower().endswith(".ipynb"):
            continue
        file = f"{label}/{name}"
        with _told(home, file):
            if len(home.notebooks) >= limits.members:
                raise refusal("COMPTE-TROP-CHARGE.carnets", most=limits.members)
            found = _read_notebook(activity, name, file, limits, pause)
            if sum(len(one.content) for one in home.notebooks) + len(found.content) > limits.total_bytes:
                raise refusal("COMPTE-TROP-CHARGE.volume", mega=limits.total_bytes // MEGA)
            home.notebooks.append(found)


def _read_notebook(folder: Folder, name: str, file: str, limits: Limits, pause: Callable[[float], None]) -> Found:
    """The notebook, read again when it seems to be in the middle of being saved."""
    for left in reversed(range(_TRIES)):
        content = folder.read(name, limits)
        try:
            return Found(file, content, AnswerSheet.from_metadata(read_sheet(content).sheet))
        except (Refused, SheetProblem) as problem:
            if not left:
                return Found(file, content, why=str(problem))
            pause(_PAUSE)
    raise AssertionError("the last try returns")


@contextmanager
def _told(home: Home, place: str) -> Iterator[None]:
    """What is not read in this block is told, and the rest of the home is read all the same."""
    try:
        yield
    except Refused as problem:
        home.problems.append((place, problem.text))
    except OSError as error:
        home.closed = True
        home.problems.append((place, f"Impossible à lire ({reason(error)})."))
