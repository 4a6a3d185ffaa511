"""The file of the register: its tables, its version, its lock, and what to tell when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from autograder.errors import PlaceProblem
from crc_lab.core.wording import reason

FILE = "registre.sqlite3"
VERSION = 1
"""Version of the tables; a register of a greater one is refused."""
APPLICATION = 0x6372_636C
"""« crcl », in the header of the file: tells our register from any other SQLite file."""
WAIT = 2.0
"""Seconds to wait for a command that is just ending."""

_TABLES = """
-- Copies: `content` is HandedIn.to_json(), runs are numbered from 1.
CREATE TABLE copy (key TEXT PRIMARY KEY, file TEXT NOT NULL, content TEXT NOT NULL, first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL);
CREATE INDEX copy_by_file ON copy (file, key);
CREATE TABLE rejection (file TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (file, code, text));
-- Which Moodle ids each run found in each archive.
CREATE TABLE seen (scope TEXT NOT NULL, moodle_id TEXT NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (scope, moodle_id, run));
-- Marks given by hand: the one that counts, and what each source last said.
CREATE TABLE manual (student TEXT NOT NULL, activity TEXT NOT NULL, question TEXT NOT NULL, points REAL NOT NULL,
    comment TEXT NOT NULL, answer TEXT NOT NULL, copy TEXT NOT NULL, PRIMARY KEY (student, activity, question));
CREATE TABLE said (source TEXT NOT NULL, student TEXT NOT NULL, activity TEXT NOT NULL, question TEXT NOT NULL,
    points REAL NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (source, student, activity, question));
-- The results that the reports of the last complete run show.
CREATE TABLE told (student TEXT NOT NULL, activity TEXT NOT NULL, copy TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (student, activity));
CREATE TABLE pseudonym (student TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE);
-- Files that crc-lab wrote in the folder: the only ones that « purger » may erase.
CREATE TABLE written (path TEXT PRIMARY KEY);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)
"""


class RegisterProblem(PlaceProblem):
    """A register that cannot be used."""

    kind = "Registre du dossier"


class RegisterFile:
    """The register of one output folder, made if needed; nobody else can open it until it is closed.

    Raises :class:`RegisterProblem` when it cannot be used: damaged, newer, busy, read-only.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / FILE
        self.is_new, self._folder_is_new = not self.path.exists(), not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self.is_new:
                self.path.touch(mode=0o600)  # the names of a class are nobody else's business
        except OSError as error:
            raise self._problem(
                f"le dossier ne peut pas être créé, ou rien n’y peut être écrit ({reason(error)})."
            ) from None
        with self._explained():
            self.connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        try:
            with self._explained():
                self._prepare()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Once closed, the folder is free; what an unfinished transaction held is forgotten."""
        self.connection.close()

    def erase(self) -> None:
        """Overwrite all that the register holds, then remove it."""
        with self._explained():
            for (table,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                self.connection.execute(f"DELETE FROM {table}")  # secure_delete is on: the pages are overwritten
            self.connection.execute("VACUUM")
        self.close()
        self.path.unlink()

    def discard(self) -> None:
        """Remove a register that holds nothing, and its folder when it was made for it."""
        self.close()
        self.path.unlink(missing_ok=True)
        with suppress(OSError):  # it is not empty
            if self._folder_is_new:
                self.folder.rmdir()

    def damaged(self) -> RegisterProblem:
        """The register cannot be read, and what to do then."""
        return self._problem(
            f"« {self.path.name} » est abîmé. Reprenez-en une copie de sauvegarde ; sinon, mettez-le de côté sous un "
            "autre nom, puis redonnez tous les fichiers remis depuis le début : ils seront notés de nouveau."
        )

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
        """What a query gives, one row in memory at a time."""
        with self._explained():
            yield from self.connection.execute(query, values)

    @contextmanager
    def transaction(self, how: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
        """All that is done in it, or nothing: when it raises, or ends with a ROLLBACK of its own."""
        with self._explained():
            self.connection.execute(f"BEGIN {how}")
            try:
                yield self.connection
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            if self.connection.in_transaction:
                self.connection.execute("COMMIT")

    def _prepare(self) -> None:
        # The first transaction takes the lock and keeps it until the end; the system frees it if we are killed.
        self.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.connection.execute("PRAGMA secure_delete = ON")
        with self.transaction("EXCLUSIVE") as connection:
            application, version, tables = (
                int(connection.execute(query).fetchone()[0])
                for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
            )
            if not tables and application in (0, APPLICATION):
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
            elif application != APPLICATION:
                text = f"« {self.path.name} » n’a pas été fait par crc-lab. Choisissez un autre dossier avec --sortie."
                raise self._problem(text)
            elif version > VERSION:
                text = "il a été fait par une version plus récente de crc-lab. Mettez crc-lab à jour, puis recommencez."
                raise self._problem(text)
            elif connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise self.damaged()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of SQLite into a :class:`RegisterProblem`."""
        try:
            yield
        except sqlite3.Error as error:
            # getattr: Python raises some of these errors itself, without any code of SQLite
            text = _EXPLAINED.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
            raise (self._problem(text) if text else self.damaged()) from error

    def _problem(self, text: str) -> RegisterProblem:
        return RegisterProblem(self.folder.name, text)


_BUSY = "une autre commande crc-lab travaille dans ce dossier. Attendez qu’elle ait fini, puis relancez celle-ci."
_CLOSED = "le fichier ne peut pas être écrit : vérifiez vos droits sur ce dossier, ou choisissez-en un autre."
_EXPLAINED = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _CLOSED,
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_PERM: _CLOSED,
    sqlite3.SQLITE_FULL: "le disque est plein. Faites de la place, puis relancez la même commande.",
    sqlite3.SQLITE_IOERR: "le disque ne répond pas. Vérifiez-le, puis relancez la même commande.",
}
