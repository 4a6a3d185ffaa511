"""The file of the register: its tables, its version, its lock, and what to tell when it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import PlaceProblem
from crc_lab.core.wording import reason

FILE = "registre.sqlite3"
VERSION = 1
"""Version of the tables; a register of a greater one is refused."""
APPLICATION = 0x6372_636C
"""« crcl », in the header of the file: tells our register from any other SQLite file."""
WAIT = 2.0
"""Seconds to wait for a command that is just ending."""

_TABLES = (
    # Copies: `content` is HandedIn.to_json(); runs are numbered from 1.
    "CREATE TABLE copy (key TEXT PRIMARY KEY, file TEXT NOT NULL, content TEXT NOT NULL, first_run INTEGER NOT NULL, "
    "last_run INTEGER NOT NULL)",
    "CREATE INDEX copy_by_file ON copy (file, key)",
    "CREATE TABLE rejection (file TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL, run INTEGER NOT NULL, "
    "PRIMARY KEY (file, code, text))",
    # Which Moodle ids each run found in each archive.
    "CREATE TABLE seen (scope TEXT NOT NULL, moodle_id TEXT NOT NULL, run INTEGER NOT NULL, "
    "PRIMARY KEY (scope, moodle_id, run))",
    # Marks given by hand: the one that counts, and what each source last said.
    "CREATE TABLE manual (student TEXT NOT NULL, activity TEXT NOT NULL, question TEXT NOT NULL, points REAL NOT NULL, "
    "comment TEXT NOT NULL, answer TEXT NOT NULL, copy TEXT NOT NULL, PRIMARY KEY (student, activity, question))",
    "CREATE TABLE said (source TEXT NOT NULL, student TEXT NOT NULL, activity TEXT NOT NULL, question TEXT NOT NULL, "
    "points REAL NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (source, student, activity, question))",
    # The results that the reports of the last complete run show.
    "CREATE TABLE told (student TEXT NOT NULL, activity TEXT NOT NULL, copy TEXT NOT NULL, content TEXT NOT NULL, "
    "PRIMARY KEY (student, activity))",
    "CREATE TABLE pseudonym (student TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE)",
    # Files that crc-lab wrote in the folder: the only ones that « purger » may erase.
    "CREATE TABLE written (path TEXT PRIMARY KEY)",
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


class RegisterProblem(PlaceProblem):
    """A register that cannot be used."""

    kind = "Registre du dossier"

    @classmethod
    def damaged(cls, path: Path) -> RegisterProblem:
        return cls(
            path.parent.name,
            f"« {path.name} » est abîmé. Reprenez-en une copie de sauvegarde ; sinon, mettez-le de côté sous un autre "
            "nom, puis redonnez tous les fichiers remis depuis le début : ils seront notés de nouveau.",
        )


def opened(folder: Path) -> sqlite3.Connection:
    """A connection to the register of ``folder``, made if needed, that nobody else can open until it is closed.

    Transactions are opened by hand. Raises :class:`RegisterProblem`.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)  # the names of a class are nobody else's business
    except OSError as error:
        text = f"le dossier ne peut pas être créé, ou rien n’y peut être écrit ({reason(error)})."
        raise RegisterProblem(folder.name, text) from None
    with explained(path):
        connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    try:
        with explained(path):
            _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # The lock is taken by the first transaction and kept until the end; the operating system frees it if we are killed.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN EXCLUSIVE")
    application, version, tables = (
        int(connection.execute(query).fetchone()[0])
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if not tables and application in (0, APPLICATION):
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif application != APPLICATION:
        text = f"« {path.name} » n’a pas été fait par crc-lab. Choisissez un autre dossier avec --sortie."
        raise RegisterProblem(path.parent.name, text)
    elif version > VERSION:
        text = "il a été fait par une version plus récente de crc-lab. Mettez crc-lab à jour, puis recommencez."
        raise RegisterProblem(path.parent.name, text)
    elif connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise RegisterProblem.damaged(path)
    connection.execute("COMMIT")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of SQLite about the register ``path`` into a :class:`RegisterProblem`."""
    try:
        yield
    except sqlite3.Error as error:
        # getattr: Python raises some of these errors itself, without any code of SQLite
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code not in _EXPLAINED:
            raise RegisterProblem.damaged(path) from error
        raise RegisterProblem(path.parent.name, _EXPLAINED[code]) from error


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
