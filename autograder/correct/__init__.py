"""``crc-lab corriger``, from its arguments to its summary.

Here, its options: what is given now, and what is taken again from the last time. They are kept in the output folder
with the copies: a teacher who adds two late copies does not type everything again. What was given and is not there any
more stops the run before anything is marked: the marks would be other ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from autograder.intake.keys import read_preparation
from crc_lab.core.errors import CrcError
from crc_lab.core.rooms import using_workbook
from crc_lab.core.text import listing

PATHS = {
    "--corriges": "keys", "--classe": "roster", "--preparation": "preparation", "--nbgrader": "course",
    "--cahier": "workbook",
}  # fmt: skip
"""What is marked with: none of it may be missing."""
WORKSHEETS, _DATABASE = "--formulaire-moodle", "--base"
_SWITCHES = {"--pseudonymes": "pseudonyms", "--correspondance": "correspondence"}
ALONE = "--options-neuves"
"""The option that takes nothing again."""


class MissingOption(CrcError):
    """What was given the last time, cannot be found now and was not given again; ``said``: which, in French."""

    def __str__(self) -> str:
        return (
            f"{self.args[0]} Redonnez cette option, ou ajoutez {ALONE} pour ne rien reprendre de la dernière fois. "
            "Rien n’a été noté ni écrit."
        )


@dataclass(frozen=True)
class Options:
    """The options of ``crc-lab corriger``; what is None was not given.

    ``repeat``: take what is not given from the last time.
    """

    keys: Path | None = None
    roster: Path | None = None
    preparation: Path | None = None
    course: Path | None = None
    workbook: Path | None = None
    url: str | None = None
    worksheets: tuple[Path, ...] = ()
    manual: Path | None = None
    decisions: Path | None = None
    accepted: tuple[str, ...] = ()
    pseudonyms: bool = False
    correspondence: bool = False
    fresh: bool = False
    repeat: bool = False

    @property
    def given(self) -> list[str]:
        """The options that make a difference to the marks when they are forgotten once."""
        return [name for name, field in PATHS.items() if getattr(self, field) is not None]

    def to_json(self) -> dict[str, Any]:
        """What to give again to mark the same way; never the address of a database, which may hold a password."""
        paths = {name: str(getattr(self, PATHS[name]).resolve()) for name in self.given}
        sheets = {WORKSHEETS: [str(path.resolve()) for path in self.worksheets]} if self.worksheets else {}
        switches = {name: "" for name, field in _SWITCHES.items() if getattr(self, field)}
        return {**paths, **sheets, **switches, **({_DATABASE: ""} if self.url else {})}

    @classmethod
    def from_json(cls, raw: Any) -> Options | None:
        """The same, but for the address of the database; None for an older register, which kept the names alone."""
        if not isinstance(raw, dict):
            return None
        paths: dict[str, Any] = {field: Path(raw[name]) for name, field in PATHS.items() if name in raw}
        switches: dict[str, Any] = {field: name in raw for name, field in _SWITCHES.items()}
        return cls(**paths, **switches, worksheets=tuple(map(Path, raw.get(WORKSHEETS, ()))))

    def in_workbook(self) -> AbstractContextManager[None]:
        """Where all of it is read: the workbook given, else the one that the prepared folder remembers."""
        prepared = read_preparation(self.preparation).workbook if self.preparation else None
        return using_workbook(self.workbook or prepared)

    @property
    def missing(self) -> list[str]:
        """What is not there any more among what the marks depend on: « --classe « liste.csv » »."""
        return [shown(name, path) for name in self.given if not (path := getattr(self, PATHS[name])).exists()]

    def with_last(self, raw: Any) -> tuple[Options, list[str]]:
        """These options with those of the last time (``raw``: :meth:`to_json`) that they leave out; and what to say.

        Another prepared folder brings its own keys, list and course. Raises :class:`MissingOption`.
        """
        last = self.from_json(raw)
        if last is None:
            return self, []
        if self.preparation is not None and not _same(self.preparation, last.preparation):
            last = replace(last, keys=None, roster=None, course=None, preparation=None)
        taken = [one.name for one in fields(self) if getattr(last, one.name) and not getattr(self, one.name)]
        again = replace(Options(), **{name: getattr(last, name) for name in taken})
        if again.missing:
            verb = "est introuvable" if len(again.missing) == 1 else "sont introuvables"
            raise MissingOption(f"Ce que vous aviez donné la dernière fois {verb} : {listing(again.missing)}.")
        if _DATABASE in raw and again.course is not None and self.url is None:
            raise MissingOption(f"{_DATABASE}, donnée la dernière fois, n’est pas gardée : elle a un mot de passe.")
        gone = [path for path in again.worksheets if not path.is_file()]
        again = replace(again, worksheets=tuple(path for path in again.worksheets if path not in gone))
        said = list(_named(again))
        lines = [f"Repris de la dernière fois ({ALONE} pour ne rien reprendre) : {listing(said)}."] if said else []
        lines += [
            f"{shown(WORKSHEETS, path)} de la dernière fois est introuvable : il n’est pas rempli. Téléchargez-le de "
            "nouveau de Moodle, puis redonnez-le."
            for path in gone
        ]
        return replace(self, **{name: getattr(again, name) for name in taken}), lines


def shown(name: str, path: Path) -> str:
    """« --classe « liste.csv » »."""
    return f"{name} « {path.name} »"


def _named(options: Options) -> Iterator[str]:
    yield from (shown(name, getattr(options, PATHS[name])) for name in options.given)
    yield from (shown(WORKSHEETS, path) for path in options.worksheets)
    yield from (name for name, field in _SWITCHES.items() if getattr(options, field))


def _same(one: Path, other: Path | None) -> bool:
    return other is not None and one.resolve() == other.resolve()
