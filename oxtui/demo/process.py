"""The process of the demo rack. It may outlive the one that started it, if others still use it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_STOPS_WITHIN = 10.0
"""Seconds that its instances get to unmount before it is killed."""
_LOOKS_EVERY = 0.05
"""Seconds, where the system cannot tell of the end of a process that is not a child."""


def start(arguments: Sequence[str], users: int, log: Path) -> tuple[int, int]:
    """Start `oxtui ARGUMENTS` in a session of its own: a ctrl+c in our terminal is for us to answer.

    `users` becomes its standard input. Returns its process id, and where to read its output, to be
    closed by the caller. It is not a `subprocess.Popen`, which wants to see its children end.
    """
    output, its_output = os.pipe()
    errors = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        command = [sys.executable, "-m", "oxtui", *arguments]
        actions = [
            (os.POSIX_SPAWN_DUP2, users, 0),
            (os.POSIX_SPAWN_DUP2, its_output, 1),
            (os.POSIX_SPAWN_DUP2, errors, 2),
        ]
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions, setsid=True)
        return pid, output
    except BaseException:
        os.close(output)
        raise
    finally:
        os.close(its_output)
        os.close(errors)


async def stop(pid: int) -> None:
    """End it and wait for its end; it removes its mounts and processes by itself on SIGTERM."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        if not await ended(pid):
            os.kill(pid, signal.SIGKILL)
            await ended(pid)


async def ended(pid: int, within: float = _STOPS_WITHIN) -> bool:
    """Wait for the end of a process, ours or not; returns whether it came in so many seconds."""
    try:
        async with asyncio.timeout(within):
            await _end(pid)
    except TimeoutError:
        return False
    _reap(pid)
    return True


async def _end(pid: int) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    except (AttributeError, OSError):  # not Linux, or not allowed
        while _lives(pid):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(_LOOKS_EVERY)
        return
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(descriptor, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _lives(pid: int) -> bool:
    _reap(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _reap(pid: int) -> None:
    """Take note of the end of a process, if it is a child of ours and has ended."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
