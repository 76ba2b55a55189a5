"""Spools: output on disk, a line at a time, readable by others while it grows.

`SpoolWriter` appends, `SpoolReader` (in any process) reads any line at once and holds no line in memory;
the layout is in `oxtui.logs.index`.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Callable
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
    pack_meta,
    pack_tail,
    tail_path,
    unpack_tail,
)
from oxtui.logs.reader import Line, SpoolReader
from oxtui.logs.redact import RedactingStream, Redactor

__all__ = ["Line", "SpoolReader", "SpoolWriter", "Stream"]


class SpoolWriter:
    """Appends the output of a step to a spool; one writer a spool, one thread a writer.

    Lines of different streams never mix: a line is written whole when its newline comes, and until then shown
    as unfinished at the end. Its time is when its last byte came. With a redactor, bytes that may be the
    beginning of a secret are held back until they are decided, at the latest by `close`.

    `write` and `close` raise OSError where the disk is full or the files cannot be written; what was written
    before stays readable, and the next write goes on behind it.

    A spool that exists is continued: its unfinished lines become lines.
    """

    def __init__(
        self, path: Path, *, redact: Redactor | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._clock = clock
        self._redact = redact
        self._streams: dict[Stream, RedactingStream] = {}
        self._unfinished: dict[Stream, tuple[int, bytes]] = {}
        self._tail_shown = False
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._data = os.open(path, flags, 0o600)
        self._index = os.open(index_path(path), flags, 0o600)
        self._tail = os.open(tail_path(path), flags, 0o600)
        self._lines = os.fstat(self._index).st_size // RECORD_SIZE
        self._end = 0
        if self._lines:
            last = os.pread(self._index, RECORD_SIZE, (self._lines - 1) * RECORD_SIZE)
            self._end = RECORD.unpack(last)[0]
        self._recover_tail()

    @property
    def lines(self) -> int:
        """Lines so far, unfinished ones included."""
        return self._lines + len(self._unfinished)

    @property
    def size(self) -> int:
        """Bytes so far, unfinished lines included."""
        return self._end + sum(len(text) for _, text in self._unfinished.values())

    def write(self, stream: Stream, data: bytes) -> None:
        """Append bytes of `stream`, cut anywhere."""
        if self._redact is not None:
            if stream not in self._streams:
                self._streams[stream] = RedactingStream(self._redact)
            data = self._streams[stream].feed(data)
        if data:
            self._append(stream, data)

    def close(self) -> None:
        """End the spool; unfinished lines become lines."""
        if self._data < 0:
            return
        try:
            for stream, redacting in self._streams.items():
                if rest := redacting.flush():
                    self._append(stream, rest)
            for stream, (time_ms, text) in self._unfinished.items():
                self._commit(text + b"\n", time_ms, stream, Flags.CONTINUES)
            self._unfinished.clear()
            self._show_tail()
        finally:
            for descriptor in (self._data, self._index, self._tail):
                os.close(descriptor)
            self._data = -1

    def __enter__(self) -> SpoolWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, stream: Stream, data: bytes) -> None:
        now = int(self._clock() * 1000)
        whole = self._unfinished.get(stream, (now, b""))[1] + data
        ended = whole.rfind(b"\n") + 1
        lines, rest = whole[:ended], whole[ended:]
        if lines:
            self._commit(lines, now, stream, Flags.NONE)
        while len(rest) >= LONGEST_LINE:
            self._commit(rest[:LONGEST_LINE] + b"\n", now, stream, Flags.CONTINUES)
            rest = rest[LONGEST_LINE:]
        if rest:
            self._unfinished[stream] = (now, rest)
        else:
            self._unfinished.pop(stream, None)
        self._show_tail()

    def _commit(self, lines: bytes, now: int, stream: Stream, flags: Flags) -> None:
        """Write whole lines, first the text and then the records that make them exist."""
        meta = pack_meta(now, stream, flags)
        continues = pack_meta(now, stream, Flags.CONTINUES)
        records = array("Q")
        pieces = []
        end = self._end
        for line in lines[:-1].split(b"\n"):
            while len(line) > LONGEST_LINE:
                pieces.append(line[:LONGEST_LINE])
                line = line[LONGEST_LINE:]
                end += LONGEST_LINE + 1
                records.extend((end, continues))
            pieces.append(line)
            end += len(line) + 1
            records.extend((end, meta))
        if sys.byteorder == "big":
            records.byteswap()
        _write_all(self._data, b"\n".join(pieces) + b"\n", self._end)
        _write_all(self._index, records.tobytes(), self._lines * RECORD_SIZE)
        self._end = end
        self._lines += len(records) // 2

    def _show_tail(self) -> None:
        if not self._unfinished and not self._tail_shown:
            return
        shown = [
            Unfinished(stream, time_ms, fold(text[-TAIL_TEXT:]))
            for stream, (time_ms, text) in self._unfinished.items()
        ]
        _write_all(self._tail, pack_tail(self._lines, shown), 0)
        self._tail_shown = bool(shown)

    def _recover_tail(self) -> None:
        found = unpack_tail(os.pread(self._tail, 4 * TAIL_TEXT, 0))
        if found and found[0] == self._lines:
            for line in found[1]:
                self._commit(line.text + b"\n", line.time, line.stream, Flags.CONTINUES)
        _write_all(self._tail, pack_tail(self._lines, []), 0)


def _write_all(descriptor: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, at)
        view = view[written:]
        at += written
