"""Files of a guest as rows of a table."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from oxtui.build.files.differing import Differing
from oxtui.build.files.guest import shown
from oxtui.build.files.listing import Entry
from screens.tables.cell import Cell, Column
from screens.tables.model import TableModel
from screens.wording import size


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file; `name` is shown, `path` is whole. `detail` is its mode and owner, or how it differs."""

    path: str
    name: str
    kind: str
    size: int
    modified: float
    mode: str = ""
    owner: str = ""
    origin: str = ""


_ORIGINS = {
    "new": Cell("of no package", "good"),
    "edited": Cell("edited", "warn"),
    "installed": Cell("installed", "muted"),
}


def files() -> TableModel[FileRow]:
    """The table of a directory."""
    return TableModel[FileRow]((_name(), *_common(), _mode(), _owner()), key=lambda row: row.path)


def differences() -> TableModel[FileRow]:
    """The table of what differs from the source image."""
    origin = Column(
        title="HOW", cell=lambda row: _ORIGINS.get(row.origin, Cell(row.origin)), priority=1,
        minimum=13,
    )  # fmt: skip
    return TableModel[FileRow]((_name(), origin, *_common()), key=lambda row: row.path)


def entry_rows(folder: str, entries: Sequence[Entry]) -> list[FileRow]:
    """Rows of a directory's entries: directories first, then by name; the way up at the top."""
    found = [
        FileRow(
            _joined(folder, entry.name), _shown(entry), entry.kind, entry.size, entry.modified,
            stat.filemode(_type(entry) | entry.mode), f"{entry.owner}:{entry.group}",
        )
        for entry in sorted(entries, key=lambda each: (each.kind != "directory", each.name))
    ]  # fmt: skip
    if folder != "/":
        found.insert(0, FileRow(parent(folder), "../", "directory", 0, 0.0))
    return found


def differing_rows(found: Sequence[Differing]) -> list[FileRow]:
    """Rows of files that differ: what the operator did first, what packages brought last."""
    order = ("edited", "new", "installed")
    return [
        FileRow(each.path, shown(each.path), "file", each.size, each.changed, origin=each.origin)
        for each in sorted(found, key=lambda each: (order.index(each.origin), each.path))
    ]


def parent(path: str) -> str:
    """The directory that it is in."""
    return path.rstrip("/").rpartition("/")[0] or "/"


def _joined(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"


def _type(entry: Entry) -> int:
    return {"directory": stat.S_IFDIR, "link": stat.S_IFLNK, "file": stat.S_IFREG}.get(
        entry.kind, 0
    )


def _shown(entry: Entry) -> str:
    if entry.kind == "link":
        return f"{shown(entry.name)} → {shown(entry.target)}"
    return shown(entry.name) + ("/" if entry.kind == "directory" else "")


def _name() -> Column:
    return Column(
        title="NAME", cell=lambda row: Cell(row.name, "accent" if row.kind == "directory" else ""),
        priority=1, minimum=24, maximum=70,
    )  # fmt: skip


def _common() -> tuple[Column, ...]:
    return (
        Column(
            title="SIZE", cell=lambda row: "" if row.kind == "directory" else size(row.size),
            sort=lambda row: row.size, priority=2, right=True, minimum=8,
        ),
        Column(
            title="CHANGED", cell=lambda row: _moment(row.modified), sort=lambda row: row.modified,
            priority=3, searched=False, minimum=16,
        ),
    )  # fmt: skip


def _mode() -> Column:
    return Column(title="MODE", cell=lambda row: Cell(row.mode, "muted"), priority=4, minimum=10)


def _owner() -> Column:
    return Column(title="OWNER", cell=lambda row: Cell(row.owner, "muted"), priority=5, minimum=9)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M") if seconds else ""
