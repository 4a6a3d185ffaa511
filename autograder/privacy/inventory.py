"""What is said of a folder before anything is erased in it, and the care with which files are looked at."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import PlaceProblem
from autograder.reports.outputs import stays_inside
from crc_lab.core.wording import NBSP, count


class PurgeProblem(PlaceProblem):
    """A folder in which nothing can be erased."""


@dataclass(frozen=True)
class Item:
    """One thing to erase: how it is called, and how it goes (raises OSError or CrcError)."""

    name: str
    erase: Callable[[], None]


@dataclass
class Inventory:
    """What there is in one folder. ``last``: the day from which the retention counts, and ``why`` that one.

    ``staying``: files that crc-lab did not write; ``links``: symbolic links in the place of its files.
    """

    folder: Path
    kind: str
    last: dt.date = dt.date.min
    why: str = ""
    items: list[Item] = field(default_factory=list)
    staying: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add_files(self, name: str, paths: list[Path]) -> None:
        """Some files of one folder (``name`` ends with « / »), or one file."""

        def work() -> None:
            for path in paths:
                path.unlink(missing_ok=True)

        self.items.append(Item(counted(name, len(paths)) if name.endswith("/") else name, work))

    def real_files(self, names: Iterable[str]) -> list[Path]:
        """The files that are there, as themselves and in real folders; the links among them are only noted."""
        real = []
        for name in sorted(set(filter(stays_inside, names))):
            path = self.folder / name
            safe = path.parent.resolve() == self.folder.resolve() / Path(name).parent
            if path.is_symlink() or (os.path.lexists(path) and not safe):
                self.links.append(name)
            elif safe and is_file(path):
                real.append(path)
        return real


def counted(name: str, files: int) -> str:
    """« retours/ : 35 fichiers »."""
    return f"{name}{NBSP}: {count(files, 'fichier')}"


def is_file(path: Path) -> bool:
    """An ordinary file, not a link to one."""
    return path.is_file() and not path.is_symlink()


def modified(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.lstat().st_mtime).date()


def relative(folder: Path, paths: Iterable[Path]) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in paths)


def all_files(folder: Path) -> list[Path]:
    """Everything under ``folder`` that is no folder; links are not followed."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
