"""The class list: who should hand in, in the order of the teacher's own file; and who a copy belongs to in it.

A student is recognised by an identifier, an e-mail address or the whole name, never by a resemblance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from autograder.intake.moodle_names import is_anonymous
from autograder.intake.person_names import Words, agree, spellings, words
from crc_lab.core.errors import CrcError
from crc_lab.core.text import fold

if TYPE_CHECKING:  # students imports this module
    from autograder.identity.students import Person
    from autograder.intake.submissions import Guess


_Key = TypeVar("_Key", str, Words)


class RosterProblems(CrcError):
    """Every mistake found in a class list (the ``file``); ``problems``: one sentence each, with its line and remedy."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        super().__init__(file, problems)
        self.file, self.problems = file, problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"Liste de classe « {self.file} » : {self.problems[0]}"
        head = f"Liste de classe « {self.file} », {len(self.problems)} points à corriger :"
        return "\n".join([head, *(f"  • {problem}" for problem in self.problems)])


@dataclass(frozen=True, slots=True)
class Listed:
    """One student of the class list; only ``name`` is never empty. ``line`` is the line in the file (1 = headers).

    ``identifier`` is never empty, distinct in the list, and made of letters, digits and ``. _ - @ +`` only. The line is
    no part of the student: the same list written elsewhere is the same list.
    """

    identifier: str
    last_name: str
    first_name: str
    email: str = ""
    group: str = ""
    line: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """« Inès Garnier »: first name then last name, as Moodle shows people."""
        return f"{self.first_name} {self.last_name}".strip() or self.identifier


@dataclass(frozen=True)
class Roster:
    """The whole list, in its own order; identifiers are distinct."""

    students: tuple[Listed, ...]

    def find(self, person: Person, guess: Guess | None = None) -> Listed | None:
        """The only listed student that ``person`` can be, or None on any doubt or contradiction.

        By identifier, else e-mail, else whole name (words in any order). ``guess`` counts when the place of the file
        is sure (Moodle's folder, nbgrader's tree): it then says who handed in, and must not disagree with the sheet.
        """
        claimed = self.named(person.name, person.identifier)
        if guess is None or not guess.sure:
            return claimed
        author = self.author(guess)
        if author is not None:
            return author if claimed in (None, author) else None
        silent = not guess.moodle_id or is_anonymous(guess.name, self.groups)
        return claimed if claimed is not None and (silent or agree(claimed.name, guess.name)) else None

    def author(self, guess: Guess) -> Listed | None:
        """The listed student whom Moodle or nbgrader names as the author of a file, or None."""
        if guess.identifier:
            return self._only(self.by_identifier(guess.identifier))
        named = guess.moodle_id and not is_anonymous(guess.name, self.groups)
        return self._only(self.by_name(guess.name)) if named else None

    def named(self, name: str, identifier: str) -> Listed | None:
        """The only listed student with that identifier (or e-mail) and a name that agrees, else with that name."""
        known = self.by_identifier(identifier)
        if not known:
            return self._only(self.by_name(name))
        agreeing = [one for one in known if agree(one.name, name)]
        if len(agreeing) == 1 and not self._another(name, agreeing[0]):
            return agreeing[0]
        return None

    def by_identifier(self, identifier: str) -> tuple[Listed, ...]:
        """The students with that identifier or e-mail address: as written, else without case nor punctuation."""
        exact = self._identifiers.get(identifier.strip().casefold(), ())
        return tuple(exact or self._folded.get(fold(identifier), ()))

    def by_name(self, name: str) -> tuple[Listed, ...]:
        """The students who bear exactly that name, words in any order, accents and punctuation ignored."""
        found = {one.identifier: one for form in spellings(name) for one in self._names.get(form, ())}
        return tuple(found.values())

    def _another(self, name: str, listed: Listed) -> bool:
        """True when ``name`` is exactly that of somebody else of the list."""
        bearers = self.by_name(name)
        return bool(bearers) and listed not in bearers

    @staticmethod
    def _only(found: tuple[Listed, ...]) -> Listed | None:
        return found[0] if len(found) == 1 else None

    @cached_property
    def groups(self) -> frozenset[Words]:
        """The words of the names of the groups; Moodle lists those of one student with commas."""
        return frozenset(words(name) for one in self.students for name in one.group.split(",") if words(name))

    @cached_property
    def _identifiers(self) -> dict[str, list[Listed]]:
        return _index((key.casefold(), one) for one in self.students for key in {one.identifier, one.email} if key)

    @cached_property
    def _folded(self) -> dict[str, list[Listed]]:
        return _index((key, one) for one in self.students for key in {fold(one.identifier), fold(one.email)} if key)

    @cached_property
    def _names(self) -> dict[Words, list[Listed]]:
        return _index((form, one) for one in self.students for form in spellings(one.name))


def _index(pairs: Iterable[tuple[_Key, Listed]]) -> dict[_Key, list[Listed]]:
    found: dict[_Key, list[Listed]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return dict(found)


def read_roster(path: Path) -> Roster:
    """The class list in a CSV or XLSX file, as Moodle, Pronote or a person makes it.

    Raises :class:`RosterProblems` with every mistake at once.
    """
    from autograder.identity.roster_file import read  # openpyxl is loaded only when there is a list

    return read(path)


def write_roster(roster: Roster, path: Path) -> None:
    """Write the list as identifiant;nom;prenom;courriel;groupe (UTF-8 with BOM); :func:`read_roster` gives it back.

    No cell can become a formula in a spreadsheet. Raises :class:`OSError`; the file is replaced in one step.
    """
    from autograder.identity.roster_file import write

    write(roster, path)
