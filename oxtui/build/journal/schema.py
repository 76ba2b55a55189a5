"""The journal's tables and how an older file becomes a newer one."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oxtui.build.journal.errors import JournalError
from oxtui.settings.paths import private_folder

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE sessions (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            template TEXT NOT NULL,
            host TEXT NOT NULL,
            silo TEXT NOT NULL,
            simulated INTEGER NOT NULL,
            pid INTEGER NOT NULL,
            started REAL NOT NULL,
            finished REAL,
            status TEXT NOT NULL DEFAULT '',
            image TEXT NOT NULL DEFAULT ''
        )""",
        """CREATE TABLE events (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            session INTEGER NOT NULL,
            record TEXT NOT NULL
        )""",
        "CREATE INDEX events_of_session ON events (session, number)",
        """CREATE TABLE resources (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            session INTEGER NOT NULL,
            build TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            id TEXT NOT NULL DEFAULT '',
            locator TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'intended',
            reason TEXT NOT NULL DEFAULT '',
            kept INTEGER NOT NULL DEFAULT 0,
            released INTEGER NOT NULL DEFAULT 0,
            time REAL NOT NULL
        )""",
        "CREATE INDEX resources_of_session ON resources (session, state)",
    ),
    (
        """CREATE TABLE checkpoints (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            resource INTEGER NOT NULL,
            name TEXT NOT NULL,
            id TEXT NOT NULL,
            host TEXT NOT NULL,
            silo TEXT NOT NULL,
            project TEXT NOT NULL,
            session INTEGER NOT NULL,
            build TEXT NOT NULL,
            template TEXT NOT NULL,
            step TEXT NOT NULL,
            title TEXT NOT NULL,
            size INTEGER NOT NULL,
            taken REAL NOT NULL,
            used REAL NOT NULL,
            runs TEXT NOT NULL,
            keys TEXT NOT NULL,
            own TEXT NOT NULL
        )""",
        """CREATE TABLE step_parts (
            template TEXT NOT NULL,
            build TEXT NOT NULL,
            place INTEGER NOT NULL,
            step TEXT NOT NULL,
            parts TEXT NOT NULL,
            PRIMARY KEY (template, build, place)
        )""",
    ),
    ("ALTER TABLE sessions ADD COLUMN given TEXT NOT NULL DEFAULT ''",),
)
"""Statements that lead from each schema version to the next; `PRAGMA user_version` counts them."""

VERSION = len(MIGRATIONS)


def connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open the journal for writing, made or migrated as needed, in a folder for its owner alone.

    Write-ahead logging lets readers of other processes read on while one writes
    (https://sqlite.org/wal.html).

    Raises:
        JournalError: a newer oxtui wrote it.
        OSError: its folder or file cannot be made.
        sqlite3.Error: any other trouble with the file.
    """
    private_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    with _one_at_a_time(path.parent):
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of an open journal.

    Raises:
        JournalError: it is newer than this oxtui.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise JournalError(
            f"The journal {path} was written by a newer oxtui (schema {version}, this one knows "
            f"{VERSION}). Use that oxtui, or another folder with OXTUI_SESSIONS_DIR."
        )
    return version


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[check_version(connection, path) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Only one process opens the journal at a time: SQLite does not wait for a change of mode."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
