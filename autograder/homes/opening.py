"""Folders that belong to somebody else, read without ever leaving them.

A student owns a home and may put anything in it, at any moment: a link to another home or to a key, a named pipe, a
file of many gigabytes. A folder is therefore held open, what is in it is reached from it (``openat``), and neither a
folder nor a file is opened through a link: what is swapped meanwhile leads nowhere. Where the system cannot do that
(Windows), links and junctions are refused before opening, and again after reading.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Self

from autograder.intake.archives import Limits
from autograder.intake.handed import refusal

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

    Every method raises :class:`OSError`, and :class:`~autograder.intake.handed.Refused` for a link.
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
