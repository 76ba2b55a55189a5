"""Times as the API writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """Return a UTC time as text of a fixed width, so that it sorts as it passes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
