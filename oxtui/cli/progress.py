"""How far an upload is: a line that changes on a terminal, a line a step elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from oxtui.component.events import (
    BuildPlanned,
    Event,
    Noted,
    StepFinished,
    StepProgress,
    StepStarted,
)
from oxtui.logs.sanitise import plain

_MIB = 2**20
_EVERY = 0.1
"""Seconds between two drawings of the line."""
_MARKS = {"done": "✓", "failed": "✗", "cancelled": "○", "skipped": "–"}
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Takes the events of an upload session.

    Args:
        stream: where it is written.
        live: it is a terminal, so that a line can be written over.
        clock: seconds.
    """

    def __init__(
        self, stream: TextIO, *, live: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._live = live
        self._clock = clock
        self._details: dict[str, str] = {}
        self._begun = self._drawn = 0.0
        self._current = ""

    def __call__(self, event: Event) -> None:
        """Something was told."""
        match event:
            case BuildPlanned():
                self._details = {step.id: step.detail for step in event.steps}
            case StepStarted():
                self._begun = self._drawn = self._clock()
                self._draw(f"… {self._details[event.step]}")
            case StepProgress() if self._clock() - self._drawn >= _EVERY:
                self._drawn = self._clock()
                self._draw(f"… {event.text}  {self._amount(event)}")
            case StepFinished():
                mark = _MARKS[event.status]
                self.line(f"{mark} {self._details[event.step]} ({event.seconds:.1f} s)")
            case Noted():
                self.line(event.text)

    def read(self, done: int, total: int) -> None:
        """A packed file is read through, to know its size."""
        if self._clock() - self._drawn >= _EVERY:
            self._drawn = self._clock()
            self._draw(f"… read the file  {100 * done // max(1, total)} %")

    def line(self, text: str) -> None:
        """A line that stays."""
        self._stream.write(f"{_CLEAR if self._current else ''}{plain(text)}\n")
        self._stream.flush()
        self._current = ""

    def close(self) -> None:
        """Leave no half line behind."""
        if self._current:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._current = ""

    def _draw(self, text: str) -> None:
        if self._live:
            self._current = plain(text)
            self._stream.write(f"{_CLEAR}{self._current}")
            self._stream.flush()

    def _amount(self, event: StepProgress) -> str:
        done, total = event.done or 0.0, event.total or 1.0
        amount = f"{done / _MIB:,.0f} of {total / _MIB:,.0f} MiB  {100 * done / total:.0f} %"
        seconds = self._clock() - self._begun
        return f"{amount}  {done / _MIB / seconds:,.0f} MiB/s" if seconds > 1 else amount
