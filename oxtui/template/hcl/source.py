"""Where something stands in a text: spans, files, lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from oxtui.template.hcl.clusters import cluster_count


class Span(NamedTuple):
    """A half-open range of a text, in characters from its start."""

    start: int
    end: int

    def contains(self, offset: int) -> bool:
        """Whether an offset lies in the span or right behind it."""
        return self.start <= offset <= self.end


class Position(NamedTuple):
    """A place as people count it: both from 1; a column is a grapheme cluster, as HCL counts."""

    line: int
    column: int


@dataclass(frozen=True)
class SourceFile:
    """A text with the name under which messages speak of it."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    @property
    def line_count(self) -> int:
        """How many lines the text has; one more than its newlines."""
        return len(self._line_starts)

    def line_number(self, offset: int) -> int:
        """The line, from 1, in which an offset lies."""
        return bisect_right(self._line_starts, offset)

    def line_start(self, line: int) -> int:
        """The offset at which a line (from 1) starts."""
        return self._line_starts[line - 1]

    def line_text(self, line: int) -> str:
        """The text of a line (from 1), without its line break."""
        start = self.line_start(line)
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].removesuffix("\r")

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        line = self.line_number(offset)
        before = self.text[self.line_start(line) : offset]
        if line == 1:
            before = before.removeprefix("\ufeff")
        return Position(line, cluster_count(before) + 1)
