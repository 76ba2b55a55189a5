"""SFTP for who asks for it, and for guests without tar: what both directions share."""

from __future__ import annotations

import re
import secrets
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh

from oxtui.communicators.carrier import Carrier
from oxtui.communicators.transfer.guest_script import raw_path
from oxtui.communicators.transfer.heard import failed
from oxtui.component.errors import ConnectError, TransferError

AT_ONCE = 64
"""Files whose requests are under way at the same time, so that round trips overlap."""
_USUAL_UMASK = 0o022


@asynccontextmanager
async def sftp_session(
    communicator: Carrier, what: str, *, reading: bool = False
) -> AsyncIterator[asyncssh.SFTPClient]:
    """An SFTP session. `what` failed is said where it ends before its time.

    Raises:
        ConnectError: the server has no SFTP.
        TransferError: a request was refused, or the connection ended.
    """
    try:
        client = await communicator.sftp()
    except asyncssh.SFTPError as error:
        raise ConnectError(
            f"{communicator.place} starts no SFTP: {error.reason}. Install its sftp-server."
        ) from error
    try:
        async with client:
            yield client
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, ConnectionError) as error:
        raise TransferError(
            f"{what}: the connection was lost. Retry this step once the guest answers.", lost=True
        ) from error
    except asyncssh.Error as error:
        raise failed(what, error.reason, reading=reading) from error
    except OSError as error:
        raise failed(what, f"{error.filename}: {error.strerror}", reading=reading) from error


def remote(path: str) -> bytes:
    """The path as SFTP has it, where relative ones start at the user's home directory.

    Raises:
        TransferError: it begins with another user's home directory, which SFTP cannot tell, or has a NUL.
    """
    if re.match(r"~[^/]", path):
        raise TransferError(f"{path} cannot be found over SFTP. Write the path in full.")
    return raw_path(re.sub(r"^~/*", "", path) or ".")


async def attributes(sftp: asyncssh.SFTPClient, path: bytes) -> asyncssh.SFTPAttrs | None:
    """What the guest says of a path, links followed; None where nothing is there."""
    try:
        return await sftp.stat(path)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return None


def is_directory(found: asyncssh.SFTPAttrs) -> bool:
    """Whether it is one."""
    return stat.S_ISDIR(found.permissions or 0)


async def umask(sftp: asyncssh.SFTPClient, folder: bytes) -> int:
    """The user's umask, seen in a directory that is made in `folder` and removed again.

    Where that is refused it is taken to be the usual one.
    """
    probe = folder + b"/.oxtui-" + secrets.token_hex(4).encode()
    try:
        await sftp.mkdir(probe, asyncssh.SFTPAttrs(permissions=0o777))
    except asyncssh.SFTPError:
        return _USUAL_UMASK
    try:
        found = await sftp.stat(probe)
    finally:
        await sftp.rmdir(probe)
    return ~(found.permissions or 0) & 0o777
