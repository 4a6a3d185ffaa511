"""The files of the output folder: written one by one, so that one that is open elsewhere stops no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TypeVar

from autograder.reports import PAGES, OutputProblem
from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import write_atomically
from crc_lab.core.wording import reason

_Done = TypeVar("_Done")
_DRAFT = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}")
"""What an interrupted ``write_atomically`` leaves beside a file."""


@dataclass
class Outputs:
    """What was written in ``folder``, and what could not be."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    problems: list[CrcError] = field(default_factory=list)

    def attempt(self, name: str, work: Callable[[], _Done]) -> _Done | None:
        """What ``work`` gives; None when it could not write the file ``name``, which is then told at the end."""
        try:
            return work()
        except OSError as error:
            self.problems.append(OutputProblem(name, reason(error)))
        except CrcError as error:
            self.problems.append(error)
        return None

    def write(self, name: str, content: bytes) -> bool:
        """Write one file in one step; False when it could not be."""
        path = self.folder / name

        def work() -> bool:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
            self.files.append(path)
            return True

        return bool(self.attempt(name, work))

    @property
    def names(self) -> list[str]:
        """The files written, relative to the folder, with « / »."""
        return sorted({path.relative_to(self.folder).as_posix() for path in self.files})


def stays_inside(name: str) -> bool:
    """True for a relative name that leads nowhere above its folder; the register is a file that anybody can change."""
    path = PurePath(name)
    return bool(path.name) and not path.is_absolute() and not path.drive and ".." not in path.parts


def drafts(folder: Path, written: Iterable[str]) -> Iterator[Path]:
    """What an interrupted run left half-written; ``written``: the files that crc-lab writes in ``folder``."""
    known = {name for name in written if stays_inside(name)}
    for place in sorted({folder / Path(name).parent for name in known} | {folder, folder / PAGES}):
        for path in sorted(place.glob(".*")) if place.is_dir() else ():
            found = _DRAFT.fullmatch(path.name)
            if found and (place / found["name"]).relative_to(folder).as_posix() in known and path.is_file():
                yield path


def remove_drafts(folder: Path, written: Iterable[str]) -> None:
    for path in drafts(folder, written):
        path.unlink(missing_ok=True)
