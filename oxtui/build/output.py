"""Where a build's output goes: a spool for each step, and events about how far each has grown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from oxtui.component import protocols
from oxtui.component.events import Event, OutputGrown
from oxtui.logs.index import Stream
from oxtui.logs.redact import Redactor
from oxtui.logs.spool import SpoolWriter

TELL_EVERY = 0.1
"""Seconds between two events about one growing spool: readers draw at 10 Hz at most."""

_STREAMS: dict[protocols.Stream, Stream] = {
    "stdout": Stream.STDOUT,
    "stderr": Stream.STDERR,
    "ours": Stream.OURS,
}


class BuildOutput:
    """The spools of one build.

    Args:
        build: its name.
        place: the file for a step's output.
        redactor: hides secrets before anything reaches the disk.
        emit: takes the events.
        now: the clock, in Unix seconds.
    """

    def __init__(
        self,
        build: str,
        place: Callable[[str, str], Path],
        redactor: Redactor,
        emit: Callable[[Event], None],
        now: Callable[[], float],
    ) -> None:
        self._build = build
        self._place = place
        self._redactor = redactor
        self._emit = emit
        self._now = now
        self._spools: dict[str, SpoolWriter] = {}
        self._grown: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    def write(self, step: str, stream: protocols.Stream, data: bytes) -> None:
        """Appends to a step's output.

        Raises:
            OSError: the disk is full.
        """
        spool = self._spools.get(step)
        if spool is None:
            path = self._place(self._build, step)
            spool = SpoolWriter(path, redact=self._redactor, clock=self._now)
            self._spools[step] = spool
        spool.write(_STREAMS[stream], data)
        self._grown.add(step)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(TELL_EVERY, self._tell)

    def say(self, step: str, text: str) -> None:
        """A line of our own."""
        self.write(step, "ours", text.encode() + b"\n")

    def end(self, step: str) -> None:
        """The step is over: what was held back is written, and readers hear of the last bytes."""
        spool = self._spools.pop(step, None)
        if spool is None:
            return
        spool.close()
        self._grown.discard(step)
        self._emit(self._event(step, spool))

    def close(self) -> None:
        """Ends all spools."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for step in list(self._spools):
            self.end(step)

    def _tell(self) -> None:
        self._timer = None
        for step in sorted(self._grown):
            self._emit(self._event(step, self._spools[step]))
        self._grown.clear()

    def _event(self, step: str, spool: SpoolWriter) -> OutputGrown:
        return OutputGrown(
            time=self._now(), build=self._build, step=step, lines=spool.lines, size=spool.size
        )
