"""Whose each row of a worksheet is. By Moodle's own number first; by the class list where a copy has no number.

Nobody is recognised by a resemblance: a row that could be two people's, or that bears another name, stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from autograder.identity.roster import Listed
from autograder.intake.person_names import Words, agree, is_blind, is_group, spellings, words
from autograder.marking.marked import ClassResult, CopyResult, StudentResult
from crc_lab.core.wording import clean_line

_NUMBER = re.compile(r"(\d+)\s*$")
Pair = tuple[StudentResult, CopyResult]
_Keys = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the worksheet says of its student: all may be empty but ``line``, the line in the file."""

    line: int
    identifier: str
    name: str = ""
    email: str = ""
    group: str = ""

    @property
    def number(self) -> str:
        """Moodle's number: the digits at the end of « Participant 48210 », without needless zeros."""
        found = _NUMBER.search(self.identifier)
        return (found[1].lstrip("0") or "0") if found else ""

    @property
    def shown(self) -> str:
        return clean_line(self.name or self.identifier, 80) or f"ligne {self.line}"


@dataclass(frozen=True)
class Joined:
    """The copies of each row, by position; ``doubts``: (row, why) of those that may not be filled.

    ``otherwise``: the rows recognised by the class list; ``unused``: the copies that belong to no row.
    """

    copies: dict[int, tuple[Pair, ...]]
    otherwise: tuple[tuple[Row, str], ...]
    doubts: tuple[tuple[Row, str], ...]
    unused: tuple[Pair, ...]


def join(rows: Sequence[Row], result: ClassResult) -> Joined:
    """Put the copies in front of the rows."""
    joining = _Joining(rows, result)
    joining.by_number()
    joining.by_group()
    joining.by_list()
    return joining.joined()


@dataclass(eq=False)
class _Joining:
    rows: Sequence[Row]
    result: ClassResult
    copies: dict[int, tuple[Pair, ...]] = field(default_factory=dict)
    doubts: dict[int, str] = field(default_factory=dict)
    otherwise: list[tuple[Row, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pairs = [(student, copy) for student in self.result.students for copy in student.copies.values()]
        listed = [student.listed for student in self.result.students if student.listed] + list(self.result.absent)
        named = (*(row.group for row in self.rows), *(one.group for one in listed))
        self.groups = frozenset(words(name) for name in named if name)
        self.listed = listed

    def by_number(self) -> None:
        """Moodle's number, which the archive and the worksheet share, unless the names say two different people."""
        numbered: dict[str, list[Pair]] = defaultdict(list)
        for student, copy in self.pairs:
            guess = copy.identity.guess
            if guess.moodle_id and not self._is_group(guess.name):
                numbered[guess.moodle_id.lstrip("0") or "0"].append((student, copy))
        for position, row in enumerate(self.rows):
            found = numbered.get(row.number, []) if row.number else []
            if not found:
                continue
            strangers = [copy.identity.guess.name for _, copy in found if not _may_be(row.name, copy)]
            if strangers:
                self.doubts[position] = f"le numéro est celui d’une copie de « {strangers[0]} »"
            else:
                self._take(position, found)

    def by_group(self) -> None:
        """A group's work is in the rows of all its members."""
        of_group: dict[Words, list[Pair]] = defaultdict(list)
        for student, copy in self.pairs:
            guess = copy.identity.guess
            if guess.folder and self._is_group(guess.name):
                of_group[words(guess.name)].append((student, copy))
        for position, row in enumerate(self.rows):
            found = of_group.get(words(row.group), []) if row.group else []
            if found and not self._is_settled(position):
                self._take(position, found)

    def by_list(self) -> None:
        """The class list, for the copies that came without Moodle's number: same address, else same name."""
        activities = {copy.activity for pairs in self.copies.values() for _, copy in pairs}
        loose = [
            (student, copy)
            for student, copy in self.pairs
            if student.listed and not copy.identity.guess.moodle_id and (not activities or copy.activity in activities)
        ]
        self._by("adresse de courriel", loose, lambda row: _address(row.email), lambda one: _address(one.email))
        self._by("nom", loose, lambda row: spellings(row.name), lambda one: spellings(one.name))

    def joined(self) -> Joined:
        used = {id(copy) for pairs in self.copies.values() for _, copy in pairs}
        scopes = {copy.identity.guess.scope for pairs in self.copies.values() for _, copy in pairs}
        activities = {copy.activity for pairs in self.copies.values() for _, copy in pairs}
        unused = [
            (student, copy)
            for student, copy in self.pairs
            if id(copy) not in used
            # a copy with a number, from another archive, belongs to another assignment
            and (copy.identity.guess.scope in scopes if copy.identity.guess.moodle_id else copy.activity in activities)
        ]  # fmt: skip
        doubts = tuple((self.rows[position], why) for position, why in sorted(self.doubts.items()))
        return Joined(self.copies, tuple(self.otherwise), doubts, tuple(unused))

    def _by(
        self, how: str, loose: Sequence[Pair], of_row: Callable[[Row], _Keys], of_listed: Callable[[Listed], _Keys]
    ) -> None:
        """Join on what ``of_row`` and ``of_listed`` have in common, where one row and one student have it."""
        used = {id(copy) for pairs in self.copies.values() for _, copy in pairs}
        copies: dict[str, list[Pair]] = defaultdict(list)
        for student, copy in loose:
            if student.listed and id(copy) not in used:
                copies[student.listed.identifier].append((student, copy))
        rows: dict[Hashable, set[int]] = defaultdict(set)
        listed: dict[Hashable, set[str]] = defaultdict(set)
        for position, row in enumerate(self.rows):
            for key in of_row(row):
                rows[key].add(position)
        for one in self.listed:
            for key in of_listed(one):
                listed[key].add(one.identifier)
        for position, row in enumerate(self.rows):
            known: set[str] = set().union(*(listed[key] for key in of_row(row) if key in listed))
            found = [pair for identifier in sorted(known) for pair in copies.get(identifier, ())]
            if not found or self._is_settled(position):
                continue
            alike: set[int] = set().union(*(rows[key] for key in of_row(row)))
            if len(known) > 1 or len(alike) > 1:
                self.doubts[position] = f"plusieurs élèves possibles ({how})"
            elif not agree(row.name, found[0][0].person.name):
                self.doubts[position] = f"la liste de classe donne cette adresse à « {found[0][0].person.name} »"
            else:
                self._take(position, found)
                self.otherwise.append((row, how))

    def _take(self, position: int, found: Iterable[Pair]) -> None:
        pairs = tuple(found)
        if len({student.id for student, _ in pairs}) > 1:
            names = " et ".join(sorted({f"« {student.person.name} »" for student, _ in pairs}))
            self.doubts[position] = f"deux élèves différents ont ce numéro ({names})"
        else:
            self.copies[position] = pairs

    def _is_settled(self, position: int) -> bool:
        return position in self.copies or position in self.doubts

    def _is_group(self, name: str) -> bool:
        return is_group(name, self.groups)


def _may_be(row_name: str, copy: CopyResult) -> bool:
    """False when Moodle gives two different names to one number: the worksheet is that of another site."""
    said = copy.identity.guess.name
    return is_blind(said) or agree(row_name, said)


def _address(email: str) -> _Keys:
    return (email.strip().casefold(),) if email.strip() else ()
