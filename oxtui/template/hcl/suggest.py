"""The name that was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` for the closest of the known names, or nothing if none is close."""
    close = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.7)
    return f' Did you mean "{close[0]}"?' if close else ""
