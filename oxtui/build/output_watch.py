"""Looks for lines in the output of the step that runs.

The lines are read from the step's spool, in a thread: what a step prints is neither held up nor sent about for
it, a line that came in pieces is whole there, and secrets are masked. Of each attempt the first match counts.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oxtui.build.output_pattern import OutputPattern, any_of
from oxtui.logs.index import Stream
from oxtui.logs.reader import SpoolReader
from oxtui.logs.search import SLICE, scan, without_escapes


@dataclass(frozen=True, slots=True)
class Match:
    """A line that matches; `number` counts from 1 in the step's log."""

    pattern: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"line {self.number} matches /{self.pattern}/: {self.text}"


class OutputWatch:
    """Follows one build's output while there are patterns.

    Args:
        spool: the file of a step's output, if there is any yet.
        patterns: what to look for, by their texts; it may change at any time.
        matched: told at the first match of an attempt.
    """

    def __init__(
        self,
        spool: Callable[[str], Path | None],
        patterns: Mapping[str, OutputPattern],
        matched: Callable[[str, Match], None],
    ) -> None:
        self._spool = spool
        self._patterns = patterns
        self._matched = matched
        self._step = ""
        self._first = self._next = 0
        self._found: Match | None = None
        self._looking: asyncio.Task[None] | None = None

    def begin(self, step: str) -> None:
        """An attempt of a step begins; what earlier ones printed does not count."""
        self._step, self._found = step, None
        path = self._spool(step)
        self._first = 0
        if path is not None:
            with SpoolReader(path) as reader:
                self._first = reader.finished_lines
        self._next = self._first

    def changed(self) -> None:
        """Other patterns: the attempt's output is looked through from its beginning."""
        self._next = self._first
        self.grown(self._step)

    def grown(self, step: str) -> None:
        """A step has printed more."""
        idle = self._looking is None or self._looking.done()
        if idle and self._patterns and self._found is None and step == self._step:
            self._looking = asyncio.create_task(self._look())

    async def end(self, step: str) -> Match | None:
        """What was found, once the step is over and its log complete."""
        if step != self._step:
            return None
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._patterns and self._found is None:
            await self._look()
        return self._found if self._found and self._found.pattern in self._patterns else None

    async def _look(self) -> None:
        step, first, patterns = self._step, self._next, dict(self._patterns)
        path = self._spool(step)
        if path is None:
            return
        stop = threading.Event()
        try:
            found, searched = await asyncio.to_thread(look, path, patterns, first, stop)
        finally:
            stop.set()
        if step != self._step:
            return
        if self._next == first:  # else the patterns have changed meanwhile
            self._next = searched
        if found is not None and self._found is None:
            self._found = found
            self._matched(step, found)


def look(
    path: Path, patterns: Mapping[str, OutputPattern], first: int, stop: threading.Event
) -> tuple[Match | None, int]:
    """The first line of a program, from the finished line `first` on, that matches; how far it was looked."""

    searched = any_of(patterns.values())

    def hits(data: bytes) -> list[int]:
        text = without_escapes(data)
        if not text.isascii():
            text = text.decode("utf-8", "replace").encode()
        return sorted({number for each in searched for number in each.lines(text)})

    with SpoolReader(path) as reader:
        for progress in scan(reader, hits, SLICE, first=first, cancelled=stop):
            for number in progress.hits:
                line = reader.line(number)
                text = without_escapes(line.text.encode()).decode()
                named = [name for name, each in patterns.items() if each.finds(text)]
                if line.stream is not Stream.OURS and named:
                    return Match(named[0], number + 1, text.strip()), number + 1
            first = progress.searched
    return None, first
