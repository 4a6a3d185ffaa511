"""The one error of this package."""

from __future__ import annotations

from crc_lab.errors import CrcError


class GradebookProblem(CrcError):
    """A course folder or a gradebook that cannot be used: which one (``place``) and what is the matter, in French."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(place, text)
        self.place, self.text = place, text

    def __str__(self) -> str:
        return f"Carnet de notes nbgrader « {self.place} » : {self.text}"
