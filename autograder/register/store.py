"""All that was ever handed in for a class, in ``registre.sqlite3`` of the output folder.

Every copy and every file that was refused stay here from one ``corriger`` to the next, and are given back in an order
that depends neither on the runs nor on their number: the same files, given at once or little by little, are marked the
same. What a class leaves besides (marks given by hand, pseudonyms…) is in :mod:`autograder.register.memory`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

from autograder.intake.handed import HandedIn
from autograder.intake.places import moodle_name
from autograder.intake.submissions import SIDE_BY_SIDE, Rejection
from autograder.register.file import FILE, RegisterProblem, explained, opened
from crc_lab.core.errors import SheetProblem
from crc_lab.core.sheet import AnswerSheet

_EACH = 25
"""Copies in one transaction: an interruption costs at most the reading of so many files."""


class Register:
    """The register of one output folder, made if needed; nobody else can open it meanwhile.

    Raises :class:`~autograder.register.file.RegisterProblem` when it cannot be used: damaged, newer, busy, read-only.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE
        self.is_new = not self.path.exists()
        self._folder_is_new = not folder.exists()
        self.connection = opened(folder)
        self._waiting = 0

    def __enter__(self) -> Register:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Once closed, the folder is free; what an unfinished transaction held is forgotten."""
        self.connection.close()

    def erase(self) -> None:
        """Overwrite all that the register holds, then remove it."""
        with explained(self.path):
            tables = [
                name for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            for table in tables:
                self.connection.execute(f"DELETE FROM {table}")  # secure_delete is on: the pages are overwritten
            self.connection.execute("VACUUM")
        self.connection.close()
        self.path.unlink()

    def discard(self) -> None:
        """Remove a register that holds nothing, and its folder when it was made for it."""
        self.connection.close()
        self.path.unlink(missing_ok=True)
        with suppress(OSError):  # it is not empty
            if self._folder_is_new:
                self.folder.rmdir()

    # --- in ---------------------------------------------------------------------------------------------------------

    def add_all(self, found: Iterable[HandedIn | Rejection], *, fresh: bool = False) -> int:
        """Keep all of ``found``; how many copies there were in it, known or not.

        Small transactions: an interrupted run keeps what it had read. ``fresh`` forgets what was handed in before, in
        one single transaction; nothing is forgotten when ``found`` has no copy or when the run is interrupted.
        """
        copies = 0
        run = self._number("SELECT coalesce(max(value), 0) FROM fact WHERE name = 'passage'") + 1
        try:
            with explained(self.path):
                self._begin()
                self.connection.execute("INSERT OR REPLACE INTO fact VALUES ('passage', ?)", (run,))
                for table in ("copy", "rejection", "seen") if fresh else ():
                    self.connection.execute(f"DELETE FROM {table}")
            for one in found:
                copies += isinstance(one, HandedIn)
                self._add(one, run)
                if self._waiting >= _EACH and not fresh:
                    self._end("COMMIT")
            self._end("ROLLBACK" if fresh and not copies else "COMMIT")
        finally:
            self._end("ROLLBACK")
        return copies

    def _add(self, found: HandedIn | Rejection, run: int) -> None:
        with explained(self.path):
            self._begin()
            # What an earlier run refused under this name, or the whole archive then, has been handed in again.
            names = [found.file, *(str(parent) for parent in PurePosixPath(found.file).parents)]
            marks = ", ".join("?" * len(names))
            self.connection.execute(f"DELETE FROM rejection WHERE run < ? AND file IN ({marks})", (run, *names))
            if isinstance(found, Rejection):
                self.connection.execute(_PUT_REJECTION, (found.file, found.code, found.text, run))
            else:
                content = json.dumps(found.to_json(), separators=(",", ":"))
                self.connection.execute(_PUT_COPY, (found.key, found.file, content, run, run))
                if found.guess.moodle_id:
                    # Moodle's files have come some other way than in the folder that was refused.
                    self.connection.execute("DELETE FROM rejection WHERE run < ? AND code = ?", (run, SIDE_BY_SIDE))
                    place = (_key(found.guess.scope), found.guess.moodle_id, run)
                    self.connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", place)
            self._waiting += 1

    def _begin(self) -> None:
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN IMMEDIATE")
            self._waiting = 0

    def _end(self, how: str) -> None:
        with explained(self.path):
            if self.connection.in_transaction:
                self.connection.execute(how)

    # --- out --------------------------------------------------------------------------------------------------------

    @property
    def copies(self) -> int:
        return self._number("SELECT count(*) FROM copy")

    @property
    def refusals(self) -> int:
        return self._number("SELECT count(*) FROM rejection")

    def __iter__(self) -> Iterator[HandedIn | Rejection]:
        """Every copy by file name, then every file still refused; one in memory at a time."""
        with explained(self.path):
            scopes = _Scopes(self.connection.execute("SELECT scope, moodle_id, run FROM seen"))
            places: dict[str, list[tuple[Any, int]]] = defaultdict(list)
            query = "SELECT file, content, first_run FROM copy ORDER BY file, key"
            for file, content, first_run in self.connection.execute(query):
                if place := _moodle_place(file):
                    places[place[1]].append((place[0], first_run))
                yield scopes.named(self._copy(content))
            query = "SELECT file, code, text, run FROM rejection ORDER BY file, code, text"
            for file, code, text, run in self.connection.execute(query):
                if not _handed_in_since(_moodle_place(file), run, places):
                    yield Rejection(file, code, text)

    def sheet(self, key: str) -> AnswerSheet | None:
        """The answer sheet of the copy with that key."""
        with explained(self.path):
            row = self.connection.execute("SELECT content FROM copy WHERE key = ?", (key,)).fetchone()
        return self._copy(row[0]).sheet if row else None

    def _copy(self, content: str) -> HandedIn:
        try:
            return HandedIn.from_json(json.loads(content))
        except (ValueError, KeyError, TypeError, SheetProblem):
            raise RegisterProblem.damaged(self.path) from None

    def _number(self, query: str) -> int:
        with explained(self.path):
            return int(self.connection.execute(query).fetchone()[0])


_PUT_COPY = """
INSERT INTO copy (key, file, content, first_run, last_run) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET file = excluded.file, content = excluded.content, last_run = excluded.last_run
WHERE excluded.file < file
   OR (excluded.file = file AND (excluded.last_run > last_run OR excluded.content < content))
"""
"""The same copy under several names keeps the first of them in alphabetical order; under one name, its last reading."""

_PUT_REJECTION = """
INSERT INTO rejection (file, code, text, run) VALUES (?, ?, ?, ?)
ON CONFLICT (file, code, text) DO UPDATE SET run = excluded.run
"""


class _Scopes:
    """Tells apart the archives that bear one name: « copies.zip » of each week.

    Moodle's ids are those of one assignment. Two runs that gave the same name to archives with no id in common read two
    assignments: the second is then called « copies.zip (2) », in the order of the ids.
    """

    def __init__(self, seen: Iterable[tuple[str, str, int]]) -> None:
        groups: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for scope, moodle_id, run in seen:
            groups[scope][run].add(moodle_id)
        self._numbers: dict[tuple[str, str], int] = {}
        for scope, runs in groups.items():
            assignments = sorted(_joined(runs.values()), key=lambda ids: min(map(_natural, ids)))
            for number, ids in enumerate(assignments[1:], start=2):
                self._numbers.update({(scope, one): number for one in ids})

    def named(self, copy: HandedIn) -> HandedIn:
        guess = copy.guess
        number = self._numbers.get((_key(guess.scope), guess.moodle_id))
        return replace(copy, guess=replace(guess, scope=f"{guess.scope} ({number})")) if number else copy


def _joined(sets: Iterable[set[str]]) -> list[set[str]]:
    """The unions of the sets that have something in common."""
    joined: list[set[str]] = []
    for one in sets:
        apart = [other for other in joined if other.isdisjoint(one)]
        near = [other for other in joined if not other.isdisjoint(one)]
        joined = [*apart, one.union(*near)]
    return joined


def _moodle_place(file: str) -> tuple[Any, str] | None:
    """(the archive, as a sort key; the student's folder in it), for a file that Moodle named."""
    parts = PurePosixPath(file).parts
    for depth, part in enumerate(parts):
        found = moodle_name(part)
        if found is not None and found.id:
            return _archive_order("/".join(parts[:depth])), f"{found.name}_{found.id}"
    return None


def _handed_in_since(place: tuple[Any, str] | None, run: int, places: dict[str, list[tuple[Any, int]]]) -> bool:
    """True when Moodle gave a good copy from the same student's folder in a later archive than the refused file.

    Later: « remise (1).zip » after « remise.zip »; for one name, in a later run.
    """
    if place is None:
        return False
    archive, folder = place
    return any(other > archive or (other == archive and first > run) for other, first in places.get(folder, ()))


def _archive_order(name: str) -> Any:
    """« remise.zip », « remise (1).zip », « remise (2).zip », « remise (10).zip »."""
    stem = name.casefold().removesuffix(".zip")
    copy = re.fullmatch(r"(.*?)\s*\((\d{1,9})\)", stem, re.DOTALL)
    base, number = (copy[1], int(copy[2])) if copy else (stem, 0)
    return _natural(base), number, name


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key where 9 comes before 10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d{1,300})", text) if part]


def _key(text: str) -> str:
    """A file name as SQLite can keep it: it may hold bytes that are no character."""
    return json.dumps(text)
