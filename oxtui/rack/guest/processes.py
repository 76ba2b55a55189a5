"""Starts programs inside an instance as its users, and reaps them: the part of init.

asyncio's own child watchers are not used: a first process must reap every orphan, and a thread a
child would make the process multi-threaded before it forks again.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from oxtui.rack.guest.accounts import Account


@dataclass(frozen=True, slots=True)
class Child:
    """A running program, leader of its own session. `ended` gives what waitpid(2) would."""

    pid: int
    ended: asyncio.Future[int]

    def send(self, number: int) -> None:
        """Signals the program and everything in its process group."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def hang_up(self) -> None:
        """What a closed terminal or connection means: end, now."""
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGCONT):
            self.send(number)


class Processes:
    """All programs of one instance. To be made inside the running event loop's thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._children: dict[int, Child] = {}
        self._empty = asyncio.Event()
        self._empty.set()
        self._loop.add_signal_handler(signal.SIGCHLD, self._reap)

    def start(
        self,
        command: Sequence[str],
        *,
        account: Account | None,
        environment: Mapping[str, str],
        folder: str,
        streams: tuple[int, int, int],
        executable: str | None = None,
        terminal: bool = False,
    ) -> Child:
        """Starts a program in a session of its own.

        account: whom it runs as; None leaves the user as it is.
        streams: file descriptors of standard input, output and error, or subprocess.DEVNULL.
        terminal: standard input is a terminal, and becomes the session's controlling one.

        Raises:
            OSError: the program cannot be executed, or the folder not be entered.
        """
        process = subprocess.Popen(
            command,
            executable=executable,
            env=dict(environment),
            cwd=folder,
            stdin=streams[0],
            stdout=streams[1],
            stderr=streams[2],
            start_new_session=True,
            umask=0o022,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=account.groups if account else None,
            preexec_fn=_control_terminal if terminal else None,
        )
        child = Child(process.pid, self._loop.create_future())
        self._children[process.pid] = child
        self._empty.clear()
        # The signal handler reaps; without a status the object would complain when it goes.
        process.returncode = 0
        return child

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._children.pop(pid, None)
            if child is not None:
                child.ended.set_result(status)
            if not self._children:
                self._empty.set()

    def kill_all(self) -> None:
        """Kills every program at once."""
        for child in list(self._children.values()):
            child.send(signal.SIGKILL)

    async def end_all(self, patience: float) -> None:
        """Asks every program to end, and waits at most `patience` seconds until they have."""
        for child in list(self._children.values()):
            child.hang_up()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._empty.wait(), patience)


def _control_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
