"""How long something took, for people."""

from __future__ import annotations

_UNITS = (
    ("year", 365 * 86_400_000_000),
    ("week", 7 * 86_400_000_000),
    ("day", 86_400_000_000),
    ("hour", 3_600_000_000),
    ("minute", 60_000_000),
    ("second", 1_000_000),
    ("millisecond", 1_000),
    ("microsecond", 1),
)
"""In microseconds."""


def duration(seconds: float) -> str:
    """`0.4s`, `12.0s`, `2m41s`."""
    if seconds < 60:
        return f"{seconds:.1f}s"
    return f"{int(seconds // 60)}m{int(seconds % 60):02d}s"


def in_words(seconds: float) -> str:
    """`2 minutes 41 seconds`: the two largest units that are not zero, as Packer writes them (packer.md 6)."""
    rest = round(max(0.0, seconds) * 1_000_000)
    parts = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}{'s' * (count > 1)}")
    return " ".join(parts[:2]) or "0 seconds"
