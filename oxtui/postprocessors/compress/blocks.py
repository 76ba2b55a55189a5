"""Gzip on all cores: pieces are compressed side by side and written in order, as one file that any tool reads.

A gzip file is one stream of deflate blocks (RFC 1951, 1952). Each piece is flushed to a whole byte and knows
the last 32 KiB before it, so that pieces which were compressed apart are one stream, hardly larger than that
of one core. BGZF is the blocked gzip of the SAM specification (4.1): whole gzip members of at most 64 KiB, each
with its size in its header, so that a reader can begin at any of them.
"""

from __future__ import annotations

import os
import struct
import zlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import BinaryIO, Final, Self

PIECE: Final = 1 << 20
"""Bytes that one core compresses at a time."""
_WINDOW: Final = 32 << 10
_RAW: Final = -15
"""Deflate without a header, with the largest window."""

_GZIP_HEADER: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_LAST_BLOCK: Final = b"\x03\0"
"""An empty block that ends a stream."""

_BGZF_BLOCK: Final = 0xFF00
"""Bytes of input in a block, so that one which cannot be compressed still fits."""
_BGZF_HEADER: Final = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0"
_BGZF_END: Final = _BGZF_HEADER + b"\x1b\0\x03\0\0\0\0\0\0\0\0\0"


class _Blocks(ABC):
    """A file to write, whose pieces are compressed in threads."""

    def __init__(self, file: BinaryIO, level: int | None) -> None:
        self._file = file
        self.level = zlib.Z_DEFAULT_COMPRESSION if level is None else level
        cores = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(cores, "compress")
        self._most = 2 * cores
        """Pieces that wait; more would fill the memory if the disk is slow."""
        self._waiting: deque[Future[bytes]] = deque()
        self._piece = bytearray()
        self._written = 0
        self.begin()

    def begin(self) -> None:  # noqa: B027 - there need be nothing
        """Writes what comes before all pieces."""

    @abstractmethod
    def prepare(self, piece: bytes) -> Callable[[], bytes]:
        """What makes the output of a piece; called in order, and its result in any thread."""

    @abstractmethod
    def finish(self) -> bytes:
        """What comes behind all pieces."""

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Takes input. Raises OSError."""
        self._piece += data
        self._written += len(data)
        while len(self._piece) >= PIECE:
            self._submit(bytes(self._piece[:PIECE]))
            del self._piece[:PIECE]
        return len(data)

    def tell(self) -> int:
        """Bytes of input so far."""
        return self._written

    def put(self, data: bytes) -> None:
        """Writes output. Raises OSError."""
        self._file.write(data)

    def _submit(self, piece: bytes) -> None:
        if len(self._waiting) >= self._most:
            self.put(self._waiting.popleft().result())
        self._waiting.append(self._pool.submit(self.prepare(piece)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                if self._piece:
                    self._submit(bytes(self._piece))
                while self._waiting:
                    self.put(self._waiting.popleft().result())
                self.put(self.finish())
        finally:
            self._pool.shutdown(cancel_futures=True)


class GzipWriter(_Blocks):
    """One gzip member."""

    def begin(self) -> None:
        """The header, which names no file and no time."""
        self._check = 0
        self._before = b""
        self.put(_GZIP_HEADER)

    def prepare(self, piece: bytes) -> Callable[[], bytes]:
        """A piece of the stream."""
        before, self._before = self._before, piece[-_WINDOW:]
        self._check = zlib.crc32(piece, self._check)
        level = self.level

        def compressed() -> bytes:
            work = zlib.compressobj(level, zlib.DEFLATED, _RAW, zdict=before)
            return work.compress(piece) + work.flush(zlib.Z_SYNC_FLUSH)

        return compressed

    def finish(self) -> bytes:
        """The end of the stream, a checksum and the length."""
        return _LAST_BLOCK + struct.pack("<II", self._check, self._written & 0xFFFFFFFF)


class BgzfWriter(_Blocks):
    """Gzip members of a bounded size."""

    def prepare(self, piece: bytes) -> Callable[[], bytes]:
        """Some members."""
        level = self.level
        starts = range(0, len(piece), _BGZF_BLOCK)
        return lambda: b"".join(_member(piece[at : at + _BGZF_BLOCK], level) for at in starts)

    def finish(self) -> bytes:
        """The empty member that tells a whole file from one that was cut off."""
        return _BGZF_END


def _member(data: bytes, level: int) -> bytes:
    work = zlib.compressobj(level, zlib.DEFLATED, _RAW)
    body = work.compress(data) + work.flush()
    size = len(_BGZF_HEADER) + 2 + len(body) + 8
    end = struct.pack("<II", zlib.crc32(data), len(data))
    return _BGZF_HEADER + struct.pack("<H", size - 1) + body + end
