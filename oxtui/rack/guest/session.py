"""One SSH session channel: a command or a shell, on pipes or on a terminal."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import Any

import asyncssh

from oxtui.rack.guest import terminal
from oxtui.rack.guest.accounts import Account
from oxtui.rack.guest.processes import Child
from oxtui.rack.guest.system import System

_ACCEPTED = ("LANG", "LC_")
"""Variables that a client may set: AcceptEnv of the distributions' sshd_config."""


async def serve(
    system: System, account: Account, process: asyncssh.SSHServerProcess[bytes]
) -> None:
    """Runs what the client asked for until it or the channel ends, and reports how it ended."""
    with_terminal = process.term_type is not None
    try:
        child = await (_on_terminal if with_terminal else _on_pipes)(system, account, process)
    except OSError as error:
        process.stderr.write(f"{account.shell}: {error.strerror}\n".encode())
        process.exit(126)
        return
    process.set_redirect_pid(-child.pid)  # signals go to the whole process group
    closed: asyncio.Future[Any] = asyncio.ensure_future(process.wait_closed())
    drained: asyncio.Future[Any] = asyncio.ensure_future(_drain(process))
    ended: asyncio.Future[Any] = child.ended
    try:
        await asyncio.wait({ended, closed}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            process.set_redirect_pid(None)
            await asyncio.wait({drained, closed}, return_when=asyncio.FIRST_COMPLETED)
            _report(process, ended.result())
    finally:
        process.set_redirect_pid(None)
        drained.cancel()
        child.hang_up()
        await closed


async def _drain(process: asyncssh.SSHServerProcess[bytes]) -> None:
    """Waits until everything that the program wrote has been sent."""
    with suppress(OSError, asyncssh.Error):
        await process.stdout.drain()
        await process.stderr.drain()


def _report(process: asyncssh.SSHServerProcess[bytes], status: int) -> None:
    code = os.waitstatus_to_exitcode(status)
    with suppress(OSError):  # the client may be gone
        if code >= 0:
            process.exit(code)
        else:
            name = signal.Signals(-code).name.removeprefix("SIG")
            process.exit_with_signal(name, os.WCOREDUMP(status))


def _command(
    system: System, account: Account, process: asyncssh.SSHServerProcess[bytes]
) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment; a shell without a command is a login shell."""
    environment = system.environment(account)
    for name, value in process.env.items():
        if name.startswith(_ACCEPTED):
            environment[name] = value
    peer, own = process.get_extra_info("peername"), process.get_extra_info("sockname")
    environment["SSH_CLIENT"] = f"{peer[0]} {peer[1]} {own[1]}"
    environment["SSH_CONNECTION"] = f"{peer[0]} {peer[1]} {own[0]} {own[1]}"
    agent = process.channel.get_agent_path()
    if agent:
        _give(os.path.dirname(agent), system.runs_as(account))
        _give(agent, system.runs_as(account))
        environment["SSH_AUTH_SOCK"] = agent
    if process.command is None:
        return [f"-{os.path.basename(account.shell)}"], environment
    return [account.shell, "-c", process.command], environment


def _give(path: str, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _folder(system: System, account: Account) -> str:
    home = system.path(account.home)
    return home if os.path.isdir(home) else str(system.root)


async def _on_pipes(
    system: System, account: Account, process: asyncssh.SSHServerProcess[bytes]
) -> Child:
    command, environment = _command(system, account, process)
    input_pipe, output_pipe, error_pipe = os.pipe(), os.pipe(), os.pipe()
    inside = (input_pipe[0], output_pipe[1], error_pipe[1])
    try:
        child = system.processes.start(
            command,
            account=system.runs_as(account),
            environment=environment,
            folder=_folder(system, account),
            streams=inside,
            executable=account.shell,
        )
    except OSError:
        for descriptor in (input_pipe[1], output_pipe[0], error_pipe[0]):
            os.close(descriptor)
        raise
    finally:
        for descriptor in inside:
            os.close(descriptor)
    await process.redirect(input_pipe[1], output_pipe[0], error_pipe[0], bufsize=0, send_eof=False)
    return child


async def _on_terminal(
    system: System, account: Account, process: asyncssh.SSHServerProcess[bytes]
) -> Child:
    command, environment = _command(system, account, process)
    columns, rows, _, _ = process.term_size
    master, slave = terminal.open_terminal(
        system.runs_as(account), system.devices, (columns, rows), process.term_modes
    )
    environment["TERM"] = process.term_type or "dumb"
    with suppress(OSError):  # no name for it where the instance has no /dev/pts
        environment["SSH_TTY"] = os.ttyname(slave)
    try:
        child = system.processes.start(
            command,
            account=system.runs_as(account),
            environment=environment,
            folder=_folder(system, account),
            streams=(slave, slave, slave),
            executable=account.shell,
            terminal=True,
        )
    except OSError:
        os.close(master)
        raise
    finally:
        os.close(slave)
    await process.redirect(master, os.dup(master), bufsize=0, send_eof=False)
    return child
