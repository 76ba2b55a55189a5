"""Durations as arguments."""

from __future__ import annotations

from argparse import ArgumentTypeError


def duration(text: str) -> float:
    """The type of an argument such as `12h` or `10m`, in seconds."""
    from oxtui.settings.kinds import Duration

    try:
        return Duration().read_text(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: expected {Duration.expected}") from None
