"""A shell in the instance of a session that another process runs, on this terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import ExitStack

from oxtui.build.remote.client import RemoteSession, RemoteShell
from oxtui.cli.attached.words import NotUnderstood, addressed
from oxtui.cli.errors import FAILED, USAGE, CommandError
from oxtui.cli.raw_terminal import raw
from oxtui.component.protocols import ExitStatus
from oxtui.logs.sanitise import plain

_LEAVE = b"\x1d"
"""ctrl+], as of the serial console."""
_END = b"\x04"
"""What stands for the end of a file that was typed: ctrl+d."""
WITHOUT_TERMINAL = (80, 24)


async def enter(session: RemoteSession, name: str | None) -> int:
    """Opens the shell until either end hangs up; the shell's exit code, as ssh gives it.

    Raises:
        NotReached: there is no way in.
    """
    try:
        build = addressed(session.state, name, stopped=True)
    except NotUnderstood as error:
        raise CommandError(str(error), USAGE) from None
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    columns, rows = os.get_terminal_size(sys.stdout.fileno()) if terminal else WITHOUT_TERMINAL
    shell = await RemoteShell.open(session.folder, build.name, columns, rows)
    place = build.address.place if build.address is not None else build.name
    if terminal:
        _narrate(f"Shell at {plain(place)}; ctrl+] leaves.")
    with ExitStack() as stack:
        if terminal:
            stack.enter_context(raw(sys.stdin.fileno()))
        status = await _converse(shell, terminal=terminal)
    if terminal:
        _narrate(f"\nThe shell ended: {status}.")
    return FAILED if status.status is None else status.status


async def _converse(shell: RemoteShell, *, terminal: bool) -> ExitStatus:
    loop = asyncio.get_running_loop()
    keyboard, left = sys.stdin.fileno(), asyncio.Event()

    def typed() -> None:
        data = os.read(keyboard, 4096)
        if not data:
            loop.remove_reader(keyboard)
            shell.write(_END)
            return
        before, leave, _ = data.partition(_LEAVE) if terminal else (data, b"", b"")
        if before:
            shell.write(before)
        if leave:
            left.set()

    def resized() -> None:
        shell.resize(*os.get_terminal_size(sys.stdout.fileno()))

    async def out() -> None:
        while data := await shell.read():
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    tasks = [asyncio.ensure_future(out()), asyncio.ensure_future(left.wait())]
    loop.add_reader(keyboard, typed)
    if terminal:
        loop.add_signal_handler(signal.SIGWINCH, resized)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.remove_reader(keyboard)
        if terminal:
            loop.remove_signal_handler(signal.SIGWINCH)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return await shell.close()


def _narrate(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
