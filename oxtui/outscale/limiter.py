"""No more requests a second than the account may make, whoever of this process makes them."""

from __future__ import annotations

from collections import deque
from weakref import WeakValueDictionary

RATE = 5
"""Requests; the API's limit of one account, in SDKs of its provider too."""
PERIOD = 1.0
"""Seconds."""


class Limiter:
    """Gives each request its time: any `rate` of them are spread over `period` seconds."""

    def __init__(self, rate: int = RATE, period: float = PERIOD) -> None:
        self._period = period
        self._times: deque[float] = deque(maxlen=rate)

    def reserve(self, now: float) -> float:
        """Seconds to wait before the request that is asked for at `now`; its time is taken from here on."""
        at = now
        if len(self._times) == self._times.maxlen:
            at = max(now, self._times[0] + self._period)
        self._times.append(at)
        return at - now


_LIMITERS: WeakValueDictionary[tuple[str, str], Limiter] = WeakValueDictionary()


def shared(endpoint: str, access_key: str) -> Limiter:
    """The one limiter of an account: builds side by side share its limit."""
    return _LIMITERS.setdefault((endpoint, access_key), Limiter())
