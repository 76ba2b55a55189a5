"""RFC 3339 timestamps, read strictly and written as Go does; fractions of a second are dropped."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)


def parse_timestamp(text: str) -> datetime:
    """A moment with its offset. Raises ValueError for anything that is not RFC 3339."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        raise ValueError("not a valid RFC 3339 timestamp, such as 2006-01-02T15:04:05Z")
    year, month, day, hour, minute, second = (int(found.group(i)) for i in range(1, 7))
    zone = found.group(7)
    if zone == "Z":
        offset = UTC
    else:
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 23 or minutes > 59:
            raise ValueError("not a valid RFC 3339 timestamp: the offset is out of range")
        span = timedelta(hours=hours, minutes=minutes)
        offset = timezone(-span if zone[0] == "-" else span)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=offset)
    except ValueError as problem:
        raise ValueError(f"not a valid RFC 3339 timestamp: {problem}") from None


def offset_text(moment: datetime, separator: str = ":") -> str:
    """The offset from UTC as `+02:00`."""
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}{separator}{minutes % 60:02d}"


def write_timestamp(moment: datetime) -> str:
    """A moment as RFC 3339, `Z` for UTC."""
    day = f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
    clock = f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}"
    return f"{day}T{clock}{offset_text(moment) if moment.utcoffset() else 'Z'}"
