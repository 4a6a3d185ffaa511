"""The class list: who should hand in, in the order of the teacher's own file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One student of the class list; only ``name`` is never empty. ``line`` is the line in the file (1 = headers)."""

    identifier: str
    last_name: str
    first_name: str
    email: str = ""
    group: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """« Inès Garnier »: first name then last name, as Moodle shows people."""
        return f"{self.first_name} {self.last_name}".strip() or self.identifier


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole list, in its own order; identifiers are distinct."""

    students: tuple[Listed, ...]
