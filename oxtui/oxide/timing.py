"""How long an answer may take, and how long to wait before asking again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain, repeat


class Kind(Enum):
    """Kinds of calls, by what the API does before it answers.

    Creates and deletes run whole sagas inside the request: an instance or a disk takes seconds, a
    capture, which is a snapshot or an image of a large disk, minutes. State changes answer at once
    (202) and go on by themselves.
    """

    READ = "read"
    CHANGE = "change"
    CHUNK = "chunk"
    CREATE = "create"
    CAPTURE = "capture"
    DELETE = "delete"


def _seconds() -> Mapping[Kind, float]:
    return {
        Kind.READ: 30,
        Kind.CHANGE: 60,
        Kind.CHUNK: 60,
        Kind.CREATE: 180,
        Kind.CAPTURE: 600,
        Kind.DELETE: 300,
    }


@dataclass(frozen=True, slots=True)
class Timing:
    """Waits in seconds, and the clock that they are slept on.

    Attributes:
        connect: For a connection to be accepted.
        answer: For the next bytes of an answer, by kind of call.
        pauses: Before the second, third, … try of what may be repeated.
        sleep: `asyncio.sleep`, or a test's own.
    """

    connect: float = 10
    answer: Mapping[Kind, float] = field(default_factory=_seconds)
    pauses: tuple[float, ...] = (0.25, 0.5, 1, 2)
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    def growing(self) -> Iterator[float]:
        """Pauses for polling, without end: the last one is repeated."""
        return chain(self.pauses, repeat(self.pauses[-1]))
