"""Small helps for structured concurrency."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Never, TypeVar

T = TypeVar("T")


@contextmanager
def first_error() -> Iterator[None]:
    """Raises the first error of a task group as itself instead of in an exception group.

    For groups whose tasks serve one purpose: the caller wants to know what went wrong, not in how many tasks.
    """
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from group


async def guarded(work: Coroutine[Any, Any, T], guard: Coroutine[Any, Any, Never]) -> T:
    """What some work gives, which ends at once with the error of `guard` if that raises one before.

    Raises:
        Exception: that of the work, or that of the guard.
    """
    with first_error():
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(guard)
            result = await work
            watching.cancel()
    return result


async def bounded(work: Coroutine[Any, Any, None], seconds: float) -> None:
    """Runs some work to its end, also if the caller is cancelled meanwhile, but no longer than `seconds`.

    Raises:
        asyncio.CancelledError: the caller was cancelled; the work has ended nevertheless.
        Exception: that of the work.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done() and (left := deadline - loop.time()) > 0:
        try:
            await asyncio.wait([task], timeout=left)
        except asyncio.CancelledError as error:
            cancelled = error
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
    failure = None if task.cancelled() else task.exception()
    if cancelled is not None:
        raise cancelled from failure
    if failure is not None:
        raise failure
