"""How long an answer may take, how long to wait before asking again, and on which clocks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """Waits in seconds, and clocks.

    Attributes:
        connect: For a connection to be accepted.
        answer: For the next bytes of an answer.
        tries: How often a call that may be repeated is made.
        throttled_tries: How often a call is made that the API did not even look at.
        longest: Most of a pause between two tries.
        sleep: `asyncio.sleep`, or a test's own.
        clock: Monotonic seconds, for the limit of requests.
        now: Wall clock, for signatures.
        jitter: Seconds that are added to a pause.
    """

    connect: float = 10
    answer: float = 60
    tries: int = 4
    throttled_tries: int = 8
    longest: float = 30
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc
    jitter: Callable[[], float] = lambda: random.uniform(0, 3)  # noqa: S311 - keeps clients apart

    def pause(self, failures: int) -> float:
        """Seconds before the next try: 1, 2, 4, … and a few more."""
        return min(self.longest, 2.0 ** (failures - 1) + self.jitter())
