"""An interactive shell in the root, on a terminal of this machine."""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress

from oxtui.communicators.chroot.ending import Send
from oxtui.communicators.chroot.program import LIMIT, end_all
from oxtui.component.concurrency import bounded
from oxtui.component.errors import ConnectError
from oxtui.component.outlet import exit_status
from oxtui.component.protocols import ExitStatus

CHUNK = 4096


class ChrootShell:
    """A shell on a PTY; one reader at a time."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int, send: Send) -> None:
        self._process = process
        self._terminal = terminal
        self._send = send
        self._open = True
        self._readable: asyncio.Future[None] | None = None
        """What a reader waits for."""
        self._waiting = b""
        """Keys that the terminal could not take yet."""

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        environ: Mapping[str, str],
        columns: int,
        rows: int,
        send: Send,
    ) -> ChrootShell:
        """Starts a program on a new terminal of that size.

        Raises:
            ConnectError: it cannot be started.
        """
        ours, theirs = os.openpty()
        try:
            _resize(ours, columns, rows)
            os.set_blocking(ours, False)
            # setsid makes the terminal the session's own, so that Ctrl-C reaches what runs there.
            process = await asyncio.create_subprocess_exec(
                "setsid", "--ctty", "--wait", *command,
                env={**environ, "TERM": "xterm-256color"}, stdin=theirs, stdout=theirs, stderr=theirs,
            )  # fmt: skip
        except OSError as error:
            os.close(ours)
            raise ConnectError(f"no shell can be started: {error.strerror}") from error
        finally:
            os.close(theirs)
        return cls(process, ours, send)

    async def read(self) -> bytes:
        """The next output, at most 4 KiB; empty once the shell has ended."""
        loop = asyncio.get_running_loop()
        while self._open:
            try:
                return os.read(self._terminal, CHUNK)
            except BlockingIOError:
                self._readable = loop.create_future()
                loop.add_reader(self._terminal, self._wake)
                try:
                    await self._readable
                finally:
                    if self._open:
                        loop.remove_reader(self._terminal)
            except OSError:  # EIO: nobody has the other end any more
                return b""
        return b""

    def _wake(self) -> None:
        if self._readable is not None and not self._readable.done():
            self._readable.set_result(None)

    def write(self, data: bytes) -> None:
        """Sends keys; they are dropped once the shell has ended."""
        if not self._open:
            return
        begun = bool(self._waiting)
        self._waiting += data
        if not begun:
            self._flush()

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._waiting = self._waiting[os.write(self._terminal, self._waiting) :]
        except BlockingIOError:
            pass
        except OSError:
            self._waiting = b""
        if self._waiting:
            loop.add_writer(self._terminal, self._flush)
        else:
            loop.remove_writer(self._terminal)

    def resize(self, columns: int, rows: int) -> None:
        """Tells the shell the size of the terminal, in characters."""
        if self._open:
            with suppress(OSError):
                _resize(self._terminal, columns, rows)

    async def close(self) -> ExitStatus:
        """Hangs up, ends what still runs there, and tells how the shell ended."""
        if self._open:
            loop = asyncio.get_running_loop()
            self._open = False
            loop.remove_reader(self._terminal)
            loop.remove_writer(self._terminal)
            self._wake()
            os.close(self._terminal)
            await bounded(end_all(self._process.pid, self._send), LIMIT)
        return exit_status(await self._process.wait())


def _resize(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
