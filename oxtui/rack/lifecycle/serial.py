"""The serial console's memory: the first 1 MiB and the latest 1 MiB since the machine was made.

Source: propolis' serial history buffer. Offsets count every byte that came out.
"""

from __future__ import annotations

import asyncio

KEPT_EACH = 1024 * 1024
DEFAULT_READ = 16 * 1024


class RangeExpiredError(Exception):
    """The bytes asked for lie between what was kept of the beginning and of the end."""


class SerialBuffer:
    """What came out of one machine's serial port."""

    def __init__(self) -> None:
        self._beginning = bytearray()
        self._latest = bytearray()
        self._total = 0
        self._grown = asyncio.Event()
        self.closed = False

    @property
    def total(self) -> int:
        """How many bytes came out since the machine was made."""
        return self._total

    def append(self, data: bytes) -> None:
        """Take bytes from the machine."""
        self._total += len(data)
        room = KEPT_EACH - len(self._beginning)
        self._beginning += data[:room]
        self._latest += data[room:]
        # Cut in large steps: a cut moves what is left.
        if len(self._latest) > 2 * KEPT_EACH:
            del self._latest[:-KEPT_EACH]
        self._wake()

    def close(self) -> None:
        """The machine is gone: nothing more will come."""
        self.closed = True
        self._wake()

    def read(self, start: int, count: int) -> bytes:
        """Return at most `count` bytes from an offset; RangeExpiredError if they are not kept."""
        if start < len(self._beginning):
            head = bytes(self._beginning[start : start + count])
            if start + count <= len(self._beginning) or self._gap() > len(self._beginning):
                return head
            return head + bytes(self._latest[: count - len(head)])
        if start < self._gap():
            raise RangeExpiredError(f"byte {start} is no longer kept")
        offset = len(self._latest) - (self._total - start)
        return bytes(self._latest[offset : offset + count]) if start < self._total else b""

    def oldest_after_gap(self) -> int:
        """Return the first offset of what is kept of the end."""
        return self._gap()

    async def grown(self, beyond: int) -> None:
        """Wait until more than `beyond` bytes came out or nothing more will."""
        while self._total <= beyond and not self.closed:
            await self._grown.wait()

    def _gap(self) -> int:
        kept = min(len(self._latest), KEPT_EACH)
        return self._total - kept

    def _wake(self) -> None:
        # Everyone who waits holds the old event; who comes later gets the new one.
        self._grown.set()
        self._grown = asyncio.Event()
