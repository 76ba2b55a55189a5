"""How long an answer of MAAS may take, and how long to wait before asking again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat


@dataclass(frozen=True, slots=True)
class Timing:
    """Waits in seconds, and the clock that they are slept on."""

    connect: float = 10
    """For a connection to be accepted."""
    answer: float = 60
    """For the next bytes of an answer."""
    chunk: float = 180
    """For the answer to a chunk: MAAS checks the hash of the whole file behind the last one."""
    pauses: tuple[float, ...] = (0.5, 1, 2, 4, 8)
    """Between looks, and before what may be repeated."""
    spread: float = 3600
    """For MAAS to hand the file to all of its controllers."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    def growing(self) -> Iterator[float]:
        """Pauses without end: the last one is repeated."""
        return chain(self.pauses, repeat(self.pauses[-1]))
