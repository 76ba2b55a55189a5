"""Durations as Go writes them: `1h30m`, `-2.5s`, `300ms`."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")
_LARGEST = (1 << 63) - 1
_QUOTED = 40
"""Characters of a text that a message repeats."""


def parse_duration(text: str) -> int:
    """A duration in nanoseconds. Raises ValueError for a text that is none, or too long a time."""
    sign = -1 if text.startswith("-") else 1
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    total = Fraction(0)
    at = 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None or not (part.group(1) or part.group(2)) or len(part.group()) > 64:
            break
        whole, fraction, unit = part.group(1) or "0", part.group(2) or "", part.group(3)
        total += Fraction(int(whole + fraction), 10 ** len(fraction)) * _UNITS[unit]
        at = part.end()
    if at < len(rest) or not rest or total > _LARGEST:
        # Whole or not at all: a part of a secret would not be known as one, and so be shown.
        told = f'"{text}"' if len(text) <= _QUOTED else "The text"
        raise ValueError(f'{told} is not a duration; write it like "90s", "5m" or "1h30m"')
    return sign * int(total)
