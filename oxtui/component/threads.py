"""Long work on files in a thread of its own, which tells how far it is and stops when it is told to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TOLD_EVERY = 0.2
"""Seconds between two tellings of how far the work is."""


class Stopped(Exception):
    """The work was told to stop; nobody else sees it."""


class Meter:
    """How much is done, for the thread that does it."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.done = 0
        self._tell = tell
        self._stop = threading.Event()
        self._next = 0.0

    def add(self, amount: int) -> None:
        """So much more is done.

        Raises:
            Stopped: the work is to end here.
        """
        if self._stop.is_set():
            raise Stopped
        self.done += amount
        now = time.monotonic()
        if now >= self._next:
            self._next = now + TOLD_EVERY
            self._tell(self.done)

    def stop(self) -> None:
        """Ends the work at its next `add`."""
        self._stop.set()


async def in_thread(work: Callable[[Meter], T], tell: Callable[[int], None]) -> T:
    """Does the work in a thread; cancelling stops it and returns when it has tidied up.

    Args:
        work: is given the meter, in its thread.
        tell: takes how much is done, on the event loop, now and then.
    """
    loop = asyncio.get_running_loop()
    meter = Meter(lambda done: _told(loop, tell, done))
    doing = asyncio.ensure_future(asyncio.to_thread(work, meter))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        meter.stop()
        doing.add_done_callback(_heard)  # also of one who does not wait for it
        await asyncio.wait([doing])
        raise


def _told(loop: asyncio.AbstractEventLoop, tell: Callable[[int], None], done: int) -> None:
    loop.call_soon_threadsafe(tell, done)


def _heard(doing: asyncio.Future[T]) -> None:
    """Looks at the result, so that nobody complains that nobody did."""
    if not doing.cancelled():
        doing.exception()
