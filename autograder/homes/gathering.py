"""Copying what homes hold to ``OUTPUT/USER/ACTIVITY/``: each file in one step, and nothing ever deleted.

Where each notebook went is remembered in the output folder (:data:`~autograder.intake.places.GATHERED`), which also
tells « corriger » that its folders are the accounts of a server: the same notebook keeps its place, even when another
workbook of the home holds one of the same name.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.homes.reading import Found
from autograder.intake.handed import Refused
from autograder.intake.places import GATHERED
from autograder.intake.reading import read_sheet
from crc_lab.core.errors import CrcError, SheetProblem
from crc_lab.core.sheet import AnswerSheet, write_atomically
from crc_lab.core.text import clean_line, reason

_UNSAFE = re.compile(r'[\\/:*?"<>|]+')
_ACTIVITY = re.compile(r"\w[\w-]{0,59}")
_LONGEST = 120


@dataclass
class Gathered:
    """The output folder. ``new``, ``changed``, ``same``: how many notebooks were so.

    ``places``: where each notebook went, by its file in the homes; ``kept``: those of which the version collected
    before is better than what is there now.
    """

    folder: Path
    places: dict[str, str] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> Gathered:
        """The folder, made if needed, for its owner only. Raises :class:`CrcError` when it holds something else."""
        mark = folder / GATHERED
        if mark.is_file():
            try:
                said = json.loads(mark.read_text("utf-8"))["places"]
                return cls(folder, {str(source): str(target) for source, target in said.items()})
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                return cls(folder)  # each notebook finds its place again, by the same rules
        if folder.is_dir() and any(folder.iterdir()):
            raise CrcError(
                f"« {folder} » contient déjà autre chose que des copies ramassées : donnez un nouveau dossier à "
                "--sortie."
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        result = cls(folder)
        result.remember()
        return result

    def remember(self) -> None:
        """Write where everything is; raises :class:`OSError`."""
        content = {"version": 1, "places": dict(sorted(self.places.items()))}
        write_atomically(self.folder / GATHERED, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())

    def take(self, user: str, found: Found) -> None:
        """Copy one notebook. Raises :class:`CrcError` when it cannot be written: what was copied before stays."""
        place = self.places.get(found.file) or self._place(user, found)
        target = self.folder.joinpath(*PurePosixPath(place).parts)
        try:
            self._make(target.parent)
            before = target.read_bytes() if target.is_file() else None
            if before == found.content:
                self.same += 1
            elif before is not None and _is_better(before, found):
                self.kept.append(found.file)
            else:
                write_atomically(target, found.content)
                self.new, self.changed = self.new + (before is None), self.changed + (before is not None)
        except OSError as error:
            raise CrcError(
                f"Impossible d’écrire « {place} » dans « {self.folder} » ({reason(error)}). Ce qui a été copié y "
                "reste : relancez ensuite la même commande."
            ) from None
        self.places[found.file] = place

    def before(self, user: str) -> int:
        """How many notebooks of that account are in the folder."""
        return sum(source.split("/")[0] == user for source in self.places)

    def _make(self, folder: Path) -> None:
        """The folder and those above, none of them a link: somebody else might have put it there."""
        inside = folder.relative_to(self.folder)
        for depth in range(1, len(inside.parts) + 1):
            part = self.folder.joinpath(*inside.parts[:depth])
            part.mkdir(exist_ok=True, mode=0o700)
            if part.resolve() != self.folder.resolve() / part.relative_to(self.folder):
                raise CrcError(f"« {part} » est un lien : rien n’y est écrit. Supprimez ce lien, puis relancez.")

    def _place(self, user: str, found: Found) -> str:
        """The first free place of its name: ``06_scorer.ipynb``, then ``06_scorer (2).ipynb``…"""
        taken = {place.casefold() for source, place in self.places.items() if source != found.file}
        return next(one for one in _places(user, found) if one.casefold() not in taken)


def _places(user: str, found: Found) -> Iterator[str]:
    known = found.sheet.activity if found.sheet else ""
    activity = known if _ACTIVITY.fullmatch(known) else _safe(found.folder)
    stem = _safe(PurePosixPath(found.name).stem)
    for number in itertools.count(1):
        yield f"{user}/{activity}/{stem}{f' ({number})' if number > 1 else ''}.ipynb"


def _safe(name: str) -> str:
    """The name as any system writes it."""
    return _UNSAFE.sub("-", clean_line(name, _LONGEST)).strip(" .") or "carnet"


def _is_better(before: bytes, found: Found) -> bool:
    """Whether what was collected before has answers, and what is there now cannot be read, or has none any more."""
    if found.answered:
        return False
    try:
        sheet = AnswerSheet.from_metadata(read_sheet(before).sheet)
    except (Refused, SheetProblem):
        return False
    return bool(sheet.answers)
