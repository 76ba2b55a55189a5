"""An interactive shell on a PTY of the guest."""

from __future__ import annotations

import asyncio

import asyncssh

from oxtui.component.protocols import ExitStatus

CHUNK = 4096
CLOSE_LIMIT = 2.0


class SshShell:
    """A login shell over SSH; one reader at a time."""

    def __init__(self, process: asyncssh.SSHClientProcess[bytes]) -> None:
        self._process = process

    async def read(self) -> bytes:
        """The next output, at most 4 KiB; empty once the shell has ended or the guest is gone."""
        try:
            return await self._process.stdout.read(CHUNK)
        except (asyncssh.Error, ConnectionError):
            return b""

    def write(self, data: bytes) -> None:
        """Sends keys; they are dropped once the shell has ended."""
        if not self._process.is_closing():
            self._process.stdin.write(data)

    def resize(self, columns: int, rows: int) -> None:
        """Tells the guest the size of the terminal, in characters."""
        if not self._process.is_closing():
            self._process.change_terminal_size(columns, rows)

    async def close(self) -> ExitStatus:
        """Hangs up and tells how the shell ended."""
        self._process.close()
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                await self._process.wait_closed()
        except TimeoutError:
            return ExitStatus(None, lost=True)
        if self._process.exit_signal:
            return ExitStatus(None, signal=self._process.exit_signal[0])
        return ExitStatus(self._process.exit_status, lost=self._process.exit_status is None)
