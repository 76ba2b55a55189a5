"""Files and directories from a guest over SFTP, with many requests under way."""

from __future__ import annotations

import asyncio
import fnmatch
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

import asyncssh

from oxtui.communicators.carrier import Carrier
from oxtui.communicators.transfer.local_place import (
    inside,
    make_directory,
    make_file,
    new_file,
    new_tree,
)
from oxtui.communicators.transfer.local_tree import special
from oxtui.communicators.transfer.sftp_session import (
    AT_ONCE,
    is_directory,
    remote,
    sftp_session,
)
from oxtui.component.concurrency import first_error
from oxtui.component.errors import TransferError
from oxtui.component.protocols import Moved, OnMoved

PIECE = 8 * 1024 * 1024
"""Bytes whose requests go out together."""
_MAGIC = re.compile(rb"[*?[]")


async def download_file(
    communicator: Carrier, source: str, destination: Path, moved: OnMoved
) -> Moved:
    """Copies the guest's file `source` here; `destination` appears only when it is whole.

    Raises:
        ConnectError: the server has no SFTP.
        TransferError: the guest refused it, or it cannot be written here.
    """
    what = f"{source} cannot be copied from the guest"
    with new_file(destination) as file:
        async with sftp_session(communicator, what, reading=True) as sftp:
            path = remote(source)
            found = await sftp.stat(path)
            if is_directory(found):
                raise TransferError(
                    f"{what}: it is a directory. End the source in / to download a directory."
                )
            if kind := special(found.permissions or 0):
                raise TransferError(f"{what}: it is {kind}, which has no content to copy.")
            size = 0

            def more(count: int) -> None:
                nonlocal size
                size += count
                moved(Moved(size, max(found.size or 0, size), 0, 1))

            async with await sftp.open(path, "rb", encoding=None) as there:
                while await _piece(there, file, more):
                    pass
    return Moved(size, size, 1, 1)


async def _piece(
    there: asyncssh.SFTPClientFile, file: IO[bytes], more: Callable[[int], None]
) -> bool:
    data: bytes = await there.read(PIECE)
    file.write(data)
    more(len(data))
    return bool(data)


async def download_tree(
    communicator: Carrier, pattern: str, destination: Path, moved: OnMoved
) -> Moved:
    """Copies all that matches into the directory `destination`, each under its own name, links followed.

    Raises:
        ConnectError: the server has no SFTP.
        TransferError: the guest refused it, named something that leads elsewhere, or it cannot be
            written here.
    """
    what = f"{pattern} cannot be copied from the guest"
    with new_tree(destination) as part:
        async with sftp_session(communicator, what, reading=True) as sftp:
            tree = _Tree(sftp, part, moved)
            matches = await _matches(sftp, remote(pattern.rstrip("/") or "/"))
            if not matches:
                raise TransferError(f"{what}: nothing there has such a name. Correct the pattern.")
            for path in matches:
                last = path.rsplit(b"/", 1)[-1]
                await tree.list(path, "" if last in (b"", b".", b"..") else _text(last))
            await tree.fetch()
    return Moved(tree.size, tree.size, tree.files, tree.files, tuple(tree.skipped))


class _Tree:
    def __init__(self, sftp: asyncssh.SFTPClient, root: Path, moved: OnMoved) -> None:
        self.size = self.files = 0
        self.skipped: list[str] = []
        self._sftp = sftp
        self._root = root
        self._moved = moved
        self._found: list[tuple[bytes, Path, int]] = []
        self._total = 0

    async def list(self, path: bytes, name: str) -> None:
        """Looks at a path of the guest, and below it; `name` is where it goes."""
        found = await self._sftp.stat(path)
        mode = found.permissions or 0
        here = inside(self._root, name)
        if kind := special(mode):
            self.skipped.append(f"{name}, which is {kind}")
        elif not stat.S_ISDIR(mode):
            self._found.append((path, here, mode))
            self._total += found.size or 0
        else:
            make_directory(here, mode)
            with first_error():
                async with asyncio.TaskGroup() as group:
                    for each in await _names(self._sftp, path):
                        below = f"{name}/{_text(each)}" if name else _text(each)
                        group.create_task(self.list(path + b"/" + each, below))

    async def fetch(self) -> None:
        """Copies what was found."""
        limit = asyncio.Semaphore(AT_ONCE)
        with first_error():
            async with asyncio.TaskGroup() as group:
                for path, here, mode in self._found:
                    group.create_task(self._fetch(limit, path, here, mode))

    async def _fetch(self, limit: asyncio.Semaphore, path: bytes, here: Path, mode: int) -> None:
        async with limit, await self._sftp.open(path, "rb", encoding=None) as there:
            with make_file(here, mode) as file:
                while await _piece(there, file, self._more):
                    pass
        self.files += 1
        self._more(0)

    def _more(self, size: int) -> None:
        self.size += size
        self._moved(Moved(self.size, self._total, self.files, len(self._found)))


async def _names(sftp: asyncssh.SFTPClient, folder: bytes) -> list[bytes]:
    """Names in a directory, in order.

    Raises:
        TransferError: one is no name but a path.
    """
    found = [
        entry.filename if isinstance(entry.filename, bytes) else entry.filename.encode()
        for entry in await sftp.readdir(folder)
    ]
    for name in found:
        if b"/" in name:
            raise TransferError(
                f"the guest sent a file named {_text(name)!r}. Do not trust this guest."
            )
    return sorted(name for name in found if name not in (b".", b".."))


async def _matches(sftp: asyncssh.SFTPClient, pattern: bytes) -> list[bytes]:
    """Paths that match, as a shell finds them: names that begin with a dot only for a dot."""
    found = [b"/" if pattern[:1] == b"/" else b""]
    for part in filter(None, pattern.split(b"/")):
        if not _MAGIC.search(part):
            found = [_joined(path, part) for path in found]
            continue
        below = []
        for path in found:
            try:
                names = await _names(sftp, path or b".")
            except asyncssh.SFTPError:
                continue  # no directory, or none that may be read
            below += [
                _joined(path, name)
                for name in names
                if fnmatch.fnmatchcase(name, part) and (name[:1] != b"." or part[:1] == b".")
            ]
        found = below
    return found


def _joined(folder: bytes, name: bytes) -> bytes:
    return folder + name if folder in (b"", b"/") else folder + b"/" + name


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
