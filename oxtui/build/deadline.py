"""When a build that stands still ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Deadline:
    """The end of waiting at a stop; it begins anew when whoever was at work in the build has left.

    Args:
        seconds: how long a stop waits; None: for ever.
        now: the clock, in Unix seconds.
        moved: told of another end (Unix seconds) while a stop waits; None: none for now.
    """

    def __init__(
        self,
        seconds: float | None,
        now: Callable[[], float],
        moved: Callable[[float | None], None],
    ) -> None:
        self.seconds = seconds
        self._now = now
        self._moved = moved
        self._expired: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._holders = 0

    def begin(self, expired: Callable[[], None]) -> float | None:
        """A stop waits; the end of it, at which `expired` is called."""
        self._expired = expired
        return self._start()

    def end(self) -> None:
        """The stop waits no longer."""
        self._expired = None
        self._stop()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Somebody is at work in the build: it does not end under them."""
        self._holders += 1
        if self._timer is not None:
            self._stop()
            self._moved(None)
        try:
            yield
        finally:
            self._holders -= 1
            if self._expired is not None and self._timer is None:
                until = self._start()
                if until is not None:
                    self._moved(until)

    def _start(self) -> float | None:
        if self.seconds is None or self._expired is None or self._holders:
            return None
        self._timer = asyncio.get_running_loop().call_later(self.seconds, self._expired)
        return self._now() + self.seconds

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
