"""The outputs of a session on their way into a bundle and out of it: lines, and what is known of each."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from oxtui.logs.index import (
    LONGEST_LINE,
    RECORD_SIZE,
    Flags,
    Stream,
    index_path,
    pack_meta,
    pack_tail,
    tail_path,
)
from oxtui.logs.reader import SpoolReader

LINE_BYTES = 8
"""Bytes of what is known of a line."""

_BLOCK = 4096
_STREAMS = frozenset(map(int, Stream))
_FLAGS = max(Flags)


class Sizes:
    """Where lines ended in the original, and where they end now."""

    def __init__(self) -> None:
        self.old = array("Q")
        self.new = array("Q")

    def now(self, size: int) -> int:
        """How many bytes stand for the first `size` of the original."""
        whole = bisect_right(self.old, size)
        old, new = (self.old[whole - 1], self.new[whole - 1]) if whole else (0, 0)
        ends = self.new[whole] if whole < len(self.new) else new + size - old
        return min(new + size - old, ends)


def write_output(
    spool: Path, hide: Callable[[bytes], bytes], text: BinaryIO, lines: BinaryIO
) -> Sizes:
    """Writes an output with each line as `hide` gives it; a line that has no end yet gets one.

    Raises:
        OSError: it cannot be read.
    """
    sizes = Sizes()
    end = 0
    with SpoolReader(spool) as reader:
        for first in range(0, reader.finished_lines, _BLOCK):
            count = min(_BLOCK, reader.finished_lines - first)
            for number, raw, meta in _raw_lines(reader, index_path(spool), first, count):
                shown = hide(raw)[:LONGEST_LINE] + b"\n"
                text.write(shown)
                lines.write(meta.to_bytes(LINE_BYTES, "little"))
                end += len(shown)
                sizes.old.append(reader.end_offset(number))
                sizes.new.append(end)
        for line in reader.unfinished:
            shown = hide(line.text.replace(b"\n", b" ")) + b"\n"
            text.write(shown)
            meta = pack_meta(line.time, line.stream, Flags.CONTINUES)
            lines.write(meta.to_bytes(LINE_BYTES, "little"))
            end += len(shown)
            sizes.old.append((sizes.old[-1] if sizes.old else 0) + len(line.text) + 1)
            sizes.new.append(end)
    return sizes


def _raw_lines(
    reader: SpoolReader, index: Path, first: int, count: int
) -> Iterator[tuple[int, bytes, int]]:
    """Number, bytes and meta of finished lines."""
    with open(index, "rb") as file:
        file.seek(first * RECORD_SIZE)
        records = memoryview(file.read(count * RECORD_SIZE))
    begin = reader.end_offset(first - 1)
    for at in range(len(records) // RECORD_SIZE):
        record = records[at * RECORD_SIZE : (at + 1) * RECORD_SIZE]
        end = int.from_bytes(record[:8], "little")
        yield (
            first + at,
            reader.pread(end - begin, begin)[:-1],
            int.from_bytes(record[8:], "little"),
        )
        begin = end


def place_output(spool: Path, lines: Path) -> str:
    """Makes a spool of lines and of what is known of them; returns what is wrong, empty if nothing is.

    Raises:
        OSError: it cannot be read or written.
    """
    end = 0
    with (
        open(spool, "rb") as text,
        open(lines, "rb") as known,
        open(index_path(spool), "wb") as index,
    ):
        while line := text.readline(LONGEST_LINE + 2):
            if not line.endswith(b"\n") or len(line) > LONGEST_LINE + 1:
                return "a line of an output is too long or has no end"
            raw = known.read(LINE_BYTES)
            meta = int.from_bytes(raw, "little")
            if len(raw) < LINE_BYTES or meta >> 8 & 0xFF not in _STREAMS or meta & 0xFF > _FLAGS:
                return "what is told of an output's lines does not fit them"
            end += len(line)
            index.write(end.to_bytes(8, "little") + raw)
        if known.read(1):
            return "what is told of an output's lines does not fit them"
    tail_path(spool).write_bytes(pack_tail(0, []))
    return ""
