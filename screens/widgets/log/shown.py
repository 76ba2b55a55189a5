"""Which lines of a spool a view shows: all, or those that a filter keeps; and where a search has hits.

Scans run in a thread, slice by slice, and their results are read while they grow.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, bisect_right
from pathlib import Path

from oxtui.logs.reader import SpoolReader
from oxtui.logs.search import Pattern, search


class Scan:
    """The lines of a spool that hold a pattern, or with `inverted` those that do not.

    With `context`, so many lines before and behind each found one are found too.

    `run` is called in a thread; all else may be read meanwhile.
    """

    def __init__(
        self, path: Path, pattern: Pattern, *, inverted: bool = False, context: int = 0
    ) -> None:
        self.pattern = pattern
        self.inverted = inverted
        self.context = context
        self.lines = array("Q")
        """Line numbers, ascending; only ever appended to."""
        self.searched = 0
        """Lines looked at so far."""
        self.cancelled = threading.Event()
        self._path = path
        self._taken = 0
        """The first line that may still be found."""
        self._due = -1
        """The last line that is found because of a line before it."""

    def run(self) -> None:
        """Look at the lines that are new since the last run."""
        with SpoolReader(self._path) as reader:
            for progress in search(
                reader, self.pattern, first=self.searched, cancelled=self.cancelled
            ):
                if self.inverted:
                    holding = set(progress.hits)
                    between = range(self.searched, progress.searched)
                    self.lines.extend(line for line in between if line not in holding)
                elif self.context:
                    self._extend(progress.hits, progress.searched)
                else:
                    self.lines.extend(progress.hits)
                self.searched = progress.searched

    def _extend(self, hits: list[int], searched: int) -> None:
        for hit in hits:
            self._take(self._taken, min(self._due + 1, hit))
            self._take(max(self._taken, hit - self.context), hit + 1)
            self._due = hit + self.context
        self._take(self._taken, min(self._due + 1, searched))

    def _take(self, first: int, end: int) -> None:
        if first < end:
            self.lines.extend(range(first, end))
            self._taken = end

    def after(self, line: int) -> int | None:
        """The first found line behind `line`, or None."""
        at = bisect_right(self.lines, line)
        return self.lines[at] if at < len(self.lines) else None

    def before(self, line: int) -> int | None:
        """The last found line before `line`, or None."""
        at = bisect_left(self.lines, line)
        return self.lines[at - 1] if at else None

    def position(self, line: int) -> int:
        """How many found lines lie before `line`."""
        return bisect_left(self.lines, line)

    def any_between(self, first: int, end: int) -> bool:
        """Whether a line from `first` up to and without `end` was found."""
        return self.position(end) > self.position(first)


class ShownLines:
    """Maps the positions in a view to line numbers of the spool."""

    def __init__(self, reader: SpoolReader, kept: Scan | None = None) -> None:
        self.reader = reader
        self.kept = kept

    def __len__(self) -> int:
        return self.reader.lines if self.kept is None else len(self.kept.lines)

    def number(self, index: int) -> int:
        """Number in the spool of the line shown at `index`."""
        return index if self.kept is None else self.kept.lines[index]

    def index(self, number: int) -> int:
        """Where a line is shown, or the next one behind it that is."""
        return number if self.kept is None else self.kept.position(number)

    def shows(self, number: int) -> bool:
        """Whether the filter lets a line through."""
        if self.kept is None:
            return number < self.reader.lines
        return self.kept.any_between(number, number + 1)
