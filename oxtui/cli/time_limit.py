"""An end to what may take for ever, waiting in the system included."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN = 0.05
"""Seconds."""


class TooLongError(Exception):
    """The time is over."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooLongError in the block when the time is over; in the main thread only, as signals are.

    A timer and a handler that were set before go on behind the block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TooLongError

    handler = signal.signal(signal.SIGALRM, stop)
    # Again and again: what is raised in a destructor, or while garbage is collected, is passed over.
    before = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
        signal.signal(signal.SIGALRM, handler)
