"""New lines of a session's output, in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from oxtui.component.debugger_events import SessionContinued
from oxtui.component.events import Event, OutputGrown
from oxtui.logs.reader import Line, SpoolReader

Place = Callable[[str, str], Path | None]


class OutputFollower:
    """Reads what grew. `place` gives the spool of a build's step."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._readers: dict[tuple[str, str], SpoolReader] = {}
        self._next: dict[tuple[str, str], int] = {}
        self._since: float | None = None
        """Of a session that is followed only since another process went on with it: earlier lines are not new."""

    def lines(self, event: Event) -> Iterator[Line]:
        """The whole lines that an `OutputGrown` tells of and that were not read before."""
        if self._since is None:  # a spool counts milliseconds
            is_continued = isinstance(event, SessionContinued)
            self._since = int(event.time * 1000) / 1000 if is_continued else 0.0
        if not isinstance(event, OutputGrown):
            return
        key = (event.build, event.step)
        reader = self._reader(key)
        if reader is None:
            return
        first = self._next.get(key, 0)
        lines = reader.read(first, reader.finished_lines, limit=None)
        since = self._since or 0.0
        yield from (line for line in lines if line.time >= since)
        self._next[key] = reader.finished_lines

    def pass_over(self, build: str, step: str) -> None:
        """The lines so far are not read."""
        if (reader := self._reader((build, step))) is not None:
            self._next[build, step] = reader.finished_lines

    def _reader(self, key: tuple[str, str]) -> SpoolReader | None:
        """The step's reader, which sees all that is there; None before there is any output."""
        reader = self._readers.get(key)
        if reader is None:
            path = self._place(*key)
            if path is None:
                return None
            reader = self._readers[key] = SpoolReader(path)
        reader.refresh()
        return reader

    def close(self) -> None:
        """Closes all files."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
