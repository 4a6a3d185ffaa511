"""The register as a file: one SQLite database that one command at a time has open, with a seal for every row.

SQLite sees that its pages still hold together, not that an answer became another one. So the table ``seal`` keeps the
digest of each row. Triggers of the connection keep it up to date: whatever writes in the register need not know. A byte
that changed on the disk is found when the file is opened.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from autograder.errors import PlaceProblem
from crc_lab.core.text import reason

FILE = "registre.sqlite3"
VERSION = 2
"""Version of the tables; a register of a greater one is refused, one of version 1 gets its seals."""
APPLICATION = 0x6372_636C
"""« crcl », in the header of the file: tells our register from any other SQLite file."""
WAIT = 2.0
"""Seconds to wait for a command that is just ending."""

_TABLES = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8").split(";")
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


class RegisterProblem(PlaceProblem):
    """A register that cannot be used."""

    kind = "Dossier des résultats"


class RegisterFile:
    """The file in an output folder, made if needed; nobody else can open it until it is closed.

    Raises :class:`RegisterProblem` when it cannot be used: damaged, newer, busy, read-only.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / FILE
        self.is_new, self._folder_is_new = not self.path.exists(), not folder.exists()
        self._broken: dict[str, set[int]] = {"copy": set(), "told": set()}
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
            "ce que crc-lab y garde des corrections précédentes est abîmé ; rien n’a été noté. Reprenez une copie de "
            "sauvegarde de ce dossier. Sinon, renommez-le, et redonnez tous les fichiers remis depuis le début, avec "
            "--notes-manuelles si vous avez noté des réponses : tout sera noté de nouveau."
        )

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
        """What a query gives, one row in memory at a time."""
        with self._explained():
            yield from self.connection.execute(query, values)

    @contextmanager
    def transaction(self, how: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
        """All that is done in it, or nothing: when it raises, or ends with a ROLLBACK of its own."""
        with self._explained(), self.connection:  # which ends it either way
            self.connection.execute(f"BEGIN {how}")
            yield self.connection

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
                for statement in _TABLES:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
            elif application != APPLICATION:
                text = "un fichier y a le nom de celui de crc-lab, mais ne vient pas de lui. Prenez un autre dossier."
                raise self._problem(text)
            elif version > VERSION:
                text = "il a été fait par une version plus récente de crc-lab. Mettez crc-lab à jour, puis recommencez."
                raise self._problem(text)
            elif connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise self.damaged()
            elif version < VERSION:
                connection.execute(_TABLES[-1])
            _keep(connection)
            if version < VERSION:
                _seal_all(connection)
                connection.execute(f"PRAGMA user_version = {VERSION}")
            self._look()

    def _look(self) -> None:
        """Find the rows that changed on the disk: copies and earlier results one by one, the rest stops everything."""
        for rows in self._broken.values():
            rows.clear()
        for table, row in _changed(self.connection):
            if table not in self._broken:
                raise self.damaged()
            self._broken[table].add(row)

    def _among(self, table: str) -> str:
        """The broken rows of a table, as SQL."""
        return f"({', '.join(map(str, self._broken[table]))})"

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


# --- the seals --------------------------------------------------------------------------------------------------------


_SEALS = "seal"
_SCHEMA = "sqlite_master"


def _keep(connection: sqlite3.Connection) -> None:
    """From now on, seal every row that this connection writes; the tables are there already."""
    connection.create_function("row_seal", -1, _digest, deterministic=True)
    connection.execute("PRAGMA recursive_triggers = ON")  # for the rows that INSERT OR REPLACE takes away
    for table in _tables(connection):
        add = f"INSERT OR IGNORE INTO {_SEALS} VALUES ({_seal(connection, table, 'NEW.')})"
        take = f"DELETE FROM {_SEALS} WHERE digest = {_seal(connection, table, 'OLD.')}"
        for event, statements in (("INSERT", (add,)), ("DELETE", (take,)), ("UPDATE", (take, add))):
            body = "; ".join(statements)
            connection.execute(f"CREATE TEMP TRIGGER {table}_{event} AFTER {event} ON {table} BEGIN {body}; END")


def _seal_all(connection: sqlite3.Connection) -> None:
    """Seal what is there, the definitions of the tables too; :func:`_keep` comes first."""
    for table in (*_tables(connection), _SCHEMA):
        connection.execute(f"INSERT INTO {_SEALS} SELECT {_seal(connection, table)} FROM {table}")


def _changed(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """(table, rowid) of each row that is not what was written; ``sqlite_master`` holds the definitions."""
    for table in (_SCHEMA, *_tables(connection)):
        seal = _seal(connection, table)
        query = f"SELECT rowid FROM {table} WHERE {seal} NOT IN (SELECT digest FROM {_SEALS})"
        yield from ((table, row) for (row,) in connection.execute(query).fetchall())


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> ? ORDER BY name"
    return [name for (name,) in connection.execute(query, (_SEALS,))]


def _seal(connection: sqlite3.Connection, table: str, prefix: str = "") -> str:
    """The SQL that digests one row. Text goes as bytes: once damaged, it may be no text any more."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    parts = [f"'{table}'"]
    for name in (prefix + column for column in columns if column != "rootpage"):  # VACUUM moves the pages
        parts += [f"typeof({name})", f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"]
    return f"row_seal({', '.join(parts)})"


def _digest(*values: object) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for value in values:
        content = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.digest()
