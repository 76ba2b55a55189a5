"""Says that an instance does not answer yet, where somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from textual.message_pump import MessagePump

PATIENCE = 4.0
"""Seconds after which it is said."""


@contextmanager
def patiently(waits: MessagePump, say: Callable[[], object]) -> Iterator[None]:
    """Calls `say` if the body is not done by then."""
    timer = waits.set_timer(PATIENCE, say)
    try:
        yield
    finally:
        timer.stop()
