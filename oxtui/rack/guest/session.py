"""One SSH session channel: a command or a shell, on pipes or on a terminal."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import struct
import termios
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, cast

import asyncssh

from oxtui.rack.guest import login, pipes
from oxtui.rack.guest.accounts import Account
from oxtui.rack.guest.files import FileServer
from oxtui.rack.guest.pipes import Pipe
from oxtui.rack.guest.processes import Child
from oxtui.rack.guest.system import System
from oxtui.rack.guest.terminal import Terminal

_SFTP_VERSION = 3


class Session(asyncssh.SSHServerProcess[bytes]):
    """Runs what the client asks for until it or the channel ends, and reports how it ended."""

    def __init__(self, system: System, account: Account) -> None:
        super().__init__(
            lambda process: self._serve(),
            lambda channel: FileServer(
                cast("asyncssh.SSHServerChannel[bytes]", channel), system, account
            ),
            _SFTP_VERSION,
            True,
        )
        self._system = system
        self._account = account
        self._child: Child | None = None
        self._terminal: int | None = None
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        """The channel is closed, by whichever side."""
        super().connection_lost(exc)
        if not self._closed.done():
            self._closed.set_result(None)

    def exception_received(self, exc: Exception) -> None:
        """Delivers signals and window sizes at once, however much input waits before them."""
        if isinstance(exc, asyncssh.TerminalSizeChanged) and self._terminal is not None:
            size = struct.pack("HHHH", exc.height, exc.width, exc.pixwidth, exc.pixheight)
            fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)
        elif isinstance(exc, asyncssh.SignalReceived) and self._child is not None:
            with suppress(KeyError):  # no such signal here
                self._child.send(signal.Signals[f"SIG{exc.signal}"])
        elif isinstance(exc, asyncssh.BreakReceived) and self._child is not None:
            self._child.send(signal.SIGINT)

    async def _serve(self) -> None:
        try:
            if self.term_type is None:
                await self._on_pipes()
            else:
                await self._on_terminal(self.term_type)
            if self._child is not None and self._child.ended.done():
                self._report(self._child.ended.result())
        except OSError as error:
            with suppress(OSError):  # the client may be gone
                self.stderr.write(f"{self._account.shell}: {error.strerror}\n".encode())
                self.exit(126)

    def _report(self, status: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            self.exit(code)
        else:
            name = signal.Signals(-code).name.removeprefix("SIG")
            self.exit_with_signal(name, os.WCOREDUMP(status))

    def _start(self, streams: tuple[int, int, int], terminal_name: str | None) -> Child:
        order = login.order(self._system, self._account, self, terminal_name)
        self._child = self._system.processes.start(
            order.command,
            account=self._system.runs_as(self._account),
            environment=order.environment,
            folder=order.folder,
            streams=streams,
            executable=self._account.shell,
            terminal=terminal_name is not None,
        )
        return self._child

    async def _on_pipes(self) -> None:
        with Pipe() as given, Pipe() as printed, Pipe() as complained:
            child = self._start((given.reader, printed.writer, complained.writer), None)
            for inside in (given.close_reader, printed.close_writer, complained.close_writer):
                inside()
            await self._until_ended(
                child,
                self._feed(given.writer, given.close_writer),
                self._copy(printed.reader, self.stdout),
                self._copy(complained.reader, self.stderr),
            )

    async def _on_terminal(self, terminal_type: str) -> None:
        columns, rows, _, _ = self.term_size
        account, devices = self._system.runs_as(self._account), self._system.devices
        with Terminal(account, devices, (columns, rows), self.term_modes) as terminal:
            self._terminal = terminal.master
            try:
                child = self._start((terminal.slave,) * 3, terminal.name)
                terminal.close_slave()
                await self._until_ended(
                    child,
                    self._feed(terminal.master, lambda: None),
                    self._copy(terminal.master, self.stdout),
                )
            finally:
                self._terminal = None

    async def _until_ended(
        self,
        child: Child,
        feed: Coroutine[Any, Any, None],
        *copies: Coroutine[Any, Any, None],
    ) -> None:
        """Carries data until the program has ended and its output is sent, or the channel closes.

        Output that a program left in the background still holds is waited for, as sshd does.
        """
        feeding = asyncio.ensure_future(feed)
        copying: asyncio.Future[Any] = asyncio.gather(*copies)
        try:
            for waited in (child.ended, copying):
                either: set[asyncio.Future[Any]] = {waited, self._closed}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            child.hang_up()
            feeding.cancel()
            copying.cancel()
            await asyncio.gather(feeding, copying, return_exceptions=True)

    async def _feed(self, descriptor: int, close: Callable[[], None]) -> None:
        """Gives the program what the client sends."""
        with suppress(asyncssh.Error, OSError):
            try:
                while data := await self.stdin.read(pipes.CHUNK):
                    await pipes.write(descriptor, data)
                close()
            except BrokenPipeError:
                close()
                while await self.stdin.read(pipes.CHUNK):  # nobody wants it: keep the client going
                    continue

    async def _copy(self, descriptor: int, writer: asyncssh.SSHWriter[bytes]) -> None:
        """Sends the client what the program writes."""
        with suppress(asyncssh.Error, OSError):
            while data := await pipes.read(descriptor):
                writer.write(data)
                await writer.drain()
