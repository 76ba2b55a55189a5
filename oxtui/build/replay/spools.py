"""Outputs as far as they had grown: each a spool of its own, so whatever reads spools reads these.

The text is not copied: a link leads to it. Of the index only so many records are there as lines were.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from oxtui.build.session import safe_name
from oxtui.logs.fold import fold
from oxtui.logs.index import (
    RECORD_SIZE,
    TAIL_TEXT,
    Unfinished,
    index_path,
    pack_tail,
    tail_path,
)
from oxtui.logs.reader import SpoolReader

_PIECE = 1 << 20


class _Copy:
    """One output up to a point in time; it only grows."""

    def __init__(self, original: Path, path: Path) -> None:
        self.path = path
        self.lines = 0
        self._told: tuple[int, int] | None = None
        self._original = SpoolReader(original)
        self._index = index_path(original)
        path.symlink_to(original.absolute())
        index_path(path).touch(0o600)
        tail_path(path).write_bytes(pack_tail(0, []))  # last: readers look for it first

    def holds_more_than(self, lines: int, size: int) -> bool:
        """Whether it has grown beyond that already."""
        return self._whole(lines, size) < self.lines

    def grow(self, lines: int | None, size: int) -> None:
        """So many lines and bytes were there; None: all that there are."""
        if lines is not None and (lines, size) == self._told:
            return
        self._told = None if lines is None else (lines, size)
        self._original.refresh()
        whole = self._original.finished_lines if lines is None else self._whole(lines, size)
        if whole > self.lines:
            self._append(whole)
        tail = self._tail(lines, size)
        tail_path(self.path).write_bytes(pack_tail(self.lines, tail))

    def close(self) -> None:
        self._original.close()

    def _whole(self, lines: int, size: int) -> int:
        self._original.refresh()
        there = range(min(lines, self._original.finished_lines))
        return bisect_right(there, size, key=self._original.end_offset)

    def _append(self, whole: int) -> None:
        with (
            open(self._index, "rb") as source,
            open(index_path(self.path), "ab") as target,
        ):
            source.seek(self.lines * RECORD_SIZE)
            left = (whole - self.lines) * RECORD_SIZE
            while left and (piece := source.read(min(left, _PIECE))):
                target.write(piece)
                left -= len(piece)
        self.lines = whole

    def _tail(self, lines: int | None, size: int) -> list[Unfinished]:
        """The line that had begun: its bytes stand behind the whole ones, or were never ended."""
        if self.lines == self._original.finished_lines:
            return list(self._original.unfinished)
        if lines is None or lines <= self.lines:
            return []
        begin = self._original.end_offset(self.lines - 1)
        text = self._original.pread(size - begin, begin).rpartition(b"\n")[2]
        if not text:
            return []
        line = self._original.line(self.lines, 0)
        return [Unfinished(line.stream, int(line.time * 1000), fold(text[-TAIL_TEXT:]))]


class GrownSpools:
    """The outputs of a session at one moment of it, in a folder that nobody else uses.

    `original` gives the whole output of a build's step.
    """

    def __init__(self, original: Callable[[str, str], Path | None], folder: Path) -> None:
        self._original = original
        self._folder = folder
        self._copies: dict[tuple[str, str], _Copy] = {}
        self._made = 0

    def show(self, build: str, step: str, lines: int | None, size: int) -> Path | None:
        """The output as it was with so many lines and bytes; None where there was none at all.

        It has the same path as long as it only grows. `lines` None: all of it.

        Raises:
            OSError: it cannot be read, or its copy cannot be written.
        """
        key = build, step
        copy = self._copies.get(key)
        if copy is not None and lines is not None and copy.holds_more_than(lines, size):
            copy.close()
            del self._copies[key]
            copy = None
        if copy is None:
            path = None if lines == 0 else self._original(build, step)
            if path is None:
                return None
            self._made += 1
            folder = self._folder / str(self._made)
            folder.mkdir(0o700)
            copy = self._copies[key] = _Copy(path, folder / f"{safe_name(step)}.log")
        copy.grow(lines, size)
        return copy.path

    def shown(self) -> list[tuple[str, str]]:
        """Build and step of those that were asked for."""
        return list(self._copies)

    def close(self) -> None:
        """Closes all files; the folder is the caller's to remove."""
        for copy in self._copies.values():
            copy.close()
        self._copies.clear()
