"""The files of a spool, and their layout.

- `NAME`: the lines, each ended by exactly one newline; appended to, never changed.
- `NAME.index`: `RECORD_SIZE` bytes a line: where it ends in `NAME` (its newline included), then its time in
  milliseconds since 1970 (48 bits), its stream (8 bits) and its flags (8 bits); little-endian. A line exists once
  its record does.
- `NAME.tail`: the unfinished last lines, one a stream at most, rewritten in place. Its check sum makes a
  half-written tail visible to a reader in another process, which then leaves it out.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path

RECORD = struct.Struct("<QQ")
RECORD_SIZE = RECORD.size

LONGEST_LINE = 64 * 1024
"""Bytes; a longer line is kept as several, all but the last flagged `CONTINUES`."""

_TAIL_HEAD = struct.Struct("<IIQB")
_TAIL_LINE = struct.Struct("<BQI")
TAIL_TEXT = 4096
"""Bytes of an unfinished line that readers see."""


class Stream(IntEnum):
    """Who wrote a line."""

    STDOUT = 0
    STDERR = 1
    OURS = 2
    """oxtui itself: what it does around the command."""


class Flags(IntFlag):
    """What a record says of its line."""

    NONE = 0
    CONTINUES = 1
    """The newline is not the program's own: the line was too long, or its process died in it."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A line that has no end yet; `time` in milliseconds since 1970."""

    stream: Stream
    time: int
    text: bytes


def index_path(spool: Path) -> Path:
    """Where the index of `spool` lies."""
    return spool.with_name(spool.name + ".index")


def tail_path(spool: Path) -> Path:
    """Where the unfinished lines of `spool` lie."""
    return spool.with_name(spool.name + ".tail")


def pack_meta(time_ms: int, stream: Stream, flags: Flags) -> int:
    """The second half of a record."""
    return (time_ms & 0xFFFF_FFFF_FFFF) << 16 | stream << 8 | flags


def unpack_meta(meta: int) -> tuple[int, Stream, Flags]:
    """Time in milliseconds, stream and flags of the second half of a record."""
    return meta >> 16, Stream(meta >> 8 & 0xFF), Flags(meta & 0xFF)


def pack_tail(lines: int, unfinished: list[Unfinished]) -> bytes:
    """The tail that stands behind the first `lines` lines."""
    body = b"".join(
        _TAIL_LINE.pack(line.stream, line.time, len(line.text)) + line.text for line in unfinished
    )
    checked = struct.pack("<QB", lines, len(unfinished)) + body
    return struct.pack("<II", len(checked), zlib.crc32(checked)) + checked


def unpack_tail(data: bytes) -> tuple[int, list[Unfinished]] | None:
    """How many lines stand before the tail, and its lines; None where it is being rewritten."""
    if len(data) < _TAIL_HEAD.size:
        return None
    length, check, lines, count = _TAIL_HEAD.unpack_from(data)
    checked = data[8 : 8 + length]
    if len(checked) != length or zlib.crc32(checked) != check:
        return None
    unfinished = []
    at = _TAIL_HEAD.size
    for _ in range(count):
        stream, time_ms, size = _TAIL_LINE.unpack_from(data, at)
        at += _TAIL_LINE.size
        unfinished.append(Unfinished(Stream(stream), time_ms, data[at : at + size]))
        at += size
    return lines, unfinished
