"""What the teacher gives besides the copies: keys, class list, subject, gradebook; read before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from autograder.identity.roster import Roster, read_roster
from autograder.intake.integrity import Pristine
from autograder.intake.keys import Bank
from autograder.intake.preparation import COURSE, KEYS, ROSTER, Preparation, read_preparation


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
        named = (
            ("--corriges", self.keys),
            ("--classe", self.roster),
            ("--preparation", self.preparation),
            ("--nbgrader", self.course),
        )
        return [name for name, value in named if value is not None]


@dataclass(frozen=True)
class Settings:
    """The same, read: ``course`` and ``url`` are those of nbgrader, None without it."""

    bank: Bank = field(default_factory=Bank)
    roster: Roster | None = None
    preparation: Preparation | None = None
    pristine: Pristine = field(default_factory=Pristine)
    course: Path | None = None
    url: str | None = None


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
    return Settings(
        bank,
        read_roster(roster) if roster else None,
        preparation,
        pristine,
        course,
        options.url,
    )


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None
