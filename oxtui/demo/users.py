"""Who uses the demo rack: the rack ends with the last of them, however each of them ends.

Every user holds the writing end of a named pipe whose reading end is the rack's standard input: the
kernel closes it with the process, and the rack stops at the end of its input. A shared lock beside
it tells the one that leaves whether it is the last, and so has to see the rack off.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator
from pathlib import Path


class Users:
    """The users of the demo rack in a folder, which must exist."""

    def __init__(self, folder: Path) -> None:
        self._pipe = folder / "users.pipe"
        self._lock = folder / "users.lock"
        self._turn = folder / "turn.lock"

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until nobody else comes or goes, and keep it so as long as the context lasts."""
        waiting = asyncio.ensure_future(asyncio.to_thread(_locked, self._turn, fcntl.LOCK_EX))
        try:
            held = await asyncio.shield(waiting)
        except asyncio.CancelledError:
            waiting.add_done_callback(lambda done: os.close(done.result()))
            raise
        try:
            yield
        finally:
            os.close(held)

    def join(self) -> Seat | None:
        """Take a seat, in one's turn, beside somebody; None where nobody is.

        Where nobody is, a rack that still reads is about to end, as its users were killed.
        """
        try:
            os.close(_locked(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            return self._sit()
        return None

    def open(self) -> tuple[Seat, int]:
        """Take the first seat, in one's turn.

        Returns:
            The seat, and the descriptor that is to be the rack's standard input, to be closed here.
        """
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self._pipe, 0o600)
        reading = os.open(self._pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return self._sit(), reading
        except BaseException:
            os.close(reading)
            raise

    def _sit(self) -> Seat:
        # Not blocking: without a reader this is an error (ENXIO), and not a wait for one.
        pipe = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
        try:
            return Seat(pipe, _locked(self._lock, fcntl.LOCK_SH))
        except BaseException:
            os.close(pipe)
            raise


class Seat:
    """One user's hold on the rack."""

    def __init__(self, pipe: int, lock: int) -> None:
        self._pipe = pipe
        self._lock = lock

    def leave(self) -> bool:
        """Give the seat up, in one's turn; returns whether it was the last one."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(self._lock)
            os.close(self._pipe)


def _locked(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
