"""Where a download lands: in a place that nobody else knows first, and under its name once it is whole.

The guest is not trusted. What it names is only ever made in a directory that is new and empty, where no
link can lead elsewhere, and is moved from there without following links.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from oxtui.component.errors import TransferError

MOST_OF_A_NAME = 16
"""Directories of the same name, one in the other: more of them come of links that lead back."""


@contextmanager
def new_file(destination: Path) -> Iterator[IO[bytes]]:
    """A file to write, which is `destination` at the end; it keeps the mode of one that is there.

    Raises:
        TransferError: it cannot be made here.
    """
    try:
        # The operator's own link is followed, as it names where the file shall be.
        destination = destination.resolve()
        destination.parent.mkdir(0o755, parents=True, exist_ok=True)
        found = destination.stat() if destination.exists() else None
        if found is not None and stat.S_ISDIR(found.st_mode):
            raise TransferError(
                f"{destination} is a directory. End the destination in / to download into it."
            )
        if found is not None and not stat.S_ISREG(found.st_mode):
            with destination.open("wb") as file:
                yield file
            return
        part = destination.with_name(f".oxtui-{secrets.token_hex(4)}")
        try:
            with part.open("xb") as file:
                yield file
                if found is not None:
                    os.fchmod(file.fileno(), found.st_mode & 0o777)
            part.replace(destination)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise TransferError(f"{destination} cannot be written here: {error.strerror}") from error


@contextmanager
def new_tree(destination: Path) -> Iterator[Path]:
    """An empty directory, whose content is in the directory `destination` at the end.

    Raises:
        TransferError: it cannot be made here, or a link in `destination` leads out of it.
    """
    try:
        destination = destination.resolve()
        destination.mkdir(0o755, parents=True, exist_ok=True)
        part = destination / f".oxtui-{secrets.token_hex(4)}"
        part.mkdir(0o700)
        try:
            yield part
            _merge(part, destination)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else destination
        raise TransferError(f"{place} cannot be written here: {error.strerror}") from error


def _merge(part: Path, destination: Path) -> None:
    for found in sorted(part.iterdir()):
        target = destination / found.name
        if not found.is_dir():
            found.replace(target)  # a link of that name is replaced, not followed
        elif target.is_symlink():
            raise TransferError(
                f"{target} is a link, and a download never leaves its destination. Remove the link, "
                "or choose another destination."
            )
        elif target.is_dir():
            _merge(found, target)
        else:
            found.replace(target)


def inside(root: Path, name: str) -> Path:
    """The path of what a guest calls `name`, below `root`.

    Raises:
        TransferError: the name leads out of it, or comes of links that have no end.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\0" in name:
        raise TransferError(
            f"the guest sent a file named {name!r}, which lies outside the destination; nothing was "
            "kept. Do not trust this guest."
        )
    if any(parts.count(part) > MOST_OF_A_NAME for part in set(parts)):
        raise TransferError(
            f"{'/'.join(parts[:4])}/… has no end: a link in the guest leads back to a directory above "
            "it. Remove the link, or name what you need."
        )
    return root.joinpath(*parts)


def make_directory(path: Path, mode: int) -> None:
    """A directory of a download, open to its owner whatever the guest says."""
    path.mkdir(mode & 0o777 | 0o700, parents=True, exist_ok=True)


def make_file(path: Path, mode: int) -> IO[bytes]:
    """A file of a download, without what the umask takes."""
    path.parent.mkdir(0o755, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    return open(os.open(path, flags, mode & 0o777), "wb")
