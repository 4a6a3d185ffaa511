"""What the teacher gives besides the copies: keys, class list, subject, gradebook; read before anything is done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from autograder.identity.roster import Roster, read_roster
from autograder.intake.integrity import Pristine
from autograder.intake.keys import Bank
from autograder.intake.preparation import COURSE, KEYS, ROSTER, Preparation, read_preparation
from autograder.marking.manual import ManualMarks


@dataclass(frozen=True)
class Options:
    """The options of ``crc-lab corriger``; what is None was not given."""

    keys: Path | None = None
    roster: Path | None = None
    preparation: Path | None = None
    course: Path | None = None
    url: str | None = None
    worksheets: tuple[Path, ...] = ()
    manual: Path | None = None
    pseudonyms: bool = False
    correspondence: bool = False
    fresh: bool = False

    @property
    def given(self) -> list[str]:
        """The options that make a difference to the marks when they are forgotten once."""
        named = {
            "--corriges": self.keys, "--classe": self.roster, "--preparation": self.preparation,
            "--nbgrader": self.course,
        }  # fmt: skip
        return [name for name, value in named.items() if value is not None]


@dataclass(frozen=True)
class Settings:
    """The same, read: ``course`` and ``url`` are those of nbgrader, None without it."""

    bank: Bank = field(default_factory=Bank)
    roster: Roster | None = None
    preparation: Preparation | None = None
    pristine: Pristine = field(default_factory=Pristine)
    course: Path | None = None
    url: str | None = None

    def marks_in_the_gradebook(self) -> ManualMarks | None:
        """The marks given in nbgrader's formgrader as they are now, None without it; raises GradebookProblem."""
        if self.course is None:
            return None
        from autograder.gradebook import read_manual_marks

        return read_manual_marks(self.course, self.url)

    @property
    def gradebook(self) -> str:
        """The name of this gradebook in the register: a print, because its address may hold a password."""
        address = f"{self.course.resolve() if self.course else ''}|{self.url or ''}"
        return f"nbgrader {hashlib.sha256(address.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def read_settings(options: Options) -> Settings:
    """Read what the options name; an option wins over the same thing in the prepared folder.

    Raises :class:`~crc_lab.core.errors.CrcError` for a class list or a preparation that cannot be used.
    """
    folder = options.preparation
    keys, roster, course = options.keys, options.roster, options.course
    preparation, pristine = None, Pristine()
    if folder is not None:
        preparation = read_preparation(folder)
        keys = keys or folder / KEYS
        roster = roster or _existing(folder / ROSTER)
        course = course or _existing(folder / COURSE)
        pristine = Pristine(folder / COURSE / "source")
    known = read_roster(roster) if roster else None
    return Settings(Bank(keys), known, preparation, pristine, course, options.url)


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None
