"""Files to and from a guest, each as one stream through one session."""

from __future__ import annotations

import asyncio
import os
import shlex
import tarfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

import asyncssh

from oxtui.component.errors import TransferError
from oxtui.component.protocols import ExitStatus, Stream

if TYPE_CHECKING:
    from oxtui.communicators.ssh.communicator import SshCommunicator

CHUNK = 256 * 1024


def remote_path(path: str) -> str:
    """The path quoted for the guest's shell, with a leading `~` or `~user` left for it to expand."""
    if path.startswith("~"):
        home, slash, rest = path.partition("/")
        if home[1:].replace("-", "").replace("_", "").isalnum() or home == "~":
            return home + slash + (shlex.quote(rest) if rest else "")
    return shlex.quote(path)


async def upload_file(
    communicator: SshCommunicator, content: bytes | Path, destination: str, mode: int | None
) -> None:
    """Writes `content` to the guest's file `destination`.

    Raises:
        TransferError: the guest refused it.
    """
    target = remote_path(destination)
    command = f"cat > {target}"
    if mode is not None:
        command += f" && chmod {mode:04o} {target}"

    async def feed(writer: asyncssh.SSHWriter[bytes]) -> None:
        if isinstance(content, bytes):
            writer.write(content)
            await writer.drain()
            return
        with await asyncio.to_thread(content.open, "rb") as file:
            await _copy(file, writer)

    heard = _Heard()
    status = await communicator.stream(command, heard.output, feed)
    if status.status != 0:
        name = "content" if isinstance(content, bytes) else str(content)
        raise heard.error(f"{name} cannot be written to {destination}", status)


async def upload_tree(communicator: SshCommunicator, source: Path, destination: str) -> None:
    """Copies what lies in the directory `source` into `destination`; links are followed, as Packer does.

    Raises:
        TransferError: the guest refused it.
    """
    target = remote_path(destination)
    heard = _Heard()
    probe = await communicator.run(
        f"mkdir -p {target} && command -v tar >/dev/null || exit 3", heard.output
    )
    if probe.status != 0:
        if heard.text:
            raise heard.error(f"{source} cannot be copied to {destination}", probe)
        await _upload_tree_by_sftp(communicator, source, destination)
        return

    async def feed(writer: asyncssh.SSHWriter[bytes]) -> None:
        read_end, write_end = os.pipe()
        archiver = threading.Thread(target=_archive, args=(source, write_end), daemon=True)
        with open(read_end, "rb") as pipe:  # noqa: ASYNC230 - read in a thread by _copy
            archiver.start()
            await _copy(pipe, writer)

    # No owner is kept: what is uploaded belongs to the user who logs in.
    status = await communicator.stream(f"tar -xof - -C {target}", heard.output, feed)
    if status.status != 0:
        raise heard.error(f"{source} cannot be copied to {destination}", status)


async def _upload_tree_by_sftp(
    communicator: SshCommunicator, source: Path, destination: str
) -> None:
    try:
        async with await communicator.sftp() as sftp:
            names = sorted(await asyncio.to_thread(os.listdir, source))
            entries = [str(source / name) for name in names]
            await sftp.put(entries, destination, recurse=True, preserve=True, follow_symlinks=True)
    except (OSError, asyncssh.Error) as error:
        raise TransferError(f"{source} cannot be copied to {destination}: {error}") from error


async def download_file(communicator: SshCommunicator, source: str, destination: Path) -> None:
    """Copies the guest's file `source` here; `destination` appears only when it is whole.

    Raises:
        TransferError: the guest refused it, or it cannot be written here.
    """
    part = destination.with_name(destination.name + ".part")
    heard = _Heard()
    try:
        await asyncio.to_thread(destination.parent.mkdir, parents=True, exist_ok=True)
        with await asyncio.to_thread(part.open, "wb") as file:

            def output(stream: Stream, data: bytes) -> None:
                if stream == "stdout":
                    file.write(data)
                else:
                    heard.output(stream, data)

            status = await communicator.run(f"cat {remote_path(source)}", output)
        if status.status != 0:
            raise heard.error(f"{source} cannot be copied from the guest", status)
        await asyncio.to_thread(part.replace, destination)
    except OSError as error:
        raise TransferError(f"{destination} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _archive(source: Path, write_end: int) -> None:
    try:
        with (
            open(write_end, "wb") as pipe,
            tarfile.open(mode="w|", fileobj=pipe, dereference=True) as archive,
        ):
            for path in sorted(source.iterdir()):
                archive.add(path, arcname=path.name)
    except BrokenPipeError:
        # The guest's tar has ended; its words say why.
        return


async def _copy(file: IO[bytes], writer: asyncssh.SSHWriter[bytes]) -> None:
    while data := await asyncio.to_thread(file.read, CHUNK):
        writer.write(data)
        await writer.drain()


class _Heard:
    """What a command of ours printed, kept short, for the error."""

    def __init__(self) -> None:
        self.text = b""

    def output(self, _stream: Stream, data: bytes) -> None:
        self.text = (self.text + data)[-2000:]

    def error(self, what: str, status: ExitStatus) -> TransferError:
        words = self.text.decode(errors="replace").strip().splitlines()
        return TransferError(f"{what}: {words[-1] if words else status}", lost=status.lost)
