"""Where marks given by hand are read: nbgrader's gradebook, the sheet of open answers, the teacher's own file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.correct.class_settings import Options, Settings
from autograder.marking.hand_marks import Decided, Place, decide
from autograder.marking.manual import ManualMarks
from autograder.marking.marked import ClassResult
from autograder.open_answers import FILE as OPEN_ANSWERS
from autograder.open_answers import OpenAnswerProblems, read_marked_sheet
from autograder.register.memory import Memory

if TYPE_CHECKING:
    from autograder.open_answers.reading import MarkedSheet

_OWN, _GIVEN = "feuille", "fichier"
"""Names in the register of the sheet of the output folder, and of a file given with ``--notes-manuelles``."""


@dataclass
class Sources:
    """The places that give marks. ``gradebook``: what nbgrader's holds, read before anything is marked.

    ``remarks``: what to tell about the sheets; ``problems``: a sheet of the output folder that cannot be read.
    """

    settings: Settings
    options: Options
    gradebook: ManualMarks | None = None
    remarks: list[str] = field(default_factory=list)
    problems: list[OpenAnswerProblems] = field(default_factory=list)

    def read_gradebook(self) -> ManualMarks | None:
        """The marks of nbgrader's gradebook as they are now, None without it; raises GradebookProblem."""
        if self.settings.course is None:
            return None
        from autograder.gradebook import read_manual_marks

        return read_manual_marks(self.settings.course, self.settings.url)

    def decide(self, memory: Memory, result: ClassResult, output: Path) -> Decided:
        """The marks that count, kept in the register before any file is written again.

        Raises OpenAnswerProblems for the file of ``--notes-manuelles``.
        """
        places = []
        if self.gradebook is not None:
            places.append(Place(self.gradebook_name, self.gradebook, memory.said(self.gradebook_name), takes_back=True))
        for name, path in self._sheets(output):
            read = self._sheet(path, result)
            if read is not None:
                places.append(Place(name, read.marks, memory.said(name), candidates=read.typed))
                self.remarks += read.remarks
        decided = decide(memory.kept_marks(), places, result)
        # A sheet speaks of the answers that are in it only: what another one said stays said.
        said = {place.name: place.now if place.takes_back else {**place.before, **place.now} for place in places}
        memory.keep_marks(decided, said)
        return decided

    @property
    def gradebook_name(self) -> str:
        """The name of this gradebook in the register: a print, because its address may hold a password."""
        address = f"{self.settings.course.resolve() if self.settings.course else ''}|{self.settings.url or ''}"
        return f"nbgrader {hashlib.sha256(address.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"

    def _sheets(self, output: Path) -> list[tuple[str, Path]]:
        own, given = output / OPEN_ANSWERS, self.options.manual
        found = [(_OWN, own)] if own.is_file() else []
        if given is not None and not (found and given.resolve() == own.resolve()):
            found.append((_GIVEN, given))
        return found

    def _sheet(self, path: Path, result: ClassResult) -> MarkedSheet | None:
        try:
            return read_marked_sheet(path, result)
        except OpenAnswerProblems as problems:
            given = self.options.manual
            if given is not None and given.resolve() == path.resolve():
                raise
            self.problems.append(problems)
            return None
