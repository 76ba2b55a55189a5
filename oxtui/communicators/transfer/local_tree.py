"""What a directory here holds, with links followed as Packer follows them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.component.errors import TransferError

_SPECIAL = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or directory: its path below the root, with slashes, and where it lies here."""

    name: str
    place: str
    mode: int
    size: int
    is_directory: bool


@dataclass(slots=True)
class LocalTree:
    """Directories before what is in them, names in order."""

    root: Path
    mode: int
    entries: list[Entry] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Files that have no content to copy, with the reason."""

    @property
    def files(self) -> list[Entry]:
        """Without the directories."""
        return [entry for entry in self.entries if not entry.is_directory]

    @property
    def directories(self) -> list[Entry]:
        """Those above before those below."""
        return [entry for entry in self.entries if entry.is_directory]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.entries)


def special(mode: int) -> str:
    """What a file is that has no content of its own; empty for files and directories."""
    return _SPECIAL.get(stat.S_IFMT(mode), "")


def local_tree(root: Path) -> LocalTree:
    """Looks at everything below `root`.

    Raises:
        TransferError: a link leads nowhere or back to where it is, or a directory cannot be read.
    """
    try:
        found = os.stat(root)
        tree = LocalTree(root, found.st_mode & 0o777)
        for entry in _below(tree, str(root), "", [(found.st_dev, found.st_ino)]):
            tree.entries.append(entry)
    except OSError as error:
        raise TransferError(
            f"{error.filename or root} cannot be read: {error.strerror}. Correct it, or remove it."
        ) from error
    return tree


def _below(
    tree: LocalTree, folder: str, name: str, above: list[tuple[int, int]]
) -> Iterator[Entry]:
    for found in sorted(os.scandir(folder), key=lambda each: each.name):
        below = f"{name}/{found.name}" if name else found.name
        try:
            seen = found.stat()
        except FileNotFoundError as error:
            if found.is_symlink():
                raise TransferError(
                    f"{found.path} is a link to {os.readlink(found.path)}, which is not there. "
                    "Correct the link, or remove it."
                ) from error
            continue  # removed since
        if stat.S_ISDIR(seen.st_mode):
            identity = (seen.st_dev, seen.st_ino)
            if identity in above:
                raise TransferError(
                    f"{found.path} is a link to a directory above it, so that the copy would have no "
                    "end. Remove the link."
                )
            yield Entry(below, found.path, seen.st_mode & 0o777, 0, True)
            yield from _below(tree, found.path, below, [*above, identity])
        elif kind := special(seen.st_mode):
            tree.skipped.append(f"{found.path}, which is {kind}")
        else:
            yield Entry(below, found.path, seen.st_mode & 0o777, seen.st_size, False)
