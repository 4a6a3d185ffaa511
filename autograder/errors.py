"""What the errors of the teacher side have in common; those of the workbook are in :mod:`crc_lab.core.errors`."""

from __future__ import annotations

from typing import ClassVar

from crc_lab.core.errors import CrcError


class PlaceProblem(CrcError):
    """A folder, a file or a database that cannot be used: its name (``place``) and what is the matter, in French."""

    kind: ClassVar[str] = ""
    """What the place is, before its name."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(place, text)
        self.place, self.text = place, text

    def __str__(self) -> str:
        return f"{self.kind} « {self.place} » : {self.text}".lstrip()
