"""The end of processes: asked for with SIGTERM, forced with SIGKILL, and seen to have come."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from oxtui.communicators.chroot.processes import Process, process

GRACE = 2.0
"""Seconds that processes have to end by themselves once they are asked to."""
TRIES = 5
"""How often those that are there then are killed: one may start another meanwhile."""
KILLED = 1.0
"""Seconds that the kernel has to be done with those that were killed."""

Find = Callable[[], Sequence[Process]]
Send = Callable[[signal.Signals, Sequence[Process]], Awaitable[None]]
"""Sends a signal to processes of another user."""


async def _nobody(_number: signal.Signals, _processes: Sequence[Process]) -> None:
    """Nobody is there to send it."""


async def end(find: Find, send: Send = _nobody) -> list[Process]:
    """Ends all that `find` finds, again and again until there is nothing more; what is left then.

    Args:
        find: looks for the processes, in a thread.
        send: signals those that this process may not signal itself.
    """
    found = list(await asyncio.to_thread(find))
    if not found:
        return []
    await _signal(found, send, signal.SIGTERM, signal.SIGCONT)
    await gone(found, GRACE)
    for _ in range(TRIES):
        # One that was asked to end may have started another; and the ones from before may run on.
        found = list(await asyncio.to_thread(find))
        if not found:
            return []
        await _signal(found, send, signal.SIGKILL)
        await gone(found, KILLED)
    return list(await asyncio.to_thread(find))


async def _signal(found: Sequence[Process], send: Send, *numbers: signal.Signals) -> None:
    denied: list[Process] = []
    for each in found:
        with _handle(each) as handle:
            if handle is None:
                continue
            try:
                for number in numbers:
                    signal.pidfd_send_signal(handle, number)
            except ProcessLookupError:
                continue
            except PermissionError:
                denied.append(each)
    if denied:
        for number in numbers:
            await send(number, denied)


async def gone(found: Sequence[Process], seconds: float) -> None:
    """Waits until all of them have ended, but no longer than `seconds`."""
    loop = asyncio.get_running_loop()

    async def one(each: Process) -> None:
        with _handle(each) as handle:
            if handle is None:
                return
            ended: asyncio.Future[None] = loop.create_future()
            loop.add_reader(handle, _once, ended)
            try:
                await ended
            finally:
                loop.remove_reader(handle)

    tasks = [asyncio.ensure_future(one(each)) for each in found]
    try:
        await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _once(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)


@contextmanager
def _handle(wanted: Process) -> Iterator[int | None]:
    """What stands for a process in the kernel, so that nothing of it goes to a later one of its pid."""
    try:
        handle = os.pidfd_open(wanted.pid)
    except OSError:
        yield None
        return
    try:
        there = process(wanted.pid)
        yield handle if there is not None and there.started == wanted.started else None
    finally:
        os.close(handle)
