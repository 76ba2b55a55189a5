"""Durations as Go's users read them."""

from __future__ import annotations


def go_duration(seconds: float) -> str:
    """Seconds as Go's `Duration.String` writes them: `2s`, `1m30s`, `1h0m0s`, `1.5s`, `250ms`, `10µs`."""
    for unit, size in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if 0 < seconds < min(size * 1000, 1):
            return f"{round(seconds / size, 6):.10g}{unit}"
    minutes, rest = divmod(round(seconds, 9), 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{rest:.9f}".rstrip("0").rstrip(".") + "s"
    if hours:
        return f"{hours}h{minutes}m{text}"
    return f"{minutes}m{text}" if minutes else text
