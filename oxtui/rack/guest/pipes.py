"""Reads and writes of pipes and terminals that wait in the event loop.

asyncio's own pipe transports are not used: when a write drains the buffer and the protocol adds
the last bytes and the end from within that call, CPython's transport closes without them.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable

CHUNK = 1 << 16
"""Bytes read at once: what a pipe of Linux holds."""


class Pipe:
    """A pipe; leaving the block closes what is still open of it."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        self._open = {self.reader, self.writer}

    def __enter__(self) -> Pipe:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in list(self._open):
            self._close(descriptor)

    def close_reader(self) -> None:
        """Closes the reading end: it is a child's now."""
        self._close(self.reader)

    def close_writer(self) -> None:
        """Closes the writing end: the reader sees the end of the data."""
        self._close(self.writer)

    def _close(self, descriptor: int) -> None:
        if descriptor in self._open:
            self._open.discard(descriptor)
            os.close(descriptor)


async def read(descriptor: int) -> bytes:
    """The next bytes of a pipe or terminal; empty at its end.

    A terminal whose programs have all gone is at its end.
    """
    loop = asyncio.get_running_loop()
    os.set_blocking(descriptor, False)
    while True:
        try:
            return os.read(descriptor, CHUNK)
        except BlockingIOError:
            await _ready(loop.add_reader, loop.remove_reader, descriptor)
        except OSError as error:
            if error.errno == errno.EIO:
                return b""
            raise


async def write(descriptor: int, data: bytes) -> None:
    """Writes all of the bytes to a pipe or terminal.

    Raises:
        BrokenPipeError: nobody reads them any more.
    """
    loop = asyncio.get_running_loop()
    os.set_blocking(descriptor, False)
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            await _ready(loop.add_writer, loop.remove_writer, descriptor)


async def _ready(
    add: Callable[[int, Callable[[], None]], None], remove: Callable[[int], bool], descriptor: int
) -> None:
    ready = asyncio.get_running_loop().create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    add(descriptor, wake)
    try:
        await ready
    finally:
        remove(descriptor)
