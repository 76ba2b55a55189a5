"""What the system says of a connection that failed."""

from __future__ import annotations

import os
import socket


def os_words(error: OSError) -> str:
    """The system's words, without the address that asyncio puts in their place."""
    if error.errno is None or isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    return os.strerror(error.errno)
