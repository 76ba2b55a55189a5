"""Files and directories to a guest over SFTP, with many requests under way."""

from __future__ import annotations

import asyncio
import posixpath
import secrets
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import asyncssh

from oxtui.communicators.carrier import Carrier
from oxtui.communicators.transfer.heard import failed
from oxtui.communicators.transfer.local_file import ahead, opened, pieces
from oxtui.communicators.transfer.local_tree import Entry, LocalTree
from oxtui.communicators.transfer.sftp_session import (
    AT_ONCE,
    attributes,
    is_directory,
    remote,
    sftp_session,
    umask,
)
from oxtui.component.concurrency import first_error
from oxtui.component.errors import TransferError
from oxtui.component.protocols import Moved, OnMoved

PIECE = 8 * 1024 * 1024
"""Bytes whose requests go out together."""
REMOVE_LIMIT = 5.0
"""Seconds for removing what was left half written; a guest that is gone is not waited for."""


async def upload_file(
    communicator: Carrier,
    content: bytes | Path,
    destination: str,
    mode: int | None,
    masked: bool,
    moved: OnMoved,
) -> Moved:
    """Writes `content` to the guest's file `destination`; a new file has its name once it is whole.

    Raises:
        ConnectError: the server has no SFTP.
        TransferError: it cannot be read here, or the guest refused it.
    """
    name = "content" if isinstance(content, bytes) else str(content)
    what = f"{name} cannot be written to {destination}"
    target = remote(destination)
    async with sftp_session(communicator, what) as sftp:
        found = await attributes(sftp, target)
        if found is not None and is_directory(found):
            raise TransferError(
                f"{what}: {destination}: Is a directory. End it in / to copy into that directory."
            )
        folder = posixpath.dirname(target) or b"."
        permissions = 0o666 if mode is None else mode
        if masked or mode is None:
            permissions &= ~await umask(sftp, folder)
        new = found is None and not await sftp.islink(target)
        part = folder + b"/.oxtui-" + secrets.token_hex(4).encode() if new else target
        try:
            size = await _write(sftp, content, part, permissions, moved)
            if new:
                await sftp.posix_rename(part, target)
        except BaseException:
            if new:
                await _remove(sftp, part)
            raise
    return Moved(size, size, 1, 1)


async def _write(
    sftp: asyncssh.SFTPClient, content: bytes | Path, path: bytes, mode: int, moved: OnMoved
) -> int:
    sent = 0
    async with await _open(sftp, path, mode) as there:
        if isinstance(content, bytes):
            await there.write(content)
            return len(content)
        with opened(content) as (file, size):
            async with aclosing(ahead(pieces(file, content, size, PIECE))) as coming:
                async for data in coming:
                    await there.write(data)
                    sent += len(data)
                    moved(Moved(sent, size, 0, 1))
    return sent


async def _open(sftp: asyncssh.SFTPClient, path: bytes, mode: int) -> asyncssh.SFTPClientFile:
    """Empties or makes a file; before anything is written, it has its mode."""
    wanted = asyncssh.SFTPAttrs(permissions=mode)
    file = await sftp.open(path, "wb", wanted, encoding=None)
    try:
        await file.setstat(wanted)
    except BaseException:
        await file.close()
        raise
    return file


async def _remove(sftp: asyncssh.SFTPClient, path: bytes) -> None:
    with suppress(asyncssh.Error, OSError, TimeoutError):
        async with asyncio.timeout(REMOVE_LIMIT):
            await sftp.remove(path)


async def upload_tree(
    communicator: Carrier, tree: LocalTree, destination: str, inside: str, moved: OnMoved
) -> Moved:
    """Copies a tree into `destination`, or into the directory `inside` of one that is there.

    Raises:
        ConnectError: the server has no SFTP.
        TransferError: something cannot be read here, or the guest refused it.
    """
    what = f"{tree.root} cannot be copied to {destination}"
    async with sftp_session(communicator, what) as sftp:
        root = remote(destination)
        found = await attributes(sftp, root)
        if found is not None and not is_directory(found):
            raise TransferError(f"{what}: {destination}: Not a directory. Correct the path.")
        mask = await umask(
            sftp, posixpath.dirname(root.rstrip(b"/")) or b"." if found is None else root
        )
        if found is not None and inside:
            root += b"/" + inside.encode("utf-8", "surrogateescape")
        if found is None or inside:
            try:
                await _make(sftp, root, tree.mode & ~mask)
            except TransferError as error:
                raise TransferError(f"{what}: {error}") from error
        for level in _levels(tree.directories):
            await _all(_make(sftp, _below(root, entry), entry.mode & ~mask) for entry in level)
        progress = _Progress(tree, moved)
        limit = asyncio.Semaphore(AT_ONCE)
        await _all(
            _put(sftp, entry, _below(root, entry), entry.mode & ~mask, limit, progress)
            for entry in tree.files
        )
    files = len(tree.files)
    return Moved(tree.size, tree.size, files, files, tuple(tree.skipped))


class _Progress:
    def __init__(self, tree: LocalTree, moved: OnMoved) -> None:
        self.size = self.files = 0
        self._tree_size, self._tree_files, self._moved = tree.size, len(tree.files), moved

    def more(self, size: int, files: int) -> None:
        self.size, self.files = self.size + size, self.files + files
        self._moved(Moved(self.size, self._tree_size, self.files, self._tree_files))


async def _put(
    sftp: asyncssh.SFTPClient,
    entry: Entry,
    path: bytes,
    mode: int,
    limit: asyncio.Semaphore,
    progress: _Progress,
) -> None:
    async with limit:
        here = Path(entry.place)
        try:
            with opened(here) as (file, size):
                async with (
                    await _open(sftp, path, mode) as there,
                    aclosing(ahead(pieces(file, here, size, PIECE))) as coming,
                ):
                    async for data in coming:
                        await there.write(data)
                        progress.more(len(data), 0)
        except asyncssh.SFTPError as error:
            raise TransferError(
                f"{here} cannot be written to {path.decode(errors='replace')}: {error.reason}"
            ) from error
        progress.more(0, 1)


async def _make(sftp: asyncssh.SFTPClient, path: bytes, mode: int) -> None:
    """A directory, where there is none."""
    try:
        await sftp.mkdir(path, asyncssh.SFTPAttrs(permissions=mode | 0o700))
    except asyncssh.SFTPError as error:
        if not await sftp.isdir(path):
            name = path.decode(errors="replace")
            raise failed(
                f"the directory {name} cannot be made in the guest", error.reason
            ) from error


def _below(root: bytes, entry: Entry) -> bytes:
    return root + b"/" + entry.name.encode("utf-8", "surrogateescape")


def _levels(directories: list[Entry]) -> Iterator[list[Entry]]:
    """Those that can be made at the same time, from the top down."""
    depths = sorted({entry.name.count("/") for entry in directories})
    for depth in depths:
        yield [entry for entry in directories if entry.name.count("/") == depth]


async def _all(jobs: Iterable[Coroutine[Any, Any, None]]) -> None:
    with first_error():
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
