"""Which layers make up each disk, snapshot and image; survives a restart of the rack."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Content = Literal["blank", "raw", "tree"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS stack (
    object TEXT NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    layer TEXT NOT NULL,
    PRIMARY KEY (object, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stack_layer ON stack (layer);
CREATE TABLE IF NOT EXISTS dropped (layer TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a disk, snapshot or image holds. `layers`: lowest first."""

    content: Content
    layers: tuple[str, ...]


class DiskCatalog:
    """The catalog file; every method is one transaction."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("PRAGMA foreign_keys = ON")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def find(self, object_id: str) -> StoredObject | None:
        """The object with that id."""
        row = self._database.execute(
            "SELECT content FROM object WHERE id = ?", (object_id,)
        ).fetchone()
        if row is None:
            return None
        layers = self._database.execute(
            "SELECT layer FROM stack WHERE object = ? ORDER BY position", (object_id,)
        )
        return StoredObject(row[0], tuple(layer for (layer,) in layers))

    def put(self, object_id: str, content: Content, layers: Sequence[str]) -> None:
        """Writes an object, new or changed; layers that only its old version used are dropped."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            before = self._layers(object_id)
            self._database.execute(
                "INSERT INTO object VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET content = excluded.content",
                (object_id, content),
            )
            self._database.execute("DELETE FROM stack WHERE object = ?", (object_id,))
            self._database.executemany(
                "INSERT INTO stack VALUES (?, ?, ?)",
                [(object_id, position, layer) for position, layer in enumerate(layers)],
            )
            self._drop_unused(before)

    def remove(self, object_id: str) -> None:
        """Forgets an object; layers that nothing else uses are dropped."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            before = self._layers(object_id)
            self._database.execute("DELETE FROM object WHERE id = ?", (object_id,))
            self._drop_unused(before)

    def drop(self, layer: str) -> None:
        """Marks a layer that no object uses, and whose files may exist, for deletion."""
        with self._database:
            self._database.execute("INSERT OR IGNORE INTO dropped VALUES (?)", (layer,))

    def dropped(self) -> tuple[str, ...]:
        """Layers that no object uses and whose files are to be deleted."""
        return tuple(layer for (layer,) in self._database.execute("SELECT layer FROM dropped"))

    def deleted(self, layers: Sequence[str]) -> None:
        """Takes note that the files of dropped layers are gone."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                "DELETE FROM dropped WHERE layer = ?", [(layer,) for layer in layers]
            )

    def layers(self) -> set[str]:
        """Every layer that some object uses."""
        return {layer for (layer,) in self._database.execute("SELECT DISTINCT layer FROM stack")}

    def _layers(self, object_id: str) -> set[str]:
        rows = self._database.execute("SELECT layer FROM stack WHERE object = ?", (object_id,))
        return {layer for (layer,) in rows}

    def _drop_unused(self, layers: set[str]) -> None:
        for layer in layers:
            used = self._database.execute("SELECT 1 FROM stack WHERE layer = ?", (layer,))
            if used.fetchone() is None:
                self._database.execute("INSERT OR IGNORE INTO dropped VALUES (?)", (layer,))
