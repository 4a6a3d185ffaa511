"""The one error of this package."""

from __future__ import annotations

from crc_lab.core.errors import CrcError


class WorksheetProblem(CrcError):
    """A worksheet that cannot be filled: the ``file``, ``what`` is the matter and the ``remedy``, in French."""

    def __init__(self, file: str, what: str, remedy: str) -> None:
        super().__init__(file, what, remedy)
        self.file, self.what, self.remedy = file, what, remedy

    def __str__(self) -> str:
        return f"Formulaire Moodle « {self.file} » : {self.what} {self.remedy}"
