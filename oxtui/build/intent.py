"""One creation between its intent and its id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

from oxtui.build.shield import shielded

T = TypeVar("T")

GRACE_SECONDS = 30.0
"""How long a cancelled creation is waited for, to learn its id."""


@dataclass(slots=True)
class Intent:
    """Something about to be created, in the journal already."""

    number: int
    id: str = ""
    failure: BaseException | None = None
    """How the creating call failed while the build was being cancelled."""

    def created(self, id: str) -> None:  # noqa: A002 (the field's own word)
        """It exists, under this id; written when the block of `Ledger.create` ends."""
        self.id = id

    async def make(
        self,
        creating: Coroutine[Any, Any, T],
        *,
        id: Callable[[T], str] = attrgetter("id"),  # noqa: A002 (the field's own word)
        grace: float = GRACE_SECONDS,
    ) -> T:
        """Run the creating call, keep the id of its result, and return the result.

        A cancellation waits up to `grace` seconds for the call: then its outcome is known, and
        cleanup need not search for what may have been made.
        """

        async def run() -> T:
            made = await creating
            self.created(id(made))
            return made

        task = asyncio.ensure_future(run())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await shielded(self._end(task, grace))
            raise

    async def _end(self, task: asyncio.Task[Any], grace: float) -> None:
        await asyncio.wait([task], timeout=grace)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled():
            self.failure = task.exception()
