"""Reading a spool, in the process that writes it or another, while it grows or after."""

from __future__ import annotations

import os
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from oxtui.logs.fold import fold
from oxtui.logs.index import (
    LONGEST_LINE,
    RECORD,
    RECORD_SIZE,
    TAIL_TEXT,
    Flags,
    Stream,
    Unfinished,
    index_path,
    tail_path,
    unpack_meta,
    unpack_tail,
)

SHOWN = 4096
"""Bytes of a line that are read unless more are asked for."""

_BLOCK = 4096
"""Lines of the index that are read at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a terminal would show it: progress folded into its last state, escape codes still in it."""

    number: int
    """Counted from 0."""
    time: float
    """Unix seconds, when its last byte came."""
    stream: Stream
    text: str
    truncated: int = 0
    """Bytes behind `text` that were left out."""
    unfinished: bool = False
    """Its end has not come yet."""
    continues: bool = False
    """The next line of its stream goes on where this one ends."""


class SpoolReader:
    """Reads any line of a spool without holding the others; a spool that is not there yet has no lines.

    Raises OSError where the files are there and cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = -1
        self._index = -1
        self._tail = -1
        self._whole = 0
        self._unfinished: list[Unfinished] = []

    @property
    def lines(self) -> int:
        """Lines at the last `refresh`, unfinished ones included."""
        return self._whole + len(self._unfinished)

    @property
    def finished_lines(self) -> int:
        """Lines at the last `refresh` that will not change any more."""
        return self._whole

    @property
    def unfinished(self) -> tuple[Unfinished, ...]:
        """The lines behind the finished ones, as they were at the last `refresh`."""
        return tuple(self._unfinished)

    def refresh(self) -> int:
        """Look how far the spool has grown; returns the lines now, unfinished ones included."""
        if self._index < 0 and not self._open():
            return 0
        found = unpack_tail(os.pread(self._tail, 4 * TAIL_TEXT, 0))
        # The index is looked at after the tail: lines that the tail counts are then in it.
        self._whole = os.fstat(self._index).st_size // RECORD_SIZE
        self._unfinished = found[1] if found and found[0] == self._whole else []
        return self.lines

    def line(self, number: int, limit: int | None = SHOWN) -> Line:
        """One line, cut behind `limit` bytes (None: whole).

        Raises:
            IndexError: there is no such line.
        """
        if not 0 <= number < self.lines:
            raise IndexError(f"line {number} of {self.lines} in {self.path}")
        return self.read(number, number + 1, limit)[0]

    def read(self, first: int, end: int, limit: int | None = SHOWN) -> list[Line]:
        """The lines from `first` up to and without `end`, as far as there are any."""
        first = max(0, first)
        found: list[Line] = []
        while first < min(end, self._whole):
            found += self._block(first, min(end, self._whole, first + _BLOCK), limit)
            first = found[-1].number + 1
        for number in range(first, min(end, self.lines)):
            tail = self._unfinished[number - self._whole]
            text, truncated = _shown(tail.text, limit)
            found.append(
                Line(number, tail.time / 1000, tail.stream, text, truncated, unfinished=True)
            )
        return found

    def time(self, number: int) -> float:
        """Unix seconds of a finished line."""
        return unpack_meta(self._records(number, number + 1)[1])[0] / 1000

    def end_offset(self, number: int) -> int:
        """Where in the file the line ends, its newline included; 0 for the line before the first."""
        return self._records(number, number + 1)[0] if number >= 0 else 0

    def line_at(self, offset: int) -> int:
        """The finished line that the byte at `offset` belongs to."""
        return bisect_right(range(self._whole), offset, key=self.end_offset)

    def pread(self, size: int, offset: int) -> bytes:
        """Raw bytes of the finished lines."""
        return os.pread(self._data, size, offset) if self._data >= 0 else b""

    def close(self) -> None:
        """Give the files back; `refresh` opens them again."""
        for descriptor in (self._data, self._index, self._tail):
            if descriptor >= 0:
                os.close(descriptor)
        self._data = self._index = self._tail = -1

    def __enter__(self) -> SpoolReader:
        self.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> bool:
        """Whether the writer has made all its files, which it does with the tail last."""
        flags = os.O_RDONLY | os.O_CLOEXEC
        try:
            self._tail = os.open(tail_path(self.path), flags)
            self._index = os.open(index_path(self.path), flags)
            self._data = os.open(self.path, flags)
        except FileNotFoundError:
            self.close()
            return False
        return True

    def _records(self, first: int, end: int) -> tuple[int, ...]:
        data = os.pread(self._index, (end - first) * RECORD_SIZE, first * RECORD_SIZE)
        if len(data) != (end - first) * RECORD_SIZE:
            raise IndexError(f"line {end - 1} in {self.path}")
        return tuple(value for record in RECORD.iter_unpack(data) for value in record)

    def _block(self, first: int, end: int, limit: int | None) -> list[Line]:
        records = self._records(first, end)
        start = self.end_offset(first - 1)
        # So many bytes at a time that a block of longest lines does not fill the memory.
        span = min(records[-2] - start, 64 * LONGEST_LINE)
        data = os.pread(self._data, span, start)
        found = []
        begin = start
        for number in range(first, end):
            stop, meta = records[2 * (number - first) : 2 * (number - first) + 2]
            if stop - start > len(data):
                break
            time_ms, stream, flags = unpack_meta(meta)
            text, truncated = _shown(data[begin - start : stop - start - 1], limit)
            found.append(
                Line(
                    number, time_ms / 1000, stream, text, truncated,
                    continues=Flags.CONTINUES in flags,
                )
            )  # fmt: skip
            begin = stop
        return found


def _shown(raw: bytes, limit: int | None) -> tuple[str, int]:
    line = fold(raw)
    if limit is None or len(line) <= limit:
        return line.decode("utf-8", "replace"), 0
    return line[:limit].decode("utf-8", "ignore"), len(line) - limit
