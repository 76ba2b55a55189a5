"""The last lines of an attempt that look like errors, as the log view recognises them."""

from __future__ import annotations

from pathlib import Path

from oxtui.component.events import LogLine
from oxtui.logs.errors import errors
from oxtui.logs.index import Stream
from oxtui.logs.reader import SpoolReader

SHOWN = 5
LOOKED_THROUGH = 50_000
"""Lines at the end of a log that are looked through."""
_AT_ONCE = 2000
_LONGEST = 500
"""Bytes of a line that are told."""


def written_lines(path: Path | None) -> int:
    """Lines of a step's log so far; 0 where there is none."""
    if path is None:
        return 0
    with SpoolReader(path) as reader:
        return reader.lines


def last_errors(path: Path | None, first: int) -> tuple[LogLine, ...]:
    """The last error-looking lines from the line `first` (from 0) on, in their order.

    Lines of our own are left out. A long log is read: call it off the event loop.
    """
    if path is None:
        return ()
    found: list[LogLine] = []
    with SpoolReader(path) as reader:
        end = reader.finished_lines
        first = max(first, end - LOOKED_THROUGH)
        while end > first and len(found) < SHOWN:
            begin = max(first, end - _AT_ONCE)
            for number in reversed(list(errors(reader, first=begin, end=end))):
                line = reader.line(number, _LONGEST)
                if line.stream is not Stream.OURS:
                    found.append(LogLine(number=number + 1, text=line.text))
            end = begin
    return tuple(reversed(found[:SHOWN]))
