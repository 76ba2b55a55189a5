"""A directory to a guest: one tar stream where it has tar, else SFTP, else one file after the other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

from oxtui.communicators.carrier import Carrier, Writer
from oxtui.communicators.transfer import sftp_upload
from oxtui.communicators.transfer.archive import archived
from oxtui.communicators.transfer.guest_script import (
    DONE,
    assigned,
    assigned_path,
    changes_mode,
    program,
)
from oxtui.communicators.transfer.heard import Heard
from oxtui.communicators.transfer.local_file import ahead
from oxtui.communicators.transfer.local_tree import Entry, LocalTree, local_tree
from oxtui.communicators.transfer.upload_file import upload_file
from oxtui.component.errors import ConnectError
from oxtui.component.protocols import Moved, OnMoved, unheard

NO_TAR = b"oxtui:no-tar"
_AT_ONCE = 4
"""Files that are written at once where there is neither tar nor SFTP: servers limit sessions to ten."""
_TAR = """
command -v tar > /dev/null 2>&1 || {{ echo {no_tar}; exit 1; }};
"""
_INTO = """
{target} {inside}
e() {{ echo "$1" >&2; exit 1; }};
if [ -d "$t" ]; then
if [ -n "$b" ]; then t="$t/$b"; [ -d "$t" ] || {{ mkdir "$t" && {chmod} "$t"; }} || exit 1; fi;
else if [ -e "$t" ]; then e "$t: Not a directory"; fi; mkdir "$t" && {chmod} "$t" || exit 1; fi;
cd "$t" > /dev/null || exit 1;
"""
"""t: the destination, b: the directory in it, or empty. Both are made one level deep, as scp does."""
_UNPACK = """
o="--no-overwrite-dir --keep-directory-symlink --no-same-permissions";
tar $o -cf - /dev/null > /dev/null 2>&1 || o=;
tar $o -xmof - && echo {done}
"""
"""With GNU's tar, directories that are there keep their modes, and links to directories stay links. No
owner is kept: what is uploaded belongs to the user who logs in."""


async def upload_tree(
    communicator: Carrier, source: Path, destination: str, inside: str, moved: OnMoved
) -> Moved:
    """Copies what lies in the directory `source`, all links followed.

    Raises:
        TransferError: something cannot be read here, or the guest refused it.
    """
    tree = await asyncio.to_thread(local_tree, source)
    if communicator.by_sftp:
        return await sftp_upload.upload_tree(communicator, tree, destination, inside, moved)
    into = _INTO.format(
        target=assigned_path("t", destination),
        inside=assigned("b", inside),
        chmod=changes_mode(tree.mode | 0o700, masked=True),
    )
    # Without tar nothing is made, so that the other ways find the guest as it was.
    tar, unpack = _TAR.format(no_tar=NO_TAR.decode()), _UNPACK.format(done=DONE.decode())
    command = program(f"{tar}{into}{unpack}".strip())
    heard = Heard()

    async def feed(writer: Writer) -> None:
        async with aclosing(ahead(archived(tree))) as coming:
            async for data, size, files in coming:
                writer.write(data)
                await writer.drain()
                moved(Moved(size, tree.size, files, len(tree.files)))

    status = await communicator.stream(command, heard.output, feed)
    if heard.succeeded(status):
        return whole(tree)
    if not heard.said(NO_TAR):
        raise heard.error(
            f"{source} cannot be copied to {destination}", status, places=(destination,)
        )
    try:
        return await sftp_upload.upload_tree(communicator, tree, destination, inside, moved)
    except ConnectError:
        return await _one_by_one(communicator, tree, into, destination, inside, moved)


def whole(tree: LocalTree) -> Moved:
    """The transfer of all of a tree."""
    files = len(tree.files)
    return Moved(tree.size, tree.size, files, files, tuple(tree.skipped))


async def _one_by_one(
    communicator: Carrier,
    tree: LocalTree,
    into: str,
    destination: str,
    inside: str,
    moved: OnMoved,
) -> Moved:
    """By the shell alone; `into` finds out where the root is, and makes it."""
    heard = Heard()
    here = f"{into} pwd && echo {DONE.decode()}"
    status = await communicator.run(program(here.strip()), heard.output, stdin=b"")
    if not heard.succeeded(status):
        raise heard.error(f"{tree.root} cannot be copied to {destination}", status)
    root = os.fsdecode(heard.stdout.rsplit(DONE, 1)[0].removesuffix(b"\n"))
    for commands in _mkdirs(tree.directories, root):
        heard = Heard()
        status = await communicator.run(program(commands), heard.output, stdin=b"")
        if not heard.succeeded(status):
            raise heard.error(f"{tree.root} cannot be copied to {destination}", status)
    size = files = 0
    limit = asyncio.Semaphore(_AT_ONCE)

    async def one(entry: Entry) -> None:
        nonlocal size, files
        async with limit:
            place, path = f"{root}/{entry.name}", Path(entry.place)
            await upload_file(communicator, path, place, entry.mode, True, unheard)
        size, files = size + entry.size, files + 1
        moved(Moved(size, tree.size, files, len(tree.files)))

    async with asyncio.TaskGroup() as group:
        for entry in tree.files:
            group.create_task(one(entry))
    return whole(tree)


def _mkdirs(directories: list[Entry], root: str) -> Iterator[str]:
    """Programs that make a tree's directories, each short enough for a command line."""
    text = ""
    for entry in directories:
        chmod = changes_mode(entry.mode | 0o700, masked=True)
        path = assigned_path("t", f"{root}/{entry.name}")
        text += f'{path} [ -d "$t" ] || {{ mkdir "$t" && {chmod} "$t"; }} || exit 1; '
        if len(text) > 50_000:
            yield f"{text}echo {DONE.decode()}"
            text = ""
    if text:
        yield f"{text}echo {DONE.decode()}"
