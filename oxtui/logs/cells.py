"""How many terminal cells text takes, as far as a log needs to know it: for tabs and columns."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def character_cells(character: str) -> int:
    """Cells of one character: 0 for combining marks, 2 for wide ones (UAX #11), else 1."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def text_cells(text: str) -> int:
    """Cells of `text`, which holds no control characters."""
    return len(text) if text.isascii() else sum(map(character_cells, text))
