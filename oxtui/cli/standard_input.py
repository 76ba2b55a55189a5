"""Standard input as bytes."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO


def standard_input() -> BinaryIO:
    """What is read from; nothing at all where it was closed before the command started."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


def is_terminal() -> bool:
    """Whether somebody types it."""
    return sys.stdin is not None and sys.stdin.isatty()
