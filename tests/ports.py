"""Ports of 127.0.0.1 that a test knows before anybody listens on them."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def reserved() -> Iterator[int]:
    """A port on which nobody listens and that nobody else is given while the block runs.

    A server can be told to listen on it all the same, if it sets SO_REUSEADDR as those of OpenSSH, Go and asyncio
    do: Linux then lets it share a port with a socket that does not listen, but gives that port to nobody who asks for
    just any. A port that is only looked up and let go of is, on a busy machine, now and then somebody else's before
    the server has started.
    """
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        port: int = kept.getsockname()[1]
        yield port


def listening(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns once a process that was started for that listens there; fails where it has ended."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.005)  # nothing tells of it, and the process needs the processor
        else:
            return
    pytest.fail(f"{process.args!r} ended with {process.returncode}")
