"""A list or an object as the pieces that it is written of: what is not changed keeps its text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from oxtui.template.json.edit.style import entries

if TYPE_CHECKING:
    from oxtui.template.json.edit.style import Style
    from oxtui.template.json.nodes import Array, Object

_BLANK_LINE = re.compile(r"(\r?\n)(?:[ \t]*\r?\n)+")


class Pieces:
    """The texts of the entries, and what stands before, between and behind them."""

    def __init__(self, text: str, node: Array | Object, style: Style) -> None:
        spans = entries(node)
        start, end = node.span
        first, last = (spans[0].start, spans[-1].end) if spans else (end - 1, end - 1)
        self.opener, self.closer = text[start], text[end - 1]
        self.lead = text[start + 1 : first]
        self.tail = text[last : end - 1]
        self.entries = [text[a:b] for a, b in spans]
        self.gaps = [text[one.end : other.start] for one, other in pairwise(spans)]
        self._comma = style.comma

    def __str__(self) -> str:
        parts = [self.opener, self.lead]
        for number, entry in enumerate(self.entries):
            parts += [self.gaps[number - 1] if number else "", entry]
        return "".join([*parts, self.tail, self.closer])

    def insert(self, position: int, entry: str) -> None:
        """Puts an entry at a place, parted from its neighbours as they are. There must be one already."""
        last = len(self.entries)
        self.gaps.insert(position if position < last else last - 1, self._new_gap(position))
        self.entries.insert(position, entry)

    def _new_gap(self, position: int) -> str:
        if self.gaps:
            near = self.gaps[min(max(position - 1, 0), len(self.gaps) - 1)]
            return _BLANK_LINE.sub(r"\1", near)
        if "\n" in self.lead:
            return "," + _BLANK_LINE.sub(r"\1", self.lead)
        return self._comma

    def remove(self, position: int) -> None:
        """Takes an entry away with the comma that parted it."""
        del self.entries[position]
        if not self.entries:
            self.lead = self.tail = ""
        elif position in (0, len(self.entries)):
            del self.gaps[max(position - 1, 0)]
        else:
            # Of two gaps the wider one stays: it may be a blank line between groups.
            before, behind = self.gaps[position - 1 : position + 1]
            del self.gaps[position - 1 if before.count("\n") <= behind.count("\n") else position]

    def move(self, old: int, new: int) -> None:
        """Puts an entry in another place; what stands between entries stays where it is."""
        self.entries.insert(new, self.entries.pop(old))

    def spread(self, newline: str, inner: str, outer: str) -> None:
        """Gives each entry a line of its own."""
        self.lead, self.tail = newline + inner, newline + outer
        self.gaps = ["," + newline + inner] * len(self.gaps)
