"""The store of a simulated Outscale: one SQLite database beside that of the rack."""

from __future__ import annotations

import contextlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from oxtui.rack.outscale import records
from oxtui.rack.store.database import Database, connect, owned
from oxtui.rack.store.tables import Table

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1


class Resource(Protocol):
    """A record that has an id."""

    TABLE: ClassVar[str]

    @property
    def id(self) -> str:
        """As the API makes them."""


class Store(Database):
    """All tables of one account."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.vms = Table(connection, records.Vm)
        self.volumes = Table(connection, records.Volume)
        self.snapshots = Table(connection, records.Snapshot)
        self.images = Table(connection, records.Image)
        self.keypairs = Table(connection, records.Keypair)
        self.security_groups = Table(connection, records.SecurityGroup)
        self.public_ips = Table(connection, records.PublicIp)
        self.nets = Table(connection, records.Net)
        self.subnets = Table(connection, records.Subnet)
        self.tags = Table(connection, records.Tag)

    def resources(self) -> Iterator[Resource]:
        """Yield all that has an id."""
        tables: tuple[Table[Any], ...] = (
            self.vms, self.volumes, self.snapshots, self.images, self.keypairs,
            self.security_groups, self.public_ips, self.nets, self.subnets,
        )  # fmt: skip
        for table in tables:
            yield from table.all()

    def forget(self, table: Table[Any], identifier: str) -> None:
        """Remove a resource with its tags."""
        table.delete(id=identifier)
        self.tags.delete(resource_id=identifier)

    def tags_of(self, resource_id: str) -> list[dict[str, str]]:
        """Return the tags of a resource in the API's form."""
        found = self.tags.all(resource_id=resource_id)
        return [{"Key": tag.key, "Value": tag.value} for tag in found]


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open or create the store in a folder, which must exist, and own it until the block ends.

    Raises StateInUseError if another rack owns the folder, StateVersionError if its database is of
    another version.
    """
    path = folder / "outscale.db"
    with owned(folder), contextlib.closing(connect(path, _ddl(), VERSION)) as connection:
        yield Store(connection)


def _ddl() -> str:
    """The tables, as the records have them; SQLite asks for no types."""
    setting = "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    return setting + "".join(
        f"CREATE TABLE {kind.TABLE} ({', '.join(field.name for field in fields(kind))}, "
        f"PRIMARY KEY ({'resource_id, key' if kind is records.Tag else 'id'}));"
        for kind in records.TYPES
    )
