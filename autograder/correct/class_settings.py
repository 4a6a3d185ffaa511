"""What the teacher gives besides the copies: keys, class list, subject, gradebook; read before anything is done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.identity.class_list import read_roster
from autograder.identity.roster import Roster
from autograder.intake.integrity import Pristine
from autograder.intake.keys import COURSE, KEYS, ROSTER, Bank, Preparation, read_preparation
from autograder.marking.manual import ManualMarks

PATHS = {"--corriges": "keys", "--classe": "roster", "--preparation": "preparation", "--nbgrader": "course"}


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
        return [name for name, field in PATHS.items() if getattr(self, field) is not None]

    def to_json(self) -> dict[str, str]:
        """What to give again to mark the same way; never the address of a database, which may hold a password."""
        paths = {name: str(getattr(self, PATHS[name]).resolve()) for name in self.given}
        flags = {"--pseudonymes": self.pseudonyms, "--correspondance": self.correspondence, "--base": bool(self.url)}
        return paths | {name: "" for name, given in flags.items() if given}

    @classmethod
    def from_json(cls, raw: Any, url: str | None) -> Options | None:
        """The same; None when something is missing now (in an older register, there are names alone)."""
        if not isinstance(raw, dict) or ("--base" in raw and url is None):
            return None
        paths: dict[str, Any] = {PATHS[name]: Path(path) for name, path in raw.items() if name in PATHS}
        if not all(path.exists() for path in paths.values()):
            return None
        return cls(**paths, url=url, pseudonyms="--pseudonymes" in raw, correspondence="--correspondance" in raw)


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

    Raises :class:`~crc_lab.core.errors.CrcError` for a class list, a preparation or keys that cannot be used.
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
    bank = Bank(keys)
    bank.check(preparation.activities if preparation else None)
    known = read_roster(roster) if roster else None
    return Settings(bank, known, preparation, pristine, course, options.url)


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None
