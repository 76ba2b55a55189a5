"""Inventories and changes as JSON, in the session's folder and in the cache of sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from oxtui.build.changes.compare import Change, Changes
from oxtui.build.changes.inventory import Files, Inventory
from oxtui.build.session import SessionFolder, safe_name, write_private
from oxtui.settings.paths import private_folder

KEPT_SOURCES = 20
"""Source images whose content is remembered; each takes some 100 KB."""


def before_file(folder: SessionFolder, build: str) -> Path:
    """What the guest of a build held before its first provisioner."""
    return folder.build(build) / "before.json"


def changes_file(folder: SessionFolder, build: str) -> Path:
    """What a build changed."""
    return folder.build(build) / "changes.json"


def write(path: Path, record: Inventory | Changes) -> None:
    """Write one for its owner alone.

    Raises:
        OSError: the disk is full.
    """
    private_folder(path.parent)
    write_private(path, json.dumps(asdict(record), ensure_ascii=False) + "\n")


def read_inventory(path: Path) -> Inventory | None:
    """An inventory; None where there is none, or none that this version reads."""
    values = _values(path)
    try:
        return None if values is None else Inventory(**{**values, "files": _files(values["files"])})
    except (KeyError, TypeError, ValueError):
        return None


def read_changes(path: Path) -> Changes | None:
    """What a build changed; None where there is nothing, or nothing that this version reads."""
    values = _values(path)
    try:
        if values is None:
            return None
        sections = {
            name: tuple(Change(*change) for change in changes)
            for name, changes in values["sections"].items()
        }
        return Changes(
            sections, values["kinds"], _files(values["files"]), values["root"],
            tuple(values["reasons"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


class Sources:
    """Remembers what fresh machines of a source hold, by what they were started from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def known(self, source: str) -> Inventory | None:
        """What a fresh machine of that source holds, if it was seen before."""
        return read_inventory(self._file(source))

    def remember(self, source: str, inventory: Inventory) -> None:
        """Keep it; the sources that were seen longest ago are forgotten.

        Raises:
            OSError: the disk is full.
        """
        write(self._file(source), inventory)
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in files[:-KEPT_SOURCES]:
            old.unlink(missing_ok=True)

    def _file(self, source: str) -> Path:
        return self._folder / f"{safe_name(source)}.json"


def _values(path: Path) -> dict[str, Any] | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _files(values: Mapping[str, Any] | None) -> Files | None:
    if values is None:
        return None
    largest = tuple((int(size), str(path)) for size, path in values["largest"])
    return Files(values["count"], values["size"], largest, values["whole"])
