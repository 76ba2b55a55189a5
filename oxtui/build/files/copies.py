"""Copies files out of a guest and into it, as root where that is needed and sudo asks nothing."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from oxtui.build.files.guest import NO_ROOT, GuestFileError, GuestShell
from oxtui.build.files.listing import quoted
from oxtui.component.errors import StepError

_THERE = "[ -e {path} ] || [ -L {path} ]"
_PUT = """
[ {replace} = yes ] || {{ [ ! -e {path} ] && [ ! -L {path} ]; }} || exit 75
[ ! -d {path} ] || {{ echo 'it is a directory' >&2; exit 1; }}
umask 022; cat {copy} >{path}
"""
"""A file that is there keeps its mode and owner."""


class GuestFileThere(GuestFileError):
    """There is a file of that name already; nothing was written."""


async def download(shell: GuestShell, path: str, into: Path) -> int:
    """Copies a file here as it is, of any size, and gives its bytes; nothing is left where that fails.

    Raises:
        GuestFileError: it cannot be read, or there is something of that name already.
    """
    what = f"{path} cannot be copied to {into}"
    if into.exists():
        raise GuestFileError(f"{what}: it is there already. Name another.")
    try:
        if _is_text(path):
            await shell.communicator.download(path, into)
        else:
            await _download_copy(shell, path, into, what, "cat")
    except (StepError, OSError, GuestFileError) as error:
        into.unlink(missing_ok=True)
        if "ermission denied" not in str(error):
            raise GuestFileError(f"{what}: {error}") from error
        if not await shell.has_sudo():
            raise GuestFileError(f"{what}: {error}{NO_ROOT}") from error
        await _download_copy(shell, path, into, what, "sudo -n cat")
    return into.stat().st_size


async def _download_copy(shell: GuestShell, path: str, into: Path, what: str, cat: str) -> None:
    """By way of a file that the user may read and whose name is plain."""
    async with _between(shell) as copy:
        program = f"umask 077; : >{copy} && {cat} -- {quoted(path)} >{copy}"
        try:
            ran = await shell.run(program, limit=0)
            if ran.status != 0:
                raise shell.why_not(ran, what)
            await shell.communicator.download(copy, into)
        except (StepError, OSError) as error:
            into.unlink(missing_ok=True)
            raise GuestFileError(f"{what}: {error}") from error


async def upload(
    shell: GuestShell, source: Path, destination: str, *, replace: bool = False
) -> tuple[int, bool]:
    """Copies a file of this machine into the guest; its bytes, and whether that took root's rights.

    Raises:
        GuestFileThere: there is one of that name, which is not to be replaced.
        GuestFileError: it cannot be read here or written there.
    """
    what = f"{source} cannot be copied to {destination}"
    try:
        size = source.stat().st_size
    except OSError as error:
        raise GuestFileError(f"{what}: {error.strerror}. Name a file.") from error
    if not source.is_file():
        raise GuestFileError(f"{what}: it is no file. Name a file.")
    there = _THERE.format(path=quoted(destination))
    if not replace and (await shell.run(there, limit=0)).status == 0:
        raise GuestFileThere(f"{destination} is in the instance already; nothing was written.")
    try:
        if _is_text(destination):
            await shell.communicator.upload(source, destination)
            return size, False
        as_root = False
    except (StepError, OSError) as error:
        if "ermission denied" not in str(error):
            raise GuestFileError(f"{what}: {error}") from error
        if not await shell.has_sudo():
            raise GuestFileError(f"{what}: {error}{NO_ROOT}") from error
        as_root = True
    return size, await _upload_copy(shell, source, destination, what, replace, as_root)


async def _upload_copy(
    shell: GuestShell, source: Path, destination: str, what: str, replace: bool, as_root: bool
) -> bool:
    """By way of a file that the user may write and that nobody else may read; whether that took root's rights."""
    async with _between(shell) as copy:
        program = _PUT.format(
            path=quoted(destination), copy=copy, replace="yes" if replace else "no"
        )
        try:
            await shell.communicator.upload(source, copy, 0o600)
        except (StepError, OSError) as error:
            raise GuestFileError(f"{what}: {error}") from error
        ran = await shell.run(program, limit=0, as_root=as_root)
        if ran.denied and not as_root and await shell.has_sudo():
            ran = await shell.run(program, limit=0, as_root=True)
        if ran.status == 75:
            raise GuestFileThere(f"{destination} is in the instance already; nothing was written.")
        if ran.status != 0:
            raise shell.why_not(ran, what)
        return ran.as_root


@asynccontextmanager
async def _between(shell: GuestShell) -> AsyncIterator[str]:
    """A name for a file in the guest that is gone afterwards."""
    copy = f"/tmp/oxtui-{secrets.token_hex(8)}"  # noqa: S108 - random, for the owner alone
    try:
        yield copy
    finally:
        await shell.run(f"rm -f {copy}", limit=0)


def _is_text(path: str) -> bool:
    """Whether SFTP, which takes names as UTF-8, can name it."""
    return not any("\ud800" <= character <= "\udfff" for character in path)
