"""Spans of time as people say them."""

from __future__ import annotations

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def age(seconds: float) -> str:
    """`3 days`, `1 hour`, `12 minutes`, `5 seconds`: whole units of the largest kind."""
    for size, unit in _UNITS:
        if (count := int(seconds // size)) >= 1:
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return "less than a second"
