"""What is said when a setting cannot be used."""

from __future__ import annotations

from collections.abc import Iterable


class SettingsError(ValueError):
    """A setting is unknown or has a value that it cannot have; the text names place and remedy."""


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The end of a sentence that helps on from a misspelt name: the nearest one, or all of them."""
    from difflib import get_close_matches  # only a mistake pays for it

    names = list(known)
    close = get_close_matches(wrong, names, n=1)
    return f'did you mean "{close[0]}"?' if close else f"known here: {', '.join(names)}"
