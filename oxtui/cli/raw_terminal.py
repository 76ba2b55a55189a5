"""The terminal as a program of the guest has it: every key as it is."""

from __future__ import annotations

import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def raw(terminal: int) -> Iterator[None]:
    """Every key as it is, ctrl+c too, while the block runs."""
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
