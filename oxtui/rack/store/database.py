"""The store: one SQLite database with one owner, and its tables."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from typing import TYPE_CHECKING

from oxtui.rack.store import records, schema
from oxtui.rack.store.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StateInUseError(Exception):
    """Another process owns the state folder."""


class StateVersionError(Exception):
    """The state folder was written by another version of the rack."""


class Database:
    """Transactions and settings. Every method is quick and runs on the event loop.

    The database is in WAL mode with `synchronous=NORMAL`: what was committed survives the end of
    the process in any way, though not always the end of the host's power.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes of the block or none. There must be no await inside."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def setting(self, key: str) -> str | None:
        """Return a value that belongs to the whole rack, or None if it was never set."""
        row = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str | None) -> None:
        """Set a value of the whole rack; None removes it."""
        if value is None:
            self._connection.execute("DELETE FROM setting WHERE key = ?", (key,))
        else:
            self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))


class Store(Database):
    """All tables of one rack."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.projects = Table(connection, records.Project)
        self.ssh_keys = Table(connection, records.SshKey)
        self.images = Table(connection, records.Image)
        self.disks = Table(connection, records.Disk)
        self.snapshots = Table(connection, records.Snapshot)
        self.instances = Table(connection, records.Instance)
        self.instance_ssh_keys = Table(connection, records.InstanceSshKey)
        self.network_interfaces = Table(connection, records.NetworkInterface)
        self.vpcs = Table(connection, records.Vpc)
        self.subnets = Table(connection, records.Subnet)
        self.firewall_rules = Table(connection, records.FirewallRule)
        self.pools = Table(connection, records.Pool)
        self.floating_ips = Table(connection, records.FloatingIp)
        self.ephemeral_ips = Table(connection, records.EphemeralIp)
        self.source_nats = Table(connection, records.SourceNat)
        self.tokens = Table(connection, records.Token)


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open or create the store in a folder, which must exist, and own it until the block ends.

    Raises StateInUseError if another rack owns the folder, StateVersionError if its database is of
    another version.
    """
    path = folder / "rack.db"
    with owned(folder), contextlib.closing(connect(path, schema.DDL, schema.VERSION)) as connection:
        yield Store(connection)


@contextlib.contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Own a state folder until the block ends; StateInUseError if another process does."""
    # The kernel gives the lock back when the process ends, however it ends.
    descriptor = os.open(folder / "rack.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise StateInUseError(
                f"the rack state {folder} is in use by process {owner}: "
                "stop that rack, or name another folder with --state"
            ) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def connect(path: Path, ddl: str, version: int) -> sqlite3.Connection:
    """Open a database, made with these tables where it is new.

    Raises StateVersionError if it is of another version.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        path.chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        present = connection.execute("PRAGMA user_version").fetchone()[0]
        if present == 0:
            connection.executescript(f"BEGIN; {ddl} PRAGMA user_version = {version}; COMMIT;")
        elif present != version:
            raise StateVersionError(
                f"{path} has store version {present}, this oxtui writes {version}: "
                "name another folder with --state, or remove this one"
            )
    except BaseException:
        connection.close()
        raise
    return connection
