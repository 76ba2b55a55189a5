"""What a character is in a cell: what is shown, and how many columns it takes, as the app counts them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import get_character_cell_size

DROPPED, COMBINED = -1, 0
MARKS = 8
"""Code points in a cell at most; a program can send marks without end."""
_SELECTORS = range(0xFE00, 0xFE10)

narrow: set[str] = set(map(chr, range(0x20, 0x7F)))
"""Characters that are shown as they are, in one column; `cell` adds those that it has met."""


@lru_cache(maxsize=8192)
def cell(character: str) -> tuple[str, int]:
    """What is shown for a character, and its columns: 1 or 2, COMBINED or DROPPED.

    Marks of direction, joiners and tags are dropped, as they change what stands beside them on the real
    terminal; so are variation selectors, on which terminals disagree about the columns.
    """
    width = get_character_cell_size(character)
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp") or ord(character) in _SELECTORS:
        return "", DROPPED
    if width == 0:
        return ("", DROPPED) if category == "Cn" else (character, COMBINED)
    if category == "Cn" and width == 1:
        return "\ufffd", 1
    if width == 1 and len(narrow) < 8192:
        narrow.add(character)
    return character, width


def is_wide(text: str) -> bool:
    """Whether a cell's text takes two columns."""
    return not text.isascii() and cell(text[0])[1] == 2


SPECIAL = str.maketrans(
    "`abcdefghijklmnopqrstuvwxyz{|}~_",
    "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·\u00a0",
)
"""DEC's special graphics, in which older programs draw lines."""
BRITISH = str.maketrans("#", "£")
