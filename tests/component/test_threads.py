"""Long work in a thread: it tells how far it is, and a cancellation ends it before anybody goes on."""

from __future__ import annotations

import asyncio
import threading

import pytest

from oxtui.component.threads import Meter, in_thread


async def test_its_result_and_how_far_it_is() -> None:
    told: list[int] = []

    def work(meter: Meter) -> str:
        meter.add(3)
        return "done"

    assert await in_thread(work, told.append) == "done"
    assert told == [3]


async def test_cancelling_waits_until_it_has_tidied_up() -> None:
    begun, tidied = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(meter: Meter) -> None:
        loop.call_soon_threadsafe(begun.set)
        try:
            while True:
                meter.add(1)
        finally:
            tidied.set()

    task = asyncio.create_task(in_thread(work, lambda done: None))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tidied.is_set()


async def test_an_error_is_that_of_the_work() -> None:
    def work(meter: Meter) -> None:
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        await in_thread(work, lambda done: None)
