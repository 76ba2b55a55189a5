"""Work that a cancellation does not tear apart."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def finished(work: Coroutine[Any, Any, T], grace: float) -> T:
    """The result of some work; when cancelled, it is waited for before the cancellation goes on.

    Args:
        work: What is to be finished.
        grace: Seconds that a cancellation waits; then, or at a second one, the work is cancelled.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        try:
            await asyncio.wait([task], timeout=grace)
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # seen, so that nothing complains that it was not
        raise
