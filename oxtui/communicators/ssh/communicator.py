"""Commands, files and shells of a guest over one SSH connection that comes back after a reboot."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncssh

from oxtui.communicators.carrier import Feed, Writer
from oxtui.communicators.ssh import ending
from oxtui.communicators.ssh.calls import OnCall, Operation, SshCall, ssh_command
from oxtui.communicators.ssh.connect import connect, why_lost
from oxtui.communicators.ssh.ending import Leader
from oxtui.communicators.ssh.routes import route_to
from oxtui.communicators.ssh.shell import SshShell
from oxtui.communicators.ssh.target import Target
from oxtui.communicators.ssh.tunnels import open_tunnels
from oxtui.communicators.transfer import Transfers
from oxtui.component.concurrency import bounded, first_error
from oxtui.component.errors import ConnectError
from oxtui.component.protocols import ExitStatus, Output, Stream

CHUNK = 32 * 1024
CLOSE_LIMIT = 5.0


class SshCommunicator(Transfers):
    """A connection to a guest. Each method connects again first where the guest has hung up."""

    def __init__(
        self,
        target: Target,
        on_attempt: Callable[[str], None],
        on_call: OnCall = lambda _call: None,
    ) -> None:
        self.target = target
        self.on_attempt = on_attempt
        self.on_call = on_call
        self._route = route_to(target)
        self._connection: asyncssh.SSHClientConnection | None = None
        self._connecting = asyncio.Lock()
        target.pin.printed.on_printed = self._check_host_key

    async def connection(self) -> asyncssh.SSHClientConnection:
        """The live connection, made or made again where needed.

        Raises:
            ConnectError: the guest cannot be logged in to, or is not the one that it should be.
        """
        async with self._connecting:
            if problem := self.target.pin.problem(self.target.place):
                raise ConnectError(problem)
            if self._connection is None or self._connection.is_closed():
                began = time.perf_counter()
                try:
                    self._connection = await self._connect()
                except ConnectError as error:
                    self._told("connect", began, error=str(error))
                    raise
                self._told("connect", began)
            return self._connection

    async def _connect(self) -> asyncssh.SSHClientConnection:
        options = self.target.options
        connection = await connect(self.target, self._route, self.on_attempt)
        try:
            await open_tunnels(connection, options.ssh_local_tunnels, options.ssh_remote_tunnels)
        except BaseException:
            connection.abort()
            raise
        return connection

    def _check_host_key(self) -> None:
        """The console printed keys: nothing more goes to a server that has none of them."""
        if self.target.pin.contradicted and self._connection is not None:
            self._connection.abort()

    def _lost(self) -> ExitStatus:
        """What is told of a command that the end of its connection cut off."""
        pin, connection = self.target.pin, self._connection
        cause = pin.problem(self.target.place)
        if not cause and connection is not None:
            cause = why_lost(connection, self.target.options.silence)
        return ExitStatus(None, lost=True, cause=cause)

    def _told(
        self,
        operation: Operation,
        began: float,
        command: str = "",
        *,
        status: ExitStatus | None = None,
        error: str = "",
        terminal: bool = False,
    ) -> None:
        target = self.target
        again = ssh_command(target.host, target.options, command, terminal=terminal)
        seconds = time.perf_counter() - began
        self.on_call(SshCall(operation, target.place, seconds, command, status, error, again))

    @property
    def place(self) -> str:
        """Address and port."""
        return self.target.place

    @property
    def by_sftp(self) -> bool:
        """Whether files go by SFTP, as `ssh_file_transfer_method` asks."""
        return self.target.options.ssh_file_transfer_method == "sftp"

    @property
    def on_terminal(self) -> bool:
        """Whether commands without an input run on a terminal, as `ssh_pty` asks."""
        return self.target.options.ssh_pty

    async def run(
        self, command: str, output: Output, *, stdin: bytes | None = None, by_sh: bool = False
    ) -> ExitStatus:
        """Runs a command by the user's login shell and hands over its output as it comes.

        With `by_sh` the guest's `/bin/sh` runs it, whatever the login shell is. Cancelling ends the
        guest's processes: with SIGTERM, and SIGKILL after a short grace.

        Raises:
            ConnectError: no session could be opened.
        """
        terminal = self.on_terminal and stdin is None
        leader = Leader(output)
        if by_sh:
            sent, fed = _by_sh(leader.in_sh + command, stdin, terminal)
        else:
            sent, fed = leader.command(command), stdin

        async def feed(writer: Writer) -> None:
            if fed:
                writer.write(fed)
                await writer.drain()

        try:
            return await self.stream(
                sent, leader.feed, feed, terminal=terminal, leader=leader, told=command
            )
        finally:
            leader.end()

    async def stream(
        self,
        command: str,
        output: Output,
        feed: Feed,
        *,
        terminal: bool = False,
        leader: Leader | None = None,
        told: str = "",
    ) -> ExitStatus:
        """As `run`, with an input that `feed` writes while the command runs.

        On a terminal the input would come back as output, and its end would not be told. Where there
        is a `leader`, cancelling ends all that it leads. `told` is the command as an operator is told
        of it, if not as it is sent.

        Raises:
            ConnectError: no session could be opened.
        """
        began, status = time.perf_counter(), None
        try:
            status = await self._stream(command, output, feed, terminal, leader)
        finally:
            self._told("run", began, told or command, status=status, terminal=terminal)
        return status

    async def _stream(
        self, command: str, output: Output, feed: Feed, terminal: bool, leader: Leader | None
    ) -> ExitStatus:
        try:
            async with self._process(command, terminal, leader) as process:
                with first_error():
                    async with asyncio.TaskGroup() as group:
                        group.create_task(_pump(process.stdout, "stdout", output))
                        group.create_task(_pump(process.stderr, "stderr", output))
                        group.create_task(_write(process.stdin, feed))
                # The exit status may come after the end of the output.
                await process.wait_closed()
        except (asyncssh.ConnectionLost, asyncssh.DisconnectError, ConnectionError):
            return self._lost()
        status = _status(process)
        return self._lost() if status.lost else status

    @asynccontextmanager
    async def _process(
        self, command: str, terminal: bool, leader: Leader | None
    ) -> AsyncIterator[asyncssh.SSHClientProcess[bytes]]:
        type_ = {"term_type": "xterm"} if terminal else {}
        process: asyncssh.SSHClientProcess[bytes] = await self._session(
            "create_process", command, encoding=None, **type_
        )
        try:
            yield process
        except BaseException:
            connection = self._connection
            if leader is not None and connection is not None and not connection.is_closed():
                await bounded(ending.end(connection, process, leader), ending.LIMIT)
            # A channel that is closed already has no process left to signal.
            with suppress(OSError):
                process.terminate()
            raise
        finally:
            process.close()

    async def _session(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Opens a session; a connection that died since is made again once."""
        connection = await self.connection()
        try:
            return await getattr(connection, method)(*arguments, **options)
        except (asyncssh.ConnectionLost, asyncssh.ChannelOpenError, ConnectionError):
            connection.abort()
            await connection.wait_closed()
        connection = await self.connection()
        try:
            return await getattr(connection, method)(*arguments, **options)
        except (asyncssh.Error, ConnectionError) as error:
            raise ConnectError(
                f"{self.target.place} opens no session: {error}. "
                f"Its SSH server may limit sessions; look at {self.target.look_at}."
            ) from error

    async def sftp(self) -> asyncssh.SFTPClient:
        """An SFTP session, for guests without tar."""
        began = time.perf_counter()
        client: asyncssh.SFTPClient = await self._session("start_sftp_client")
        self._told("sftp", began)
        return client

    async def open_shell(self, columns: int, rows: int) -> SshShell:
        """Starts the user's login shell on a PTY of that size.

        Raises:
            ConnectError: no session could be opened.
        """
        began = time.perf_counter()
        process = await self._session(
            "create_process",
            encoding=None,
            stderr=asyncssh.STDOUT,
            term_type="xterm-256color",
            term_size=(columns, rows),
        )
        self._told("shell", began)
        return SshShell(process)

    async def close(self) -> None:
        """Ends the connection; a guest that does not answer is left after 5 s."""
        if self._connection is not None:
            self._connection.close()
            try:
                async with asyncio.timeout(CLOSE_LIMIT):
                    await self._connection.wait_closed()
            except TimeoutError:
                self._connection.abort()
        await self._route.close()


async def _pump(reader: asyncssh.SSHReader[bytes], stream: Stream, output: Output) -> None:
    while data := await reader.read(CHUNK):
        output(stream, data)


async def _write(writer: asyncssh.SSHWriter[bytes], feed: Feed) -> None:
    try:
        await feed(writer)
        writer.write_eof()
    except (BrokenPipeError, ConnectionResetError):
        # The command ended without reading its input; its exit status says why.
        return


def _by_sh(command: str, stdin: bytes | None, terminal: bool) -> tuple[str, bytes | None]:
    """How a login shell, be it of the csh family, is told to have sh run a command; and the input then.

    Where there is an input the command goes before it, as no two shells quote alike; dd takes no byte
    more than it is told to.
    """
    if terminal:
        return f"exec /bin/sh -c {shlex.quote(command)}", stdin
    program = command.encode()
    reading = f'eval "$(dd bs=1 count={len(program)} 2>/dev/null)"'
    return f"exec /bin/sh -c '{reading}'", program + (stdin or b"")


def _status(process: asyncssh.SSHClientProcess[bytes]) -> ExitStatus:
    if process.exit_signal:
        return ExitStatus(None, signal=process.exit_signal[0])
    if process.exit_status is None:
        return ExitStatus(None, lost=True)
    return ExitStatus(process.exit_status)
