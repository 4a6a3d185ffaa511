"""A seal for every row of the register: a byte that changed on the disk is found when the file is opened.

SQLite sees that its pages still hold together, not that an answer became another one. So the table ``seal`` keeps the
digest of each row. Triggers of the connection keep it up to date: whatever writes in the register need not know.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

TABLE = "seal"
_SCHEMA = "sqlite_master"


def keep(connection: sqlite3.Connection) -> None:
    """From now on, seal every row that this connection writes; the tables are there already."""
    connection.create_function("row_seal", -1, _digest, deterministic=True)
    connection.execute("PRAGMA recursive_triggers = ON")  # for the rows that INSERT OR REPLACE takes away
    for table in _tables(connection):
        add = f"INSERT OR IGNORE INTO {TABLE} VALUES ({_seal(connection, table, 'NEW.')})"
        take = f"DELETE FROM {TABLE} WHERE digest = {_seal(connection, table, 'OLD.')}"
        for event, statements in (("INSERT", (add,)), ("DELETE", (take,)), ("UPDATE", (take, add))):
            body = "; ".join(statements)
            connection.execute(f"CREATE TEMP TRIGGER {table}_{event} AFTER {event} ON {table} BEGIN {body}; END")


def seal_all(connection: sqlite3.Connection) -> None:
    """Seal what is there, the definitions of the tables too; :func:`keep` comes first."""
    for table in (*_tables(connection), _SCHEMA):
        connection.execute(f"INSERT INTO {TABLE} SELECT {_seal(connection, table)} FROM {table}")


def broken(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """(table, rowid) of each row that is not what was written; ``sqlite_master`` holds the definitions."""
    for table in (_SCHEMA, *_tables(connection)):
        seal = _seal(connection, table)
        query = f"SELECT rowid FROM {table} WHERE {seal} NOT IN (SELECT digest FROM {TABLE})"
        yield from ((table, row) for (row,) in connection.execute(query).fetchall())


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> ? ORDER BY name"
    return [name for (name,) in connection.execute(query, (TABLE,))]


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
