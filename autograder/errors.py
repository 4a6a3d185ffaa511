"""What the errors of the teacher side have in common; those of the workbook are in :mod:`crc_lab.core.errors`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crc_lab.core.errors import CrcError, ImportProblem

if TYPE_CHECKING:
    from crc_lab.excel.files import Book


class PlaceProblem(CrcError):
    """A folder, a file or a database that cannot be used: its name (``place``) and what is the matter, in French."""

    kind: ClassVar[str] = ""
    """What the place is, before its name."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(place, text)
        self.place, self.text = place, text

    def __str__(self) -> str:
        return f"{self.kind} « {self.place} » : {self.text}".lstrip()


class GradebookProblem(PlaceProblem):
    """A course folder or a gradebook that cannot be used."""

    kind = "Carnet de notes nbgrader"


class FileProblems(CrcError):
    """Every mistake found in a ``file``; ``problems``: one sentence each, with its place and remedy."""

    kind: ClassVar[str] = ""
    """What the file is, before its name."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        super().__init__(file, problems)
        self.file, self.problems = file, problems

    @classmethod
    def opened(cls, path: Path) -> Book:
        """Every sheet of a spreadsheet or a CSV file; raises this problem when it cannot be read."""
        from crc_lab.excel.files import open_book  # and openpyxl: half a second, only where somebody filled a file

        try:
            return open_book(path)
        except ImportProblem as problem:
            raise cls(path.name, (f"{problem.what} {problem.remedy}",)) from None

    def __str__(self) -> str:
        where = f"{self.kind} « {self.file} »"
        if len(self.problems) == 1:
            return f"{where} : {self.problems[0]}"
        head = f"{where}, {len(self.problems)} points à corriger :"
        return "\n".join([head, *(f"  • {problem}" for problem in self.problems)])


class OpenAnswerProblems(FileProblems):
    """Everything that is wrong in a sheet of open answers."""

    kind = "Notes manuelles"
