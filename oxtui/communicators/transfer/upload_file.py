"""One file to a guest, through its shell.

Where nothing is there yet, the content goes beside the destination first, and gets its name once it is
whole. What is there keeps its inode, owner and links, as Packer leaves them: it is overwritten from the
copy beside it, so that a connection that breaks leaves the old content.
"""

from __future__ import annotations

import secrets
from contextlib import aclosing
from pathlib import Path
from typing import IO

from oxtui.communicators.carrier import Carrier, Writer
from oxtui.communicators.transfer import sftp_upload
from oxtui.communicators.transfer.guest_script import (
    DONE,
    assigned,
    assigned_path,
    beside,
    changes_mode,
    program,
)
from oxtui.communicators.transfer.heard import Heard
from oxtui.communicators.transfer.local_file import PIECE, ahead, opened, pieces
from oxtui.component.protocols import Moved, OnMoved

_PROGRAM = """
{target} {part} {size} m=$(umask);
e() {{ echo "$1" >&2; exit 1; }};
k() {{ s=$(($(wc -c < "$1"))); [ "$s" -eq "$n" ] || e "only $s of $n bytes arrived"; }};
w() {{ if [ -f "$t" ]; then {chmod} "$t" || return 1; fi; cat; }};
c() {{ rm -f "$p"; }};
q() {{ umask 077; true > "$p"; r=$?; umask "$m"; return $r; }};
if [ -d "$t" ]; then e "$t: Is a directory"; fi;
case "$t" in */*) d="${{t%/*}}/"; [ -d "$d" ] || e "there is no directory $d";; esac;
trap c 0; trap "exit 1" 1 2 13 15;
if [ -h "$t" ] || [ -e "$t" ]; then
[ -w "$t" ] || chmod u+w "$t" 2> /dev/null;
if [ -f "$t" ] && q 2> /dev/null; then
cat > "$p" && k "$p" && w < "$p" > "$t" || exit 1;
else w > "$t" || exit 1; if [ -f "$t" ]; then k "$t"; fi; fi;
else q && cat > "$p" && k "$p" && {chmod} "$p" && mv -f "$p" "$t" || exit 1; trap - 0; fi;
echo {done}
"""
"""t: the destination, p: the copy beside it, n: bytes. Until it is whole, nobody else may read it."""


async def upload_file(
    communicator: Carrier,
    content: bytes | Path,
    destination: str,
    mode: int | None,
    masked: bool,
    moved: OnMoved,
) -> Moved:
    """Writes `content` to the guest's file `destination`.

    Raises:
        TransferError: it cannot be read here, or the guest refused it.
    """
    if communicator.by_sftp:
        return await sftp_upload.upload_file(
            communicator, content, destination, mode, masked, moved
        )
    if isinstance(content, bytes):
        return await _send(
            communicator, content, None, len(content), destination, mode, masked, moved
        )
    with opened(content) as (file, size):
        return await _send(communicator, content, file, size, destination, mode, masked, moved)


async def _send(
    communicator: Carrier,
    content: bytes | Path,
    file: IO[bytes] | None,
    size: int,
    destination: str,
    mode: int | None,
    masked: bool,
    moved: OnMoved,
) -> Moved:
    part = beside(destination, f".oxtui-{secrets.token_hex(4)}")
    command = program(
        _PROGRAM.format(
            target=assigned_path("t", destination),
            part=assigned_path("p", part),
            size=assigned("n", str(size)),
            chmod=changes_mode(0o666 if mode is None else mode, masked=masked or mode is None),
            done=DONE.decode(),
        ).strip()
    )

    async def feed(writer: Writer) -> None:
        if isinstance(content, bytes):
            writer.write(content)
            await writer.drain()
        elif file is not None:
            sent = 0
            async with aclosing(ahead(pieces(file, content, size, PIECE))) as coming:
                async for data in coming:
                    writer.write(data)
                    await writer.drain()
                    sent += len(data)
                    moved(Moved(sent, size, 0, 1))

    heard = Heard()
    status = await communicator.stream(command, heard.output, feed)
    if not heard.succeeded(status):
        name = "content" if isinstance(content, bytes) else str(content)
        what = f"{name} cannot be written to {destination}"
        raise heard.error(what, status, places=(part, destination))
    return Moved(size, size, 1, 1)
