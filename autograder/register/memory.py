"""What a class leaves in the register besides its copies: marks given by hand, what was told last time, pseudonyms.

Each method is one transaction, or none when nothing changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autograder.marking.hand_marks import Decided, Kept, Key
from autograder.marking.manual import ManualMark, ManualMarks
from autograder.register.differences import Told
from autograder.register.file import RegisterProblem, explained
from autograder.register.store import Register

LAST_TIME, OPTIONS = "derniere_correction", "options"
"""Facts: the day of the last marking that changed something (ISO 8601), and the options given then (JSON)."""


class Memory:
    """The memory of one register, as long as it is open."""

    def __init__(self, register: Register) -> None:
        self._path = register.path
        self._connection = register.connection

    # --- marks given by hand ------------------------------------------------------------------------------------------

    def kept_marks(self) -> dict[Key, Kept]:
        query = "SELECT student, activity, question, points, comment, answer, copy FROM manual"
        return {
            (student, activity, question): Kept(ManualMark(points, comment), answer, copy)
            for student, activity, question, points, comment, answer, copy in self._rows(query)
        }

    def said(self, place: str) -> dict[Key, ManualMark]:
        """The marks that a place gave last time."""
        query = "SELECT student, activity, question, points, comment FROM said WHERE source = ?"
        return {tuple(row[:3]): ManualMark(*row[3:]) for row in self._rows(query, (place,))}

    def say(self, place: str, marks: ManualMarks) -> None:
        """Remember what a place says now."""
        with self._transaction():
            self._say(place, marks)

    def keep_marks(self, decided: Decided, said: Mapping[str, ManualMarks]) -> None:
        """Remember the marks that count, and what each place says now."""
        with self._transaction():
            self._replace("manual", (_kept_row(key, one) for key, one in decided.kept.items()))
            for place, marks in said.items():
                self._say(place, marks)

    def _say(self, place: str, marks: ManualMarks) -> None:
        self._connection.execute("DELETE FROM said WHERE source = ?", (place,))
        rows = [(place, *key, mark.points, mark.comment) for key, mark in marks.items()]
        self._connection.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?)", rows)

    # --- the results that the reports show ----------------------------------------------------------------------------

    def told(self) -> Iterator[Told]:
        """The results of the last complete run, by student and activity."""
        query = "SELECT student, activity, copy, content FROM told ORDER BY student, activity"
        for student, activity, copy, content in self._rows(query):
            try:
                yield Told(student, activity, copy, json.loads(content))
            except ValueError:
                raise RegisterProblem.damaged(self._path) from None

    def tell(self, results: Iterable[Told], facts: Mapping[str, str], written: Iterable[str]) -> None:
        """A run is complete: these are its results, its facts, and the files it wrote (relative, with « / »)."""
        with self._transaction():
            self._replace("told", ((one.student, one.activity, one.copy, _dumps(one.content)) for one in results))
            self._connection.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())
            self._connection.executemany("INSERT OR IGNORE INTO written VALUES (?)", ((path,) for path in written))

    def fact(self, name: str) -> str:
        """What is remembered under that name; empty when nothing is."""
        return next((value for (value,) in self._rows("SELECT value FROM fact WHERE name = ?", (name,))), "")

    def written(self) -> list[str]:
        """The files that crc-lab ever wrote in the folder, relative to it."""
        return [path for (path,) in self._rows("SELECT path FROM written ORDER BY path")]

    def will_write(self, paths: Iterable[str]) -> None:
        """Remember files before they are written: an interrupted run leaves none that nobody knows."""
        with self._transaction():
            self._connection.executemany("INSERT OR IGNORE INTO written VALUES (?)", ((path,) for path in paths))

    # --- pseudonyms ---------------------------------------------------------------------------------------------------

    def pseudonyms(self) -> dict[str, int]:
        """Number of each student that has one, by student id."""
        return dict(self._rows("SELECT student, number FROM pseudonym ORDER BY number"))

    def add_pseudonyms(self, numbers: Mapping[str, int], secret: str) -> None:
        with self._transaction():
            self._connection.executemany("INSERT INTO pseudonym VALUES (?, ?)", numbers.items())
            self._connection.execute("INSERT OR REPLACE INTO fact VALUES ('secret', ?)", (secret,))

    # --- all of them --------------------------------------------------------------------------------------------------

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
        with explained(self._path):
            yield from self._connection.execute(query, values)

    def _replace(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        found = list(rows)
        self._connection.execute(f"DELETE FROM {table}")
        if found:
            marks = ", ".join("?" * len(found[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _kept_row(key: Key, one: Kept) -> tuple[Any, ...]:
    return (*key, one.mark.points, one.mark.comment, one.answer, one.copy)


def _dumps(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))
