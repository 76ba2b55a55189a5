"""What a transfer tells while it runs, and in one line at its end."""

from __future__ import annotations

import time
from collections.abc import Callable

from oxtui.component.protocols import Moved, StepContext

EVERY = 0.2
"""Seconds between two tellings."""
RATED = 0.1
"""Seconds from which on a rate tells anything."""
_SHOWN_SKIPPED = 5
_UNITS = ("kB", "MB", "GB", "TB")


class TransferProgress:
    """Listens to one transfer.

    Args:
        context: of the step.
        what: source and destination.
        clock: seconds.
    """

    def __init__(
        self, context: StepContext, what: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._context = context
        self._what = what
        self._clock = clock
        self._begun = self._told = clock()
        context.progress(what)

    def moved(self, moved: Moved) -> None:
        """It is that far."""
        now = self._clock()
        if now - self._told < EVERY:
            return
        self._told = now
        amount = _size(moved.size)
        if moved.of_size is not None:
            amount += f" of {_size(moved.of_size)}"
        if moved.of_files is None or moved.of_files > 1:
            of_files = "" if moved.of_files is None else f" of {moved.of_files:,}"
            amount += f", {moved.files:,}{of_files} files"
        rate = _size(moved.size / (now - self._begun))
        self._context.progress(
            f"{self._what}: {amount}, {rate}/s", moved.size, moved.of_size or None
        )

    def end(self, verb: str, moved: Moved) -> None:
        """It is all there: `verb` says what was done."""
        for left_out in moved.skipped[:_SHOWN_SKIPPED]:
            self._context.note(f"Left out {left_out}", "warning")
        if (more := len(moved.skipped) - _SHOWN_SKIPPED) and more > 0:
            self._context.note(f"Left out {more:,} more that are no files", "warning")
        seconds = self._clock() - self._begun
        files = "" if moved.files == 1 else f"{moved.files:,} files, "
        rate = f" ({_size(moved.size / seconds)}/s)" if seconds >= RATED else ""
        self._context.say(f"{verb} {files}{_size(moved.size)} in {seconds:.1f} s{rate}")


def _size(size: float) -> str:
    """Bytes in decimal units, as disks and networks are told."""
    if size < 1000:
        return f"{size:.0f} B"
    for unit in _UNITS:
        size /= 1000
        if size < 999.5 or unit == _UNITS[-1]:
            break
    return f"{size:.1f} {unit}" if size < 100 else f"{size:,.0f} {unit}"
