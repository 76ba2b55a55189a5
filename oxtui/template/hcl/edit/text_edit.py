"""The smallest change of a text: replace one range."""

from __future__ import annotations

from typing import NamedTuple


class TextEdit(NamedTuple):
    """Replaces the characters from `start` to `end` with `text`."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """The text after the change."""
        return text[: self.start] + self.text + text[self.end :]

    def inverse(self, before: str) -> TextEdit:
        """The change that takes this one back; `before` is the text before it."""
        return TextEdit(self.start, self.start + len(self.text), before[self.start : self.end])


def difference(before: str, after: str) -> TextEdit:
    """The shortest single change that makes one text of another."""
    limit = min(len(before), len(after))
    start = _common(before, after, limit)
    end = _common(before[::-1], after[::-1], limit - start)
    return TextEdit(start, len(before) - end, after[start : len(after) - end])


def _common(one: str, other: str, limit: int) -> int:
    """How many characters two texts have in common at their start, found by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
