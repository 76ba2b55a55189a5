"""Durations on the command line."""

from __future__ import annotations

from argparse import ArgumentTypeError


def time_span(text: str) -> float:
    """Seconds of a duration in Go's form, such as `90m`.

    Raises:
        ArgumentTypeError: it is none, or leaves no time at all.
    """
    from oxtui.template.hcl.functions.durations import parse_duration

    try:
        seconds = parse_duration(text) / 1e9
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
    if seconds <= 0:
        raise ArgumentTypeError(f'"{text}" leaves no time to do anything')
    return seconds


def duration(text: str) -> float:
    """The type of an argument such as `12h` or `10m`, in seconds."""
    from oxtui.settings.kinds import Duration

    try:
        return Duration().read_text(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: expected {Duration.expected}") from None
