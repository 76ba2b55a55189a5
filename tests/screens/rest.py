"""Waiting until an app is at rest, with Textual's own rule, but asked more often, and never by the clock alone.

Textual's pilot waits twice after each key, each time at least 20 ms and until 20 ms went by in
which the process took less than 1 ms of the processor. That is most of the time of a test that
types. Here the windows are shorter; what Textual draws at its next frame is waited for by looking
at the loop's timers, so that a shorter window misses nothing.

It also gives up after one second. A process that gets a tenth of a processor has done little by then,
and a test went on with a layout that was not there yet. Here what it had turns for is counted: in as many windows as
a second has, an app that does not come to rest by itself has had the chance to.

An app whose thread is at work, or that waits for an answer to a request, takes no processor either, but is not at rest:
what it waits for is counted too, see `awaited`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sized
from functools import wraps
from time import monotonic, process_time
from typing import Any

import httpx
import pytest
from textual.constants import MAX_FPS

WINDOW = 0.004
"""Seconds that the process has to be idle."""
IDLE = WINDOW / 10
"""Seconds of the processor that an idle process may take in one window: the loop's own turns."""
TURNS = 5
"""Of the loop, without work, that an app at rest has."""
FRAME = 1 / MAX_FPS
"""Seconds until a widget that asked to be drawn is drawn."""
STARVED = 20.0
"""Seconds after which even a process that has had few turns goes on: sooner than a test has lasted too long."""

_awaited: set[asyncio.Future[Any]] = set()
"""Answers of threads and servers that are on their way."""


async def rest(min_sleep: float = 0.02, max_sleep: float = 1) -> None:
    """Stands in for `textual._wait.wait_for_idle`; `max_sleep` is in seconds of a machine that does nothing else."""
    start = monotonic()
    for _ in range(int(max_sleep / WINDOW)):
        before = process_time()
        await asyncio.sleep(WINDOW)
        busy = process_time() - before
        elapsed = monotonic() - start
        if elapsed > STARVED:
            break
        if elapsed > min_sleep and busy < IDLE and await _nothing_waits() and not _frame_is_due():
            return
    _awaited.clear()  # what outlasts this is held back on purpose, as by a fault, and not waited for again


def awaited(patch: pytest.MonkeyPatch) -> None:
    """Let `rest` know of the work given to threads, and of the requests sent, from now on."""
    to_thread = asyncio.BaseEventLoop.run_in_executor

    def counted(*given: Any) -> asyncio.Future[Any]:
        answer: asyncio.Future[Any] = to_thread(*given)
        _awaited.add(answer)
        answer.add_done_callback(_awaited.discard)
        return answer

    patch.setattr(asyncio.BaseEventLoop, "run_in_executor", counted)
    patch.setattr(httpx.AsyncClient, "send", _counted(httpx.AsyncClient.send))


def _counted(send: Callable[..., Coroutine[Any, Any, httpx.Response]]) -> Callable[..., Any]:
    @wraps(send)
    async def sent(*given: Any, **options: Any) -> httpx.Response:
        underway = asyncio.get_running_loop().create_future()
        _awaited.add(underway)
        try:
            return await send(*given, **options)
        finally:
            _awaited.discard(underway)

    return sent


async def _nothing_waits() -> bool:
    """Whether the loop stays without work for some turns, and no answer is on its way.

    Where other processes have the processor, a window can go by in which this one had no turn at all.
    """
    loop = asyncio.get_running_loop()
    ready: Sized = getattr(loop, "_ready")  # noqa: B009 - asyncio's own
    for _ in range(TURNS):
        if ready or any(not each.done() and each.get_loop() is loop for each in tuple(_awaited)):
            return False
        await asyncio.sleep(0)
    return True


def _frame_is_due() -> bool:
    """Whether the loop has something to do within the time of one frame."""
    loop = asyncio.get_running_loop()
    soon = loop.time() + FRAME
    timers: list[asyncio.TimerHandle] = getattr(loop, "_scheduled")  # noqa: B009 - asyncio's own
    return any(timer.when() <= soon and not timer.cancelled() for timer in timers)
