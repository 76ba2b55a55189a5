"""Waiting until an app is at rest, with Textual's own rule, but asked more often.

Textual's pilot waits twice after each key, each time at least 20 ms and until 20 ms went by in
which the process took less than 1 ms of the processor. That is most of the time of a test that
types. Here the windows are shorter; what Textual draws at its next frame is waited for by looking
at the loop's timers, so that a shorter window misses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sized
from time import monotonic, process_time

from textual.constants import MAX_FPS

WINDOW = 0.004
"""Seconds that the process has to be idle."""
IDLE = WINDOW / 10
"""Seconds of the processor that an idle process may take in one window: the loop's own turns."""
TURNS = 5
"""Of the loop, without work, that an app at rest has."""
FRAME = 1 / MAX_FPS
"""Seconds until a widget that asked to be drawn is drawn."""


async def rest(min_sleep: float = 0.02, max_sleep: float = 1) -> None:
    """Stands in for `textual._wait.wait_for_idle`."""
    start = monotonic()
    while True:
        before = process_time()
        await asyncio.sleep(WINDOW)
        busy = process_time() - before
        elapsed = monotonic() - start
        if elapsed >= max_sleep:
            return
        if elapsed > min_sleep and busy < IDLE and not _frame_is_due() and await _nothing_waits():
            return


async def _nothing_waits() -> bool:
    """Whether the loop stays without work for some turns.

    Where other processes have the processor, a window can go by in which this one had no turn at all.
    """
    ready: Sized = getattr(asyncio.get_running_loop(), "_ready")  # noqa: B009 - asyncio's own
    for _ in range(TURNS):
        if ready:
            return False
        await asyncio.sleep(0)
    return True


def _frame_is_due() -> bool:
    """Whether the loop has something to do within the time of one frame."""
    loop = asyncio.get_running_loop()
    soon = loop.time() + FRAME
    timers: list[asyncio.TimerHandle] = getattr(loop, "_scheduled")  # noqa: B009 - asyncio's own
    return any(timer.when() <= soon and not timer.cancelled() for timer in timers)
