"""What a class leaves behind from one marking to the next, in ``registre.sqlite3`` of the output folder; and what has
changed since (:mod:`autograder.register.differences`).

Every copy and every file that was refused stay here from one ``corriger`` to the next, and are given back in an order
that depends neither on the runs nor on their number: the same files, given at once or little by little, are marked the
same. So do the marks given by hand, what the reports told last, the files written, and who has which pseudonym.

Each row has its seal (:mod:`autograder.register.file`): a copy whose bytes changed on the disk is told, never marked.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from autograder.intake import HandedIn, Rejection, phrase
from autograder.intake.places import moodle_name
from autograder.intake.submissions import SIDE_BY_SIDE
from autograder.marking.manual import Decided, Kept, Key, ManualMark, ManualMarks
from autograder.register.differences import Told
from autograder.register.file import FILE, RegisterFile, RegisterProblem
from crc_lab.core.errors import SheetProblem
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import NBSP, clean_line, count

__all__ = ["FILE", "IDENTITIES", "LAST_TIME", "OPTIONS", "Register", "RegisterProblem"]

LAST_TIME, OPTIONS, IDENTITIES = "derniere_correction", "options", "identites"
"""Facts: the day of the last marking that changed something (ISO 8601), the options given then (JSON), and whom the
teacher named as the author of which file (JSON)."""
_EACH = 25
"""Copies in one transaction: an interruption costs at most the reading of so many files."""


class Register(RegisterFile):
    """What is in the register of one output folder: each method that writes is one transaction."""

    @property
    def remarks(self) -> list[str]:
        """What is damaged, and costs no mark: French sentences."""
        lost = len(self._broken["told"])
        some = count(lost, "résultat de la correction précédente est abîmé", "résultats précédents sont abîmés")
        return [f"{some} : rien ne dit ce qui a changé depuis pour ces copies."] if lost else []

    # --- copies -------------------------------------------------------------------------------------------------------

    def add_all(self, found: Iterable[HandedIn | Rejection], *, fresh: bool = False) -> int:
        """Keep all of ``found``; how many copies there were in it, known or not.

        Small transactions: an interrupted run keeps what it had read. ``fresh`` forgets what was handed in before, in
        one single transaction; nothing is forgotten when ``found`` has no copy or when the run is interrupted.
        """
        run, copies, rest = self._number("SELECT max(value) FROM fact WHERE name = 'passage'") + 1, 0, iter(found)
        for batch in [rest] if fresh else iter(lambda: list(islice(rest, _EACH)), []):
            with self.transaction() as connection:
                connection.execute("INSERT OR REPLACE INTO fact VALUES ('passage', ?)", (run,))
                for table in ("copy", "rejection", "seen") if fresh else ():
                    connection.execute(f"DELETE FROM {table}")
                    self._look()
                for one in batch:
                    self._add(one, run)
                    copies += isinstance(one, HandedIn)
                if fresh and not copies:
                    connection.execute("ROLLBACK")
                    self._look()
        return copies

    def _add(self, found: HandedIn | Rejection, run: int) -> None:
        # What an earlier run refused under this name, or the whole archive then, has been handed in again.
        names = [found.file, *(str(parent) for parent in PurePosixPath(found.file).parents)]
        marks = ", ".join("?" * len(names))
        self.connection.execute(f"DELETE FROM rejection WHERE run < ? AND file IN ({marks})", (run, *names))
        if isinstance(found, Rejection):
            self.connection.execute(_PUT_REJECTION, (found.file, found.code, found.text, run))
            return
        self._forget_broken(found.file, found.key)
        if found.guess.path:  # earlier versions did not keep it
            old = replace(found, guess=replace(found.guess, path="")).key
            self.connection.execute("DELETE FROM copy WHERE key = ? AND file = ?", (old, found.file))
        self.connection.execute(_PUT_COPY, (found.key, found.file, _dumps(found.to_json()), run, run))
        if found.guess.moodle_id:
            # Moodle's files have come some other way than in the folder that was refused.
            self.connection.execute("DELETE FROM rejection WHERE run < ? AND code = ?", (run, SIDE_BY_SIDE))
            place = (_key(found.guess.scope), found.guess.moodle_id, run)
            self.connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", place)

    def _forget_broken(self, file: str, key: str = "") -> None:
        """Remove the copies that are damaged and came from ``file``, or have that key: they are given again."""
        if self._broken["copy"]:
            query = f"SELECT rowid FROM copy WHERE (file = ? OR key = ?) AND rowid IN {self._among('copy')}"
            for (row,) in self.connection.execute(query, (file, key)).fetchall():
                self.connection.execute("DELETE FROM copy WHERE rowid = ?", (row,))
                self._broken["copy"].remove(row)

    def files(self) -> list[str]:
        """The name of each copy, as people are shown it."""
        return [file for (file,) in self.rows("SELECT DISTINCT file FROM copy ORDER BY file")]

    @property
    def copies(self) -> int:
        return self._number("SELECT count(*) FROM copy") - len(self._broken["copy"])

    @property
    def refusals(self) -> int:
        """The files that are refused, and the copies that are damaged."""
        return self._number("SELECT count(*) FROM rejection") + len(self._broken["copy"])

    def __iter__(self) -> Iterator[HandedIn | Rejection]:
        """Every copy by file name, then every file still refused, and every damaged copy; one in memory at a time."""
        numbers = _assignments(self.rows("SELECT scope, moodle_id, run FROM seen"))
        places: dict[str, list[tuple[Any, int]]] = defaultdict(list)
        query = f"SELECT file, content, first_run FROM copy WHERE rowid NOT IN {self._among('copy')} ORDER BY file, key"
        for file, content, first_run in self.rows(query):
            if place := _moodle_place(file):
                places[place[1]].append((place[0], first_run))
            copy = self._copy(content)
            guess = copy.guess
            if number := numbers.get((_key(guess.scope), guess.moodle_id)):
                copy = replace(copy, guess=replace(guess, scope=f"{guess.scope} ({number})"))
            yield copy
        for file, code, text, run in self.rows("SELECT * FROM rejection ORDER BY file, code, text"):
            if not _handed_in_since(_moodle_place(file), run, places):
                yield Rejection(file, code, text)
        query = f"SELECT file, key, CAST(content AS BLOB) FROM copy WHERE rowid IN {self._among('copy')} ORDER BY file"
        for file, key, content in self.rows(query):
            yield Rejection(file, *phrase("COPIE-ABIMEE", copy=self._told_name(key) or _written_name(content)))

    def _told_name(self, key: str) -> str:
        """Whose copy this is, as the last results told it; empty when they did not."""
        return next((_named(one.name, one.activity) for one in self.told() if one.copy == key), "")

    def sheet(self, key: str) -> AnswerSheet | None:
        """The answer sheet of the copy with that key."""
        found = self.rows(f"SELECT content FROM copy WHERE key = ? AND rowid NOT IN {self._among('copy')}", (key,))
        return next((self._copy(content).sheet for (content,) in found), None)

    def _copy(self, content: str) -> HandedIn:
        try:
            return HandedIn.from_json(json.loads(content))
        except (ValueError, KeyError, TypeError, SheetProblem):
            raise self.damaged() from None

    def _number(self, query: str) -> int:
        return int(next(self.rows(query))[0] or 0)

    # --- marks given by hand ------------------------------------------------------------------------------------------

    def kept_marks(self) -> dict[Key, Kept]:
        return {
            (row[0], row[1], row[2]): Kept(ManualMark(*row[3:5]), *row[5:]) for row in self.rows("SELECT * FROM manual")
        }

    def said(self, place: str) -> dict[Key, ManualMark]:
        """The marks that a place gave last time."""
        query = "SELECT student, activity, question, points, comment FROM said WHERE source = ?"
        return {(row[0], row[1], row[2]): ManualMark(*row[3:]) for row in self.rows(query, (place,))}

    def say(self, said: Mapping[str, ManualMarks], decided: Decided | None = None) -> None:
        """Remember what each place says now, and the marks that count where they were ``decided``."""
        with self.transaction() as connection:
            if decided is not None:
                connection.execute("DELETE FROM manual")
                for key, one in decided.kept.items():
                    row = (*key, one.mark.points, one.mark.comment, one.answer, one.copy)
                    connection.execute("INSERT INTO manual VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            for place, marks in said.items():
                connection.execute("DELETE FROM said WHERE source = ?", (place,))
                rows = [(place, *key, mark.points, mark.comment) for key, mark in marks.items()]
                connection.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?)", rows)

    # --- what was told, and the files that tell it --------------------------------------------------------------------

    def told(self) -> Iterator[Told]:
        """The results of the last complete run, by student and activity; without those that are damaged."""
        query = f"SELECT * FROM told WHERE rowid NOT IN {self._among('told')} ORDER BY student, activity"
        for student, activity, copy, content in self.rows(query):
            try:
                yield Told(student, activity, copy, json.loads(content))
            except ValueError:
                raise self.damaged() from None

    def tell(self, results: Iterable[Told], facts: Mapping[str, str], written: Iterable[str]) -> None:
        """A run is complete: these are its results, its facts, and the files it wrote (relative, with « / »)."""
        rows = [(one.student, one.activity, one.copy, _dumps(one.content)) for one in results]
        with self.transaction() as connection:
            connection.execute("DELETE FROM told")
            self._broken["told"].clear()
            connection.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", rows)
            connection.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())
            connection.executemany("INSERT OR IGNORE INTO written VALUES (?)", ((path,) for path in written))

    def fact(self, name: str) -> str:
        """What is remembered under that name; empty when nothing is."""
        return next((value for (value,) in self.rows("SELECT value FROM fact WHERE name = ?", (name,))), "")

    def remember(self, name: str, value: str) -> None:
        """Keep one fact now, before anything is written from it."""
        if self.fact(name) != value:
            with self.transaction() as connection:
                connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def written(self) -> list[str]:
        """The files that crc-lab ever wrote in the folder, relative to it."""
        return [path for (path,) in self.rows("SELECT path FROM written ORDER BY path")]

    def will_write(self, paths: Iterable[str]) -> None:
        """Remember files before they are written: an interrupted run leaves none that nobody knows."""
        with self.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO written VALUES (?)", ((path,) for path in paths))

    # --- pseudonyms ---------------------------------------------------------------------------------------------------

    def pseudonyms(self) -> dict[str, int]:
        """Number of each student that has one, by student id."""
        return dict(self.rows("SELECT student, number FROM pseudonym ORDER BY number"))

    def add_pseudonyms(self, numbers: Mapping[str, int], secret: str) -> None:
        with self.transaction() as connection:
            connection.executemany("INSERT INTO pseudonym VALUES (?, ?)", numbers.items())
            connection.execute("INSERT OR REPLACE INTO fact VALUES ('secret', ?)", (secret,))

    # --- one student --------------------------------------------------------------------------------------------------

    def students(self) -> list[str]:
        """Everybody of whom marks, results or a pseudonym are kept, by id."""
        tables = ("manual", "said", "told", "pseudonym")
        everybody = " UNION ".join(f"SELECT student FROM {table}" for table in tables)
        query = f"SELECT student FROM ({everybody}) WHERE student NOT LIKE ' %' ORDER BY student"
        return [student for (student,) in self.rows(query)]

    def forget(
        self, students: Iterable[str], copies: Iterable[str], refused: Collection[str], files: Iterable[str]
    ) -> None:
        """Overwrite all that is kept of a student: their ids, the keys of their copies, refused and written files.

        The number of their pseudonym stays taken: in results given before, it must not become somebody else.
        """
        students = list(students)
        with self.transaction() as connection:
            named = json.loads(self.fact(IDENTITIES) or "{}")
            left = {file: person for file, person in named.items() if not {*person[1:]}.intersection(students)}
            for key in copies:
                for (file,) in connection.execute("SELECT file FROM copy WHERE key = ?", (key,)):
                    left.pop(file, None)
            if left != named:
                connection.execute(
                    "UPDATE fact SET value = ? WHERE name = ?", (json.dumps(left, ensure_ascii=False), IDENTITIES)
                )
            for key in copies:
                for (content,) in connection.execute("SELECT content FROM copy WHERE key = ?", (key,)).fetchall():
                    place = (_key(self._copy(content).guess.scope), self._copy(content).guess.moodle_id)
                    connection.execute("DELETE FROM seen WHERE scope = ? AND moodle_id = ?", place)
                connection.execute("DELETE FROM copy WHERE key = ?", (key,))
            for file in refused:
                self._forget_broken(file)
            for table, column, values in (
                *((table, "student", list(students)) for table in ("manual", "said", "told")),
                ("rejection", "file", refused),
                ("written", "path", files),
            ):
                connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", ((value,) for value in values))
            for student in students:
                connection.execute("UPDATE pseudonym SET student = ' ' || number WHERE student = ?", (student,))
        with self._explained():
            self.connection.execute("VACUUM")
            self._look()  # the rows have other numbers


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


def _assignments(seen: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    """The number, from 2 on, of the Moodle ids in archives that bear one name: « copies.zip » of each week.

    Moodle's ids are those of one assignment. Two runs that gave the same name to archives with no id in common read two
    assignments: the second is then called « copies.zip (2) », in the order of the ids.
    """
    groups: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for scope, moodle_id, run in seen:
        groups[scope][run].add(moodle_id)
    numbers = {}
    for scope, runs in groups.items():
        joined: list[set[str]] = []
        for ids in runs.values():
            joined = [
                *(other for other in joined if other.isdisjoint(ids)),
                ids.union(*(other for other in joined if not other.isdisjoint(ids))),
            ]
        for number, ids in enumerate(sorted(joined, key=lambda ids: min(map(_natural, ids))), start=1):
            numbers.update({(scope, one): number for one in ids if number > 1})
    return numbers


def _moodle_place(file: str) -> tuple[Any, str] | None:
    """(the archive, as a sort key; the student's folder in it), for a file that Moodle named."""
    parts = PurePosixPath(file).parts
    for depth, part in enumerate(parts):
        found = moodle_name(part)
        if found is not None and found.id:
            return _archive_order("/".join(parts[:depth])), f"{found.name}_{found.id}"
    return None


def _handed_in_since(place: tuple[Any, str] | None, run: int, places: Mapping[str, list[tuple[Any, int]]]) -> bool:
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


def _written_name(content: bytes) -> str:
    """Whose copy this is, as far as its damaged content says."""
    try:
        found = HandedIn.from_json(json.loads(content.decode("utf-8", "replace")))
    except (ValueError, LookupError, TypeError, AttributeError, SheetProblem):
        return "d’un élève"
    name = (found.sheet.student.name if found.sheet.student else "") or found.guess.name
    return _named(name, found.sheet.activity)


def _named(name: str, activity: str) -> str:
    who = f"de « {clean_line(name, 60)} »" if name else "d’un élève"
    number = activity[:2].lstrip("0")
    return f"{who} (activité{NBSP}{number})" if number.isdecimal() else who


def _key(text: str) -> str:
    """A file name as SQLite can keep it: it may hold bytes that are no character."""
    return json.dumps(text)


def _dumps(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))
